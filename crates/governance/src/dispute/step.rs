//! Steps of a case, and its way to another forum.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::open::check_forum;
use super::{Dispute, DisputeEvent, Forum, own, today};
use crate::Context;
use crate::event::Event;
use crate::identifier::{DisputeId, EvidenceId, PartyId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// What kind of step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisputeStep {
    /// 答辩.
    Answer,
    /// 举证.
    Evidence,
    /// 听证、开庭或会商.
    Hearing,
    /// 其他.
    Other,
}

/// Records a step of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordStep {
    /// The dispute.
    pub dispute: DisputeId,
    /// What kind.
    pub step: DisputeStep,
    /// What was said or done.
    pub facts: String,
    /// The evidence package that goes with it, made of this platform's record.
    pub evidence: Option<EvidenceId>,
    /// SHA-256 of the paper, lower-case hex.
    pub document_sha256: Option<String>,
    /// Until when the next step is due; none where nothing is.
    #[schemars(with = "Option<crate::schema::Day>")]
    pub next_due: Option<Date>,
    /// From whom; from the other parties where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_by: Option<PartyId>,
}

/// Brings a case before another forum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MoveDispute {
    /// The dispute.
    pub dispute: DisputeId,
    /// Where it goes.
    pub forum: Forum,
    /// Its number there.
    pub document_number: String,
}

/// Decides a step.
///
/// # Errors
/// Refuses it from others than the parties and the agency, without facts, with a package or paper that is none, a
/// next day that is over, and one that is due from nobody of the case.
pub fn decide_step(state: &State, command: &RecordStep, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let dispute = own(state, &command.dispute, context)?;
    context.rules.said(&command.facts, ("办理情况", "facts"))?;
    if let Some(id) = command.evidence.as_ref().filter(|id| !state.evidence.contains_key(*id)) {
        return Err(context
            .rules
            .unknown(&Text::new("证据包", "evidence package"), id.as_str()));
    }
    if !command.document_sha256.as_deref().is_none_or(is_sha256) {
        return Err(context.rules.input(
            Text::new("文书摘要不是 SHA-256", "the hash of the paper is no SHA-256"),
            Text::new("请填写 64 位小写十六进制", "give 64 lower-case hex digits"),
        ));
    }
    if command.next_due.is_some_and(|due| due < today(context)) {
        return Err(context.rules.input(
            Text::new("下一步期限早于今日", "the next step is due before today"),
            Text::new("请填写今日或以后的日期", "give today or a later day"),
        ));
    }
    check_addressee(state, dispute, command, context)?;
    Ok(vec![Event::Dispute(DisputeEvent::Stepped {
        step: Box::new(command.clone()),
        by: context.actor.party.clone(),
    })])
}

/// What is due next is due from a party to the case, or from the agency that handles it.
fn check_addressee(
    state: &State,
    dispute: &Dispute,
    command: &RecordStep,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let Some(next) = &command.next_by else {
        return Ok(());
    };
    if command.next_due.is_none() {
        return Err(context.rules.input(
            Text::new("未写明下一步期限", "the day of the next step is missing"),
            Text::new("请填写期限，或不指定办理单位", "give the day, or name nobody"),
        ));
    }
    let handles = state.agreements.get(&dispute.claim.agreement).map(|it| &it.agency);
    if handles == Some(next) || dispute.parties().any(|party| party == next) {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::DisputeParty,
        Text::new(
            "下一步的办理单位不是该争议的当事方",
            "whoever is to act next is no party to the dispute",
        ),
        Text::new("请指定当事方或实施机构", "name a party to it, or the agency"),
    ))
}

/// Decides a move.
///
/// # Errors
/// Refuses one to where the case is, back to a forum before it, and to a forum that the agreement does not name.
pub fn decide_move(state: &State, command: &MoveDispute, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let dispute = own(state, &command.dispute, context)?;
    context.rules.said(&command.document_number, ("案号", "number"))?;
    if command.forum <= dispute.forum {
        let (zh, en) = dispute.forum.words();
        return Err(context.rules.wrong_state(
            Text::new(format!("该争议已在{zh}阶段"), format!("the dispute is at {en} already")),
            Text::new(
                "只能转入其后的方式：协商、调解、仲裁、诉讼",
                "it moves on: consultation, mediation, arbitration, court",
            ),
        ));
    }
    check_forum(
        state.agreement(&dispute.claim.agreement, context)?,
        command.forum,
        context,
    )?;
    Ok(vec![Event::Dispute(DisputeEvent::Moved(command.clone()))])
}
