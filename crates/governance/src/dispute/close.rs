//! The end of a case.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DisputeEvent, own};
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
}

/// Decides an end.
///
/// # Errors
/// Refuses it while a measure stands, from others than the parties and the agency, and without conclusion or paper; only
/// the claimant withdraws.
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
    Ok(vec![Event::Dispute(DisputeEvent::Closed(Box::new(command.clone())))])
}
