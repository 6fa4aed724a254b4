//! The candidate before the public, and the result.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::qualify::applicant;
use super::{SelectionEvent, open, ranking};
use crate::Context;
use crate::agreement::{Agreement, AgreementStatus};
use crate::calendar::{Term, day_of};
use crate::event::Event;
use crate::identifier::{AgreementId, PartyId, SelectionId};
use crate::notice::{NoticeEvidence, check_recorded};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Shows the public who is to be the operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublicizeCandidate {
    /// The selection.
    pub selection: SelectionId,
    /// The applicant with most points.
    pub applicant: PartyId,
    /// From and until when.
    pub term: Term,
    /// Where it is published.
    pub notice: String,
    /// What shows it, where it began before it is put on record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<NoticeEvidence>,
}

/// Confirms the candidate as the selected operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConfirmSelection {
    /// The selection.
    pub selection: SelectionId,
    /// The notice of the result, by its number.
    pub document_number: String,
}

/// Decides a publicity.
///
/// # Errors
/// Refuses it before everybody has scored, of another applicant than the first of those not set aside, while a candidate
/// is publicized, for too few days, and of a term that is dated back.
pub fn decide_publicize(
    state: &State,
    command: &PublicizeCandidate,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let selection = open(state, &command.selection, context)?;
    applicant(selection, &command.applicant, context)?;
    context.rules.said(&command.notice, ("公示载体", "notice"))?;
    if selection.publicity.is_some() {
        return Err(context.rules.wrong_state(
            Text::new("已有候选人在公示", "a candidate is publicized"),
            Text::new("请待公示与异议办结", "wait for its term and the objections"),
        ));
    }
    let refuse = |rule, zh: String, en: String, remedy| Err(context.rules.refuse(rule, Text::new(zh, en), remedy));
    let ranked = ranking(selection);
    if ranked.is_empty() || ranked.iter().any(|place| !place.complete) {
        let remedy = Text::new("请录入全部评分", "record the scores of all members");
        let (zh, en) = ("评分尚未完成", "not everybody has scored every applicant");
        return refuse(Rule::SelectionScores, zh.to_owned(), en.to_owned(), remedy);
    }
    let mut left = ranked
        .iter()
        .filter(|place| !selection.set_aside.contains(place.applicant));
    let first = left.next();
    let alike = |place: &&super::Ranked<'_>| first.is_some_and(|first| first.by_criterion == place.by_criterion);
    if !first
        .into_iter()
        .chain(left.filter(alike))
        .any(|place| *place.applicant == command.applicant)
    {
        let name = first.map_or("—", |place| place.applicant.as_str());
        let remedy = Text::new("请公示得分最高者", "publicize the applicant with most points");
        return refuse(
            Rule::SelectionScores,
            format!("得分最高的是 `{name}`"),
            format!("the applicant with most points is `{name}`"),
            remedy,
        );
    }
    let days = context.rules.parameters().publicity_days_min;
    let until = command.term.from.saturating_add(jiff::Span::new().days(days - 1));
    if command.term.until < until {
        let remedy = Text::new(
            format!("请将截止日定在 {until} 或以后"),
            format!("let it end on {until} or later"),
        );
        return refuse(
            Rule::SelectionPublicity,
            format!("公示不少于 {days} 日"),
            format!("a candidate is publicized for {days} days or more"),
            remedy,
        );
    }
    let late_days = check_recorded(command.term.from, command.evidence.as_ref(), context)?;
    Ok(vec![Event::Selection(SelectionEvent::Publicized {
        publicity: command.clone(),
        late_days,
    })])
}

/// Decides a result.
///
/// # Errors
/// Refuses one before the publicity is over, and while an objection waits for its answer.
pub fn decide_confirm(state: &State, command: &ConfirmSelection, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let selection = open(state, &command.selection, context)?;
    context
        .rules
        .said(&command.document_number, ("结果公告文号", "document number"))?;
    let over = selection
        .publicity
        .as_ref()
        .is_some_and(|publicity| publicity.term.until < day_of(context.at));
    if !over {
        return Err(context.rules.refuse(
            Rule::SelectionPublicity,
            Text::new(
                "候选人尚未公示或公示未满",
                "no candidate is publicized, or not long enough",
            ),
            Text::new("请待公示期满", "wait until its term is over"),
        ));
    }
    let waiting = selection.objections.iter().find(|(_, it)| it.answer.is_none());
    if let Some((number, _)) = waiting {
        return Err(context.rules.refuse(
            Rule::SelectionObjections,
            Text::new(
                format!("异议 {number} 尚未答复"),
                format!("objection {number} waits for its answer"),
            ),
            Text::new("请先答复异议", "answer it first"),
        ));
    }
    Ok(vec![Event::Selection(SelectionEvent::Confirmed(command.clone()))])
}

/// The agreements that rest on a selection, in the order of their ids; not those that were never signed and are given up.
#[must_use]
pub fn carried_by<'s>(state: &'s State, selection: &SelectionId) -> Vec<&'s Agreement> {
    let uses = |agreement: &&Agreement| {
        let dropped = matches!(agreement.status, AgreementStatus::Dropped { .. });
        agreement.terms.selection.as_ref() == Some(selection) && !dropped
    };
    let agreements = state.agreements.values().map(|agreement| &**agreement);
    let mut carried: Vec<&Agreement> = agreements.filter(uses).collect();
    carried.sort_by(|one, other| one.terms.id.cmp(&other.terms.id));
    carried
}

/// Refuses a selection that carries another agreement, alive or ended: a second one would run past the longest term without
/// competition. What was never signed and came to nothing carries none.
pub(crate) fn check_unused(
    state: &State,
    selection: Option<&SelectionId>,
    agreement: &AgreementId,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let Some(id) = selection.filter(|_| context.rules.parameters().selected_once) else {
        return Ok(());
    };
    let mut others = carried_by(state, id).into_iter();
    let Some(other) = others.find(|other| other.terms.id != *agreement) else {
        return Ok(());
    };
    let title = &other.terms.title;
    let remedy = if other.status == AgreementStatus::Proposed {
        Text::new(
            "请先撤回尚未签署的协议",
            "take the one that is not signed back first (`agreement.withdraw`)",
        )
    } else {
        Text::new(
            "请重新公告遴选；需调整现行协议的，提出协议变更",
            "announce another selection (`selection.announce`), or amend the agreement in force (`agreement.amend`)",
        )
    };
    Err(context.rules.refuse(
        Rule::AgreementSelected,
        Text::new(
            format!("该遴选已用于协议“{title}”"),
            format!("that selection carries the agreement `{title}`"),
        ),
        remedy,
    ))
}

/// Refuses an operator that no selection has chosen.
pub(crate) fn check_selected(
    state: &State,
    selection: Option<&SelectionId>,
    operator: &PartyId,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let refuse = |zh, en| {
        let remedy = Text::new(
            "请先完成遴选，并写明遴选编号",
            "select the operator first, and name the selection",
        );
        Err(context.rules.refuse(Rule::AgreementSelected, Text::new(zh, en), remedy))
    };
    let Some(id) = selection else {
        return refuse("协议未写明遴选", "the agreement names no selection");
    };
    let selection = state.selection(id, context)?;
    match &selection.selected {
        _ if selection.failed.is_some() => refuse("该遴选已取消", "that selection is cancelled"),
        Some(selected) if selected == operator => Ok(()),
        Some(_) => refuse("该遴选选定的是另一家", "that selection chose another"),
        None => refuse("该遴选尚无结果", "that selection has no result yet"),
    }
}
