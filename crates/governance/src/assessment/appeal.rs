//! After the conclusion: the operator's appeal, its answer, and putting right what failed.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AssessmentEvent, Grade, concluded};
use crate::Context;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::AssessmentId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// Appeals against an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppealAssessment {
    /// The assessment.
    pub assessment: AssessmentId,
    /// Against what, and why.
    pub reason: String,
}

/// Answers an appeal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AnswerAppeal {
    /// The assessment.
    pub assessment: AssessmentId,
    /// Points that change, by indicator; none where the appeal does not hold.
    pub points: BTreeMap<String, u32>,
    /// Why.
    pub reason: String,
}

/// Records that what failed is put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RectifyAssessment {
    /// The assessment.
    pub assessment: AssessmentId,
    /// How, and who has looked at it.
    pub how: String,
    /// SHA-256 of the report, lower-case hex.
    pub document_sha256: String,
}

/// Decides an appeal.
///
/// # Errors
/// Refuses a second one, one out of time, and one without a reason.
pub fn decide_appeal(state: &State, command: &AppealAssessment, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let (assessment, conclusion) = concluded(state, &command.assessment, context)?;
    context.rules.said(&command.reason, ("申诉理由", "reason"))?;
    if assessment.appeal.is_some() {
        return Err(context.rules.wrong_state(
            Text::new("已经申诉", "an appeal is on record"),
            Text::new("请待答复", "wait for its answer"),
        ));
    }
    let days = context.rules.parameters().appeal_days;
    let until = conclusion.on.saturating_add(jiff::Span::new().days(days));
    if until < day_of(context.at) {
        return Err(context.rules.refuse_by(
            Rule::AssessmentAppeal,
            "days_max",
            Text::new(
                format!("申诉期于 {until} 届满"),
                format!("appeals were possible until {until}"),
            ),
            Text::new("可按争议解决途径办理", "a dispute may still be opened"),
        ));
    }
    Ok(vec![Event::Assessment(AssessmentEvent::Appealed(command.clone()))])
}

/// Decides an answer: total and grade follow from the points after it.
///
/// # Errors
/// Refuses one without an appeal, a second one, one without a reason, and points that an indicator does not carry.
pub fn decide_answer(state: &State, command: &AnswerAppeal, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let (assessment, _) = concluded(state, &command.assessment, context)?;
    context.rules.said(&command.reason, ("答复理由", "reason"))?;
    if assessment.appeal.is_none() || assessment.answer.is_some() {
        return Err(context.rules.refuse(
            Rule::AssessmentAppeal,
            Text::new("没有待答复的申诉", "no appeal waits for an answer"),
            Text::new("请核对评估", "check the assessment"),
        ));
    }
    for (name, points) in &command.points {
        let weight = assessment.indicator(name).map(|it| it.weight);
        if weight.is_none_or(|weight| *points > weight) {
            return Err(context.rules.refuse(
                Rule::AssessmentIndicators,
                Text::new(
                    format!("指标“{name}”不存在，或分值超出满分"),
                    format!("there is no indicator `{name}`, or it carries less than {points} points"),
                ),
                Text::new("请更正分值", "correct the points"),
            ));
        }
    }
    let mut points: BTreeMap<&String, u32> = assessment
        .findings
        .iter()
        .map(|(name, it)| (name, it.said.points))
        .collect();
    points.extend(command.points.iter().map(|(name, changed)| (name, *changed)));
    let total = points.values().sum();
    Ok(vec![Event::Assessment(AssessmentEvent::AppealAnswered {
        answer: command.clone(),
        total,
        grade: Grade::of(total, context.rules.parameters().grade_points),
    })])
}

/// Decides that what failed is put right.
///
/// # Errors
/// Refuses it where nothing failed, twice, and without how and a report.
pub fn decide_rectify(
    state: &State,
    command: &RectifyAssessment,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let (assessment, _) = concluded(state, &command.assessment, context)?;
    context.rules.said(&command.how, ("整改情况", "how"))?;
    if !assessment.is_failed() {
        return Err(context.rules.wrong_state(
            Text::new(
                "该评估没有待整改事项",
                "nothing of this assessment waits to be put right",
            ),
            Text::new("无需办理", "there is nothing to do"),
        ));
    }
    if !is_sha256(&command.document_sha256) {
        return Err(context.rules.refuse(
            Rule::AssessmentConsequence,
            Text::new("整改须附报告", "a report shows that it is put right"),
            Text::new("请填写报告的 SHA-256", "give the SHA-256 of the report"),
        ));
    }
    Ok(vec![Event::Assessment(AssessmentEvent::Rectified(command.clone()))])
}
