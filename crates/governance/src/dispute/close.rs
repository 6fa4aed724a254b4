//! The end of a case.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Dispute, DisputeEvent, EndProposed, Forum, own};
use crate::Context;
use crate::event::Event;
use crate::identifier::DisputeId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// How a case ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// 和解.
    Settled,
    /// 调解.
    Mediated,
    /// 裁决.
    Awarded,
    /// 判决.
    Judged,
    /// 撤回.
    Withdrawn,
}

/// Closes a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CloseDispute {
    /// The dispute.
    pub dispute: DisputeId,
    /// How it ends.
    pub ending: Ending,
    /// What was agreed or decided, and how it is carried out.
    pub conclusion: String,
    /// SHA-256 of the settlement, award or judgment, lower-case hex; none where it was withdrawn.
    pub document_sha256: Option<String>,
    /// The number of an award or a judgment, as its authority gives it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document_number: String,
}

/// Decides an end.
///
/// # Errors
/// Refuses it while a measure stands, from others than the parties and the agency, and without conclusion or paper; only
/// the claimant withdraws, what a respondent calls settled waits for its confirmation, and an award or a judgment is of the
/// forum that has the case.
pub fn decide_close(state: &State, command: &CloseDispute, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let dispute = own(state, &command.dispute, context)?;
    context.rules.said(&command.conclusion, ("处理结果", "conclusion"))?;
    if let Some(scenario) = dispute.measures.keys().next() {
        return Err(context.rules.refuse(
            Rule::DisputeMeasure,
            Text::new(
                format!("场景 `{scenario}` 的临时措施尚未解除"),
                format!("the interim measure on `{scenario}` stands"),
            ),
            Text::new("请先解除措施", "lift it first"),
        ));
    }
    let withdrawn = command.ending == Ending::Withdrawn;
    if withdrawn && context.actor.party != dispute.claimant {
        return Err(context.rules.refuse(
            Rule::DisputeParty,
            Text::new("只有申请人可以撤回", "only the claimant withdraws"),
            Text::new("请由申请人办理", "let the claimant act"),
        ));
    }
    if !withdrawn && !command.document_sha256.as_deref().is_some_and(is_sha256) {
        return Err(context.rules.input(
            Text::new("结案须附文书摘要", "the end comes with the hash of its paper"),
            Text::new(
                "请填写和解协议、调解书、裁决书或判决书的 SHA-256",
                "give the SHA-256 of the settlement, award or judgment",
            ),
        ));
    }
    // Records of packs without the rule are decided as they were.
    if context.rules.states(Rule::DisputeEnd) && is_unconfirmed(dispute, command, context)? {
        let (close, by) = (Box::new(command.clone()), context.actor.party.clone());
        return Ok(vec![Event::Dispute(DisputeEvent::EndProposed { close, by })]);
    }
    Ok(vec![Event::Dispute(DisputeEvent::Closed(Box::new(command.clone())))])
}

/// Whether the other side or the agency has yet to confirm it: what is settled or mediated, where a respondent says so. An
/// award or a judgment is its authority's.
fn is_unconfirmed(dispute: &Dispute, command: &CloseDispute, context: &Context<'_>) -> Result<bool, Refusal> {
    let forum = match command.ending {
        Ending::Withdrawn => return Ok(false),
        Ending::Settled | Ending::Mediated => return waits_for_other_side(dispute, command, context),
        Ending::Awarded => Forum::Arbitration,
        Ending::Judged => Forum::Court,
    };
    if dispute.forum != forum {
        let (zh, en) = forum.words();
        return refused(
            Text::new(
                format!("该争议未转入{zh}，不能以此结案"),
                format!("the case is not before {en}, and does not end so"),
            ),
            Text::new(
                "请先转入相应方式，或改选其他结案方式",
                "move it there first (`dispute.move`), or choose another end",
            ),
            context,
        );
    }
    context.rules.said(
        &command.document_number,
        ("文书文号", "number of the award or judgment"),
    )?;
    Ok(false)
}

fn waits_for_other_side(dispute: &Dispute, command: &CloseDispute, context: &Context<'_>) -> Result<bool, Refusal> {
    let actor = &context.actor.party;
    let same =
        |it: &EndProposed| it.close.ending == command.ending && it.close.document_sha256 == command.document_sha256;
    let proposed = dispute.end_proposed.as_ref();
    if dispute.claim.respondents.contains(actor) {
        return match proposed {
            Some(it) if it.by == *actor && same(it) => Err(context.rules.wrong_state(
                Text::new("已提出结案，待对方或实施机构确认", "this end waits to be confirmed"),
                Text::new(
                    "请待申请人或实施机构以同一文书确认",
                    "let the claimant or the agency confirm it by the same paper (`dispute.close`)",
                ),
            )),
            Some(_) | None => Ok(true),
        };
    }
    match proposed {
        Some(it) if !same(it) => refused(
            Text::new(
                "结案方式或文书与被申请人提出的不同",
                "this is not the end that the respondent has put forward",
            ),
            Text::new(
                "请核对双方签署的文书；撤回请求的，改选“撤回”",
                "give the paper that both sides signed, or withdraw the claims",
            ),
            context,
        ),
        Some(_) | None => Ok(false),
    }
}

fn refused(message: Text, remedy: Text, context: &Context<'_>) -> Result<bool, Refusal> {
    Err(context.rules.refuse(Rule::DisputeEnd, message, remedy))
}
