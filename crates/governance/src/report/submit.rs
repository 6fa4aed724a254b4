//! An operating report comes in.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ReportEvent, figures};
use crate::Context;
use crate::agreement::{Agreement, AgreementStatus};
use crate::books::{last_day, unclosed_month};
use crate::calendar::{Term, day_of};
use crate::event::Event;
use crate::identifier::{AgreementId, ReportId};
use crate::money::Money;
use crate::refusal::Refusal;
use crate::rules::{Rule, Rules};
use crate::state::State;
use crate::text::{Text, is_sha256};

/// Reports how an agreement was operated in a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubmitReport {
    /// Its id.
    pub id: ReportId,
    /// The agreement.
    pub agreement: AgreementId,
    /// The year that it is about.
    pub year: i16,
    /// How the year went: operation, service, security, what is planned next.
    pub summary: String,
    /// Operating cost of the year, in yuan.
    pub cost: Money,
    /// Taxes of the year, in yuan.
    pub taxes: Money,
    /// SHA-256 of the accounts or their audit.
    pub document_sha256: String,
}

/// Decides it, and adds the figures of the record.
///
/// # Errors
/// Refuses a year that is not over while the agreement goes on, or in which it was not in force; a month that is not closed;
/// a second report; a negative cost or tax; one that says nothing, and one without accounts.
pub fn decide_submit(state: &State, command: &SubmitReport, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let agreement = state.agreement(&command.agreement, context)?;
    check_once(state, command, context)?;
    context
        .rules
        .said(&command.summary, ("运营情况", "account of the year"))?;
    let days = check_year(agreement, command.year, context)?;
    if command.cost < Money::ZERO || command.taxes < Money::ZERO || !is_sha256(&command.document_sha256) {
        return Err(context.rules.refuse(
            Rule::ReportYearly,
            Text::new(
                "运营报告须如实填报成本和税金（不得为负），并附财务报表或审计报告",
                "an operating report states cost and taxes, none negative, with the accounts or their audit",
            ),
            Text::new(
                "请核对金额，并填写财务报表或审计报告的 SHA-256",
                "check the amounts, and give the SHA-256 of the accounts or their audit",
            ),
        ));
    }
    if let Some(month) = unclosed_month(state, agreement, days) {
        return Err(context.rules.refuse(
            Rule::ReportYearly,
            Text::new(
                format!("该年度内 {month} 月尚未结账"),
                format!("the month {month} of the year is not closed"),
            ),
            Text::new("请先结账该月，再提交运营报告", "close it first (`books.close`)"),
        ));
    }
    Ok(vec![Event::Report(ReportEvent::Submitted {
        report: Box::new(command.clone()),
        by: context.actor.party.clone(),
        figures: Box::new(figures::figures(state, agreement, days)),
        due: due_of(command.year, context.rules),
    })])
}

/// The day by which the report about a year is due.
pub(super) fn due_of(year: i16, rules: &Rules) -> Date {
    let parameters = rules.parameters();
    let day = Date::new(year.saturating_add(1), parameters.report_month, parameters.report_day);
    day.unwrap_or(Date::MAX)
}

/// The days of a year on which the agreement was in force; none where it was not.
pub(super) fn days_of(agreement: &Agreement, year: i16) -> Option<Term> {
    if matches!(
        agreement.status,
        AgreementStatus::Proposed | AgreementStatus::Dropped { .. }
    ) {
        return None;
    }
    let first = Date::new(year, 1, 1).ok()?;
    let days = Term {
        from: agreement.terms.term.from.max(first),
        until: last_day(agreement).min(first.last_of_year()),
    };
    (days.from <= days.until).then_some(days)
}

fn check_year(agreement: &Agreement, year: i16, context: &Context<'_>) -> Result<Term, Refusal> {
    let days = days_of(agreement, year);
    // Once an exit has ended the agreement nothing more is operated.
    let ended = matches!(agreement.status, AgreementStatus::Ended { .. });
    let over = |days: &Term| (ended && last_day(agreement) <= days.until) || day_of(context.at).year() > year;
    if let Some(days) = days.filter(over) {
        return Ok(days);
    }
    let (zh, en) = match days {
        Some(_) => (
            format!("{year} 年度尚未结束"),
            format!("the year {year} is not over, and the agreement goes on"),
        ),
        None => (
            format!("该授权协议在 {year} 年度未生效"),
            format!("the agreement was not in force in {year}"),
        ),
    };
    Err(context.rules.refuse(
        Rule::ReportYearly,
        Text::new(zh, en),
        Text::new(
            "请填写协议生效期间已经结束的年度",
            "report a year that is over, in which the agreement was in force",
        ),
    ))
}

fn check_once(state: &State, command: &SubmitReport, context: &Context<'_>) -> Result<(), Refusal> {
    let mut all = state.reports.values();
    let again = all.any(|it| {
        let same = it.report.agreement == command.agreement && it.report.year == command.year;
        same && it.status.stands()
    });
    if !again && !state.reports.contains_key(&command.id) {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::Duplicate,
        Text::new(
            format!("该协议 {} 年度的运营报告已经提交", command.year),
            format!("the operating report about {} is on record", command.year),
        ),
        Text::new(
            "如需更改，请由实施机构退回后重新提交",
            "to change it, have the agency send it back, and submit another (`report.review`)",
        ),
    ))
}
