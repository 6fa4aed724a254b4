//! Concluding an assessment.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AssessmentEvent, Grade, going_on};
use crate::Context;
use crate::event::Event;
use crate::identifier::AssessmentId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Concludes an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConcludeAssessment {
    /// The assessment.
    pub assessment: AssessmentId,
    /// The experts of its panel.
    pub experts: BTreeSet<String>,
    /// What they conclude.
    pub conclusion: String,
}

/// Decides a conclusion: total and grade follow from the findings.
///
/// # Errors
/// Refuses it while an indicator is not assessed, by a panel that is too small or even in number, and without a text.
pub fn decide_conclude(
    state: &State,
    command: &ConcludeAssessment,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let assessment = going_on(state, &command.assessment, context)?;
    context.rules.said(&command.conclusion, ("评估结论", "conclusion"))?;
    let parameters = context.rules.parameters();
    let refuse = |zh: String, en: String, remedy| {
        Err(context
            .rules
            .refuse(Rule::AssessmentIndicators, Text::new(zh, en), remedy))
    };
    let waiting = assessment
        .indicators
        .iter()
        .find(|it| !assessment.findings.contains_key(&it.name));
    if let Some(waiting) = waiting {
        let (name, remedy) = (&waiting.name, Text::new("请逐项评估", "assess them one by one"));
        return refuse(
            format!("指标“{name}”尚未评估"),
            format!("the indicator `{name}` is not assessed"),
            remedy,
        );
    }
    let (least, seats) = (parameters.assessment_experts_min, command.experts.len());
    if seats < least || seats % 2 == 0 {
        let remedy = Text::new("请调整专家人数", "change the number of experts");
        return refuse(
            format!("评估专家须为不少于 {least} 人的单数，现为 {seats} 人"),
            format!("a panel has an odd number of at least {least} experts, not {seats}"),
            remedy,
        );
    }
    let total = assessment.total();
    Ok(vec![Event::Assessment(AssessmentEvent::Concluded {
        conclusion: Box::new(command.clone()),
        total,
        grade: Grade::of(total, parameters.grade_points),
    })])
}
