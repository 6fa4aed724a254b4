//! Acceptance and formal review.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::earlier::taken_over;
use super::{Registration, RegistrationEvent, RegistrationStatus, misplaced};
use crate::Context;
use crate::calendar::day_of;
use crate::deadline::Deadline;
use crate::event::Event;
use crate::identifier::RegistrationId;
use crate::refusal::Refusal;
use crate::state::State;

/// Accepts an application, or returns it for want of something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AcceptRegistration {
    /// Which.
    pub registration: RegistrationId,
    /// Whether it is accepted.
    pub passed: bool,
    /// What is wanting, where it is returned.
    #[serde(default)]
    pub reason: String,
}

/// Reviews the form of an accepted application; what passes is shown to the public from this day on, or has the code that it
/// was given before the platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewRegistration {
    /// Which.
    pub registration: RegistrationId,
    /// Whether it passes.
    pub passed: bool,
    /// What is wrong, where it is returned.
    #[serde(default)]
    pub reason: String,
    /// Where it is shown to the public, where it passes.
    #[serde(default)]
    pub notice: String,
}

/// Decides an acceptance. Late is on record as late.
///
/// # Errors
/// Refuses one that does not wait for it, and a return without a reason.
pub fn decide_accept(
    state: &State,
    command: &AcceptRegistration,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let registration = state.registration(&command.registration, context)?;
    match registration.status {
        RegistrationStatus::Applied if command.passed => {
            let days = context.rules.parameters().registration.review_days;
            Ok(vec![Event::Registration(RegistrationEvent::Accepted {
                accept: command.clone(),
                deadline: Deadline::count(day_of(context.at), days, context.rules.working_days()),
            })])
        }
        RegistrationStatus::Applied => returned(registration, &command.reason, context),
        RegistrationStatus::Accepted
        | RegistrationStatus::Publicized { .. }
        | RegistrationStatus::Registered(_)
        | RegistrationStatus::Returned { .. }
        | RegistrationStatus::Withdrawn { .. } => Err(misplaced(registration, context)),
    }
}

/// Decides a formal review. Late is on record as late.
///
/// # Errors
/// Refuses one that does not wait for it, a pass without a place of publicity, a return without a reason.
pub fn decide_review(
    state: &State,
    command: &ReviewRegistration,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let registration = state.registration(&command.registration, context)?;
    match (&registration.status, &registration.application.earlier) {
        (RegistrationStatus::Accepted, Some(earlier)) if command.passed => {
            taken_over(state, (registration, earlier), command, context)
        }
        (RegistrationStatus::Accepted, None) if command.passed => {
            context
                .rules
                .said(&command.notice, ("公示载体", "place of the publicity"))?;
            let days = context.rules.parameters().registration.publicity_days;
            Ok(vec![Event::Registration(RegistrationEvent::Publicized {
                review: command.clone(),
                deadline: Deadline::count(day_of(context.at), days, context.rules.working_days()),
            })])
        }
        (RegistrationStatus::Accepted, _) => returned(registration, &command.reason, context),
        (
            RegistrationStatus::Applied
            | RegistrationStatus::Publicized { .. }
            | RegistrationStatus::Registered(_)
            | RegistrationStatus::Returned { .. }
            | RegistrationStatus::Withdrawn { .. },
            _,
        ) => Err(misplaced(registration, context)),
    }
}

fn returned(registration: &Registration, reason: &str, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    context.rules.said(reason, ("退回理由", "reason of the return"))?;
    Ok(vec![Event::Registration(RegistrationEvent::Returned {
        registration: registration.application.id.clone(),
        reason: reason.to_owned(),
    })])
}
