//! Suspending, resuming and withdrawing a product that is on offer.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::review::check_not_dropped;
use super::{Product, ProductStatus, RefuseProduct, RetractProduct};
use crate::Context;
use crate::calendar::day_of;
use crate::event::{Event, Moment};
use crate::identifier::{PartyId, ProductId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::{State, change};
use crate::text::Text;

/// Stops a product for everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SuspendProduct {
    /// Which.
    pub product: ProductId,
    /// Why.
    pub reason: String,
}

/// Lets a suspended product go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResumeProduct {
    /// Which.
    pub product: ProductId,
}

/// Takes a product off the list: nobody subscribes any more, and those who have are served until the notice is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WithdrawProduct {
    /// Which.
    pub product: ProductId,
    /// Why.
    pub reason: String,
}

/// What happened to an offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event", content = "of")]
pub enum OfferEvent {
    /// It is stopped.
    Suspended {
        /// What was asked.
        suspend: SuspendProduct,
        /// By whom.
        by: PartyId,
    },
    /// A suspension ends, and it goes on where it was the last; all of them by a record that does not say whose.
    Resumed {
        /// What was asked.
        #[serde(flatten)]
        resume: ResumeProduct,
        /// Whose suspension ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PartyId>,
    },
    /// It is taken off the list.
    Withdrawn {
        /// What was asked.
        withdraw: WithdrawProduct,
        /// The last day on which it is served.
        until: Date,
    },
    /// It is not listed.
    Refused(RefuseProduct),
    /// Its submission is taken back.
    Retracted(RetractProduct),
}

impl OfferEvent {
    /// The product.
    #[must_use]
    pub fn product(&self) -> &ProductId {
        match self {
            Self::Suspended { suspend, .. } => &suspend.product,
            Self::Resumed { resume, .. } => &resume.product,
            Self::Withdrawn { withdraw, .. } => &withdraw.product,
            Self::Refused(refusal) => &refusal.product,
            Self::Retracted(retraction) => &retraction.product,
        }
    }
}

/// That a product is stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// By whom.
    pub by: PartyId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// Decides a suspension.
///
/// # Errors
/// Refuses a product that was never listed, one that the party has suspended already, and no reason. What another has
/// suspended may be suspended as well: each lifts its own.
pub fn decide_suspend(state: &State, command: &SuspendProduct, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let product = state.product(&command.product, context)?;
    context.rules.said(&command.reason, ("暂停理由", "reason"))?;
    check_was_listed(product, context)?;
    if product.suspended.iter().any(|it| it.by == context.actor.party) {
        return Err(context.rules.wrong_state(
            Text::new("本单位已暂停该产品", "this party has suspended the product"),
            Text::new("无需重复暂停", "there is nothing to do"),
        ));
    }
    Ok(vec![Event::Offer(OfferEvent::Suspended {
        suspend: command.clone(),
        by: context.actor.party.clone(),
    })])
}

/// Decides a resumption: a party's own suspension ends, and the product goes on where nobody else's stands.
///
/// # Errors
/// Refuses a product that is not suspended, or was suspended by others only.
pub fn decide_resume(state: &State, command: &ResumeProduct, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let product = state.product(&command.product, context)?;
    let own = |it: &&Suspension| it.by == context.actor.party;
    if product.suspended.iter().any(|it| own(&it)) {
        return Ok(vec![Event::Offer(OfferEvent::Resumed {
            resume: command.clone(),
            // A single one ends without saying whose, as on earlier records, where there never was another.
            by: (product.suspended.len() > 1).then(|| context.actor.party.clone()),
        })]);
    }
    let Some(suspension) = product.suspended.first() else {
        return Err(context.rules.wrong_state(
            Text::new("该产品未暂停", "the product is not suspended"),
            Text::new("无需恢复", "there is nothing to do"),
        ));
    };
    let by = state.party(&suspension.by, context)?;
    Err(context.rules.refuse(
        Rule::ProductSuspended,
        Text::new(
            format!("该产品由“{}”暂停", by.name),
            format!("the product was suspended by `{}`", by.name),
        ),
        Text::new("请由决定暂停的单位恢复", "let whoever suspended it resume it"),
    ))
}

/// Decides a withdrawal.
///
/// # Errors
/// Refuses a product that was never listed or is withdrawn, and no reason.
pub fn decide_withdraw(state: &State, command: &WithdrawProduct, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let product = state.product(&command.product, context)?;
    context.rules.said(&command.reason, ("撤回理由", "reason"))?;
    check_was_listed(product, context)?;
    if let ProductStatus::Withdrawn { .. } = product.status {
        return Err(context.rules.wrong_state(
            Text::new("该产品已经撤回", "the product is withdrawn"),
            Text::new("无需重复撤回", "there is nothing to do"),
        ));
    }
    let days = context.rules.parameters().withdrawal_days;
    Ok(vec![Event::Offer(OfferEvent::Withdrawn {
        withdraw: command.clone(),
        until: day_of(context.at).saturating_add(jiff::Span::new().days(days)),
    })])
}

