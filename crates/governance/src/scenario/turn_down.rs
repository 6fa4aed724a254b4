//! An application that comes to nothing: refused by the agency, or withdrawn by whoever applied.

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

/// Refuses to grant a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RefuseScenario {
    /// Which.
    pub scenario: ScenarioId,
    /// Why.
    pub reason: String,
}

/// Takes an application back that is not granted yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WithdrawScenario {
    /// Which.
    pub scenario: ScenarioId,
    /// Why.
    pub reason: String,
}

/// Decides a refusal.
///
/// # Errors
/// Refuses it of a scenario that does not wait for its grant, and without a reason.
pub fn decide_refuse(state: &State, command: &RefuseScenario, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let scenario = state.scenario(&command.scenario, context)?;
    context.rules.said(&command.reason, ("不予批准的理由", "reason"))?;
    check_waits(scenario, context)?;
    Ok(vec![Event::Scenario(ScenarioEvent::Refused(command.clone()))])
}

/// Decides that an application is taken back.
///
/// # Errors
/// Refuses it of a scenario that does not wait for its grant, and without a reason.
pub fn decide_withdraw(
    state: &State,
    command: &WithdrawScenario,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let scenario = state.scenario(&command.scenario, context)?;
    context.rules.said(&command.reason, ("撤回理由", "reason"))?;
    check_waits(scenario, context)?;
    Ok(vec![Event::Scenario(ScenarioEvent::Withdrawn(command.clone()))])
}

/// A scenario that is asked for, and neither granted nor turned down.
pub(super) fn check_waits(scenario: &Scenario, context: &Context<'_>) -> Result<(), Refusal> {
    scenario.check_open(context)?;
    if scenario.status == ScenarioStatus::Applied {
        return Ok(());
    }
    Err(context.rules.wrong_state(
        Text::new("该场景已经批准", "the scenario is already granted"),
        Text::new(
            "已批准的场景可以缩小、冻结或终止",
            "what is granted can be narrowed, frozen or ended",
        ),
    ))
}

impl Scenario {
    /// Refuses what is asked of a scenario that is over: refused, withdrawn or ended.
    ///
    /// # Errors
    /// [`Rule::ScenarioInForce`].
    pub(crate) fn check_open(&self, context: &Context<'_>) -> Result<(), Refusal> {
        let (how, reason) = match &self.status {
            ScenarioStatus::Applied | ScenarioStatus::Granted { .. } | ScenarioStatus::Frozen { .. } => return Ok(()),
            ScenarioStatus::Refused { reason, .. } => (("未获批准", "was refused"), reason),
            ScenarioStatus::Withdrawn { reason, .. } => (("申请已撤回", "was withdrawn"), reason),
            ScenarioStatus::Ended { reason, .. } => (("已终止", "has ended"), reason),
        };
        let name = &self.application.name;
        Err(context.rules.refuse(
            Rule::ScenarioInForce,
            Text::new(
                format!("场景“{name}”{}：{reason}", how.0),
                format!("the scenario `{name}` {}: {reason}", how.1),
            ),
            Text::new("请另行申请场景授权", "apply for another scenario"),
        ))
    }
}
