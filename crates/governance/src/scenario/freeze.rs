//! Freezing and thawing a scenario.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ScenarioStatus;
use crate::Context;
use crate::event::Event;
use crate::identifier::ScenarioId;
use crate::refusal::Refusal;
use crate::state::State;
use crate::text::Text;

/// Freezes a scenario: from this moment every call under it is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FreezeScenario {
    /// Which.
    pub scenario: ScenarioId,
    /// Why.
    pub reason: String,
}

/// Thaws a frozen scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ThawScenario {
    /// Which.
    pub scenario: ScenarioId,
}

/// Decides a freeze.
///
/// # Errors
/// Refuses a scenario that is not granted or already frozen, and a freeze without a reason.
pub fn decide_freeze(state: &State, command: &FreezeScenario, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    if command.reason.trim().is_empty() {
        return Err(context.rules.input(
            Text::new("未说明冻结理由", "no reason for the freeze is given"),
            Text::new("请填写理由", "give a reason"),
        ));
    }
    match state.scenario(&command.scenario, context)?.status {
        ScenarioStatus::Granted { .. } => Ok(vec![Event::ScenarioFrozen {
            scenario: command.scenario.clone(),
            reason: command.reason.clone(),
        }]),
        ScenarioStatus::Applied => Err(context.rules.wrong_state(
            Text::new("该场景尚未批准，无可冻结", "the scenario is not granted yet"),
            Text::new("未批准的场景不产生调用", "nothing is called under it"),
        )),
        ScenarioStatus::Frozen { .. } => Err(context.rules.wrong_state(
            Text::new("该场景已被冻结", "the scenario is already frozen"),
            Text::new("无需重复冻结", "there is nothing to do"),
        )),
    }
}

/// Decides a thaw.
///
/// # Errors
/// Refuses a scenario that is not frozen, or is by an interim measure of a dispute or a grave incident.
pub fn decide_thaw(state: &State, command: &ThawScenario, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    match state.scenario(&command.scenario, context)?.status {
        ScenarioStatus::Frozen { .. } => {
            crate::dispute::check_no_measure(state, &command.scenario, context)?;
            crate::incident::check_no_incident(state, &command.scenario, context)?;
            Ok(vec![Event::ScenarioThawed {
                scenario: command.scenario.clone(),
            }])
        }
        ScenarioStatus::Applied | ScenarioStatus::Granted { .. } => Err(context.rules.wrong_state(
            Text::new("该场景未被冻结", "the scenario is not frozen"),
            Text::new("无需解冻", "there is nothing to do"),
        )),
    }
}
