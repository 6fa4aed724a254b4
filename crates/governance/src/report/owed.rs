//! Which operating reports are owed.

use jiff::Timestamp;
use jiff::civil::Date;

use super::OperatingReport;
use super::submit::{days_of, due_of};
use crate::agreement::Agreement;
use crate::identifier::ReportId;
use crate::rules::Rules;
use crate::state::State;

/// The report about a year of an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwedReport<'s> {
    /// The agreement.
    pub agreement: &'s Agreement,
    /// About which year.
    pub year: i16,
    /// By when it is due.
    pub due: Date,
    /// What was made of it: the one that stands, else the last that was sent back.
    pub made: Option<&'s OperatingReport>,
}

impl OwedReport<'_> {
    /// Whether it came after its day, or did not come and that day is over.
    #[must_use]
    pub fn is_late(&self, today: Date) -> bool {
        self.made
            .filter(|made| made.status.stands())
            .map_or(today > self.due, OperatingReport::is_late)
    }
}

/// The report of every agreement about every year that is over in which it was in force, and those that came early since the
/// agreement has ended; the oldest year first.
#[must_use]
pub fn owed<'s>(state: &'s State, rules: &Rules, today: Date) -> Vec<OwedReport<'s>> {
    let mut owed: Vec<OwedReport<'s>> = state
        .agreements
        .values()
        .flat_map(|agreement| of_agreement(state, rules, agreement, today))
        .collect();
    owed.sort_by(|one, other| (one.year, &one.agreement.terms.id).cmp(&(other.year, &other.agreement.terms.id)));
    owed
}

fn of_agreement<'s>(
    state: &'s State,
    rules: &Rules,
    agreement: &'s Agreement,
    today: Date,
) -> impl Iterator<Item = OwedReport<'s>> {
    let years = agreement.terms.term.from.year()..=today.year();
    let in_force = years.filter(|year| days_of(agreement, *year).is_some());
    let reports = in_force.map(move |year| OwedReport {
        agreement,
        year,
        due: due_of(year, rules),
        made: made(state, agreement, year),
    });
    reports.filter(move |report| report.year < today.year() || report.made.is_some())
}

fn made<'s>(state: &'s State, agreement: &Agreement, year: i16) -> Option<&'s OperatingReport> {
    let all = state.reports.values().map(|report| &**report);
    let of_it = all.filter(|it| it.report.agreement == agreement.terms.id && it.report.year == year);
    of_it.max_by_key(|it| standing(it))
}

/// One that stands comes after those that were sent back; the last made last.
fn standing(report: &OperatingReport) -> (bool, Timestamp, ReportId) {
    (report.status.stands(), report.at, report.report.id.clone())
}
