//! Snapshots: what the path reads. Immutable and shared; the sequencer publishes the next one.

use std::collections::HashMap;
use std::sync::Arc;

use gongshu_governance::State;
use gongshu_governance::authorization::{CallFailure, Chain, Permit, Usage};
use gongshu_governance::border::{Crossing, Exported};
use gongshu_governance::calendar::day_of;
use gongshu_governance::identifier::{PartyId, ProductId, ScenarioId};
use gongshu_store::MeterRecord;
use jiff::Timestamp;
use jiff::civil::Date;
use rpds::HashTrieMapSync;

use crate::exported::person_of;

/// A running total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Meter {
    /// Calls answered; of those that failed, how many.
    pub calls: u64,
    /// Fen charged or received; of a privacy account, millionths of ρ; of what is counted of a day, the day.
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
    /// Totals by the id of a scenario, a subscription or a party, of privacy accounts, of failed calls, of what went
    /// abroad, and of what is counted for alerts.
    pub meters: HashTrieMapSync<Arc<str>, Meter>,
}

impl Snapshot {
    /// The total of this id.
    #[must_use]
    pub fn meter(&self, key: &str) -> Meter {
        self.meters.get(key).copied().unwrap_or_default()
    }

    /// Calls answered or failed so far under the chain of this consumer's subscription to the product.
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
        let operator = agreement
            .and_then(|id| self.state.agreements.get(id))
            .map(|agreement| &agreement.terms.operator);
        let (day, calls) = (day_of(at), |id: &str| self.meter(id).calls + self.failed(id));
        Usage {
            scenario_calls: scenario.map_or(0, calls),
            subscription_calls: subscription.map_or(0, calls),
            failed_today: self.failed_on(consumer, product, day),
            exported: agreement.map_or_else(Exported::default, |id| self.exported(id.as_str(), day.year())),
            exported_by_operator: operator.map_or_else(Exported::default, |id| self.exported_by(id, day.year())),
        }
    }

    /// Calls under a subscription or a scenario that were permitted and gave no answer.
    #[must_use]
    pub fn failed(&self, id: &str) -> u64 {
        self.meter(&failed_key(id)).calls
    }

    /// Of a consumer's calls of a product, under whichever subscription, those of a day that failed and may tell of the
    /// data.
    #[must_use]
    pub fn failed_on(&self, consumer: &PartyId, product: &ProductId, day: Date) -> u64 {
        let last = self.meter(&failed_on_key(consumer, product));
        if last.fen == number_of(day) { last.calls } else { 0 }
    }

    /// Counts one failed call.
    pub(crate) fn fail(
        &mut self,
        (consumer, product): (&PartyId, &ProductId),
        chain: &Chain,
        failure: CallFailure,
        at: Timestamp,
        touched: &mut HashMap<Arc<str>, Meter>,
    ) {
        let day = day_of(at);
        let mut counts = Vec::with_capacity(3);
        for id in [chain.subscription.as_str(), chain.scenario.as_str()] {
            counts.push((failed_key(id), self.failed(id) + 1, 0));
        }
        if failure.follows_data() {
            let today = self.failed_on(consumer, product, day) + 1;
            counts.push((failed_on_key(consumer, product), today, number_of(day)));
        }
        for (key, calls, fen) in counts {
            let (key, after): (Arc<str>, _) = (Arc::from(key), Meter { calls, fen });
            self.meters.insert_mut(key.clone(), after);
            touched.insert(key, after);
        }
    }

    /// Persons whose information an operator has provided abroad in a year, under all of its agreements. Those that were
    /// counted for each agreement by itself, by earlier packs, are added: who among them are the same cannot be told, so
    /// that in the year of the change the count is rather too large than too small.
    #[must_use]
    pub fn exported_by(&self, operator: &PartyId, year: i16) -> Exported {
        let agreements = self.state.agreements.values();
        let own = agreements.filter(|agreement| agreement.terms.operator == *operator);
        let before = own.map(|agreement| self.exported(agreement.terms.id.as_str(), year));
        before.fold(self.exported(operator.as_str(), year), |sum, more| Exported {
            persons: sum.persons.saturating_add(more.persons),
            sensitive: sum.sensitive.saturating_add(more.sensitive),
        })
    }

    /// Persons counted abroad for an operator or an agreement in a year, each once.
    fn exported(&self, scope: &str, year: i16) -> Exported {
        let calls = |sensitive| self.meter(&export_key(scope, year, sensitive, "")).calls;
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
        let (scope, year, sensitive) = (crossing.scope(), crossing.year, crossing.sensitive);
        let mut add = |key: String| {
            let before = self.meter(&key);
            let calls = before.calls + 1;
            let after = Meter { calls, ..before };
            let key: Arc<str> = Arc::from(key);
            self.meters.insert_mut(key.clone(), after);
            touched.insert(key, after);
            before.calls == 0
        };
        for person in &crossing.persons {
            if add(export_key(scope, year, sensitive, person)) {
                add(export_key(scope, year, sensitive, ""));
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

/// The key of the failed calls under a subscription or a scenario.
fn failed_key(id: &str) -> String {
    format!("failed:{id}")
}

/// The key of a consumer's failed calls of a product on the last day that has any. A new subscription does not begin anew.
fn failed_on_key(consumer: &PartyId, product: &ProductId) -> String {
    format!("failed-on:{consumer}:{product}")
}

/// A day as a number that reads like it: 20260401.
pub(crate) fn number_of(day: Date) -> i64 {
    (i64::from(day.year()) * 100 + i64::from(day.month())) * 100 + i64::from(day.day())
}

/// What every key of what went abroad begins with.
pub(crate) const EXPORTED: &str = "export:";

/// The key of the persons of a year, or of one of them by the digest.
fn export_key(scope: &str, year: i16, sensitive: bool, person: &str) -> String {
    let kind = if sensitive { "sensitive" } else { "persons" };
    format!("{EXPORTED}{scope}:{year}:{kind}:{person}")
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
    use std::collections::{BTreeMap, BTreeSet, HashMap};

    use gongshu_governance::authorization::{CallFailure, Chain};
    use gongshu_governance::border::{Crossing, Exported};
    use gongshu_governance::identifier::{AgreementId, PartyId, ProductId, ScenarioId, SubscriptionId};
    use gongshu_governance::{Event, Moment};
    use gongshu_store::MeterRecord;
    use jiff::civil::date;

    use super::Snapshot;

    fn crossing(year: i16, sensitive: bool, persons: &[&str]) -> Crossing {
        Crossing {
            agreement: AgreementId::new("agr_1"),
            operator: None,
            year,
            sensitive,
            persons: persons
                .iter()
                .map(|person| (*person).to_owned())
                .collect::<BTreeSet<_>>(),
        }
    }

    #[test]
    fn failures_count_toward_quotas_and_those_that_may_tell_toward_their_day() {
        let chain = Chain {
            agreement: AgreementId::new("agr_1"),
            scenario: ScenarioId::new("scn_1"),
            approvals: vec![],
            consent: None,
            consents: BTreeMap::new(),
            subscription: SubscriptionId::new("sub_1"),
        };
        let (consumer, product) = (PartyId::new("pty_1"), ProductId::new("prd_1"));
        let (mut snapshot, mut touched) = (Snapshot::default(), HashMap::new());
        // The last second of a day in Shanghai, and the first of the next.
        let failures = [
            (CallFailure::Execution, "2026-03-31T15:59:59Z"),
            (CallFailure::Unreachable, "2026-03-31T15:59:59Z"),
            (CallFailure::Abandoned, "2026-03-31T16:00:00Z"),
            (CallFailure::Time, "2026-03-31T16:00:00Z"),
        ];
        for (number, (failure, at)) in (1..).zip(failures) {
            snapshot.fail(
                (&consumer, &product),
                &chain,
                failure,
                at.parse().unwrap(),
                &mut touched,
            );
            assert_eq!((snapshot.failed("sub_1"), snapshot.failed("scn_1")), (number, number));
        }
        let records = touched.iter().map(|(key, meter)| MeterRecord {
            key: key.to_string(),
            calls: meter.calls,
            fen: meter.fen,
        });
        let restarted: Snapshot = records.collect();
        for snapshot in [&snapshot, &restarted] {
            let on = |day: i8| snapshot.failed_on(&consumer, &product, date(2026, 4, day));
            assert_eq!((on(1), on(2)), (2, 0), "a new day begins with none");
            assert_eq!(snapshot.failed("sub_1"), 4);
            assert_eq!(snapshot.meter("sub_1").calls, 0, "none of them is an answer");
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
        let counted = |year, persons, sensitive| {
            let expected = Exported { persons, sensitive };
            assert_eq!(snapshot.exported("agr_1", year), expected);
            assert_eq!(restarted.exported("agr_1", year), expected);
        };
        counted(2026, 3, 1);
        counted(2027, 1, 0);
        assert_eq!(snapshot.exported("agr_2", 2026), Exported::default());
        assert_eq!(snapshot.persons_before(2026), Vec::<String>::new());
        let mut past = snapshot.persons_before(2027);
        past.sort();
        let person = |kind: &str, person: &str| format!("export:agr_1:2026:{kind}:{person}");
        let persons = ["a", "b", "c"].map(|name| person("persons", name));
        assert_eq!(past, [&persons[..], &[person("sensitive", "a")]].concat());
    }

    #[test]
    fn a_person_counts_once_for_an_operator_whatever_the_agreement_and_what_was_counted_before_is_added() {
        let (mut snapshot, mut touched) = (Snapshot::default(), HashMap::new());
        let (operator, other) = (PartyId::new("pty_operator"), PartyId::new("pty_other"));
        for agreement in ["agr_1", "agr_2"] {
            let terms = serde_json::json!({"id": agreement, "title": "协议", "operator": "pty_operator", "selection": null,
                "term": {"from": "2026-01-01", "until": "2027-12-31"}, "resources": [], "purposes": [], "clauses": {},
                "shares": [], "capacity": []});
            let event = Event::AgreementProposed {
                terms: serde_json::from_value(terms).unwrap(),
                agency: PartyId::new("pty_agency"),
            };
            let moment = Moment {
                sequence: 1,
                at: "2026-04-01T02:00:00Z".parse().unwrap(),
            };
            gongshu_governance::evolve(&mut snapshot.state, &event, moment);
        }
        snapshot.cross(&crossing(2026, false, &["a"]), &mut touched);
        for agreement in ["agr_1", "agr_2"] {
            let of_operator = Crossing {
                agreement: AgreementId::new(agreement),
                operator: Some(operator.clone()),
                ..crossing(2026, false, &["x", "y"])
            };
            snapshot.cross(&of_operator, &mut touched);
        }
        assert_eq!(
            snapshot.exported_by(&operator, 2026).persons,
            3,
            "two, and the one of before"
        );
        assert_eq!(snapshot.exported_by(&operator, 2027), Exported::default());
        assert_eq!(snapshot.exported_by(&other, 2026), Exported::default());
    }
}
