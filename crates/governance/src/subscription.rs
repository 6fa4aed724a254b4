//! Subscriptions of consumers to listed products.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Context;
use crate::authorization::link;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::{PartyId, ProductId, SubscriptionId};
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
}

/// Ends a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unsubscribe {
    /// Which.
    pub subscription: SubscriptionId,
}

/// A subscription on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// What was asked.
    pub order: Subscribe,
    /// Who subscribed.
    pub consumer: PartyId,
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
/// purpose than the scenario's, a second subscription, a quota over the maximum, and what would go abroad without its
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

fn check_new(state: &State, command: &Subscribe, context: &Context<'_>) -> Result<(), Refusal> {
    let most = context.rules.parameters().quota_calls_max;
    if !(1..=most).contains(&command.quota_calls_max) {
        return Err(context.rules.refuse_by(
            Rule::Quota,
            "calls_max",
            Text::new(
                format!("调用额度应在 1 到 {most} 次之间"),
                format!("a quota is between 1 and {most} calls"),
            ),
            Text::new("请调整额度", "adjust the quota"),
        ));
    }
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
