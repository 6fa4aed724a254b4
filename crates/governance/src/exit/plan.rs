//! The plan of an exit: its steps, each with an owner and a day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AssetClass, Exit, ExitEvent, RunOut, check_open, inventory, inventory_under, run_out};
use crate::Context;
use crate::agreement::Agreement;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::{ExitId, PartyId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// A step of an exit (论证, opinion 7). Four deal with a class of assets each; two with none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExitStep {
    /// 原始数据销毁: keys and copies, with their certificates.
    RawData,
    /// 衍生模型处置.
    Models,
    /// 数据产品与出域成果处置.
    Products,
    /// 已交易产品退款或续供.
    Subscriptions,
    /// 业务与资料移交.
    HandOver,
    /// 最终结算.
    Settlement,
}

impl ExitStep {
    /// Every step, in the order in which they are usually done.
    pub const ALL: [Self; 6] = [
        Self::RawData,
        Self::Models,
        Self::Products,
        Self::Subscriptions,
        Self::HandOver,
        Self::Settlement,
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> Text {
        let (zh, en) = match self {
            Self::RawData => ("原始数据销毁", "destruction of raw data"),
            Self::Models => ("衍生模型处置", "disposal of derived models"),
            Self::Products => ("数据产品与出域成果处置", "disposal of products and outputs"),
            Self::Subscriptions => ("已交易产品退款或续供", "refund or continuation of what was sold"),
            Self::HandOver => ("业务与资料移交", "hand-over of operation and papers"),
            Self::Settlement => ("最终结算", "final settlement"),
        };
        Text::new(zh, en)
    }

    /// The step that deals with assets of a class.
    #[must_use]
    pub fn of(class: AssetClass) -> Self {
        match class {
            AssetClass::RawData { .. } => Self::RawData,
            AssetClass::DerivedModel { .. } => Self::Models,
            AssetClass::Product | AssetClass::SealedOutput { .. } => Self::Products,
            AssetClass::OpenSubscription { .. } => Self::Subscriptions,
        }
    }
}

/// Who does a step, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedStep {
    /// The step.
    pub step: ExitStep,
    /// Who answers for it.
    pub owner: PartyId,
    /// The day by which it is done.
    #[schemars(with = "crate::schema::Day")]
    pub due: Date,
}

/// Plans an exit, or plans it anew: an owner and a day for each step, and how each open order runs out. Steps that are done
/// stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanExit {
    /// Which.
    pub exit: ExitId,
    /// Its steps.
    pub steps: Vec<PlannedStep>,
    /// How each order runs out that is still open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub run_outs: Vec<RunOut>,
}

/// Decides the plan of an exit.
///
/// # Errors
/// Refuses an exit that is closed, a plan that lacks a step or names one twice, an owner who is not on record, a day in
/// the past, or after that of the exit while that is still to come; and one that does not say how an open order runs out.
pub fn decide_plan(state: &State, command: &PlanExit, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let exit = state.exit(&command.exit, context)?;
    check_open(exit, context)?;
    let mut planned = BTreeSet::new();
    for step in &command.steps {
        if !planned.insert(step.step) {
            return Err(refuse(step.step, ("重复列出", "stands in the plan twice"), context));
        }
        state.present_party(&step.owner, context)?;
        check_day(exit, step, context)?;
    }
    let agreement = state.agreement(&exit.start.agreement, context)?;
    let needed = steps_for(&inventory_under(state, agreement, context.rules));
    if let Some(left_out) = needed.difference(&planned).next() {
        let what = ("未列入计划", "has no owner and no day in the plan");
        return Err(refuse(*left_out, what, context));
    }
    run_out::check_planned(state, exit, command, context)?;
    Ok(vec![Event::Exit(ExitEvent::Planned(Box::new(command.clone())))])
}

/// The steps that an exit needs: one for each class of assets that is there, and hand-over and settlement always.
#[must_use]
pub fn needed_steps(state: &State, agreement: &Agreement) -> BTreeSet<ExitStep> {
    steps_for(&inventory(state, agreement))
}

fn steps_for(assets: &BTreeMap<String, AssetClass>) -> BTreeSet<ExitStep> {
    let of_assets = assets.values().map(|class| ExitStep::of(*class));
    of_assets.chain([ExitStep::HandOver, ExitStep::Settlement]).collect()
}

/// A step is done by the day of the exit. Once that day is over, steps that are left still need one, or the exit could
/// never be closed: then any from today on will do, and late is shown as late.
fn check_day(exit: &Exit, step: &PlannedStep, context: &Context<'_>) -> Result<(), Refusal> {
    let done = exit.steps.get(&step.step).is_some_and(|step| step.done.is_some());
    let today = day_of(context.at);
    let late = exit.start.due < today;
    if done || (today <= step.due && (late || step.due <= exit.start.due)) {
        return Ok(());
    }
    let (zh, en) = if late {
        (
            format!("的期限 {} 不应早于今日 {today}", step.due),
            format!("is due on {}, which lies before today, {today}", step.due),
        )
    } else {
        (
            format!("的期限 {} 应在今日与退出办结期限 {} 之间", step.due, exit.start.due),
            format!(
                "is due on {}, which does not lie between today and the exit's {}",
                step.due, exit.start.due
            ),
        )
    };
    Err(refuse(step.step, (&zh, &en), context))
}

fn refuse(step: ExitStep, what: (&str, &str), context: &Context<'_>) -> Refusal {
    let name = step.name();
    context.rules.refuse(
        Rule::ExitPlan,
        Text::new(
            format!("“{}”{}", name.zh, what.0),
            format!("the step `{}` {}", name.en, what.1),
        ),
        Text::new(
            "请为每一步骤各写明一个责任单位和一个期限",
            "give each step one owner and one day",
        ),
    )
}
