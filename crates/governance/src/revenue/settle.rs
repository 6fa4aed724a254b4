//! Settlement: what was earned over the maximum is deducted from the next period.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Revenue, bad_amount, check_stands, check_stated};
use crate::Context;
use crate::agreement::AgreementStatus;
use crate::books::{last_day, metered_revenue, unclosed_month};
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::RevenueId;
use crate::money::Money;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Settles a period with what was earned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SettleRevenue {
    /// Which period.
    pub revenue: RevenueId,
    /// What was earned in it: what the books say, and what was earned beside them.
    pub earned: Money,
    /// What the figure rests on: the yearly operating report, an audit.
    pub basis: String,
}

/// Decides a settlement.
///
/// # Errors
/// Refuses a period that has not ended, is settled or corrected, or has a month that is not closed, a negative amount, one without a basis, less than was metered.
pub fn decide_settle(state: &State, command: &SettleRevenue, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let revenue = state.revenue(&command.revenue, context)?;
    let until = revenue.permit.period.until;
    if revenue.settled.is_some() {
        return Err(context.rules.wrong_state(
            Text::new("该期间已经结算", "the period is already settled"),
            Text::new("无需重复结算", "there is nothing to do"),
        ));
    }
    check_stands(revenue, context)?;
    let agreement = state.agreement(&revenue.permit.agreement, context)?;
    // Once an exit has ended the agreement nothing more is earned.
    let ended = matches!(agreement.status, AgreementStatus::Ended { .. }) && last_day(agreement) <= until;
    if !ended && day_of(context.at) <= until {
        return Err(context.rules.wrong_state(
            Text::new(
                format!("该期间至 {until} 才结束"),
                format!("the period does not end before {until} is over"),
            ),
            Text::new("请在期间结束后结算", "settle after the period's end"),
        ));
    }
    check_stated(&command.basis, context)?;
    if command.earned < Money::ZERO {
        return Err(bad_amount(context));
    }
    check_closed(state, revenue, context)?;
    check_metered(state, revenue, command.earned, context)?;
    Ok(vec![Event::RevenueSettled {
        revenue: command.revenue.clone(),
        earned: command.earned,
        excess: (command.earned - revenue.maximum).max(Money::ZERO),
    }])
}

/// A period is settled once all of its months are closed: what was used in them is known then.
fn check_closed(state: &State, revenue: &Revenue, context: &Context<'_>) -> Result<(), Refusal> {
    let agreement = state.agreement(&revenue.permit.agreement, context)?;
    let Some(month) = unclosed_month(state, agreement, revenue.permit.period) else {
        return Ok(());
    };
    Err(context.rules.refuse(
        Rule::MeteredRevenue,
        Text::new(
            format!("期间内 {month} 月尚未结账"),
            format!("the month {month} of the period is not closed"),
        ),
        Text::new("请运营机构先结账该月", "let the operator close it first"),
    ))
}

/// What the platform has metered is earned for certain: nobody states less.
fn check_metered(state: &State, revenue: &Revenue, earned: Money, context: &Context<'_>) -> Result<(), Refusal> {
    let period = revenue.permit.period;
    let metered = metered_revenue(state, &revenue.permit.agreement, period.from, period.until);
    let Some(metered) = metered.filter(|metered| earned < *metered) else {
        return Ok(());
    };
    Err(context.rules.refuse(
        Rule::MeteredRevenue,
        Text::new(
            format!("申报收入 {earned} 元，少于期间内的计量收入 {metered} 元"),
            format!("stated are {earned} yuan, less than the {metered} yuan that the period's months charged"),
        ),
        Text::new(
            format!("请申报不少于 {metered} 元，或先开具红字账单更正"),
            format!("state at least {metered} yuan, or correct invoices by credit notes first"),
        ),
    ))
}
