//! The end of an exit.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::run_out::check_still_served;
use super::settlement::{check_excess, check_settled};
use super::step::check_complete;
use super::{ExitEvent, check_open, open_assets};
use crate::Context;
use crate::event::Event;
use crate::identifier::ExitId;
use crate::refusal::Refusal;
use crate::revenue::pending_excess;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Closes an exit whose steps are all done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CloseExit {
    /// Which.
    pub exit: ExitId,
    /// What its report concludes.
    pub text: String,
}

/// Decides the end of an exit.
///
/// # Errors
/// Refuses an exit that is closed or was never planned, a step that is not done, an asset that no step has reported, money
/// that is owed again since the settlement, an order that its successor no longer serves, a report without a conclusion.
pub fn decide_close(state: &State, command: &CloseExit, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let exit = state.exit(&command.exit, context)?;
    check_open(exit, context)?;
    if exit.steps.is_empty() {
        return Err(context.rules.refuse(
            Rule::ExitPlan,
            Text::new("该退出尚无计划", "the exit has no plan"),
            Text::new("请先制定退出计划并逐项完成", "plan it first, and have its steps done"),
        ));
    }
    if let Some((step, planned)) = exit.steps.iter().find(|(_, planned)| planned.done.is_none()) {
        let (name, owner) = (step.name(), &planned.owner);
        let owner = state.parties.get(owner).map_or(owner.as_str(), |party| &party.name);
        return Err(context.rules.refuse(
            Rule::ExitPlan,
            Text::new(
                format!("“{}”尚未办结，责任单位为 `{owner}`，期限为 {}", name.zh, planned.due),
                format!(
                    "the step `{}` is not done; its owner is `{owner}`, its day {}",
                    name.en, planned.due
                ),
            ),
            Text::new("请由责任单位报告该步骤的办理结果", "let its owner report it"),
        ));
    }
    check_complete(&open_assets(state, exit, context)?, context)?;
    // The books go on after the step of the settlement: a month closed or a bill credited since is settled as well.
    check_settled(state, exit, context)?;
    check_still_served(state, exit, context)?;
    check_excess(pending_excess(state, &exit.start.agreement), None, context)?;
    if command.text.trim().is_empty() {
        return Err(context.rules.input(
            Text::new("未写明办结结论", "the report has no conclusion"),
            Text::new("请填写办结结论", "state what the exit has come to"),
        ));
    }
    Ok(vec![Event::Exit(ExitEvent::Closed(Box::new(command.clone())))])
}
