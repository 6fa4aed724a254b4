//! Permitted revenue of an operator (65号): verified for a period, spread over ceilings, settled.
//!
//! ```text
//! Permitted ─ceilings─► Permitted ─settle─► Settled ─► excess is deducted from the next period
//!     └─permitted anew─► Replaced
//! ```

mod ceilings;
mod evolve;
mod permit;
mod settle;
mod trial;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub(crate) use ceilings::{PlannedCeiling, plan_one};
pub use ceilings::{PlannedSales, SetCeilings, decide_ceilings};
pub(crate) use evolve::evolve;
pub use permit::{Adjustment, PermitRevenue, decide_permit};
pub use settle::{SettleRevenue, decide_settle};
pub(crate) use trial::check_trial;
pub use trial::ended_trial;

use crate::Context;
use crate::identifier::{AgreementId, RevenueId};
use crate::money::Money;
use crate::refusal::Refusal;
use crate::state::State;
use crate::text::Text;

/// Permitted revenue of a period on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revenue {
    /// What was verified.
    pub permit: PermitRevenue,
    /// Most that may be earned in the period, after deduction.
    pub maximum: Money,
    /// Excess of earlier periods deducted here.
    pub deducted: Money,
    /// Whether its prices are trial prices: the operator has not operated for a full year.
    pub trial: bool,
    /// The products and sales that the ceilings rest on.
    pub sales: Vec<PlannedSales>,
    /// What was earned, and how much of it was over the maximum, once settled.
    pub settled: Option<Settlement>,
    /// The permit that corrects this one; none while it stands.
    #[serde(default)]
    pub replaced: Option<RevenueId>,
    /// How many events changed it.
    pub revision: u64,
}

impl Revenue {
    /// Whether it waits for its settlement, and no other permit corrects it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.settled.is_none() && self.replaced.is_none()
    }
}

/// The outcome of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// What was earned.
    pub earned: Money,
    /// What of it was over the permitted maximum.
    pub excess: Money,
}

/// Excess of an agreement's settled periods that no later period has had deducted yet, and no exit has had given back.
#[must_use]
pub fn pending_excess(state: &State, agreement: &AgreementId) -> Money {
    let mine = |it: &&Arc<Revenue>| it.permit.agreement == *agreement && it.replaced.is_none();
    let periods = || state.revenues.values().filter(mine);
    let over: Money = periods()
        .filter_map(|it| it.settled)
        .map(|settlement| settlement.excess)
        .sum();
    let exits = state.exits.values().filter(|exit| exit.start.agreement == *agreement);
    let returned: Money = exits.map(|exit| exit.excess_returned()).sum();
    over - periods().map(|it| it.deducted).sum() - returned
}

/// Refuses an amount that cannot be: negative, or beyond what can be counted.
fn bad_amount(context: &Context<'_>) -> Refusal {
    context.rules.input(
        Text::new(
            "金额不得为负，合计不得超出可计数范围",
            "amounts are not negative, and their sum can be counted",
        ),
        Text::new("请核对金额", "check the amounts"),
    )
}

/// Refuses a permit that another has corrected.
fn check_stands(revenue: &Revenue, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(by) = &revenue.replaced else { return Ok(()) };
    Err(context.rules.wrong_state(
        Text::new(
            format!("该准许收入已由 `{by}` 更正"),
            format!("this permitted revenue is corrected by `{by}`"),
        ),
        Text::new(format!("请改用 `{by}`"), format!("use `{by}`")),
    ))
}

/// Refuses a text that has to be there.
fn check_stated(text: &str, context: &Context<'_>) -> Result<(), Refusal> {
    if !text.trim().is_empty() {
        return Ok(());
    }
    Err(context.rules.input(
        Text::new("未说明依据", "no basis is stated"),
        Text::new("请说明测算或核定的依据", "state what the figures rest on"),
    ))
}
