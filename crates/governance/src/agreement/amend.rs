//! Amending an agreement: either side proposes; the other accepts or declines; the first may withdraw meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::capacity::Amount;
use super::offer;
use super::propose::{check_term, check_terms};
use super::signature::{SignedDocument, check_acceptance};
use super::{Agreement, AgreementEvent, AmendmentOffer, ProposeAgreement, RevenueShare};
use crate::Context;
use crate::calendar::{Term, day_of};
use crate::event::Event;
use crate::identifier::{AgreementId, ResourceId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::scenario::{check_in_force, check_in_term};
use crate::state::State;
use crate::text::Text;

/// Proposes other terms. What is none stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProposeAmendment {
    /// The agreement.
    pub agreement: AgreementId,
    /// The new term; it begins when the agreement began.
    pub term: Option<Term>,
    /// The new catalogue of resources.
    pub resources: Option<BTreeSet<ResourceId>>,
    /// The new purposes.
    pub purposes: Option<BTreeSet<String>>,
    /// Clauses that change, with their new text.
    pub clauses: BTreeMap<String, String>,
    /// The new split of fees: of calls from the acceptance on.
    pub shares: Option<Vec<RevenueShare>>,
    /// The new scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Vec<Amount>>,
    /// Why.
    pub reason: String,
}

/// Accepts the amendment that waits, by the text as it stands after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AcceptAmendment {
    /// The agreement.
    pub agreement: AgreementId,
    /// SHA-256 of the amended terms: what is accepted is what was read, and not what took its place since.
    #[serde(default)]
    pub terms_sha256: String,
    /// What was signed; the act alone accepts where it is left out and the rules do not ask for more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<SignedDocument>,
}

/// Declines the amendment that waits, or the agreement that was proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeclineAmendment {
    /// The agreement.
    pub agreement: AgreementId,
    /// SHA-256 of the amended terms, or of those proposed: what is declined is what was read.
    pub terms_sha256: String,
    /// Why.
    pub reason: String,
}

/// Withdraws one's own amendment that waits, or the agreement that one has proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WithdrawAmendment {
    /// The agreement.
    pub agreement: AgreementId,
    /// Why.
    pub reason: String,
}

/// Decides a proposal. A later one takes the place of one's own that waits; the other side's is answered first.
///
/// # Errors
/// Refuses one of an agreement that is not in force, without a reason, that changes nothing, moves the beginning, ends before
/// today, or whose terms an agreement could not have; and one while the other side's waits. What only lets the agreement end
/// earlier is there for one that is suspended as well, and whatever else its terms are by the rules of this day.
pub fn decide_amend(state: &State, command: &ProposeAmendment, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let agreement = state.agreement(&command.agreement, context)?;
    let today = day_of(context.at);
    let terms = amended(agreement, command);
    let ends_earlier = only_ends_earlier(agreement, &terms);
    check_amendable(agreement, ends_earlier, context)?;
    context.rules.said(&command.reason, ("变更理由", "reason"))?;
    check_other_side(agreement, today, context)?;
    if terms == agreement.terms {
        return Err(refuse(
            context,
            ("变更与现行条款相同", "the amendment changes nothing"),
            ("请写明变更内容", "say what changes"),
        ));
    }
    if terms.term.from != agreement.terms.term.from {
        return Err(refuse(
            context,
            ("变更不得改动协议起始日", "an amendment does not move the beginning"),
            ("请保留原起始日", "keep the day on which it began"),
        ));
    }
    check_amended(state, &terms, ends_earlier, context)?;
    let days = context.rules.parameters().amendment_answer_days;
    let last = (days > 0).then(|| today.saturating_add(days.days()));
    Ok(vec![Event::Agreement(AgreementEvent::AmendmentProposed {
        amendment: Box::new(command.clone()),
        by: context.actor.party.clone(),
        answer_until: last,
    })])
}

