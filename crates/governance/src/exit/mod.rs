//! Exit: how authorized operation under an agreement ends (论证, opinion 7).
//!
//! ```text
//! Started ─plan─► (steps, each with owner and day) ─report─► (steps done) ─close─► Closed
//! ```
//!
//! The first step ends every use under the agreement. Then each class of assets is dealt with by a step that somebody
//! answers for, operation and papers are handed over, and the books are settled. The inventory of assets is derived from
//! the record, so that nothing can be left out.

mod close;
mod inventory;
mod plan;
mod run_out;
mod settlement;
mod start;
mod statement;
mod step;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use close::{CloseExit, decide_close};
use inventory::inventory_under;
pub use inventory::{AssetClass, inventory};
pub use plan::{ExitStep, PlanExit, PlannedStep, decide_plan, needed_steps};
pub use run_out::RunOut;
pub use start::{ExitGround, StartExit, decide_start};
pub use statement::ModelStatement;
pub use step::{AssetReport, Outcome, ReportExitStep, decide_report};

use crate::Context;
use crate::event::Moment;
use crate::identifier::{AgreementId, PartyId, SubscriptionId};
use crate::money::Money;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::{State, change};
use crate::text::Text;

/// What happened in an exit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExitEvent {
    /// Use under the agreement has ended.
    Started(Box<StartExit>),
    /// Its steps have owners and days.
    Planned(Box<PlanExit>),
    /// A step is done.
    Reported(Box<ReportExitStep>),
    /// Every asset is accounted for.
    Closed(Box<CloseExit>),
}

impl ExitEvent {
    /// The exit it belongs to.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::Started(started) => started.id.as_str(),
            Self::Planned(plan) => plan.exit.as_str(),
            Self::Reported(report) => report.exit.as_str(),
            Self::Closed(closed) => closed.exit.as_str(),
        }
    }
}

/// An exit on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exit {
    /// What was started.
    pub start: StartExit,
    /// Its steps; none until it is planned.
    pub steps: BTreeMap<ExitStep, Step>,
    /// How each open order runs out, as planned: under which agreement it is continued; none where it is refunded.
    #[serde(default)]
    pub run_outs: BTreeMap<SubscriptionId, Option<AgreementId>>,
    /// Where it stands.
    pub status: ExitStatus,
    /// How many events changed it.
    pub revision: u64,
}

/// A step as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Who answers for it.
    pub owner: PartyId,
    /// The day by which it is done.
    pub due: Date,
    /// What was reported; none while it is not done.
    pub done: Option<StepDone>,
}

/// What was reported of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepDone {
    /// When, last.
    pub at: Timestamp,
    /// What became of its assets.
    pub report: Vec<AssetReport>,
    /// What shows it.
    pub evidence: String,
    /// Of a settlement: what of the excess over the permitted revenue was given back.
    #[serde(default)]
    pub excess_returned: Money,
}

/// Where an exit stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum ExitStatus {
    /// Use has ended, assets are being dealt with.
    Started {
        /// When.
        at: Timestamp,
    },
    /// Every step is done.
    Closed {
        /// When use ended.
        started: Timestamp,
        /// When.
        at: Timestamp,
        /// What it has come to.
        conclusion: String,
    },
}

impl Exit {
    /// When use ended.
    #[must_use]
    pub fn started(&self) -> Timestamp {
        match self.status {
            ExitStatus::Started { at } => at,
            ExitStatus::Closed { started, .. } => started,
        }
    }

    /// What was reported of assets so far.
    pub fn reported(&self) -> impl Iterator<Item = &AssetReport> {
        let done = self.steps.values().filter_map(|step| step.done.as_ref());
        done.flat_map(|done| &done.report)
    }

    /// Takes over how orders run out. One that was reported as continued and is planned otherwise is to be reported again.
    fn plan_run_outs(&mut self, plan: &PlanExit) {
        for of in &plan.run_outs {
            let before = self
                .run_outs
                .insert(of.subscription.clone(), of.continued_under.clone());
            if before.is_none_or(|before| before == of.continued_under) {
                continue;
            }
            let done = self.steps.values_mut().filter_map(|step| step.done.as_mut());
            done.for_each(|done| done.report.retain(|line| line.asset != of.subscription.as_str()));
        }
    }

