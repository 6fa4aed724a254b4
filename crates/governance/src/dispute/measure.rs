//! Interim measures: scenarios are frozen while a case goes on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DisputeEvent, pending};
use crate::Context;
use crate::event::Event;
use crate::identifier::{DisputeId, ScenarioId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::scenario::{FreezeCause, frozen, thawed};
use crate::state::State;
use crate::text::{Text, is_sha256};

/// Freezes a scenario by an interim measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderMeasure {
    /// The dispute.
    pub dispute: DisputeId,
    /// The scenario, one of those the dispute is about.
    pub scenario: ScenarioId,
    /// Who ordered it, and by what.
    pub basis: String,
    /// SHA-256 of the order, lower-case hex.
    pub document_sha256: String,
}

/// Lifts an interim measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LiftMeasure {
    /// The dispute.
    pub dispute: DisputeId,
    /// The scenario.
    pub scenario: ScenarioId,
    /// Who lifted it, and by what.
    pub basis: String,
}

/// Decides a measure: the scenario is frozen with it.
///
/// # Errors
/// Refuses a scenario that the dispute is not about, a second measure on one, and a measure without basis or order.
pub fn decide_order(state: &State, command: &OrderMeasure, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let dispute = pending(state, &command.dispute, context)?;
    let scenario = state.scenario(&command.scenario, context)?;
    context.rules.said(&command.basis, ("依据", "basis"))?;
    let refuse = |zh, en, remedy| Err(context.rules.refuse(Rule::DisputeMeasure, Text::new(zh, en), remedy));
    if !dispute.claim.scenarios.contains(&command.scenario) {
        let remedy = Text::new("请核对争议所涉场景", "check the scenarios of the case");
        return refuse("争议不涉及该场景", "the dispute is not about this scenario", remedy);
    }
    if !is_sha256(&command.document_sha256) {
        let remedy = Text::new("请填写裁定或决定书的 SHA-256", "give the SHA-256 of the order");
        return refuse("措施须附裁定或决定书", "a measure comes with its order", remedy);
    }
    if dispute.measures.contains_key(&command.scenario) {
        return Err(context.rules.wrong_state(
            Text::new("该场景已采取措施", "a measure stands on this scenario"),
            Text::new("无需重复办理", "there is nothing to do"),
        ));
    }
    let mut events = vec![Event::Dispute(DisputeEvent::MeasureOrdered(command.clone()))];
    if scenario.is_granted() {
        let reason = format!("争议 {} 的临时措施：{}", command.dispute, command.basis);
        let cause = FreezeCause::Measure(command.dispute.clone());
        events.push(frozen(&command.scenario, cause, reason));
    }
    Ok(events)
}

/// Decides that a measure is lifted: the scenario is thawed, unless something else keeps it frozen.
///
/// # Errors
/// Refuses it where none stands, and without a basis.
pub fn decide_lift(state: &State, command: &LiftMeasure, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let dispute = pending(state, &command.dispute, context)?;
    let scenario = state.scenario(&command.scenario, context)?;
    context.rules.said(&command.basis, ("依据", "basis"))?;
    if !dispute.measures.contains_key(&command.scenario) {
        return Err(context.rules.wrong_state(
            Text::new("该场景没有在施措施", "no measure stands on this scenario"),
            Text::new("无需解除", "there is nothing to do"),
        ));
    }
    let mut events = vec![Event::Dispute(DisputeEvent::MeasureLifted(command.clone()))];
    let cause = FreezeCause::Measure(command.dispute.clone());
    if scenario.is_frozen_for(&cause) {
        events.push(thawed(&command.scenario, cause));
    }
    Ok(events)
}

/// Refuses to thaw what a measure keeps frozen.
pub(crate) fn check_no_measure(state: &State, scenario: &ScenarioId, context: &Context<'_>) -> Result<(), Refusal> {
    let holds = state
        .disputes
        .iter()
        .find(|(_, dispute)| dispute.measures.contains_key(scenario));
    match holds {
        None => Ok(()),
        Some((id, _)) => Err(context.rules.refuse(
            Rule::DisputeMeasure,
            Text::new(
                format!("争议 `{id}` 的临时措施尚未解除"),
                format!("an interim measure of the dispute `{id}` stands"),
            ),
            Text::new("请先解除该措施", "lift that measure first"),
        )),
    }
}
