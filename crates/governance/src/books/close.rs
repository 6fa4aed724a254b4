//! Closing a month: its calls are invoiced, and the fee is shared as each call was split.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::standing::{Standing, standing_charges};
use super::tally::agreement_of;
use super::{BooksEvent, Invoice, MeteredUse, Month};
use crate::Context;
use crate::agreement::{Agreement, AgreementStatus};
use crate::calendar::{Term, day_of};
use crate::event::Event;
use crate::identifier::{AgreementId, PeriodId, SubscriptionId};
use crate::money::Money;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Closes a month of an agreement: every charged call of it and every standing charge is invoiced, and the fee is owed to the parties that share it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClosePeriod {
    /// Its id.
    pub id: PeriodId,
    /// The agreement.
    pub agreement: AgreementId,
    /// The month, such as `2026-11`.
    pub month: Month,
    /// What was used, by subscription. The platform fills it in from the record of calls.
    #[serde(default)]
    #[schemars(skip)]
    pub uses: Vec<MeteredUse>,
}

/// Decides the close of a month.
///
/// # Errors
/// Refuses a month that is closed already, has not ended, lies outside the agreement; numbers that do not add up.
pub fn decide_close(state: &State, command: &ClosePeriod, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let agreement = state.agreement(&command.agreement, context)?;
    check_once(state, command, context)?;
    check_month(agreement, command.month, context)?;
    check_uses(state, command, context)?;
    let whole_periods = context.rules.parameters().charges.whole_periods;
    let standing = standing_charges(state, agreement, command.month, whole_periods);
    let invoices = invoices(state, agreement, command, &standing);
    let due = day_of(context.at).saturating_add(jiff::Span::new().days(context.rules.parameters().invoice_due_days));
    let closed = BooksEvent::Closed {
        close: Box::new(command.clone()),
        invoices,
        due,
    };
    // What is given back changes the invoice that charged it, on the stream of its own period.
    let given_back = standing.values().flat_map(|standing| standing.credits.iter().cloned());
    Ok(std::iter::once(closed).chain(given_back).map(Event::Books).collect())
}

/// One invoice a subscription under the agreement that is charged for calls, or has a standing charge.
fn invoices(
    state: &State,
    agreement: &Agreement,
    command: &ClosePeriod,
    standing: &BTreeMap<&SubscriptionId, Standing>,
) -> Vec<Invoice> {
    let metered: BTreeMap<&SubscriptionId, &MeteredUse> =
        command.uses.iter().map(|sum| (&sum.subscription, sum)).collect();
    let invoice = |(id, standing): (&&SubscriptionId, &Standing)| {
        invoice(state, agreement, id, metered.get(id).copied(), standing.charge)
    };
    standing.iter().filter_map(invoice).collect()
}

/// Use that is free of charge is on record, and not invoiced. A standing charge is shared as the agreement says; that of
/// calls as each of them was split.
fn invoice(
    state: &State,
    agreement: &Agreement,
    id: &SubscriptionId,
    metered: Option<&MeteredUse>,
    standing: Money,
) -> Option<Invoice> {
    let subscription = state.subscriptions.get(id)?;
    let amount = standing.checked_add(metered.map_or(Money::ZERO, |sum| sum.fee))?;
    if amount == Money::ZERO {
        return None;
    }
    let mut shares = metered.map_or_else(BTreeMap::new, |sum| sum.shares.clone());
    let parts: Vec<_> = agreement.terms.shares.iter().map(|share| share.share).collect();
    for (share, part) in agreement.terms.shares.iter().zip(standing.split(&parts)) {
        if part != Money::ZERO {
            let sum = shares.entry(share.party.clone()).or_default();
            *sum = sum.checked_add(part)?;
        }
    }
    Some(Invoice {
        subscription: id.clone(),
        consumer: subscription.consumer.clone(),
        calls: metered.map_or(0, |sum| sum.calls),
        volume: metered.map_or_else(Default::default, |sum| sum.volume),
        standing,
        amount,
        shares,
    })
}

fn check_once(state: &State, command: &ClosePeriod, context: &Context<'_>) -> Result<(), Refusal> {
    let mut periods = state.periods.values().map(|period| &period.close);
    let same = |close: &ClosePeriod| {
        close.id == command.id || (close.agreement == command.agreement && close.month == command.month)
    };
    if !periods.any(same) {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::Duplicate,
        Text::new(
            format!("{} 月已经结账", command.month),
            format!("the month {} is closed", command.month),
        ),
        Text::new("更正请开具红字账单", "correct it by a credit note"),
    ))
}

