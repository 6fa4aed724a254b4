//! Supervisors' objections to a scenario that waits for its grant: one each, taken back by whoever objects.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::turn_down::check_waits;
use super::{Scenario, ScenarioEvent};
use crate::Context;
use crate::calendar::day_of;
use crate::deadline::Deadline;
use crate::event::Event;
use crate::identifier::{PartyId, ScenarioId};
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

/// Takes one's own objection back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LiftObjection {
    /// The scenario.
    pub scenario: ScenarioId,
    /// What has settled it.
    pub reason: String,
}

/// An objection that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// Whose; a record from before this was kept does not say.
    pub by: Option<PartyId>,
    /// Since when.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// Decides an objection, beside those of other supervisors.
///
/// # Errors
/// Refuses one to a scenario that does not wait for its grant, a party's second one, and one without a reason.
pub fn decide_object(state: &State, command: &ObjectScenario, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let scenario = state.scenario(&command.scenario, context)?;
    context.rules.said(&command.reason, ("反对理由", "reason"))?;
    check_waits(scenario, context)?;
    let by = Some(context.actor.party.clone());
    if scenario.objections.iter().any(|objection| objection.by == by) {
        return Err(context.rules.wrong_state(
            Text::new("本单位已反对该场景", "this party objects to the scenario already"),
            Text::new(
                "无需重复提出；如需改变理由，请先撤回",
                "there is nothing to do; take it back first to give another reason",
            ),
        ));
    }
    Ok(vec![Event::Scenario(ScenarioEvent::Objected {
        objection: command.clone(),
        by,
    })])
}

/// Decides that an objection is taken back: the party's own, or one of which the record does not say whose it is.
///
/// # Errors
/// Refuses it where there is none, or others' only, and without a reason.
pub fn decide_lift(state: &State, command: &LiftObjection, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let scenario = state.scenario(&command.scenario, context)?;
    context.rules.said(&command.reason, ("撤回理由", "reason"))?;
    let own = |objection: &&Objection| objection.by.as_ref().is_none_or(|by| *by == context.actor.party);
    match (scenario.objections.iter().find(own), scenario.objections.first()) {
        (Some(_), _) => Ok(vec![Event::Scenario(ScenarioEvent::ObjectionLifted {
            lift: command.clone(),
            by: Some(context.actor.party.clone()),
        })]),
        (None, Some(other)) => {
            let name = named(state, other);
            Err(context.rules.refuse(
                Rule::ScenarioObjection,
                Text::new(
                    format!("该反对意见由“{name}”提出"),
                    format!("the objection is that of `{name}`"),
                ),
                Text::new("请由提出反对的单位撤回", "let whoever objects take it back"),
            ))
        }
        (None, None) => Err(context.rules.wrong_state(
            Text::new("该场景没有反对意见", "nobody objects to the scenario"),
            Text::new("无需撤回", "there is nothing to do"),
        )),
    }
}

/// Refuses to grant what a supervisor objects to, or may still object to.
pub(super) fn check_none(state: &State, scenario: &Scenario, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(objection) = scenario.objections.first() else {
        return check_window(scenario, context);
    };
    let (name, reason) = (named(state, objection), &objection.reason);
    Err(context.rules.refuse(
        Rule::ScenarioObjection,
        Text::new(
            format!("监管部门（{name}）反对该场景：{reason}"),
            format!("a supervisor (`{name}`) objects to the scenario: {reason}"),
        ),
        Text::new(
            "请与监管部门协商，待其撤回反对意见",
            "settle it with the supervisor, who takes the objection back",
        ),
    ))
}

/// The time that the district keeps for supervisors is over.
fn check_window(scenario: &Scenario, context: &Context<'_>) -> Result<(), Refusal> {
    let days = context.rules.parameters().objection_working_days;
    let deadline = Deadline::count(day_of(scenario.applied), days, context.rules.working_days());
    if days == 0 || deadline.is_over(day_of(context.at)) {
        return Ok(());
    }
    let due = deadline.due;
    Err(context.rules.refuse_by(
        Rule::ScenarioObjection,
        "working_days_min",
        Text::new(
            format!("监管部门可在 {due} 前提出反对"),
            format!("supervisors may object until {due}"),
        ),
        Text::new("请待该日过后再批准", "grant it after that day (`scenario.grant`)"),
    ))
}

fn named<'s>(state: &'s State, objection: &Objection) -> &'s str {
    let by = objection.by.as_ref().and_then(|by| state.parties.get(by));
    by.map_or("", |by| by.name.as_str())
}
