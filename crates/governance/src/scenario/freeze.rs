//! Freezing and thawing a scenario.
//!
//! A scenario is frozen while it has a cause to be: a supervisor's order, a grave incident, an interim measure of a
//! dispute. Each cause is lifted by whoever may, and the scenario is thawed with the last.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Scenario, ScenarioStatus};
use crate::Context;
use crate::event::Event;
use crate::identifier::{DisputeId, IncidentId, PartyId, ScenarioId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// What keeps a scenario frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "cause", content = "of")]
pub enum FreezeCause {
    /// A supervisor's order: that supervisor lifts it.
    Order(PartyId),
    /// A grave incident: a supervisor lifts it once the incident is closed or graded lower.
    Incident(IncidentId),
    /// An interim measure: it ends with the measure.
    Measure(DisputeId),
    /// None that the record tells, of a freeze from before it did: a supervisor lifts it once no incident and no
    /// measure holds.
    Unstated,
}

/// One cause for which a scenario is frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    /// What it is.
    pub cause: FreezeCause,
    /// Since when.
    pub at: Timestamp,
    /// Why, in words.
    pub reason: String,
}

/// Freezes a scenario: from this moment every call under it is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FreezeScenario {
    /// Which.
    pub scenario: ScenarioId,
    /// Why.
    pub reason: String,
}

/// Lifts one's own freeze of a scenario, and those of incidents that are over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ThawScenario {
    /// Which.
    pub scenario: ScenarioId,
}

/// Decides a freeze: beside what freezes the scenario already.
///
/// # Errors
/// Refuses a scenario that is not granted or that the party has frozen already, and a freeze without a reason.
pub fn decide_freeze(state: &State, command: &FreezeScenario, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    if command.reason.trim().is_empty() {
        return Err(context.rules.input(
            Text::new("未说明冻结理由", "no reason for the freeze is given"),
            Text::new("请填写理由", "give a reason"),
        ));
    }
    let scenario = state.scenario(&command.scenario, context)?;
    let cause = FreezeCause::Order(context.actor.party.clone());
    if !scenario.is_granted() {
        return Err(context.rules.wrong_state(
            Text::new("该场景未在授权之中，无可冻结", "the scenario is not granted"),
            Text::new("未批准的场景不产生调用", "nothing is called under it"),
        ));
    }
    if scenario.is_frozen_for(&cause) {
        return Err(context.rules.wrong_state(
            Text::new("该场景已被本单位冻结", "this party has frozen the scenario already"),
            Text::new("无需重复冻结", "there is nothing to do"),
        ));
    }
    Ok(vec![frozen(&command.scenario, cause, command.reason.clone())])
}

/// Decides a thaw: the party's own order is lifted, and what incidents that are over have left. What else freezes the
/// scenario stays.
///
/// # Errors
/// Refuses a scenario that is not frozen, and one in which every cause is another's to lift: a grave incident's, the
/// interim measure of a dispute, the order of another supervisor.
pub fn decide_thaw(state: &State, command: &ThawScenario, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let id = &command.scenario;
    let scenario = state.scenario(id, context)?;
    let (mut lifted, mut stays) = (Vec::new(), None);
    for freeze in scenario.freezes() {
        match check_lifted(state, id, &freeze.cause, context) {
            Ok(()) => lifted.push(thawed(id, freeze.cause.clone())),
            Err(refusal) => stays = stays.or(Some(refusal)),
        }
    }
    if !lifted.is_empty() {
        return Ok(lifted);
    }
    Err(stays.unwrap_or_else(|| {
        context.rules.wrong_state(
            Text::new("该场景未被冻结", "the scenario is not frozen"),
            Text::new("无需解冻", "there is nothing to do"),
        )
    }))
}

/// Whether a supervisor may lift this cause now.
fn check_lifted(state: &State, id: &ScenarioId, cause: &FreezeCause, context: &Context<'_>) -> Result<(), Refusal> {
    match cause {
        FreezeCause::Order(by) if *by == context.actor.party => Ok(()),
        FreezeCause::Order(by) => {
            let by = &state.party(by, context)?.name;
            Err(context.rules.refuse(
                Rule::ScenarioFrozen,
                Text::new(
                    format!("该场景由“{by}”冻结"),
                    format!("the scenario was frozen by `{by}`"),
                ),
                Text::new("请由决定冻结的单位解冻", "let whoever froze it thaw it"),
            ))
        }
        FreezeCause::Incident(incident) => crate::incident::check_over(state, incident, context),
        FreezeCause::Measure(_) => crate::dispute::check_no_measure(state, id, context),
        FreezeCause::Unstated => {
            crate::dispute::check_no_measure(state, id, context)?;
            crate::incident::check_no_incident(state, id, context)
        }
    }
}

/// The event that a scenario is frozen for this cause.
pub(crate) fn frozen(scenario: &ScenarioId, cause: FreezeCause, reason: String) -> Event {
    Event::ScenarioFrozen {
        scenario: scenario.clone(),
        reason,
        cause: Some(cause),
    }
}

/// The event that this cause is lifted.
pub(crate) fn thawed(scenario: &ScenarioId, cause: FreezeCause) -> Event {
    Event::ScenarioThawed {
        scenario: scenario.clone(),
        cause: Some(cause),
    }
}

impl Scenario {
    /// What keeps it frozen; nothing while it runs.
    #[must_use]
    pub fn freezes(&self) -> &[Freeze] {
        match &self.status {
            ScenarioStatus::Frozen { causes, .. } => causes,
            ScenarioStatus::Applied
            | ScenarioStatus::Granted { .. }
            | ScenarioStatus::Refused { .. }
            | ScenarioStatus::Withdrawn { .. }
            | ScenarioStatus::Ended { .. } => &[],
        }
    }

    /// Whether it is granted, frozen or not.
    #[must_use]
    pub fn is_granted(&self) -> bool {
        match self.status {
            ScenarioStatus::Granted { .. } | ScenarioStatus::Frozen { .. } => true,
            ScenarioStatus::Applied
            | ScenarioStatus::Refused { .. }
            | ScenarioStatus::Withdrawn { .. }
            | ScenarioStatus::Ended { .. } => false,
        }
    }

    /// Whether this cause keeps it frozen.
    pub(crate) fn is_frozen_for(&self, cause: &FreezeCause) -> bool {
        self.freezes().iter().any(|freeze| freeze.cause == *cause)
    }

    /// A cause is added.
    pub(crate) fn freeze(&mut self, freeze: Freeze) {
        match &mut self.status {
            ScenarioStatus::Granted { at } => {
                let (granted, causes) = (*at, vec![freeze.clone()]);
                self.stops.begin(freeze.at);
                self.status = ScenarioStatus::Frozen { granted, causes };
            }
            ScenarioStatus::Frozen { causes, .. } if causes.iter().all(|other| other.cause != freeze.cause) => {
                causes.push(freeze);
            }
            ScenarioStatus::Frozen { .. }
            | ScenarioStatus::Applied
            | ScenarioStatus::Refused { .. }
            | ScenarioStatus::Withdrawn { .. }
            | ScenarioStatus::Ended { .. } => {}
        }
    }

    /// A cause is lifted; all of them by a record that names none.
    pub(crate) fn thaw(&mut self, cause: Option<&FreezeCause>, at: Timestamp) {
        let ScenarioStatus::Frozen { granted, causes } = &mut self.status else {
            return;
        };
        causes.retain(|freeze| cause.is_some_and(|cause| freeze.cause != *cause));
        if causes.is_empty() {
            self.status = ScenarioStatus::Granted { at: *granted };
            self.stops.end(at);
        }
    }
}
