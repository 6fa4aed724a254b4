//! Collecting a released output, and taking one back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OutputEvent, OutputStatus};
use crate::Context;
use crate::event::Event;
use crate::identifier::OutputId;
use crate::refusal::Refusal;
use crate::state::State;
use crate::text::Text;
use crate::workbench::check_standing;

/// Takes a released output out of the domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CollectOutput {
    /// Which.
    pub output: OutputId,
}

/// Takes an output back; what is kept of it is destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WithdrawOutput {
    /// Which.
    pub output: OutputId,
    /// Why.
    pub reason: String,
}

/// Decides whether an output leaves.
///
/// # Errors
/// Refuses what is not released, and a submitter who may no longer work under the scenario.
pub fn decide_collect(state: &State, command: &CollectOutput, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let output = state.output(&command.output, context)?;
    match output.status {
        OutputStatus::Released { .. } => {}
        OutputStatus::Submitted
        | OutputStatus::Refused { .. }
        | OutputStatus::Returned { .. }
        | OutputStatus::Withdrawn { .. } => {
            return Err(context.rules.wrong_state(
                Text::new("该成果未获放行", "the output is not released"),
                Text::new(
                    "请待审查放行；未获放行的，请提交新版本",
                    "wait for its release, or submit another version",
                ),
            ));
        }
    }
    let scenario = state.scenario(&output.scenario, context)?;
    check_standing(state, scenario, context)?;
    let (checked, agreement) = (&output.submission.ran.checked, &scenario.application.agreement);
    crate::border::check_developed(state, checked, agreement, context)?;
    Ok(vec![Event::Output(OutputEvent::Collected(command.clone()))])
}

/// Decides whether an output is taken back.
///
/// # Errors
/// Refuses an output that is not kept any more, and a withdrawal without a reason.
pub fn decide_withdraw(state: &State, command: &WithdrawOutput, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let output = state.output(&command.output, context)?;
    context.rules.said(&command.reason, ("理由", "reason"))?;
    if output.status.keeps_content() {
        return Ok(vec![Event::Output(OutputEvent::Withdrawn(command.clone()))]);
    }
    Err(context.rules.wrong_state(
        Text::new(
            "该成果已审结或撤回，内容已销毁",
            "the output is refused, returned or withdrawn; its content is gone",
        ),
        Text::new("无需撤回", "there is nothing to do"),
    ))
}
