//! The sum of answered calls by month and subscription: what periods are closed with, and replayed against.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Month;
use crate::identifier::{AgreementId, PartyId, SubscriptionId};
use crate::money::Money;
use crate::product::Volume;
use crate::state::State;

/// What was used under one subscription in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeteredUse {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Answered calls.
    pub calls: u64,
    /// What the answers held, of those that are charged by it.
    #[serde(default, skip_serializing_if = "Volume::is_nothing")]
    pub volume: Volume,
    /// What they cost in all.
    pub fee: Money,
    /// Who receives what of it, as each call was split; parties that receive nothing are left out.
    pub shares: BTreeMap<PartyId, Money>,
}

/// Sums of answered calls.
#[derive(Debug, Clone, Default)]
pub struct Tally(BTreeMap<(Month, SubscriptionId), MeteredUse>);

impl Tally {
    /// Adds calls that were charged and split alike, and what they held together; `None` where the sum cannot be counted.
    pub fn add<'a>(
        &mut self,
        month: Month,
        subscription: &SubscriptionId,
        (calls, volume): (u64, Volume),
        fee: Money,
        split: impl IntoIterator<Item = (&'a PartyId, Money)>,
    ) -> Option<()> {
        let new = || MeteredUse {
            subscription: subscription.clone(),
            calls: 0,
            volume: Volume::default(),
            fee: Money::ZERO,
            shares: BTreeMap::new(),
        };
        let sum = self.0.entry((month, subscription.clone())).or_insert_with(new);
        sum.calls = sum.calls.checked_add(calls)?;
        sum.volume = sum.volume.checked_add(volume)?;
        sum.fee = sum.fee.checked_add(fee.times(calls)?)?;
        for (party, share) in split.into_iter().filter(|(_, share)| *share != Money::ZERO) {
            let share_sum = sum.shares.entry(party.clone()).or_default();
            *share_sum = share_sum.checked_add(share.times(calls)?)?;
        }
        Some(())
    }

    /// What was used under an agreement in a month, by subscription.
    #[must_use]
    pub fn uses(&self, state: &State, agreement: &AgreementId, month: Month) -> Vec<MeteredUse> {
        let under = |sum: &&MeteredUse| agreement_of(state, &sum.subscription) == Some(agreement);
        let of_month = self.0.iter().filter(|((of, _), _)| *of == month).map(|(_, sum)| sum);
        of_month.filter(under).cloned().collect()
    }
}

/// The agreement under which a subscription stands.
#[must_use]
pub fn agreement_of<'s>(state: &'s State, subscription: &SubscriptionId) -> Option<&'s AgreementId> {
    let product = &state.subscriptions.get(subscription)?.order.product;
    let scenario = &state.products.get(product)?.submission.scenario;
    Some(&state.scenarios.get(scenario)?.application.agreement)
}
