//! The end of a scenario, and of what stands on it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Scenario, ScenarioEvent, ScenarioStatus};
use crate::Context;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::{ProductId, ScenarioId};
use crate::product::{OfferEvent, Product, ProductStatus, RefuseProduct, WithdrawProduct};
use crate::refusal::Refusal;
use crate::state::State;
use crate::text::Text;

/// Ends a scenario that is granted: its products are off the list, and its subscriptions end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EndScenario {
    /// Which.
    pub scenario: ScenarioId,
    /// Why.
    pub reason: String,
}

/// Decides an end: by the agency, or by the operator that applied.
///
/// # Errors
/// Refuses it of a scenario that is not granted or is over, and without a reason.
pub fn decide_end(state: &State, command: &EndScenario, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let scenario = state.scenario(&command.scenario, context)?;
    context.rules.said(&command.reason, ("终止理由", "reason"))?;
    scenario.check_open(context)?;
    if !scenario.is_granted() {
        return Err(context.rules.wrong_state(
            Text::new("该场景尚未批准", "the scenario is not granted"),
            Text::new(
                "未批准的申请可以撤回，或不予批准",
                "an application is withdrawn, or refused",
            ),
        ));
    }
    let mut events = vec![Event::Scenario(ScenarioEvent::Ended {
        end: command.clone(),
        by: context.actor.party.clone(),
    })];
    let reason = format!("场景 {} 终止：{}", command.scenario, command.reason);
    let mut products: Vec<&Product> = state.products.values().map(|product| &**product).collect();
    products.retain(|product| product.submission.scenario == command.scenario);
    products.sort_by(|a, b| a.submission.id.cmp(&b.submission.id));
    for product in products {
        events.extend(ended(state, product, &reason, context));
    }
    Ok(events)
}

/// What ends of a product whose chain has ended: its place on the list, or the wait for it, and its subscriptions.
fn ended(state: &State, product: &Product, reason: &str, context: &Context<'_>) -> Vec<Event> {
    let id = &product.submission.id;
    let mut events: Vec<Event> = off_the_list(product, reason, context).into_iter().collect();
    let mut open = open_subscriptions(state, id);
    open.sort();
    events.extend(
        open.into_iter()
            .map(|subscription| Event::Unsubscribed { subscription }),
    );
    events
}

fn open_subscriptions(state: &State, id: &ProductId) -> Vec<crate::identifier::SubscriptionId> {
    let subscriptions = state.subscriptions.values();
    let open = subscriptions.filter(|it| it.open && it.order.product == *id);
    open.map(|it| it.order.id.clone()).collect()
}

fn off_the_list(product: &Product, reason: &str, context: &Context<'_>) -> Option<Event> {
    let (id, reason, today) = (product.submission.id.clone(), reason.to_owned(), day_of(context.at));
    let event = match &product.status {
        ProductStatus::Submitted => OfferEvent::Refused(RefuseProduct { product: id, reason }),
        ProductStatus::Withdrawn { until, .. } if *until <= today => return None,
        ProductStatus::Listed | ProductStatus::Withdrawn { .. } => OfferEvent::Withdrawn {
            withdraw: WithdrawProduct { product: id, reason },
            until: today,
        },
        ProductStatus::Refused { .. } | ProductStatus::Retracted { .. } => return None,
    };
    Some(Event::Offer(event))
}

impl Scenario {
    /// Its end.
    pub(crate) fn end(&mut self, end: &EndScenario, at: jiff::Timestamp) {
        if let ScenarioStatus::Granted { at: granted } | ScenarioStatus::Frozen { granted, .. } = self.status {
            let reason = end.reason.clone();
            self.stops.begin(at);
            self.status = ScenarioStatus::Ended { granted, at, reason };
        }
    }
}
