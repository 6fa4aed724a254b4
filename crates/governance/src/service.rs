//! When what a product sells could be had: one place derives it from the dated record, link by link, as
//! [`authorize`](crate::authorize) asks for the links of a call. Whoever is charged by time is charged for these days alone.
//!
//! A link that can end or pause in another way joins [`stops`].

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::agreement::{Agreement, AgreementStatus};
use crate::calendar::{Term, day_of, start_of};
use crate::product::{Product, ProductStatus};
use crate::resource::Resource;
use crate::scenario::Scenario;
use crate::state::State;

/// A span of time without service, from its first instant to the one at which service is there again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stop {
    /// Since when.
    pub from: Timestamp,
    /// Until when; none while it lasts, and where it lasts for good.
    pub until: Option<Timestamp>,
}

/// The spans in which one link did not hold, the first first; only the last may still last.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stops(Vec<Stop>);

impl Stops {
    /// It stops, if it is not stopped.
    pub(crate) fn begin(&mut self, at: Timestamp) {
        if self.0.last().is_none_or(|last| last.until.is_some()) {
            self.0.push(Stop { from: at, until: None });
        }
    }

    /// It goes on, if it is stopped.
    pub(crate) fn end(&mut self, at: Timestamp) {
        if let Some(last) = self.0.last_mut() {
            last.until.get_or_insert(at);
        }
    }

    /// Whether nothing was ever stopped.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = Stop> {
        self.0.iter().copied()
    }
}

/// Everything that kept those who have subscribed to a product from using it, or will: in any order, and overlapping.
#[must_use]
pub fn stops(state: &State, product: &Product) -> Vec<Stop> {
    let mut stops: Vec<Stop> = product.stops.iter().collect();
    if let ProductStatus::Withdrawn { until, .. } = product.status {
        stops.push(after(until));
    }
    let models = product.submission.checked.models.keys();
    let models = models.filter_map(|id| state.models.get(id));
    stops.extend(models.flat_map(|model| model.stops.iter()));
    let resources = product.submission.checked.fields.keys();
    let resources = resources.filter_map(|id| state.resources.get(id));
    let uncleared = |resource: &Resource| resource.stops.iter().chain(resource.uncleared()).collect::<Vec<_>>();
    stops.extend(resources.flat_map(|resource| uncleared(resource)));
    let Some(scenario) = state.scenarios.get(&product.submission.scenario) else {
        return stops;
    };
    stops.extend(of_scenario(scenario));
    stops.extend(narrowed(product, scenario));
    stops.extend(crate::product::disengaged(state, product).iter());
    if let Some(agreement) = state.agreements.get(&scenario.application.agreement) {
        stops.extend(of_agreement(agreement));
    }
    stops
}

fn of_scenario(scenario: &Scenario) -> Vec<Stop> {
    let declined = scenario.declined.values().flat_map(Stops::iter);
    let mut stops: Vec<Stop> = scenario.stops.iter().chain(scenario.outside.iter()).collect();
    stops.extend(declined);
    stops.push(after(scenario.application.term.until));
    stops
}

/// Since when a narrowing leaves the product outside its scenario, or on grounds that nobody has reviewed: what was
/// narrowed before the product was submitted is what it was reviewed by.
pub(crate) fn narrowed(product: &Product, scenario: &Scenario) -> Option<Stop> {
    let reads = &product.submission.checked.fields;
    let mut later = scenario.narrowings.iter().skip(product.narrowings);
    let stopped = later.find(|it| {
        let (left, tighter) = (&it.narrowing.resources, &it.narrowing.tightened);
        let outside = |left: &std::collections::BTreeMap<_, crate::scenario::FieldSet>| {
            let mut reads = reads.iter();
            reads.any(|(id, fields)| left.get(id).is_none_or(|left| !fields.is_subset(left)))
        };
        let mut tighter = tighter.iter();
        let on_other_grounds = |(id, rules): (_, &std::collections::BTreeMap<String, _>)| {
            let fields = reads.get(id);
            fields.is_some_and(|fields| rules.keys().any(|name| fields.contains(name)))
        };
        left.as_ref().is_some_and(outside) || tighter.any(on_other_grounds)
    });
    let from = stopped?.at;
    Some(Stop { from, until: None })
}

fn of_agreement(agreement: &Agreement) -> Vec<Stop> {
    let mut stops: Vec<Stop> = agreement.stops.iter().collect();
    stops.push(after(agreement.terms.term.until));
    if let AgreementStatus::Ended { at, .. } = agreement.status {
        stops.push(Stop { from: at, until: None });
    }
    stops
}

fn after(last: Date) -> Stop {
    Stop {
        from: start_of(last.saturating_add(jiff::Span::new().days(1))),
        until: None,
    }
}

