//! A submission that comes to nothing: refused by the operator, or retracted by whoever submitted it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OfferEvent, Product, ProductStatus};
use crate::Context;
use crate::event::Event;
use crate::identifier::ProductId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Refuses to list a submitted product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RefuseProduct {
    /// Which.
    pub product: ProductId,
    /// Why.
    pub reason: String,
}

/// Takes back a submission that is not listed yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RetractProduct {
    /// Which.
    pub product: ProductId,
    /// Why.
    pub reason: String,
}

/// Decides a refusal to list.
///
/// # Errors
/// Refuses it of a product that does not wait to be listed, and without a reason.
pub fn decide_refuse(state: &State, command: &RefuseProduct, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let product = state.product(&command.product, context)?;
    context.rules.said(&command.reason, ("不予上架的理由", "reason"))?;
    check_submitted(product, context)?;
    Ok(vec![Event::Offer(OfferEvent::Refused(command.clone()))])
}

/// Decides that a submission is taken back.
///
/// # Errors
/// Refuses it of a product that does not wait to be listed, and without a reason.
pub fn decide_retract(state: &State, command: &RetractProduct, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let product = state.product(&command.product, context)?;
    context.rules.said(&command.reason, ("撤回理由", "reason"))?;
    check_submitted(product, context)?;
    Ok(vec![Event::Offer(OfferEvent::Retracted(command.clone()))])
}

fn check_submitted(product: &Product, context: &Context<'_>) -> Result<(), Refusal> {
    match product.status {
        ProductStatus::Submitted => Ok(()),
        ProductStatus::Listed | ProductStatus::Withdrawn { .. } => Err(context.rules.wrong_state(
            Text::new("该产品已经上架或撤回", "the product is listed already, or withdrawn"),
            Text::new(
                "已上架的产品可以暂停或撤回",
                "what is listed can be suspended or withdrawn",
            ),
        )),
        ProductStatus::Refused { .. } | ProductStatus::Retracted { .. } => Err(context.rules.wrong_state(
            Text::new(
                "该产品的提交已被退回或撤回",
                "the submission of the product was refused or retracted",
            ),
            Text::new("如有修改，请另行提交", "submit what has changed as another product"),
        )),
    }
}

/// Of a product whose submission has come to nothing: it has no price, and is not served.
pub(super) fn check_not_dropped(product: &Product, context: &Context<'_>) -> Result<(), Refusal> {
    match &product.status {
        ProductStatus::Submitted | ProductStatus::Listed | ProductStatus::Withdrawn { .. } => Ok(()),
        ProductStatus::Refused { reason, .. } | ProductStatus::Retracted { reason, .. } => Err(context.rules.refuse(
            Rule::ProductListed,
            Text::new(
                format!("该产品未予上架：{reason}"),
                format!("the product was not listed: {reason}"),
            ),
            Text::new(
                "请修改后重新提交，经审核上架",
                "submit it again, to be reviewed and listed",
            ),
        )),
    }
}
