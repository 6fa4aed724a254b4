//! Deciding whether an applicant qualifies.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::{check_sound, check_statement};
use super::{Applicant, RecordCheck, Selection, SelectionEvent, open};
use crate::Context;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::{PartyId, SelectionId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Decides whether an applicant qualifies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QualifyApplicant {
    /// The selection.
    pub selection: SelectionId,
    /// The applicant.
    pub applicant: PartyId,
    /// Whether it does.
    pub qualified: bool,
    /// Why.
    pub reason: String,
    /// What the agency found of its record itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<RecordCheck>,
}

/// Decides a qualification.
///
/// # Errors
/// Refuses a second one, one without a reason, a check without its report, and that an applicant qualifies who by its own
/// statement or by the check does not hold a hard condition, whose statement the check contradicts, or who was not checked
/// where the packs ask for it.
pub fn decide_qualify(state: &State, command: &QualifyApplicant, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let selection = open(state, &command.selection, context)?;
    let applicant = applicant(selection, &command.applicant, context)?;
    if applicant.qualification.is_some() {
        return Err(context.rules.wrong_state(
            Text::new("该申请人已作资格审查", "it is decided whether this applicant qualifies"),
            Text::new("如有异议，请在公示期提出", "object while the candidate is publicized"),
        ));
    }
    context.rules.said(&command.reason, ("审查理由", "reason"))?;
    if let Some(check) = &command.check {
        check_sound(check, context)?;
    }
    if command.qualified {
        check_conditions(applicant, context)?;
        check_statement(applicant, command.check.as_ref(), context)?;
    }
    Ok(vec![Event::Selection(SelectionEvent::Qualified(command.clone()))])
}

fn check_conditions(applicant: &Applicant, context: &Context<'_>) -> Result<(), Refusal> {
    let Some((zh, en)) = failing(applicant, context) else {
        return Ok(());
    };
    Err(context.rules.refuse(
        Rule::SelectionQualification,
        Text::new(zh, en),
        Text::new("请作出资格不符的决定", "decide that it does not qualify"),
    ))
}

/// The applicant of a command.
pub(super) fn applicant<'s>(
    selection: &'s Selection,
    id: &PartyId,
    context: &Context<'_>,
) -> Result<&'s Applicant, Refusal> {
    let unknown = || context.rules.unknown(&Text::new("申请人", "applicant"), id.as_str());
    selection.applicants.get(id).ok_or_else(unknown)
}

/// The first hard condition that the applicant's own statement does not meet, in Chinese and English.
fn failing(applicant: &Applicant, context: &Context<'_>) -> Option<(String, String)> {
    let stated = &applicant.application;
    let parameters = context.rules.parameters();
    if !stated.legal_person {
        return Some((
            "申请人不具备法人资格".to_owned(),
            "the applicant is no legal person".to_owned(),
        ));
    }
    let least = parameters.protection_level_min;
    if stated.protection_level < least {
        let level = stated.protection_level;
        return Some((
            format!("平台等级保护为 {level} 级，要求不低于 {least} 级"),
            format!("its platform is of protection level {level}; {least} is the least"),
        ));
    }
    let years = parameters.clean_years_min;
    let clean_since = day_of(applicant.at).saturating_sub(jiff::Span::new().years(years));
    let day = stated.last_blemish.filter(|day| *day > clean_since)?;
    Some((
        format!("申请人于 {day} 有安全事件、处罚、诉讼或重大舆情，近 {years} 年须无此记录"),
        format!("it had an incident, penalty, litigation or public-opinion event on {day}, within {years} years"),
    ))
}
