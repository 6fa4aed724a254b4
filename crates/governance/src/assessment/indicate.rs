//! Assessing indicators.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Assessment, AssessmentEvent, Indicator, figure, going_on};
use crate::Context;
use crate::event::Event;
use crate::identifier::AssessmentId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// Records what was found of indicators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssessIndicators {
    /// The assessment.
    pub assessment: AssessmentId,
    /// Findings by the indicators' names.
    pub findings: BTreeMap<String, IndicatorFinding>,
}

/// What was found of an indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IndicatorFinding {
    /// Points, up to its weight.
    pub points: u32,
    /// What was found.
    pub finding: String,
    /// SHA-256 of what shows it, lower-case hex; none where the record shows it.
    pub document_sha256: Option<String>,
}

/// Decides findings. What the record says is computed with them, so that nobody has to be believed.
///
/// # Errors
/// Refuses an indicator that there is none of, more points than it weighs, and a finding without text, or without
/// evidence where the record says nothing. Found again, the later finding stands, until the conclusion.
pub fn decide_indicate(
    state: &State,
    command: &AssessIndicators,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let assessment = going_on(state, &command.assessment, context)?;
    let (opening, mut figures) = (&assessment.opening, BTreeMap::new());
    if command.findings.is_empty() {
        return Err(context.rules.input(
            Text::new("没有评估任何指标", "no indicator is assessed"),
            Text::new("请逐项填写评估情况", "give findings by the indicators' names"),
        ));
    }
    for (name, finding) in &command.findings {
        let indicator = check(assessment, name, finding, context)?;
        if let Some(of) = indicator.figure {
            figures.insert(
                name.clone(),
                figure(state, of, &opening.agreement, opening.year, context.at),
            );
        }
    }
    Ok(vec![Event::Assessment(AssessmentEvent::Indicated {
        findings: Box::new(command.clone()),
        figures,
    })])
}

fn check<'a>(
    assessment: &'a Assessment,
    name: &str,
    finding: &IndicatorFinding,
    context: &Context<'_>,
) -> Result<&'a Indicator, Refusal> {
    context.rules.said(&finding.finding, ("评估情况", "finding"))?;
    let refuse = |zh: String, en: String, remedy| {
        Err(context
            .rules
            .refuse(Rule::AssessmentIndicators, Text::new(zh, en), remedy))
    };
    let Some(indicator) = assessment.indicator(name) else {
        let names: Vec<&str> = assessment.indicators.iter().map(|it| it.name.as_str()).collect();
        let remedy = Text::new(
            format!("指标为：{}", names.join("、")),
            format!("the indicators are: {}", names.join(", ")),
        );
        return refuse(
            format!("没有指标“{name}”"),
            format!("there is no indicator `{name}`"),
            remedy,
        );
    };
    if finding.points > indicator.weight {
        let (weight, points) = (indicator.weight, finding.points);
        let remedy = Text::new("请更正分值", "correct the points");
        return refuse(
            format!("“{name}”满分 {weight}，所给 {points}"),
            format!("`{name}` weighs {weight}, not {points}"),
            remedy,
        );
    }
    let shown = finding.document_sha256.as_deref();
    if !shown.map_or(indicator.figure.is_some(), is_sha256) {
        let remedy = Text::new("请填写证明文件的 SHA-256", "give the SHA-256 of what shows it");
        return refuse(
            format!("“{name}”须附证明文件"),
            format!("evidence shows `{name}`, by the hash of its file"),
            remedy,
        );
    }
    Ok(indicator)
}
