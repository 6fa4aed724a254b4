//! Taking an application back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{RegistrationEvent, misplaced};
use crate::Context;
use crate::event::Event;
use crate::identifier::RegistrationId;
use crate::refusal::Refusal;
use crate::state::State;

/// Takes an application for a registration back, until it has its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WithdrawRegistration {
    /// Which.
    pub registration: RegistrationId,
    /// Why.
    pub reason: String,
}

/// Decides it. What was registered before stays as it was, and the same may be applied for again.
///
/// # Errors
/// Refuses one that is not under way, and no reason.
pub fn decide_withdraw(
    state: &State,
    command: &WithdrawRegistration,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let registration = state.registration(&command.registration, context)?;
    context.rules.said(&command.reason, ("撤回理由", "reason"))?;
    if registration.is_pending() {
        return Ok(vec![Event::Registration(RegistrationEvent::Withdrawn(command.clone()))]);
    }
    Err(misplaced(registration, context))
}
