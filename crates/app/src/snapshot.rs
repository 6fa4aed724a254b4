//! Snapshots: what the path reads. Immutable and shared; the sequencer publishes the next one.

use std::collections::HashMap;
use std::sync::Arc;

use gongshu_governance::State;
use gongshu_governance::authorization::{Permit, Usage};
use gongshu_governance::identifier::ProductId;
use gongshu_store::MeterRecord;
use rpds::HashTrieMapSync;

/// A running total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Meter {
    /// Calls answered.
    pub calls: u64,
    /// Fen charged or received; of a privacy account, millionths of ρ.
    pub fen: i64,
}

impl Meter {
    /// Of a privacy account: what was lost so far, in millionths of ρ.
    pub(crate) fn rho_micro(self) -> u64 {
        u64::try_from(self.fen).unwrap_or(0)
    }

    /// The account after one more answer. At the end of the range it stays there: never less than real.
    pub(crate) fn after_loss(self, rho_micro: u64) -> Self {
        Self {
            calls: self.calls + 1,
            fen: self.fen.saturating_add_unsigned(rho_micro),
        }
    }
}

/// Governance state and running totals at one moment.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Governance state.
    pub state: State,
    /// Totals by the id of a scenario, a subscription or a party.
    pub meters: HashTrieMapSync<Arc<str>, Meter>,
}

impl Snapshot {
    /// The total of this id.
    #[must_use]
    pub fn meter(&self, key: &str) -> Meter {
        self.meters.get(key).copied().unwrap_or_default()
    }

    /// Calls answered so far under the chain of this consumer's subscription to the product.
    #[must_use]
    pub fn usage(&self, consumer: &gongshu_governance::identifier::PartyId, product: &ProductId) -> Usage {
        let scenario = self
            .state
            .products
            .get(product)
            .map(|product| product.submission.scenario.as_str());
        let subscription = self
            .state
            .open_subscription(consumer, product)
            .map(|open| open.order.id.as_str());
        Usage {
            scenario_calls: scenario.map_or(0, |id| self.meter(id).calls),
            subscription_calls: subscription.map_or(0, |id| self.meter(id).calls),
        }
    }

    /// Counts one answered call.
    pub(crate) fn charge(&mut self, permit: &Permit, touched: &mut HashMap<Arc<str>, Meter>) {
        let fee = permit.fee.fen();
        let mut add = |key: &str, fen: i64| {
            let before = self.meter(key);
            let after = Meter {
                calls: before.calls + 1,
                fen: before.fen + fen,
            };
            let key: Arc<str> = Arc::from(key);
            self.meters.insert_mut(key.clone(), after);
            touched.insert(key, after);
        };
        add(permit.chain.scenario.as_str(), fee);
        add(permit.chain.subscription.as_str(), fee);
        if fee != 0 {
            for (party, share) in &permit.split {
                add(party.as_str(), share.fen());
            }
        }
    }
}

impl FromIterator<MeterRecord> for Snapshot {
    fn from_iter<I: IntoIterator<Item = MeterRecord>>(records: I) -> Self {
        let meters = records
            .into_iter()
            .map(|record| {
                (
                    Arc::from(record.key.as_str()),
                    Meter {
                        calls: record.calls,
                        fen: record.fen,
                    },
                )
            })
            .collect();
        Self {
            state: State::default(),
            meters,
        }
    }
}
