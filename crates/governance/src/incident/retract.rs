//! A false alarm: what was reported turns out to be no incident.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{IncidentEvent, open};
use crate::Context;
use crate::event::Event;
use crate::identifier::IncidentId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// Takes a report back: it was a false alarm. Nothing more is due then, and what was late stays on record as late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RetractIncident {
    /// The incident.
    pub incident: IncidentId,
    /// Why it is none.
    pub reason: String,
    /// SHA-256 of the finding that shows it, lower-case hex.
    pub document_sha256: String,
}

/// That it was retracted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retracted {
    /// When.
    pub at: Timestamp,
    /// Why, and what shows it.
    pub retraction: RetractIncident,
}

/// Decides that an incident is none: by another person than who reported it (`power.four-eyes`).
///
/// # Errors
/// Refuses it of one that has ended, without a reason, and without the finding.
pub fn decide_retract(state: &State, command: &RetractIncident, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    open(state, &command.incident, context)?;
    context.rules.said(&command.reason, ("认定理由", "reason"))?;
    if is_sha256(&command.document_sha256) {
        let retraction = Box::new(command.clone());
        return Ok(vec![Event::Incident(IncidentEvent::Retracted(retraction))]);
    }
    Err(context.rules.refuse(
        Rule::IncidentDuties,
        Text::new("撤销事件报告须附核查结论", "a false alarm is shown by a finding"),
        Text::new("请填写核查结论的 SHA-256", "give the SHA-256 of the finding"),
    ))
}
