//! What is counted of calls for alerts. A count is of a kind, a consumer, a product and the newest day that has any, so that
//! it forgets by itself; beside it stands what the consumer usually does. The counts are totals like the others: they are
//! written in the transaction of the call, and replay and restores derive them again.

use std::collections::HashMap;
use std::sync::Arc;

use gongshu_governance::Event;
use gongshu_governance::alert::{AlertKind, Called, Counted, Usual, of_call};
use gongshu_governance::calendar::day_of;
use gongshu_governance::identifier::{PartyId, ProductId};
use gongshu_governance::rules::Rules;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::snapshot::{Meter, Snapshot, number_of};

/// What one call changes, and what it raises.
#[derive(Debug, Default)]
pub(crate) struct Noticed {
    counts: Vec<(String, Meter)>,
    /// The alerts.
    pub(crate) events: Vec<Event>,
}

impl Snapshot {
    /// What one more call comes to. Nothing where the rules of the record know no alerts.
    pub(crate) fn notice(
        &self,
        (consumer, product): (&PartyId, &ProductId),
        called: Called<'_>,
        at: Timestamp,
        rules: &Rules,
    ) -> Noticed {
        if !rules.alerts() {
            return Noticed::default();
        }
        let today = number_of(day_of(at));
        let (mut counts, mut counted) = (Vec::with_capacity(3), Vec::with_capacity(3));
        for kind in AlertKind::of_call(called, at, rules) {
            let key = |what: &str| format!("{what}:{}:{consumer}:{product}", kind.id());
            let (on, last) = (key(ON), OnDay::of(self.meter(&key(ON))));
            let mut usual = Usual::default();
            if kind.is_surge() {
                usual = usual_of(self.meter(&key(USUAL)));
                if last.calls > 0 && last.day != today {
                    usual = usual.after(last.calls, rules.parameters().alerts.mean_days);
                    counts.push((key(USUAL), meter_of(usual)));
                }
            }
            let figure = last.on(today) + 1;
            let count = OnDay {
                day: today,
                calls: figure,
            };
            counts.push((on, count.meter()));
            counted.push(Counted { kind, figure, usual });
        }
        let events = of_call(&self.state, (consumer, product), &counted, at, rules);
        Noticed { counts, events }
    }

    /// Calls that a consumer has asked for of a product on a day, answered or not.
    pub(crate) fn asked_on(&self, (consumer, product): (&PartyId, &ProductId), day: Date) -> u64 {
        let key = format!("{ON}:{}:{consumer}:{product}", AlertKind::Surge.id());
        OnDay::of(self.meter(&key)).on(number_of(day))
    }

    /// Counts the call.
    pub(crate) fn count(&mut self, noticed: Noticed, touched: &mut HashMap<Arc<str>, Meter>) -> Vec<Event> {
        for (key, after) in noticed.counts {
            let key: Arc<str> = Arc::from(key);
            self.meters.insert_mut(key.clone(), after);
            touched.insert(key, after);
        }
        noticed.events
    }
}

/// Keys of what is counted on the newest day begin with this; the day is the total's amount.
const ON: &str = "alert-on";
/// Keys of what a consumer usually does: how many days, and their mean in hundredths of a call.
const USUAL: &str = "alert-usual";

/// How many on the newest day that has any. A total keeps the day where others keep an amount.
#[derive(Debug, Clone, Copy)]
struct OnDay {
    day: i64,
    calls: u64,
}

impl OnDay {
    fn of(Meter { calls, fen: day }: Meter) -> Self {
        Self { day, calls }
    }

    fn meter(self) -> Meter {
        Meter {
            calls: self.calls,
            fen: self.day,
        }
    }

    /// How many on this day.
    fn on(self, day: i64) -> u64 {
        if self.day == day { self.calls } else { 0 }
    }
}

fn usual_of(meter: Meter) -> Usual {
    Usual {
        days: meter.calls,
        mean_hundredths: u64::try_from(meter.fen).unwrap_or(0),
    }
}

fn meter_of(usual: Usual) -> Meter {
    Meter {
        calls: usual.days,
        fen: i64::try_from(usual.mean_hundredths).unwrap_or(i64::MAX),
    }
}

#[cfg(test)]
mod tests {
    use gongshu_governance::authorization::CallFailure;
    use gongshu_governance::rules::RuleBook;
    use gongshu_store::MeterRecord;

    use super::*;

    const NATIONAL: &str = include_str!("../../../rules/national.toml");
    const CALENDAR: &str = include_str!("../../../rules/calendar.toml");

    /// Counts so many calls of a day, at an hour in Shanghai.
    fn call(snapshot: &mut Snapshot, rules: &Rules, calls: u64, called: Called<'_>, at: &str) {
        let at = format!("{at}:00:00+08:00").parse().unwrap();
        let of = (&PartyId::new("pty_1"), &ProductId::new("prd_1"));
        for _ in 0..calls {
            let noticed = snapshot.notice(of, called, at, rules);
            snapshot.count(noticed, &mut HashMap::new());
        }
    }

    fn count(snapshot: &Snapshot, what: &str, kind: &str) -> (u64, i64) {
        let meter = snapshot.meter(&format!("{what}:{kind}:pty_1:prd_1"));
        (meter.calls, meter.fen)
    }

    #[test]
    fn a_day_is_counted_by_itself_and_the_days_before_make_what_is_usual() {
        let book = RuleBook::load(&[NATIONAL, CALENDAR]).unwrap();
        let rules = book.at("2026-04-01T00:00:00Z".parse().unwrap());
        let mut snapshot = Snapshot::default();
        call(&mut snapshot, rules, 4, Called::Answered, "2026-04-01T09");
        call(&mut snapshot, rules, 1, Called::Refused("chain.quota"), "2026-04-01T10");
        assert_eq!(count(&snapshot, ON, "surge"), (5, 20_260_401));
        assert_eq!(count(&snapshot, ON, "refusals"), (1, 20_260_401));
        assert_eq!(count(&snapshot, USUAL, "surge"), (0, 0), "a day counts once it is over");
        // A day without calls does not count.
        call(&mut snapshot, rules, 2, Called::Answered, "2026-04-03T23");
        assert_eq!(count(&snapshot, ON, "surge"), (2, 20_260_403));
        assert_eq!(count(&snapshot, USUAL, "surge"), (1, 500));
        assert_eq!(count(&snapshot, ON, "night"), (2, 20_260_403));
        call(
            &mut snapshot,
            rules,
            1,
            Called::Failed(CallFailure::Time),
            "2026-04-04T12",
        );
        assert_eq!(count(&snapshot, USUAL, "surge"), (2, 350));
        assert_eq!(count(&snapshot, ON, "failures"), (1, 20_260_404));
        assert_eq!(count(&snapshot, ON, "night"), (2, 20_260_403), "no call at night since");
    }

    #[test]
    fn a_restart_keeps_the_counts_and_each_has_one_row() {
        let book = RuleBook::load(&[NATIONAL, CALENDAR]).unwrap();
        let rules = book.at("2026-04-01T00:00:00Z".parse().unwrap());
        let mut snapshot = Snapshot::default();
        for day in 1..=9 {
            call(&mut snapshot, rules, 3, Called::Answered, &format!("2026-04-0{day}T09"));
        }
        let records = snapshot.meters.iter().map(|(key, meter)| MeterRecord {
            key: key.to_string(),
            calls: meter.calls,
            fen: meter.fen,
        });
        let restarted: Snapshot = records.collect();
        assert_eq!(restarted.meters.size(), 2);
        assert_eq!(count(&restarted, USUAL, "surge"), (8, 300));
    }
}
