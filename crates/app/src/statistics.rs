//! Statistics of use (论证, opinion 10): firms served, calls by scenario and month, enterprises that benefited. What leaves
//! has passed output control.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gongshu_governance::State;
use gongshu_governance::books::Month;
use gongshu_governance::calendar::day_of;
use gongshu_governance::identifier::{CreditCode, PartyId, ScenarioId};
use gongshu_governance::rules::Parameters;
use gongshu_privacy::rounding;
use gongshu_store::{Store, UsageRecord};
use jiff::Timestamp;
use jiff::civil::Date;
use tokio::sync::Mutex;

use crate::district::District;
use crate::error::AppError;
use crate::private::Private;

/// The use of a scenario in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The scenario.
    pub scenario: ScenarioId,
    /// The month.
    pub month: Month,
    /// Answered calls; none where they are held back.
    pub calls: Option<u64>,
    /// Organizations that were served; none where they are held back.
    pub firms: Option<u64>,
}

/// Use in the months of a year that are over, after output control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    /// The first month that is left out, since it is not over.
    pub until_before: Option<Month>,
    /// By scenario and month.
    pub cells: Vec<Cell>,
    /// Organizations that were served in the year.
    pub firms: Option<u64>,
    /// Enterprises that were served, or spoken of in an answer.
    pub benefited: Option<u64>,
    /// Loans that products supported, by their reports.
    pub loans: Option<u64>,
}

impl Statistics {
    /// Answered calls: the sum of what is released, so that nothing held back can be told from the difference.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.cells.iter().filter_map(|cell| cell.calls).sum()
    }
}

/// Statistics that were asked for before. What they speak of is over, so they stay as they were first released; counting
/// a year of calls is slow, and is done by one request at a time.
#[derive(Default)]
pub(crate) struct Released(Mutex<BTreeMap<Asked, Arc<Statistics>>>);

/// A year, and the first month of it that was not over.
type Asked = (i16, Option<Month>);

/// Most statistics that are kept; they are counted again where more are asked for.
const RELEASED_MAX: usize = 64;

impl District {
    /// What was used in a year.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn statistics(&self, year: i16) -> Result<Arc<Statistics>, AppError> {
        let span = Span::of(year, self.now(), self.rules().parameters().close_days_min);
        let mut released = self.0.statistics.0.lock().await;
        let key = (year, span.until_before);
        if let Some(known) = released.get(&key) {
            return Ok(known.clone());
        }
        let counted = Arc::new(self.count(&span).await?);
        if released.len() >= RELEASED_MAX {
            released.clear();
        }
        released.insert(key, counted.clone());
        Ok(counted)
    }

    async fn count(&self, span: &Span) -> Result<Statistics, AppError> {
        let years = span.utc_years();
        let years = years.each_ref().map(String::as_str);
        let records = self.0.store.usage(years).await?;
        let state = &self.snapshot().state;
        let rules = self.rules();
        let codes = &rules.parameters().enterprise_codes;
        let mut enterprises = subjects(&self.0.store, span, years, codes).await?;
        let mut count = Count::default();
        for record in records.iter().filter(|record| span.covers(record.hour)) {
            enterprises.extend(enterprise(state, &record.consumer, codes));
            count.add(record);
        }
        let loans = state.loans.values().filter(|loan| span.covers(loan.at)).count();
        Ok(count.released(span.until_before, [enterprises.len(), loans], rules.parameters()))
    }
}

/// The months of a year that are over.
struct Span {
    year: i16,
    until_before: Option<Month>,
}

impl Span {
    /// A month is over some days after its end, so that no call of it is still under way on any server.
    fn of(year: i16, now: Timestamp, wait_days: i64) -> Self {
        let present = Month::of(day_of(now).saturating_sub(jiff::Span::new().days(wait_days)));
        let is_over = present.first_day().year() > year;
        Self {
            year,
            until_before: (!is_over).then_some(present),
        }
    }

    fn covers(&self, at: Timestamp) -> bool {
        let month = Month::at(at);
        month.first_day().year() == self.year && self.until_before.is_none_or(|before| month < before)
    }

    /// The UTC years that a year of the district touches.
    fn utc_years(&self) -> [String; 2] {
        let first = Date::new(self.year, 1, 1).and_then(Date::yesterday);
        [first.map_or(self.year, Date::year), self.year].map(|year| format!("{year:04}"))
    }
}

#[derive(Default)]
struct Count {
    cells: BTreeMap<(ScenarioId, Month), (u64, BTreeSet<PartyId>)>,
}

impl Count {
    fn add(&mut self, record: &UsageRecord) {
        let key = (ScenarioId::new(&record.scenario), Month::at(record.hour));
        let (calls, firms) = self.cells.entry(key).or_default();
        *calls = calls.saturating_add(record.calls);
        firms.insert(PartyId::new(&record.consumer));
    }

    fn released(
        self,
        until_before: Option<Month>,
        [enterprises, loans]: [usize; 2],
        parameters: &Parameters,
    ) -> Statistics {
        let count = |number: usize| release(u64::try_from(number).unwrap_or(u64::MAX), parameters);
        let all: BTreeSet<&PartyId> = self.cells.values().flat_map(|(_, firms)| firms).collect();
        let firms = count(all.len());
        let cells = self.cells.into_iter().map(|((scenario, month), (calls, firms))| Cell {
            scenario,
            month,
            calls: release(calls, parameters),
            firms: count(firms.len()),
        });
        Statistics {
            until_before,
            cells: cells.collect(),
            firms,
            benefited: count(enterprises),
            loans: count(loans),
        }
    }
}