/// Decides an acceptance: the terms change at this moment, and so does what is authorized under them.
///
/// # Errors
/// Refuses it where nothing waits or something else does, of one's own amendment, where the agreement is not in force any
/// more, where the terms end before today or the rules of this day do not allow them, and where the text is not signed as an
/// agreement's is.
pub fn decide_accept(state: &State, command: &AcceptAmendment, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let agreement = state.agreement(&command.agreement, context)?;
    let waiting = agreement.waiting();
    let ends_earlier = waiting.is_some_and(|terms| only_ends_earlier(agreement, &terms));
    check_amendable(agreement, ends_earlier, context)?;
    let terms = amended(agreement, &answered(agreement, context)?.amendment);
    check_read(&terms, &command.terms_sha256, context)?;
    check_amended(state, &terms, ends_earlier, context)?;
    check_acceptance(agreement, &terms, command.document.as_ref(), context)?;
    Ok(vec![Event::Agreement(AgreementEvent::Amended {
        acceptance: command.clone(),
        by: context.actor.party.clone(),
        terms: Box::new(terms),
    })])
}

/// Decides that an amendment is declined: the terms stay as they are.
///
/// # Errors
/// Refuses it where nothing waits or something else does, of one's own amendment, and without a reason.
pub fn decide_decline(state: &State, command: &DeclineAmendment, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let agreement = state.agreement(&command.agreement, context)?;
    if let Some(declined) = offer::decline(agreement, command, context)? {
        return Ok(declined);
    }
    let terms = amended(agreement, &answered(agreement, context)?.amendment);
    check_read(&terms, &command.terms_sha256, context)?;
    context.rules.said(&command.reason, ("不同意的理由", "reason"))?;
    Ok(vec![Event::Agreement(AgreementEvent::AmendmentDeclined(
        command.clone(),
    ))])
}

/// Decides that a proposal is withdrawn.
///
/// # Errors
/// Refuses it where nothing waits, of the other side's amendment, and without a reason.
pub fn decide_withdraw(
    state: &State,
    command: &WithdrawAmendment,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let agreement = state.agreement(&command.agreement, context)?;
    if let Some(withdrawn) = offer::withdraw(agreement, command, context)? {
        return Ok(withdrawn);
    }
    if open(agreement, context)?.by != context.actor.party {
        return Err(refuse(
            context,
            (
                "待签署的变更由对方提出，不能由本方撤回",
                "the amendment that waits is the other side's, and only that may withdraw it",
            ),
            (
                "请签署该变更，或说明理由不同意",
                "accept the amendment, or decline it with a reason",
            ),
        ));
    }
    context.rules.said(&command.reason, ("撤回理由", "reason"))?;
    Ok(vec![Event::Agreement(AgreementEvent::AmendmentWithdrawn(
        command.clone(),
    ))])
}

/// Whether all that changes is that the agreement ends earlier.
fn only_ends_earlier(agreement: &Agreement, terms: &ProposeAgreement) -> bool {
    let mut shorter = agreement.terms.clone();
    shorter.term.until = terms.term.until;
    terms.term.until < agreement.terms.term.until && *terms == shorter
}

/// A suspension stops every use; it does not keep the sides from ending the agreement.
fn check_amendable(agreement: &Agreement, ends_earlier: bool, context: &Context<'_>) -> Result<(), Refusal> {
    let today = day_of(context.at);
    match ends_earlier {
        true => check_in_term(agreement, today, context),
        false => check_in_force(agreement, today, context),
    }
}

/// Terms that only end earlier authorize nothing that those in force do not: the rest of them is not judged anew.
fn check_amended(
    state: &State,
    terms: &ProposeAgreement,
    ends_earlier: bool,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    check_end(terms, day_of(context.at), context)?;
    match ends_earlier {
        true => check_term(&terms.term, context),
        false => check_terms(state, terms, context),
    }
}

/// Nobody talks past the other side: what it has proposed is answered before one proposes something else.
fn check_other_side(agreement: &Agreement, today: Date, context: &Context<'_>) -> Result<(), Refusal> {
    let theirs = |offer: &&AmendmentOffer| offer.is_open(today) && offer.by != context.actor.party;
    if agreement.proposed.as_ref().filter(theirs).is_none() {
        return Ok(());
    }
    Err(refuse(
        context,
        (
            "对方提出的变更尚待答复",
            "an amendment that the other side proposed waits for an answer",
        ),
        (
            "请先签署该变更，或说明理由不同意，再提出本方的变更",
            "accept it, or decline it with a reason, and then propose another",
        ),
    ))
}

