//! An applicant takes its application back; the agency gives a selection up, or the winner of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Selection, SelectionEvent, check_unused, open};
use crate::Context;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::{AgreementId, PartyId, SelectionId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Takes one's own application back, while applications are taken (招标投标法 29).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WithdrawApplication {
    /// The selection.
    pub selection: SelectionId,
    /// Why.
    pub reason: String,
}

/// Cancels a selection; or, where the selected operator does not sign, sets it aside so that the next candidate is
/// publicized (招标投标法实施条例 55).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CancelSelection {
    /// The selection.
    pub selection: SelectionId,
    /// Why, as it is published.
    pub reason: String,
    /// Where it is published.
    pub notice: String,
    /// Whether only the selected operator is set aside, and the next candidate follows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub next_candidate: bool,
}

/// Decides a withdrawal: who withdrew may apply again while applications are taken.
///
/// # Errors
/// Refuses one that did not apply, one after the last day or once the panel is seated, and no reason.
pub fn decide_withdraw(
    state: &State,
    command: &WithdrawApplication,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let selection = open(state, &command.selection, context)?;
    let applicant = &context.actor.party;
    super::qualify::applicant(selection, applicant, context)?;
    context.rules.said(&command.reason, ("撤回理由", "reason"))?;
    let until = selection.announcement.term.until;
    if until < day_of(context.at) || selection.panel.is_some() {
        return Err(context.rules.refuse(
            Rule::SelectionApplications,
            Text::new(
                format!("报名于 {until} 截止，或评审组已组成，不能撤回"),
                format!("applications were taken until {until}, or the panel is seated"),
            ),
            Text::new(
                "请与实施机构联系；入选后不签约的，由实施机构依次确定其他候选人",
                "ask the agency: where a winner does not sign, it goes on with the next (`selection.cancel`)",
            ),
        ));
    }
    Ok(vec![Event::Selection(SelectionEvent::Left {
        withdrawal: command.clone(),
        applicant: applicant.clone(),
    })])
}

/// Decides a cancellation.
///
/// # Errors
/// Refuses one without reason or notice, of a selection that has come to nothing or carries an agreement, and a next
/// candidate where nobody is selected or nobody is left.
pub fn decide_cancel(state: &State, command: &CancelSelection, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let selection = state.selection(&command.selection, context)?;
    if selection.selected.is_none() {
        open(state, &command.selection, context)?;
    }
    context.rules.said(&command.reason, ("取消理由", "reason"))?;
    context.rules.said(&command.notice, ("公告载体", "notice"))?;
    if selection.failed.is_some() {
        return Err(context.rules.wrong_state(
            Text::new("遴选已流标或取消", "the selection has come to nothing, or is cancelled"),
            Text::new("请重新公告遴选", "announce another (`selection.announce`)"),
        ));
    }
    check_unused(state, Some(&command.selection), &AgreementId::new(""), context)?;
    if command.next_candidate {
        check_next(selection, context)?;
    }
    Ok(vec![Event::Selection(SelectionEvent::Cancelled(Box::new(
        command.clone(),
    )))])
}

/// The winner is set aside for the next one: somebody is selected, and another qualified applicant is left.
fn check_next(selection: &Selection, context: &Context<'_>) -> Result<(), Refusal> {
    let left = |id: &PartyId| !selection.set_aside.contains(id) && selection.selected.as_ref() != Some(id);
    if selection.selected.is_some() && selection.qualified().any(|(id, _)| left(id)) {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::SelectionScores,
        Text::new(
            "尚未选定运营机构，或没有其他合格候选人",
            "nobody is selected, or no other candidate is left",
        ),
        Text::new(
            "未选定的继续办理；没有其他候选人的，取消本次遴选后重新公告",
            "go on with it; with nobody left, cancel it and announce another (`selection.announce`)",
        ),
    ))
}