/// A count as it leaves: held back under the threshold, rounded to the base from there on.
fn release(count: u64, parameters: &Parameters) -> Option<u64> {
    let base = parameters.output.rounding_base;
    (count >= parameters.threshold_subjects_min).then(|| rounding::to_base(count, base))
}

/// Codes of enterprises that answers spoke of. A natural person has no such code, and is not counted.
async fn subjects(
    store: &Store,
    span: &Span,
    years: [&str; 2],
    begins: &BTreeSet<String>,
) -> Result<BTreeSet<String>, AppError> {
    let (mut codes, mut after) = (BTreeSet::new(), None);
    loop {
        let page = store.carried(years, after).await?;
        let Some(last) = page.last() else {
            return Ok(codes);
        };
        after = Some(last.index);
        for record in page.iter().filter(|record| span.covers(record.at)) {
            let private = Private::decode(&record.private)?;
            let subject = private.and_then(|mut private| private.openings.remove("subject"));
            let code = subject.map(|opening| opening.value);
            codes.extend(code.filter(|code| is_enterprise(code, begins)));
        }
    }
}

/// The code of a party that is an enterprise.
fn enterprise(state: &State, party: &str, begins: &BTreeSet<String>) -> Option<String> {
    let code = state.parties.get(&PartyId::new(party))?.code.clone()?;
    is_enterprise(&code, begins).then_some(code)
}

/// The first two characters of a code say who registered its holder, and as what (GB 32100-2015).
fn is_enterprise(code: &str, begins: &BTreeSet<String>) -> bool {
    let registered = CreditCode::parse(code).is_ok();
    registered && code.get(..2).is_some_and(|begin| begins.contains(begin))
}

#[cfg(test)]
mod tests {
    use gongshu_governance::rules::RuleBook;

    use super::*;

    fn parameters() -> Parameters {
        let book = RuleBook::load(&[include_str!("../../../rules/national.toml")]).unwrap();
        book.at("2026-04-01T02:00:00Z".parse().unwrap()).parameters().clone()
    }

    fn used(at: &str, scenario: &str, consumer: &str, calls: u64) -> UsageRecord {
        UsageRecord {
            hour: at.parse().unwrap(),
            scenario: scenario.to_owned(),
            consumer: consumer.to_owned(),
            calls,
        }
    }

    #[test]
    fn a_count_under_the_threshold_is_held_back_and_every_other_one_rounded() {
        let parameters = parameters();
        let table = [
            (0, None),
            (9, None),
            (10, Some(10)),
            (12, Some(10)),
            (13, Some(15)),
            (1_001, Some(1_000)),
        ];
        for (count, released) in table {
            assert_eq!(release(count, &parameters), released, "{count}");
        }
    }

    /// A valid code of this authority and type, with its check character.
    fn code_of(begin: &str) -> String {
        let body = format!("{begin}440309MA5G1A2B3");
        let letters = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars();
        let mut codes = letters.map(|check| format!("{body}{check}"));
        codes.find(|code| CreditCode::parse(code).is_ok()).unwrap()
    }

    #[test]
    fn organs_institutions_and_associations_are_no_enterprises() {
        let begins = parameters().enterprise_codes;
        for (begin, counted) in [
            ("91", true),
            ("92", true),
            ("93", true),
            ("11", false),
            ("12", false),
            ("51", false),
            ("52", false),
            ("99", false),
        ] {
            assert_eq!(is_enterprise(&code_of(begin), &begins), counted, "{begin}");
        }
        assert!(!is_enterprise("914403", &begins), "no valid code");
    }

    #[test]
    fn months_that_are_not_over_are_left_out_and_a_year_begins_in_shanghai() {
        let span = |now: &str| Span::of(2026, now.parse().unwrap(), 1);
        assert_eq!(
            span("2026-04-01T02:00:00Z").until_before.unwrap().to_string(),
            "2026-03"
        );
        let later = span("2027-01-02T02:00:00Z");
        let span = span("2026-04-02T02:00:00Z");
        let covers = |at: &str| span.covers(at.parse().unwrap());
        assert!(covers("2025-12-31T16:00:00Z") && covers("2026-03-31T15:00:00Z"));
        assert!(!covers("2025-12-31T15:00:00Z") && !covers("2026-03-31T16:00:00Z"));
        assert_eq!(span.utc_years(), ["2025", "2026"]);
        assert!(later.until_before.is_none() && later.covers("2026-12-31T15:00:00Z".parse().unwrap()));
    }

    #[test]
    fn what_is_held_back_is_not_in_the_sum_either() {
        let mut count = Count::default();
        for record in [
            used("2026-01-05T01:00:00Z", "scn_a", "pty_1", 40),
            used("2026-01-05T02:00:00Z", "scn_a", "pty_2", 2),
            used("2026-01-06T02:00:00Z", "scn_b", "pty_2", 7),
        ] {
            count.add(&record);
        }
        let statistics = count.released(None, [12, 9], &parameters());
        let calls: Vec<Option<u64>> = statistics.cells.iter().map(|cell| cell.calls).collect();
        assert_eq!((calls, statistics.calls()), (vec![Some(40), None], 40));
        let rest = (statistics.firms, statistics.benefited, statistics.loans);
        assert_eq!(rest, (None, Some(10), None));
    }
}