fn check_was_listed(product: &Product, context: &Context<'_>) -> Result<(), Refusal> {
    check_not_dropped(product, context)?;
    match product.status {
        ProductStatus::Listed | ProductStatus::Withdrawn { .. } => Ok(()),
        ProductStatus::Submitted | ProductStatus::Refused { .. } | ProductStatus::Retracted { .. } => {
            Err(not_listed(context))
        }
    }
}

/// Refuses a product that is not listed yet.
fn not_listed(context: &Context<'_>) -> Refusal {
    context.rules.refuse(
        Rule::ProductListed,
        Text::new("该产品尚未上架", "the product is not listed"),
        Text::new("请待运营机构上架", "wait until the operator lists it"),
    )
}

impl Product {
    /// Whether new subscriptions can be opened.
    ///
    /// # Errors
    /// Refuses a product that is not listed, suspended or withdrawn.
    pub(crate) fn check_offered(&self, context: &Context<'_>) -> Result<(), Refusal> {
        self.check_running(context)?;
        check_not_dropped(self, context)?;
        match &self.status {
            ProductStatus::Listed => Ok(()),
            ProductStatus::Submitted | ProductStatus::Refused { .. } | ProductStatus::Retracted { .. } => {
                Err(not_listed(context))
            }
            ProductStatus::Withdrawn { reason, .. } => Err(withdrawn(reason, context)),
        }
    }

    /// Whether those who have subscribed are served on this day.
    ///
    /// # Errors
    /// Refuses a product that is not listed or suspended, and one whose withdrawal has come.
    pub(crate) fn check_served(&self, day: Date, context: &Context<'_>) -> Result<(), Refusal> {
        self.check_running(context)?;
        check_not_dropped(self, context)?;
        match &self.status {
            ProductStatus::Listed => Ok(()),
            ProductStatus::Withdrawn { until, .. } if day <= *until => Ok(()),
            ProductStatus::Submitted | ProductStatus::Refused { .. } | ProductStatus::Retracted { .. } => {
                Err(not_listed(context))
            }
            ProductStatus::Withdrawn { reason, .. } => Err(withdrawn(reason, context)),
        }
    }

    fn check_running(&self, context: &Context<'_>) -> Result<(), Refusal> {
        let Some(Suspension { reason, .. }) = self.suspended.first() else {
            return Ok(());
        };
        Err(context.rules.refuse(
            Rule::ProductSuspended,
            Text::new(
                format!("该产品已暂停：{reason}"),
                format!("the product is suspended: {reason}"),
            ),
            Text::new("恢复前不提供服务", "nothing is served until it is resumed"),
        ))
    }
}

fn withdrawn(reason: &str, context: &Context<'_>) -> Refusal {
    context.rules.refuse(
        Rule::ProductWithdrawn,
        Text::new(
            format!("该产品已撤回：{reason}"),
            format!("the product is withdrawn: {reason}"),
        ),
        Text::new("请改用其他产品或新版本", "use another product, or its new version"),
    )
}

/// Applies an event to the products.
pub(crate) fn evolve(state: &mut State, event: &OfferEvent, moment: Moment, revision: u64) {
    change(&mut state.products, event.product(), |product| {
        product.revision = revision;
        match event {
            OfferEvent::Suspended { suspend, by } => {
                product.stops.begin(moment.at);
                product.suspended.push(Suspension {
                    by: by.clone(),
                    at: moment.at,
                    reason: suspend.reason.clone(),
                });
            }
            OfferEvent::Resumed { by, .. } => {
                product
                    .suspended
                    .retain(|it| by.as_ref().is_some_and(|by| it.by != *by));
                if product.suspended.is_empty() {
                    product.stops.end(moment.at);
                }
            }
            OfferEvent::Withdrawn { withdraw, until } => {
                product.status = ProductStatus::Withdrawn {
                    reason: withdraw.reason.clone(),
                    until: *until,
                };
            }
            OfferEvent::Refused(RefuseProduct { reason, .. }) => {
                let (at, reason) = (moment.at, reason.clone());
                product.status = ProductStatus::Refused { at, reason };
            }
            OfferEvent::Retracted(RetractProduct { reason, .. }) => {
                let (at, reason) = (moment.at, reason.clone());
                product.status = ProductStatus::Retracted { at, reason };
            }
        }
    });
}