    /// What of the excess over the permitted revenue its settlement gave back.
    #[must_use]
    pub fn excess_returned(&self) -> Money {
        let settlement = self.steps.get(&ExitStep::Settlement);
        let done = settlement.and_then(|step| step.done.as_ref());
        done.map_or(Money::ZERO, |done| done.excess_returned)
    }

    /// A step of the plan.
    ///
    /// # Errors
    /// [`Rule::ExitPlan`] for one that is not planned.
    pub(crate) fn planned(&self, step: ExitStep, context: &Context<'_>) -> Result<&Step, Refusal> {
        let name = step.name();
        self.steps.get(&step).ok_or_else(|| {
            context.rules.refuse(
                Rule::ExitPlan,
                Text::new(
                    format!("“{}”不在退出计划之内", name.zh),
                    format!("the step `{}` is not planned", name.en),
                ),
                Text::new("请实施机构先将其列入计划", "let the agency plan it first"),
            )
        })
    }
}

/// Assets that no step has reported yet.
///
/// # Errors
/// Refuses an agreement that is not on record.
fn open_assets(state: &State, exit: &Exit, context: &Context<'_>) -> Result<BTreeMap<String, AssetClass>, Refusal> {
    let agreement = state.agreement(&exit.start.agreement, context)?;
    let mut open = inventory_under(state, agreement, context.rules);
    for line in exit.reported() {
        open.remove(&line.asset);
    }
    Ok(open)
}

/// Refuses an exit that is closed.
fn check_open(exit: &Exit, context: &Context<'_>) -> Result<(), Refusal> {
    match exit.status {
        ExitStatus::Started { .. } => Ok(()),
        ExitStatus::Closed { .. } => Err(context.rules.wrong_state(
            Text::new("该退出已经办结", "the exit is already closed"),
            Text::new("无需再办理", "there is nothing to do"),
        )),
    }
}

/// Applies an event of an exit.
pub(crate) fn evolve(state: &mut State, event: &ExitEvent, moment: Moment, revision: u64) {
    let at = moment.at;
    match event {
        ExitEvent::Started(start) => {
            let exit = Exit {
                start: (**start).clone(),
                steps: BTreeMap::new(),
                run_outs: BTreeMap::new(),
                status: ExitStatus::Started { at },
                revision,
            };
            state.exits.insert_mut(start.id.clone(), Arc::new(exit));
        }
        ExitEvent::Planned(plan) => change(&mut state.exits, &plan.exit, |exit| {
            let done = std::mem::take(&mut exit.steps).into_iter();
            let mut steps: BTreeMap<_, _> = done.filter(|(_, step)| step.done.is_some()).collect();
            for planned in &plan.steps {
                steps.entry(planned.step).or_insert_with(|| Step {
                    owner: planned.owner.clone(),
                    due: planned.due,
                    done: None,
                });
            }
            exit.steps = steps;
            exit.plan_run_outs(plan);
            exit.revision = revision;
        }),
        ExitEvent::Reported(of) => change(&mut state.exits, &of.exit, |exit| {
            if let Some(step) = exit.steps.get_mut(&of.step) {
                let done = step.done.take();
                let returned = done.as_ref().map_or(Money::ZERO, |done| done.excess_returned);
                let before = done.into_iter().flat_map(|done| done.report);
                step.done = Some(StepDone {
                    at,
                    report: before.chain(of.report.iter().cloned()).collect(),
                    evidence: of.evidence.clone(),
                    excess_returned: returned + of.excess_returned.unwrap_or_default(),
                });
            }
            exit.revision = revision;
        }),
        ExitEvent::Closed(close) => change(&mut state.exits, &close.exit, |exit| {
            exit.status = ExitStatus::Closed {
                started: exit.started(),
                at,
                conclusion: close.text.clone(),
            };
            exit.revision = revision;
        }),
    }
}
