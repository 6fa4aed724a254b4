//! Opening an assessment.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AssessmentEvent;
use crate::Context;
use crate::agreement::AgreementStatus;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::{AgreementId, AssessmentId, PartyId};
use crate::party::Role;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Opens the assessment of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenAssessment {
    /// Its id.
    pub id: AssessmentId,
    /// The agreement whose operator is assessed.
    pub agreement: AgreementId,
    /// The year.
    pub year: i16,
    /// Who assesses.
    pub assessor: PartyId,
    /// Until when.
    #[schemars(with = "crate::schema::Day")]
    pub due: Date,
}

/// Decides that an assessment is opened.
///
/// # Errors
/// Refuses a second one of a year, one of a year without operation, by a party that is no assessor, and one that is due
/// already.
pub fn decide_open(state: &State, command: &OpenAssessment, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let agreement = state.agreement(&command.agreement, context)?;
    state.present_party(&command.assessor, context)?;
    let same = |id: &AssessmentId, of: &OpenAssessment| {
        *id == command.id || (of.agreement == command.agreement && of.year == command.year)
    };
    if state.assessments.iter().any(|(id, it)| same(id, &it.opening)) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该年度评估已启动", "the assessment of this year is opened"),
            Text::new("请在该评估中办理", "go on with it"),
        ));
    }
    let refuse =
        |zh: String, en: String, remedy| Err(context.rules.refuse(Rule::AssessmentYear, Text::new(zh, en), remedy));
    check_assessor(state, &command.assessor, context)?;
    let since = match &agreement.status {
        AgreementStatus::Proposed | AgreementStatus::Dropped { .. } => None,
        AgreementStatus::Signed { at } | AgreementStatus::Ended { signed: at, .. } => Some(day_of(*at).year()),
    };
    let today = day_of(context.at);
    if since.is_none_or(|since| command.year < since.min(agreement.terms.term.from.year()))
        || command.year > today.year()
    {
        let remedy = Text::new("请填写已开展运营的年度", "give a year of operation");
        let year = command.year;
        return refuse(
            format!("{year} 年没有开展运营"),
            format!("there was no operation in {year}"),
            remedy,
        );
    }
    check_due(command.due, context)?;
    Ok(vec![Event::Assessment(AssessmentEvent::Opened {
        opening: command.clone(),
        indicators: context.rules.parameters().indicators.clone(),
    })])
}

/// Refuses a party that is no assessor.
pub(super) fn check_assessor(state: &State, id: &PartyId, context: &Context<'_>) -> Result<(), Refusal> {
    let assessor = state.present_party(id, context)?;
    if assessor.role == Role::Assessor {
        return Ok(());
    }
    let name = &assessor.name;
    Err(context.rules.refuse(
        Rule::AssessmentYear,
        Text::new(format!("`{name}` 不是评估机构"), format!("`{name}` is no assessor")),
        Text::new("请选择已登记的评估机构", "choose a registered assessor"),
    ))
}

/// Refuses a day that is over.
pub(super) fn check_due(due: Date, context: &Context<'_>) -> Result<(), Refusal> {
    if day_of(context.at) <= due {
        return Ok(());
    }
    Err(context.rules.input(
        Text::new("评估期限早于今日", "the assessment is due before today"),
        Text::new("请填写今日或以后的日期", "give today or a later day"),
    ))
}
