//! Subscriptions of consumers to listed products.

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Context;
use crate::authorization::link;
use crate::border::Region;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::{PartyId, ProductId, SubscriptionId};
use crate::party::check_not_operator;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Subscribes to a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Subscribe {
    /// Its id.
    pub id: SubscriptionId,
    /// The product.
    pub product: ProductId,
    /// The purpose; the scenario's, stated by the consumer.
    pub purpose: String,
    /// Most calls in all.
    pub quota_calls_max: u64,
    /// Whether the consumer passes answers on to somebody outside the mainland.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub onward: bool,
    /// Where to, of what it passes on outside the mainland; anywhere, where it does not say.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub onward_to: BTreeSet<Region>,
}

/// Ends a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unsubscribe {
    /// Which.
    pub subscription: SubscriptionId,
}

/// Proposes another quota of a subscription, or agrees to the one that the other side has proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgreeQuota {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Most calls in all from then on.
    pub quota_calls_max: u64,
}

/// A quota that one side has proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaProposal {
    /// By which side.
    pub by: PartyId,
    /// When.
    pub at: Timestamp,
    /// Most calls in all.
    pub quota_calls_max: u64,
}

/// A subscription on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// What was asked.
    pub order: Subscribe,
    /// Who subscribed.
    pub consumer: PartyId,
    /// The quota that one side has proposed and the other not agreed to yet.
    pub proposed: Option<QuotaProposal>,
    /// Whether it still runs.
    pub open: bool,
    /// Place of its opening in the order of all events.
    pub sequence: u64,
    /// Since when.
    pub opened: Timestamp,
    /// When it ended; none while it runs.
    pub closed: Option<Timestamp>,
    /// How many events changed it.
    pub revision: u64,
}

/// Decides a subscription.
///
/// # Errors
/// Refuses a product that is not on offer or not priced, or above which a link of the chain does not hold, another
/// purpose than the scenario's, a second subscription, the operator itself under another role, a quota over the maximum, and what would go abroad without its
/// document.
pub fn decide_subscribe(state: &State, command: &Subscribe, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let product = state.product(&command.product, context)?;
    product.check_offered(context)?;
    let (_, scenario) = link::above(state, product, day_of(context.at), context)?;
    if product.price.is_none() && !scenario.application.price_class.is_free() {
        return Err(context.rules.refuse(
            Rule::PriceSet,
            Text::new("该产品尚未定价", "the product has no price yet"),
            Text::new("请待运营机构定价", "wait until the operator sets it"),
        ));
    }
    crate::revenue::check_trial(state, product, context)?;
    if scenario.application.purpose != command.purpose {
        return Err(context.rules.refuse(
            Rule::Purpose,
            Text::new(
                format!(
                    "用途 `{}` 与场景用途 `{}` 不符",
                    command.purpose, scenario.application.purpose
                ),
                format!(
                    "the purpose `{}` is not the scenario's, `{}`",
                    command.purpose, scenario.application.purpose
                ),
            ),
            Text::new("请按场景用途订购", "subscribe for the scenario's purpose"),
        ));
    }
    check_new(state, command, context)?;
    let agreement = &scenario.application.agreement;
    let operator = &state.agreement(agreement, context)?.terms.operator;
    check_not_operator(state, &context.actor.party, operator, context)?;
    crate::border::check_subscription(state, product, command, agreement, context)?;
    Ok(vec![Event::Subscribed {
        order: command.clone(),
        consumer: context.actor.party.clone(),
    }])
}

/// Decides the end of a subscription.
///
/// # Errors
/// Refuses one that is unknown or already ended.
pub fn decide_unsubscribe(state: &State, command: &Unsubscribe, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    if state.subscription(&command.subscription, context)?.open {
        return Ok(vec![Event::Unsubscribed {
            subscription: command.subscription.clone(),
        }]);
    }
    Err(context.rules.wrong_state(
        Text::new("该订购已经终止", "the subscription has ended"),
        Text::new("无需重复退订", "there is nothing to do"),
    ))
}

/// Decides on another quota: what one side proposes is agreed once the other asks for the same. A later proposal takes
/// the place of an earlier one.
///
/// # Errors
/// Refuses it of a subscription that has ended, a quota that is as it was or over the maximum, and one's own proposal once
/// more.
pub fn decide_quota(state: &State, command: &AgreeQuota, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let subscription = state.subscription(&command.subscription, context)?;
    check_quota(command.quota_calls_max, context)?;
    if !subscription.open {
        return Err(context.rules.wrong_state(
            Text::new("该订购已经终止", "the subscription has ended"),
            Text::new("请重新订购", "subscribe again"),
        ));
    }
    let quota = command.quota_calls_max;
    let asked = subscription.proposed.as_ref().filter(|it| it.quota_calls_max == quota);
    let (by, subscription_id) = (context.actor.party.clone(), command.subscription.clone());
    if quota == subscription.order.quota_calls_max || asked.is_some_and(|it| it.by == by) {
        return Err(context.rules.wrong_state(
            Text::new(
                "额度未变，或已由本方提出",
                "the quota is that already, or this side has proposed it",
            ),
            Text::new(
                "请待对方同意，或提出其他额度",
                "wait for the other side, or propose another quota",
            ),
        ));
    }
    Ok(vec![Event::QuotaAgreed {
        subscription: subscription_id,
        quota_calls_max: quota,
        by,
        agreed: asked.is_some(),
    }])
}

fn check_quota(quota: u64, context: &Context<'_>) -> Result<(), Refusal> {
    let most = context.rules.parameters().quota_calls_max;
    if (1..=most).contains(&quota) {
        return Ok(());
    }
    Err(context.rules.refuse_by(
        Rule::Quota,
        "calls_max",
        Text::new(
            format!("调用额度应在 1 到 {most} 次之间"),
            format!("a quota is between 1 and {most} calls"),
        ),
        Text::new("请调整额度", "adjust the quota"),
    ))
}

fn check_new(state: &State, command: &Subscribe, context: &Context<'_>) -> Result<(), Refusal> {
    check_quota(command.quota_calls_max, context)?;
    let open = state
        .open_subscription(&context.actor.party, &command.product)
        .is_some();
    if open || state.subscriptions.contains_key(&command.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("已订购该产品", "there is an open subscription to this product"),
            Text::new("无需重复订购", "there is nothing to do"),
        ));
    }
    Ok(())
}