/// A term is brought forward to today at the earliest: what was served and charged until today stays so.
fn check_end(terms: &ProposeAgreement, today: Date, context: &Context<'_>) -> Result<(), Refusal> {
    let until = terms.term.until;
    if today <= until {
        return Ok(());
    }
    let message = (
        format!("变更后的终止日 {until} 早于今日 {today}"),
        format!("the amended term ends on {until}, before today, {today}"),
    );
    Err(refuse(
        context,
        (&message.0, &message.1),
        ("请以今日或以后为终止日重新提出变更", "propose an end today or later"),
    ))
}

/// The amendment that waits for an answer.
pub(super) fn open<'a>(agreement: &'a Agreement, context: &Context<'_>) -> Result<&'a AmendmentOffer, Refusal> {
    let Some(offer) = &agreement.proposed else {
        return Err(context.rules.wrong_state(
            Text::new("没有待签署的变更", "no amendment waits"),
            Text::new("请待一方提出变更", "wait for one side to propose one"),
        ));
    };
    if offer.is_open(day_of(context.at)) {
        return Ok(offer);
    }
    let day = offer.answer_until.map(|day| day.to_string()).unwrap_or_default();
    let message = (
        format!("变更的答复期已于 {day} 届满"),
        format!("the amendment could be answered until {day}"),
    );
    Err(refuse(
        context,
        (&message.0, &message.1),
        (
            "请由提出方重新提出变更",
            "ask the side that proposed it to propose it again",
        ),
    ))
}

/// The amendment that waits for the actor's answer: the other side's.
fn answered<'a>(agreement: &'a Agreement, context: &Context<'_>) -> Result<&'a AmendmentOffer, Refusal> {
    let offer = open(agreement, context)?;
    if offer.by != context.actor.party {
        return Ok(offer);
    }
    Err(refuse(
        context,
        (
            "变更由本方提出，须由对方答复",
            "the amendment is one's own, and the other side answers it",
        ),
        (
            "请待对方答复，或撤回变更",
            "wait for its answer, or withdraw the amendment",
        ),
    ))
}

/// What is answered is what waits now.
fn check_read(terms: &ProposeAgreement, read: &str, context: &Context<'_>) -> Result<(), Refusal> {
    if terms.sha256() == read {
        return Ok(());
    }
    Err(refuse(
        context,
        (
            "所答复的不是现在待签署的变更文本",
            "what is answered is not the amendment that waits now",
        ),
        (
            "请重新查阅变更后的协议文本，以其条款摘要答复",
            "read the amended text again, and answer it by the hash of its terms",
        ),
    ))
}

fn refuse(context: &Context<'_>, message: (&str, &str), remedy: (&str, &str)) -> Refusal {
    let text = |(zh, en): (&str, &str)| Text::new(zh, en);
    let rule = Rule::AgreementAmendment;
    context.rules.refuse(rule, text(message), text(remedy))
}

impl AmendmentOffer {
    /// Whether it can still be answered.
    #[must_use]
    pub fn is_open(&self, today: Date) -> bool {
        self.answer_until.is_none_or(|last| today <= last)
    }
}

impl Agreement {
    /// The terms as they will stand once the amendment that waits is accepted.
    #[must_use]
    pub fn waiting(&self) -> Option<ProposeAgreement> {
        self.proposed.as_ref().map(|offer| amended(self, &offer.amendment))
    }
}

fn amended(agreement: &Agreement, change: &ProposeAmendment) -> ProposeAgreement {
    let mut terms = agreement.terms.clone();
    if let Some(term) = change.term {
        terms.term = term;
    }
    if let Some(resources) = &change.resources {
        terms.resources.clone_from(resources);
    }
    if let Some(purposes) = &change.purposes {
        terms.purposes.clone_from(purposes);
    }
    if let Some(shares) = &change.shares {
        terms.shares.clone_from(shares);
    }
    if let Some(capacity) = &change.capacity {
        terms.capacity.clone_from(capacity);
    }
    terms.clauses.extend(change.clauses.clone());
    terms
}