/// On how many days of a term service could be had at some time of the day, as was known when the day `horizon` was over.
///
/// What had stopped by then and was not there again counts as stopped for good, until it is known better; so does what was
/// stopped when the consumer itself left. Days after that which were not stopped are the consumer's own to give up.
#[must_use]
pub fn days_served(stops: &[Stop], term: Term, left: Option<Timestamp>, horizon: Date) -> u64 {
    let known = start_of(horizon.saturating_add(jiff::Span::new().days(1)));
    let seen = |stop: &&Stop| stop.from <= known && stop.until.is_none_or(|until| stop.from < until);
    let mut spans: Vec<(Timestamp, Timestamp)> = stops
        .iter()
        .filter(seen)
        .map(|stop| {
            let lasts =
                |until: &Timestamp| *until <= known && left.is_none_or(|left| left < stop.from || *until <= left);
            (stop.from, stop.until.filter(lasts).unwrap_or(Timestamp::MAX))
        })
        .collect();
    spans.sort_unstable();
    let days = |from: Date, end: Date| {
        let until = term.until.saturating_add(jiff::Span::new().days(1)).min(end);
        let span = (until - from.max(term.from)).get_days();
        u64::try_from(span).unwrap_or(0)
    };
    let mut lost = 0;
    let mut reach: Option<(Timestamp, Timestamp)> = None;
    for (from, until) in spans {
        match &mut reach {
            Some((_, end)) if from <= *end => *end = until.max(*end),
            _ => {
                lost += reach.map_or(0, |(from, end)| days(whole_from(from), day_of(end)));
                reach = Some((from, until));
            }
        }
    }
    lost += reach.map_or(0, |(from, end)| days(whole_from(from), day_of(end)));
    days(term.from, Date::MAX).saturating_sub(lost)
}

/// The first day that begins at this instant or later.
fn whole_from(at: Timestamp) -> Date {
    let day = day_of(at);
    if start_of(day) == at {
        return day;
    }
    day.saturating_add(jiff::Span::new().days(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// Days served of April 2026, in which service is stopped for these spans in Shanghai.
    fn served(spans: &[(&str, Option<&str>)], left: Option<&str>) -> u64 {
        let at = |text: &str| format!("{text}+08:00").parse().unwrap();
        let stop = |(from, until): &(&str, Option<&str>)| Stop {
            from: at(from),
            until: until.map(at),
        };
        let stops: Vec<Stop> = spans.iter().map(stop).collect();
        let april = Term {
            from: date(2026, 4, 1),
            until: date(2026, 4, 30),
        };
        days_served(&stops, april, left.map(at), april.until)
    }

    #[test]
    fn only_whole_days_without_service_are_lost() {
        assert_eq!(served(&[], None), 30);
        assert_eq!(served(&[("2026-04-10T00:00", Some("2026-04-11T00:00"))], None), 29);
        assert_eq!(served(&[("2026-04-10T00:01", Some("2026-04-11T00:00"))], None), 30);
        assert_eq!(served(&[("2026-04-10T12:00", Some("2026-04-13T12:00"))], None), 28);
        assert_eq!(served(&[("2026-03-10T12:00", Some("2026-05-13T12:00"))], None), 0);
        assert_eq!(served(&[("2026-04-06T00:00", None)], None), 5);
        assert_eq!(served(&[("2026-05-01T00:00", None)], None), 30);
    }

    #[test]
    fn stops_that_meet_or_overlap_are_one() {
        let meeting = [
            ("2026-04-10T12:00", Some("2026-04-12T08:00")),
            ("2026-04-09T12:00", Some("2026-04-10T12:00")),
            ("2026-04-12T08:00", Some("2026-04-13T00:00")),
        ];
        assert_eq!(served(&meeting, None), 27);
        let nested = [
            ("2026-04-02T00:00", Some("2026-04-22T00:00")),
            ("2026-04-05T00:00", Some("2026-04-06T00:00")),
        ];
        assert_eq!(served(&nested, None), 10);
        let apart = [
            ("2026-04-02T00:00", Some("2026-04-04T00:00")),
            ("2026-04-20T00:00", Some("2026-04-21T00:00")),
        ];
        assert_eq!(served(&apart, None), 27);
    }

    #[test]
    fn who_leaves_what_is_stopped_pays_for_no_later_day() {
        let frozen = [("2026-04-04T00:00", Some("2026-04-20T00:00"))];
        assert_eq!(served(&frozen, Some("2026-04-10T10:00")), 3);
        assert_eq!(served(&frozen, Some("2026-04-02T10:00")), 14);
        assert_eq!(served(&frozen, Some("2026-04-25T10:00")), 14);
    }
}
