//! Applying to be the operator.

use std::collections::BTreeMap;

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
use crate::text::Text;

/// Applies to be selected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApplySelection {
    /// The selection.
    pub selection: SelectionId,
    /// Whether the applicant is a legal person.
    pub legal_person: bool,
    /// The grade of its platform under 等级保护 (GB/T 22239): 1 to 5; 0 where it has none.
    pub protection_level: u8,
    /// The day of its last security incident, data-compliance penalty, litigation or major public-opinion event; none
    /// where there was none.
    #[schemars(with = "Option<crate::schema::Day>")]
    pub last_blemish: Option<Date>,
    /// By condition, the SHA-256 of the file that shows it, lower-case hex.
    pub evidence: BTreeMap<String, String>,
}

/// Decides an application.
///
/// # Errors
/// Refuses one out of time, a second one, and one that leaves a condition without a file that shows it.
pub fn decide_apply(state: &State, command: &ApplySelection, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let selection = open(state, &command.selection, context)?;
    let (applicant, term) = (&context.actor.party, selection.announcement.term);
    if selection.applicants.contains_key(applicant) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("已经报名", "this party has applied"),
            Text::new("无需重复报名", "there is nothing to do"),
        ));
    }
    if !term.covers(day_of(context.at)) || selection.panel.is_some() {
        return Err(context.rules.refuse(
            Rule::SelectionApplications,
            Text::new(
                format!("报名时间为 {} 至 {}", term.from, term.until),
                format!("applications are taken from {} to {}", term.from, term.until),
            ),
            Text::new("请在报名时间内办理", "apply within that time"),
        ));
    }
    let invited = &selection.announcement.invited;
    if !invited.is_empty() && !invited.contains(applicant) {
        return Err(context.rules.refuse(
            Rule::SelectionApplications,
            Text::new(
                "邀请招标只由受邀人报名",
                "only those who are invited apply to an invited tender",
            ),
            Text::new(
                "请与实施机构联系，或待公开招标",
                "ask the agency, or wait for an open tender",
            ),
        ));
    }
    check_evidence(&selection.announcement.conditions, command, context)?;
    Ok(vec![Event::Selection(SelectionEvent::Applied {
        application: Box::new(command.clone()),
        applicant: applicant.clone(),
    })])
}

fn check_evidence(
    conditions: &BTreeMap<String, String>,
    command: &ApplySelection,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let refuse = |zh: String, en: String| {
        let remedy = Text::new(
            "请逐项提供证明文件的 SHA-256",
            "give the SHA-256 of a file for each condition",
        );
        Err(context
            .rules
            .refuse(Rule::SelectionConditions, Text::new(zh, en), remedy))
    };
    if let Some(other) = command.evidence.keys().find(|name| !conditions.contains_key(*name)) {
        return refuse(
            format!("公告没有条件“{other}”"),
            format!("the announcement has no condition `{other}`"),
        );
    }
    for name in conditions.keys() {
        if !command
            .evidence
            .get(name)
            .is_some_and(|hash| crate::text::is_sha256(hash))
        {
            return refuse(
                format!("条件“{name}”没有证明文件"),
                format!("no file shows the condition `{name}`"),
            );
        }
    }
    Ok(())
}
