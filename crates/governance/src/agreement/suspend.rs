//! Suspending an agreement: nothing is served under it until whoever suspended it has resumed it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Agreement, AgreementEvent, AgreementStatus, Suspended};
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

/// Ends one's own suspension of an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResumeAgreement {
    /// The agreement.
    pub agreement: AgreementId,
    /// Why it may be served again.
    pub reason: String,
}

/// Decides a suspension, beside those of others.
///
/// # Errors
/// Refuses it of an agreement that is not signed, that has ended or that the party has suspended, and without a reason.
pub fn decide_suspend(state: &State, command: &SuspendAgreement, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let agreement = state.agreement(&command.agreement, context)?;
    context.rules.said(&command.reason, ("暂停理由", "reason"))?;
    let signed = matches!(agreement.status, AgreementStatus::Signed { .. });
    let by = Some(context.actor.party.clone());
    if !signed || agreement.suspended.iter().any(|suspended| suspended.by == by) {
        return Err(context.rules.wrong_state(
            Text::new(
                "该协议未生效、已终止或已由本单位暂停",
                "the agreement is not signed, has ended or is suspended by this party",
            ),
            Text::new("无需暂停", "there is nothing to do"),
        ));
    }
    Ok(vec![Event::Agreement(AgreementEvent::Suspended {
        suspension: command.clone(),
        by,
    })])
}

/// Decides a resumption: the party's own suspension ends, and one of which the record does not say whose it is.
///
/// # Errors
/// Refuses it of an agreement that is not suspended, or by others only, and without a reason.
pub fn decide_resume(state: &State, command: &ResumeAgreement, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let agreement = state.agreement(&command.agreement, context)?;
    context.rules.said(&command.reason, ("恢复理由", "reason"))?;
    let own = |suspended: &&Suspended| suspended.by.as_ref().is_none_or(|by| *by == context.actor.party);
    match (agreement.suspended.iter().find(own), agreement.suspended.first()) {
        (Some(_), _) => Ok(vec![Event::Agreement(AgreementEvent::Resumed {
            resumption: command.clone(),
            by: Some(context.actor.party.clone()),
        })]),
        (None, Some(other)) => Err(by_another(state, other, context)),
        (None, None) => Err(context.rules.wrong_state(
            Text::new("该协议未被暂停", "the agreement is not suspended"),
            Text::new("无需恢复", "there is nothing to do"),
        )),
    }
}

fn by_another(state: &State, suspended: &Suspended, context: &Context<'_>) -> Refusal {
    let by = suspended.by.as_ref().and_then(|by| state.parties.get(by));
    let name = by.map_or("", |by| by.name.as_str());
    context.rules.refuse(
        Rule::AgreementSuspended,
        Text::new(
            format!("该协议由“{name}”暂停"),
            format!("the agreement was suspended by `{name}`"),
        ),
        Text::new("请由决定暂停的单位恢复", "let whoever suspended it resume it"),
    )
}

/// Refuses what is asked under an agreement that is suspended.
pub(crate) fn check_not_suspended(agreement: &Agreement, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(suspended) = agreement.suspended.first() else {
        return Ok(());
    };
    let (day, reason) = (day_of(suspended.at), &suspended.reason);
    Err(context.rules.refuse(
        Rule::AgreementSuspended,
        Text::new(
            format!("授权协议自 {day} 起暂停：{reason}"),
            format!("the agreement is suspended since {day}: {reason}"),
        ),
        Text::new("请待决定暂停的单位恢复", "wait until whoever suspended it resumes it"),
    ))
}
