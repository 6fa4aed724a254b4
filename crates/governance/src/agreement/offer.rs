//! An agreement that is proposed and never signed: the operator declines it, or the agency withdraws it. Both go by the
//! acts that do the same to an amendment.

use super::{Agreement, AgreementEvent, AgreementStatus, DeclineAmendment, WithdrawAmendment};
use crate::Context;
use crate::event::Event;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::text::Text;

/// Decides that the operator declines; nothing where the agreement is no mere proposal.
///
/// # Errors
/// Refuses it to the agency, of other terms than those proposed, and without a reason.
pub(super) fn decline(
    agreement: &Agreement,
    command: &DeclineAmendment,
    context: &Context<'_>,
) -> Result<Option<Vec<Event>>, Refusal> {
    if agreement.status != AgreementStatus::Proposed {
        return Ok(None);
    }
    if agreement.agency == context.actor.party {
        return Err(other_side(
            context,
            ("协议由本方拟定，须由对方答复", "the agreement is one's own proposal"),
            (
                "请待对方答复，或撤回协议",
                "wait for the operator's answer, or withdraw it",
            ),
        ));
    }
    if agreement.terms.sha256() != command.terms_sha256 {
        return Err(other_side(
            context,
            (
                "所答复的不是拟定的协议文本",
                "what is answered is not the agreement that was proposed",
            ),
            ("请以协议条款摘要答复", "answer it by the hash of its terms"),
        ));
    }
    context.rules.said(&command.reason, ("不同意的理由", "reason"))?;
    Ok(Some(vec![Event::Agreement(AgreementEvent::ProposalDeclined(
        command.clone(),
    ))]))
}

/// Decides that the agency withdraws; nothing where the agreement is no mere proposal.
///
/// # Errors
/// Refuses it to the operator, and without a reason.
pub(super) fn withdraw(
    agreement: &Agreement,
    command: &WithdrawAmendment,
    context: &Context<'_>,
) -> Result<Option<Vec<Event>>, Refusal> {
    if agreement.status != AgreementStatus::Proposed {
        return Ok(None);
    }
    if agreement.agency != context.actor.party {
        return Err(other_side(
            context,
            (
                "协议由对方拟定，不能由本方撤回",
                "the agreement is the agency's proposal",
            ),
            (
                "请签署协议，或说明理由不同意",
                "sign it, or decline it with a reason (`agreement.decline`)",
            ),
        ));
    }
    context.rules.said(&command.reason, ("撤回理由", "reason"))?;
    Ok(Some(vec![Event::Agreement(AgreementEvent::ProposalWithdrawn(
        command.clone(),
    ))]))
}

/// An agreement that was dropped is over before it began.
///
/// # Errors
/// [`Rule::State`].
pub(crate) fn check_not_dropped(agreement: &Agreement, context: &Context<'_>) -> Result<(), Refusal> {
    let AgreementStatus::Dropped { .. } = agreement.status else {
        return Ok(());
    };
    Err(context.rules.wrong_state(
        Text::new(
            "该协议拟定后未签署即已作罢",
            "the agreement was declined or withdrawn before it was signed",
        ),
        Text::new("请重新拟定协议", "propose another (`agreement.propose`)"),
    ))
}

fn other_side(context: &Context<'_>, message: (&str, &str), remedy: (&str, &str)) -> Refusal {
    let text = |(zh, en): (&str, &str)| Text::new(zh, en);
    context
        .rules
        .refuse(Rule::AgreementAmendment, text(message), text(remedy))
}
