//! Operating reports that wait to be submitted or reviewed.

use gongshu_governance::identifier::PartyId;
use gongshu_governance::power::Act;
use gongshu_governance::report::{OwedReport, ReportStatus, owed};
use gongshu_governance::rules::Rules;
use gongshu_governance::{State, Text};
use jiff::civil::Date;

use super::Task;

/// What waits for a party.
pub(super) fn tasks(state: &State, party: &PartyId, rules: &Rules, today: Date) -> Vec<Task> {
    let all = owed(state, rules, today);
    all.iter().filter_map(|it| task(it, party, today)).collect()
}

fn task(owed: &OwedReport<'_>, party: &PartyId, today: Date) -> Option<Task> {
    let terms = &owed.agreement.terms;
    let status = owed.made.map(|made| &made.status);
    let (act, zh, en) = match status {
        None | Some(ReportStatus::SentBack { .. }) if terms.operator == *party => (Act::SubmitReport, "提交", "submit"),
        Some(ReportStatus::Submitted) if owed.agreement.agency == *party => (Act::ReviewReport, "审核", "review"),
        _ => return None,
    };
    let late = match owed.is_late(today) {
        true => ("，已逾期", ", overdue"),
        false => ("", ""),
    };
    let (title, year, due) = (&terms.title, owed.year, owed.due);
    let text = Text::new(
        format!("{zh}“{title}”{year} 年度运营报告，时限 {due}{}", late.0),
        format!(
            "{en} the operating report of `{title}` about {year}, due by {due}{}",
            late.1
        ),
    );
    let standing = owed.made.filter(|made| made.status.stands());
    let id = standing.map_or_else(|| terms.id.to_string(), |made| made.report.id.to_string());
    let revision = standing.map_or(0, |made| made.revision);
    Some(Task::of(act, "report", &id, title, revision, text))
}
