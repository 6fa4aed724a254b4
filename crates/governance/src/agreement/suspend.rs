//! Suspending an agreement: nothing is served under it until it is resumed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Agreement, AgreementEvent, AgreementStatus};
use crate::Context;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::AgreementId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Suspends an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SuspendAgreement {
    /// The agreement.
    pub agreement: AgreementId,
    /// Why.
    pub reason: String,
}

/// Resumes an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResumeAgreement {
    /// The agreement.
    pub agreement: AgreementId,
    /// Why it may be served again.
    pub reason: String,
}

/// Decides a suspension.
///
/// # Errors
/// Refuses it of an agreement that is not signed, that has ended or is suspended, and without a reason.
pub fn decide_suspend(state: &State, command: &SuspendAgreement, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let agreement = state.agreement(&command.agreement, context)?;
    context.rules.said(&command.reason, ("暂停理由", "reason"))?;
    let signed = matches!(agreement.status, AgreementStatus::Signed { .. });
    if !signed || agreement.suspended.is_some() {
        return Err(context.rules.wrong_state(
            Text::new(
                "该协议未生效、已终止或已暂停",
                "the agreement is not signed, has ended or is suspended",
            ),
            Text::new("无需暂停", "there is nothing to do"),
        ));
    }
    Ok(vec![Event::Agreement(AgreementEvent::Suspended(command.clone()))])
}

/// Decides a resumption.
///
/// # Errors
/// Refuses it of an agreement that is not suspended, and without a reason.
pub fn decide_resume(state: &State, command: &ResumeAgreement, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let agreement = state.agreement(&command.agreement, context)?;
    context.rules.said(&command.reason, ("恢复理由", "reason"))?;
    if agreement.suspended.is_none() {
        return Err(context.rules.wrong_state(
            Text::new("该协议未被暂停", "the agreement is not suspended"),
            Text::new("无需恢复", "there is nothing to do"),
        ));
    }
    Ok(vec![Event::Agreement(AgreementEvent::Resumed(command.clone()))])
}

/// Refuses what is asked under an agreement that is suspended.
pub(crate) fn check_not_suspended(agreement: &Agreement, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(suspended) = &agreement.suspended else {
        return Ok(());
    };
    let (day, reason) = (day_of(suspended.at), &suspended.reason);
    Err(context.rules.refuse(
        Rule::AgreementSuspended,
        Text::new(
            format!("授权协议自 {day} 起暂停：{reason}"),
            format!("the agreement is suspended since {day}: {reason}"),
        ),
        Text::new(
            "请待恢复，或联系实施机构",
            "wait until it is resumed, or ask the agency",
        ),
    ))
}
