//! Objections to a candidate, and their answers.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{SelectionEvent, open};
use crate::Context;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::SelectionId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// Objects to the candidate, or records the objection of somebody without an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ObjectSelection {
    /// The selection.
    pub selection: SelectionId,
    /// Its number; objections are numbered one by one from 1.
    pub objection: u32,
    /// Who objects.
    pub objector: String,
    /// Why.
    pub reason: String,
    /// When it reached the agency in writing, where that was before it is put on record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<Received>,
}

/// A letter that was received before it is put on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Received {
    /// On which day.
    #[schemars(with = "crate::schema::Day")]
    pub day: Date,
    /// SHA-256 of the letter with its mark of receipt.
    pub document_sha256: String,
}

/// Answers an objection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResolveObjection {
    /// The selection.
    pub selection: SelectionId,
    /// Its number.
    pub objection: u32,
    /// Whether it holds: the candidate is set aside then.
    pub upheld: bool,
    /// Why.
    pub reason: String,
}

/// Decides an objection.
///
/// # Errors
/// Refuses one while no candidate is publicized or after the publicity, out of turn, and without a reason.
pub fn decide_object(state: &State, command: &ObjectSelection, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let selection = open(state, &command.selection, context)?;
    context.rules.said(&command.objector, ("异议人", "objector"))?;
    context.rules.said(&command.reason, ("异议理由", "reason"))?;
    if selection.publicity.is_none() {
        return Err(context.rules.refuse(
            Rule::SelectionObjections,
            Text::new("尚无候选人在公示", "no candidate is publicized"),
            Text::new("请在公示期内提出异议", "object while a candidate is publicized"),
        ));
    }
    let today = day_of(context.at);
    let day = command.received.as_ref().map_or(today, |received| received.day);
    let shown = command
        .received
        .as_ref()
        .is_none_or(|received| is_sha256(&received.document_sha256));
    let term = selection.publicity.as_ref().map(|publicity| publicity.term);
    if let Some(term) =
        term.filter(|term| day > term.until || command.received.is_some() && day < term.from || day > today || !shown)
    {
        return Err(context.rules.refuse(
            Rule::SelectionObjections,
            Text::new(
                format!(
                    "公示期为 {} 至 {}，{day} 提出的异议不在其内或没有凭证",
                    term.from, term.until
                ),
                format!(
                    "the publicity runs from {} to {}; nothing shows an objection of {day} within it",
                    term.from, term.until
                ),
            ),
            Text::new(
                "期内书面提出的，附收件凭证；逾期的，可向监督部门书面反映",
                "of one that came in time, give the letter (`received`); what is late goes to the supervisor in writing",
            ),
        ));
    }
    let next = selection.objections.keys().next_back().map_or(1, |last| last + 1);
    if command.objection != next {
        return Err(context.rules.input(
            Text::new(
                format!("下一条异议的序号是 {next}"),
                format!("the next objection is number {next}"),
            ),
            Text::new("请按序号逐条登记", "number them one by one"),
        ));
    }
    Ok(vec![Event::Selection(SelectionEvent::Objected(Box::new(
        command.clone(),
    )))])
}

/// Decides an answer.
///
/// # Errors
/// Refuses a second one, and one without a reason.
pub fn decide_resolve(state: &State, command: &ResolveObjection, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let selection = open(state, &command.selection, context)?;
    context.rules.said(&command.reason, ("答复理由", "reason"))?;
    let number = command.objection.to_string();
    let unknown = || context.rules.unknown(&Text::new("异议", "objection"), &number);
    let objection = selection.objections.get(&command.objection).ok_or_else(unknown)?;
    if objection.answer.is_some() {
        return Err(context.rules.wrong_state(
            Text::new("该异议已答复", "the objection is answered"),
            Text::new("无需重复答复", "there is nothing to do"),
        ));
    }
    Ok(vec![Event::Selection(SelectionEvent::Resolved(Box::new(
        command.clone(),
    )))])
}
