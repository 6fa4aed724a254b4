//! Closing an incident.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{IncidentEvent, open};
use crate::Context;
use crate::event::Event;
use crate::identifier::IncidentId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Closes an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CloseIncident {
    /// The incident.
    pub incident: IncidentId,
    /// What caused it.
    pub cause: String,
    /// What is done so that it does not happen again.
    pub lessons: String,
}

/// Decides that an incident is closed.
///
/// # Errors
/// Refuses it while a duty is open, and without cause or lessons.
pub fn decide_close(state: &State, command: &CloseIncident, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let incident = open(state, &command.incident, context)?;
    context.rules.said(&command.cause, ("事件原因", "cause"))?;
    context.rules.said(&command.lessons, ("整改措施", "lessons"))?;
    let waiting = incident.duties.values().filter(|duty| duty.done.is_none()).count();
    if waiting == 0 {
        return Ok(vec![Event::Incident(IncidentEvent::Closed(Box::new(command.clone())))]);
    }
    Err(context.rules.refuse(
        Rule::IncidentDuties,
        Text::new(
            format!("尚有 {waiting} 项义务未办理"),
            format!("{waiting} of its duties are not done"),
        ),
        Text::new("请先办理各项义务", "fulfil them first"),
    ))
}
