//! A supervisor's objection to a scenario that waits for its grant.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Scenario, ScenarioEvent, ScenarioStatus};
use crate::Context;
use crate::event::Event;
use crate::identifier::ScenarioId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Objects to a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ObjectScenario {
    /// The scenario.
    pub scenario: ScenarioId,
    /// Why.
    pub reason: String,
}

/// Takes the objection back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LiftObjection {
    /// The scenario.
    pub scenario: ScenarioId,
    /// What has settled it.
    pub reason: String,
}

/// Decides an objection.
///
/// # Errors
/// Refuses one to a scenario that is granted, a second one, and one without a reason.
pub fn decide_object(state: &State, command: &ObjectScenario, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let scenario = state.scenario(&command.scenario, context)?;
    context.rules.said(&command.reason, ("反对理由", "reason"))?;
    if scenario.status != ScenarioStatus::Applied || scenario.objection.is_some() {
        return Err(context.rules.wrong_state(
            Text::new(
                "该场景已批准或已有反对意见",
                "the scenario is granted, or objected to already",
            ),
            Text::new("已批准的场景可以冻结", "what is granted can be frozen"),
        ));
    }
    Ok(vec![Event::Scenario(ScenarioEvent::Objected(command.clone()))])
}

/// Decides that an objection is taken back.
///
/// # Errors
/// Refuses it where there is none, and without a reason.
pub fn decide_lift(state: &State, command: &LiftObjection, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let scenario = state.scenario(&command.scenario, context)?;
    context.rules.said(&command.reason, ("撤回理由", "reason"))?;
    if scenario.objection.is_none() {
        return Err(context.rules.wrong_state(
            Text::new("该场景没有反对意见", "nobody objects to the scenario"),
            Text::new("无需撤回", "there is nothing to do"),
        ));
    }
    Ok(vec![Event::Scenario(ScenarioEvent::ObjectionLifted(command.clone()))])
}

/// Refuses to grant what a supervisor objects to.
pub(super) fn check_none(scenario: &Scenario, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(objection) = &scenario.objection else {
        return Ok(());
    };
    let reason = &objection.reason;
    Err(context.rules.refuse(
        Rule::ScenarioObjection,
        Text::new(
            format!("监管部门反对该场景：{reason}"),
            format!("a supervisor objects to the scenario: {reason}"),
        ),
        Text::new(
            "请与监管部门协商，待其撤回反对意见",
            "settle it with the supervisor, who takes the objection back",
        ),
    ))
}
