//! Quotas that one side of a subscription has proposed: the other agrees, or proposes another.

use gongshu_governance::State;
use gongshu_governance::Text;
use gongshu_governance::identifier::PartyId;
use gongshu_governance::power::Act;
use gongshu_governance::subscription::Subscription;

use super::Task;

/// What waits for this party, be it the consumer or the operator of the product.
pub(super) fn tasks(state: &State, party: &PartyId) -> Vec<Task> {
    let subscriptions = state.subscriptions.values().filter(|subscription| subscription.open);
    subscriptions
        .filter_map(|subscription| task(state, subscription, party))
        .collect()
}

fn task(state: &State, subscription: &Subscription, party: &PartyId) -> Option<Task> {
    let proposed = subscription.proposed.as_ref().filter(|it| it.by != *party)?;
    let product = state.products.get(&subscription.order.product)?;
    let scenario = state.scenarios.get(&product.submission.scenario)?;
    let agreement = state.agreements.get(&scenario.application.agreement)?;
    if subscription.consumer != *party && agreement.terms.operator != *party {
        return None;
    }
    let (name, quota) = (&product.submission.name, proposed.quota_calls_max);
    let other = state.parties.get(&proposed.by).map_or("", |by| by.name.as_str());
    let text = Text::new(
        format!("“{name}”的订购：{other}提出将额度改为 {quota} 次，请同意该额度或提出其他额度"),
        format!(
            "the subscription to `{name}`: `{other}` proposes a quota of {quota} calls; agree to it or propose another"
        ),
    );
    let id = subscription.order.id.as_str();
    Some(Task::of(
        Act::AgreeQuota,
        "subscription",
        id,
        name,
        subscription.revision,
        text,
    ))
}
