//! Snapshots: what the path reads. Immutable and shared; the sequencer publishes the next one.

use std::collections::HashMap;
use std::sync::Arc;

use gongshu_governance::State;
use gongshu_governance::authorization::{Permit, Usage};
use gongshu_governance::border::{Crossing, Exported};
use gongshu_governance::calendar::day_of;
use gongshu_governance::identifier::{AgreementId, PartyId, ProductId, ScenarioId};
use gongshu_store::MeterRecord;
use jiff::Timestamp;
use rpds::HashTrieMapSync;

use crate::exported::person_of;

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
    /// Totals by the id of a scenario, a subscription or a party, of privacy accounts and of what went abroad.
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
    pub fn usage(&self, consumer: &PartyId, product: &ProductId, at: Timestamp) -> Usage {
        let product_of = self.state.products.get(product);
        let scenario = product_of.map(|product| product.submission.scenario.as_str());
        let agreement = scenario
            .and_then(|id| self.state.scenarios.get(&ScenarioId::new(id)))
            .map(|scenario| &scenario.application.agreement);
        let subscription = self
            .state
            .open_subscription(consumer, product)
            .map(|open| open.order.id.as_str());
        Usage {
            scenario_calls: scenario.map_or(0, |id| self.meter(id).calls),
            subscription_calls: subscription.map_or(0, |id| self.meter(id).calls),
            exported: agreement.map_or_else(Exported::default, |id| self.exported(id, day_of(at).year())),
        }
    }

    /// Persons whose information has gone abroad under an agreement in a year, each once.
    #[must_use]
    pub fn exported(&self, agreement: &AgreementId, year: i16) -> Exported {
        let calls = |sensitive| self.meter(&export_key(agreement, year, sensitive, "")).calls;
        Exported {
            persons: calls(false),
            sensitive: calls(true),
        }
    }

    /// The keys of the persons who were counted in the years before this one.
    pub(crate) fn persons_before(&self, year: i16) -> Vec<String> {
        let keys = self.meters.keys().filter(|key| {
            let of = person_of(key).and_then(|(group, _)| group.rsplit(':').nth(1)?.parse::<i16>().ok());
            of.is_some_and(|of| of < year)
        });
        keys.map(ToString::to_string).collect()
    }

    /// Counts the persons of a call that goes abroad: each once a year, those of sensitive information by themselves.
    fn cross(&mut self, crossing: &Crossing, touched: &mut HashMap<Arc<str>, Meter>) {
        let Crossing {
            agreement,
            year,
            sensitive,
            persons,
        } = crossing;
        let mut add = |key: String| {
            let before = self.meter(&key);
            let calls = before.calls + 1;
            let after = Meter { calls, ..before };
            let key: Arc<str> = Arc::from(key);
            self.meters.insert_mut(key.clone(), after);
            touched.insert(key, after);
            before.calls == 0
        };
        for person in persons {
            if add(export_key(agreement, *year, *sensitive, person)) {
                add(export_key(agreement, *year, *sensitive, ""));
            }
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
        if let Some(crossing) = &permit.crossing {
            self.cross(crossing, touched);
        }
    }
}

/// What every key of what went abroad begins with.
pub(crate) const EXPORTED: &str = "export:";

/// The key of the persons of a year, or of one of them by the digest.
fn export_key(agreement: &AgreementId, year: i16, sensitive: bool, person: &str) -> String {
    let kind = if sensitive { "sensitive" } else { "persons" };
    format!("{EXPORTED}{agreement}:{year}:{kind}:{person}")
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

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashMap};

    use gongshu_governance::border::{Crossing, Exported};
    use gongshu_governance::identifier::AgreementId;
    use gongshu_store::MeterRecord;

    use super::Snapshot;

    fn crossing(year: i16, sensitive: bool, persons: &[&str]) -> Crossing {
        Crossing {
            agreement: AgreementId::new("agr_1"),
            year,
            sensitive,
            persons: persons
                .iter()
                .map(|person| (*person).to_owned())
                .collect::<BTreeSet<_>>(),
        }
    }

    #[test]
    fn a_person_counts_once_a_year_and_a_restart_keeps_the_count() {
        let (mut snapshot, mut touched) = (Snapshot::default(), HashMap::new());
        let calls = [
            crossing(2026, false, &["a", "b"]),
            crossing(2026, false, &["b", "c"]),
            crossing(2026, true, &["a"]),
            crossing(2027, false, &["a"]),
        ];
        for call in &calls {
            snapshot.cross(call, &mut touched);
        }
        let records = touched.iter().map(|(key, meter)| MeterRecord {
            key: key.to_string(),
            calls: meter.calls,
            fen: meter.fen,
        });
        let restarted: Snapshot = records.collect();
        let agreement = AgreementId::new("agr_1");
        let counted = |year, persons, sensitive| {
            let expected = Exported { persons, sensitive };
            assert_eq!(snapshot.exported(&agreement, year), expected);
            assert_eq!(restarted.exported(&agreement, year), expected);
        };
        counted(2026, 3, 1);
        counted(2027, 1, 0);
        assert_eq!(snapshot.exported(&AgreementId::new("agr_2"), 2026), Exported::default());
        assert_eq!(snapshot.persons_before(2026), Vec::<String>::new());
        let mut past = snapshot.persons_before(2027);
        past.sort();
        let person = |kind: &str, person: &str| format!("export:agr_1:2026:{kind}:{person}");
        let persons = ["a", "b", "c"].map(|name| person("persons", name));
        assert_eq!(past, [&persons[..], &[person("sensitive", "a")]].concat());
    }
}
