//! Granting a scenario.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::apply::check_follows;
use super::{objection, risk};
use crate::Context;
use crate::event::Event;
use crate::identifier::ScenarioId;
use crate::refusal::Refusal;
use crate::registration::{Registrable, check_required};
use crate::resource::check_not_ended;
use crate::state::State;

/// Grants a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GrantScenario {
    /// Which.
    pub scenario: ScenarioId,
}

/// Decides a grant.
///
/// # Errors
/// Refuses a scenario that is not waiting, whose agreement is not in force or has failed its assessment, whose risks are not
/// assessed or too large, to which a supervisor objects, which a measure or a grave incident holds, whose resources the packs
/// want registered and are not, or have lost an approval that they need.
pub fn decide_grant(state: &State, command: &GrantScenario, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let scenario = state.scenario(&command.scenario, context)?;
    super::turn_down::check_waits(scenario, context)?;
    check_follows(state, &scenario.application, context)?;
    let agreement = state.agreement(&scenario.application.agreement, context)?;
    super::apply::check_in_force(agreement, crate::calendar::day_of(context.at), context)?;
    crate::assessment::check_not_failed(state, &scenario.application.agreement, context)?;
    crate::complaint::check_none_overdue(state, agreement, context)?;
    risk::check_assessed(scenario, context)?;
    objection::check_none(state, scenario, context)?;
    crate::dispute::check_no_measure(state, &command.scenario, context)?;
    crate::incident::check_no_incident(state, &command.scenario, context)?;
    for resource in scenario.application.resources.keys() {
        check_not_ended(state.resource(resource, context)?, context)?;
        let thing = Registrable::Resource {
            resource: resource.clone(),
        };
        check_required(state, &thing, context)?;
    }
    Ok(vec![Event::ScenarioGranted {
        scenario: command.scenario.clone(),
    }])
}
