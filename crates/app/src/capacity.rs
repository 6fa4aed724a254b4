//! The scale of an agreement and how much of it is used.

use std::collections::BTreeSet;

use gongshu_governance::agreement::{Agreement, Use, used};
use gongshu_governance::calendar::day_of;
use gongshu_governance::identifier::AgreementId;
use jiff::civil::Date;

use crate::district::District;
use crate::snapshot::Snapshot;

impl District {
    /// How much of each amount of an agreement is used now.
    #[must_use]
    pub fn capacity_used(&self, snapshot: &Snapshot, agreement: &Agreement) -> Vec<Use> {
        let today = day_of(self.now());
        let calls = calls_on(snapshot, &agreement.terms.id, today);
        used(&snapshot.state, agreement, today, calls)
    }
}

/// Calls that subscribers have asked for on a day of products under an agreement, answered or not.
fn calls_on(snapshot: &Snapshot, agreement: &AgreementId, day: Date) -> u64 {
    let state = &snapshot.state;
    let under = |product| {
        let product = state.products.get(product);
        let scenario = product.and_then(|product| state.scenarios.get(&product.submission.scenario));
        scenario.is_some_and(|scenario| scenario.application.agreement == *agreement)
    };
    let subscriptions = state.subscriptions.values();
    let asking = subscriptions.filter(|it| under(&it.order.product));
    // Who has subscribed anew calls the same product.
    let asking: BTreeSet<_> = asking.map(|it| (&it.consumer, &it.order.product)).collect();
    asking.into_iter().map(|of| snapshot.asked_on(of, day)).sum()
}