/// The oldest month of a signed agreement that is not closed: from its signature and its term on, until its term ends or an
/// exit ends it. None where all are.
#[must_use]
pub fn open_month(state: &State, agreement: &Agreement) -> Option<Month> {
    unclosed_month(state, agreement, agreement.terms.term)
}

/// The oldest month of these days that is not closed, of those in which something may have been used under a signed agreement.
#[must_use]
pub fn unclosed_month(state: &State, agreement: &Agreement, days: Term) -> Option<Month> {
    let signed = match agreement.status {
        AgreementStatus::Proposed | AgreementStatus::Dropped { .. } => return None,
        AgreementStatus::Signed { at } | AgreementStatus::Ended { signed: at, .. } => at,
    };
    let from = days.from.max(agreement.terms.term.from).max(day_of(signed));
    let until = days.until.min(last_day(agreement));
    let closed = |month: Month| {
        let mut periods = state.periods.values().map(|period| &period.close);
        periods.any(|close| close.agreement == agreement.terms.id && close.month == month)
    };
    let months = std::iter::successors(Some(Month::of(from)), |month| Some(month.next()));
    months
        .take_while(|month| from <= until && month.first_day() <= until)
        .find(|month| !closed(*month))
}

/// The last day on which something may have been used under an agreement: that of its term, or of the exit that ended it.
pub(crate) fn last_day(agreement: &Agreement) -> Date {
    let until = agreement.terms.term.until;
    match agreement.status {
        AgreementStatus::Ended { at, .. } => until.min(day_of(at)),
        AgreementStatus::Proposed | AgreementStatus::Dropped { .. } | AgreementStatus::Signed { .. } => until,
    }
}

/// The day from which a month may be closed: some days after its end, so that no call of it is still under way on any
/// server; the month in which an exit has ended the agreement at once, since nothing is used any more.
#[must_use]
pub fn closes_from(agreement: &Agreement, month: Month, wait_days: i64) -> Date {
    match agreement.status {
        AgreementStatus::Ended { at, .. } if Month::at(at) == month => day_of(at),
        _ => month
            .next()
            .first_day()
            .saturating_add(jiff::Span::new().days(wait_days)),
    }
}

fn check_month(agreement: &Agreement, month: Month, context: &Context<'_>) -> Result<(), Refusal> {
    if !agreement.is_or_was_in_force() {
        return Err(context.rules.refuse(
            Rule::AgreementInForce,
            Text::new("该协议尚未签署", "the agreement is not signed"),
            Text::new("请先签署协议", "let the operator sign first"),
        ));
    }
    let term = agreement.terms.term;
    let earliest = closes_from(agreement, month, context.rules.parameters().close_days_min);
    let last = last_day(agreement);
    let touched = term.from <= month.last_day() && month.first_day() <= last;
    if touched && earliest <= day_of(context.at) {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::BooksPeriod,
        Text::new(
            format!("{month} 月不可结账：须在协议期限内且不晚于协议终止之日（{last}），自 {earliest} 起办理"),
            format!("the month {month} cannot be closed: it lies in the term and before the agreement's last day, {last}, and is closed from {earliest} on"),
        ),
        Text::new("请核对月份，或届时再办理", "check the month, or wait until then"),
    ))
}

fn check_uses(state: &State, command: &ClosePeriod, context: &Context<'_>) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    for sum in &command.uses {
        state.subscription(&sum.subscription, context)?;
        let own = agreement_of(state, &sum.subscription) == Some(&command.agreement);
        if !own || !seen.insert(&sum.subscription) || !adds_up(sum) {
            return Err(context.rules.input(
                Text::new(
                    format!("订购 `{}` 的计量有误", sum.subscription),
                    format!("the numbers of `{}` do not add up", sum.subscription),
                ),
                Text::new("计量由平台填写，请留空", "leave the numbers to the platform"),
            ));
        }
    }
    Ok(())
}

fn adds_up(sum: &MeteredUse) -> bool {
    let mut shares = sum.shares.values();
    let total = shares.try_fold(Money::ZERO, |total, share| total.checked_add(*share));
    total == Some(sum.fee) && sum.shares.values().all(|share| *share > Money::ZERO)
}
