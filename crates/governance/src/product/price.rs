//! Prices: a ceiling by the agency, a price at or under it by the operator (65号).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Context;
use crate::event::Event;
use crate::identifier::ProductId;
use crate::money::Money;
use crate::refusal::Refusal;
use crate::revenue;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Sets the ceiling of a product's price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SetCeiling {
    /// Which product.
    pub product: ProductId,
    /// Most that one call may cost.
    pub ceiling: Money,
    /// What the ceiling rests on: data, computing, storage, staff, expected sales.
    pub basis: String,
}

/// Sets a product's price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SetPrice {
    /// Which product.
    pub product: ProductId,
    /// What one call costs.
    pub price: Money,
}

/// Decides a ceiling.
///
/// # Errors
/// Refuses a ceiling for a free product, one under the price in force, one without a basis, one
/// that takes a planned period over its permitted revenue.
pub fn decide_ceiling(state: &State, command: &SetCeiling, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    check_ceiling(state, &command.product, command.ceiling, context)?;
    if command.basis.trim().is_empty() {
        return Err(not_a_ceiling(context));
    }
    revenue::check_one(state, &command.product, command.ceiling, context)?;
    Ok(vec![Event::CeilingSet {
        product: command.product.clone(),
        ceiling: command.ceiling,
        basis: command.basis.clone(),
    }])
}

/// Whether a product may have this ceiling by itself.
pub(crate) fn check_ceiling(
    state: &State,
    product: &ProductId,
    ceiling: Money,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    check_charged(state, product, context)?;
    if ceiling <= Money::ZERO {
        return Err(not_a_ceiling(context));
    }
    let product = state.product(product, context)?;
    let Some(price) = product.price.filter(|price| *price > ceiling) else {
        return Ok(());
    };
    Err(context.rules.refuse(
        Rule::PriceCeiling,
        Text::new(
            format!("上限 {ceiling} 元低于现行价格 {price} 元"),
            format!("the ceiling of {ceiling} yuan is under the price in force, {price} yuan"),
        ),
        Text::new("请运营机构先下调价格", "let the operator lower the price first"),
    ))
}

fn not_a_ceiling(context: &Context<'_>) -> Refusal {
    context.rules.input(
        Text::new(
            "价格上限应大于零，并说明依据",
            "a ceiling is above zero and states its basis",
        ),
        Text::new("请填写上限金额和测算依据", "give the amount and what it rests on"),
    )
}

/// Decides a price.
///
/// # Errors
/// Refuses a price over the ceiling, without a ceiling, or for a free product.
pub fn decide_price(state: &State, command: &SetPrice, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    check_charged(state, &command.product, context)?;
    let product = state.product(&command.product, context)?;
    let Some(ceiling) = product.ceiling else {
        return Err(context.rules.refuse(
            Rule::PriceCeiling,
            Text::new("该产品尚未核定价格上限", "no ceiling is set for this product"),
            Text::new("请实施机构先核定上限", "let the agency set the ceiling first"),
        ));
    };
    if command.price < Money::ZERO || command.price > ceiling {
        return Err(context.rules.refuse(
            Rule::PriceCeiling,
            Text::new(
                format!("价格 {} 元超出上限 {ceiling} 元", command.price),
                format!(
                    "the price of {} yuan is over the ceiling of {ceiling} yuan",
                    command.price
                ),
            ),
            Text::new(
                format!("请定价在 0 至 {ceiling} 元之间"),
                format!("set a price from 0 to {ceiling} yuan"),
            ),
        ));
    }
    Ok(vec![Event::PriceSet {
        product: command.product.clone(),
        price: command.price,
    }])
}

fn check_charged(state: &State, product: &ProductId, context: &Context<'_>) -> Result<(), Refusal> {
    let product = state.product(product, context)?;
    let scenario = state.scenario(&product.submission.scenario, context)?;
    if !scenario.application.price_class.is_free() {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::PriceFree,
        Text::new(
            "用于公共治理、公益事业的产品免费，不得定价",
            "a product for public governance or welfare is free and has no price",
        ),
        Text::new("无需定价", "there is nothing to do"),
    ))
}
