//! Settlement: what was earned over the maximum is deducted from the next period.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{bad_amount, check_stated};
use crate::Context;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::RevenueId;
use crate::money::Money;
use crate::refusal::Refusal;
use crate::state::State;
use crate::text::Text;

/// Settles a period with what was earned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SettleRevenue {
    /// Which period.
    pub revenue: RevenueId,
    /// What was earned in it.
    pub earned: Money,
    /// What the figure rests on: the yearly operating report, an audit.
    pub basis: String,
}

/// Decides a settlement.
///
/// # Errors
/// Refuses a period that has not ended or is settled, a negative amount, one without a basis.
pub fn decide_settle(state: &State, command: &SettleRevenue, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let revenue = state.revenue(&command.revenue, context)?;
    let until = revenue.permit.period.until;
    if revenue.settled.is_some() {
        return Err(context.rules.wrong_state(
            Text::new("该期间已经结算", "the period is already settled"),
            Text::new("无需重复结算", "there is nothing to do"),
        ));
    }
    if day_of(context.at) <= until {
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
    Ok(vec![Event::RevenueSettled {
        revenue: command.revenue.clone(),
        earned: command.earned,
        excess: (command.earned - revenue.maximum).max(Money::ZERO),
    }])
}
