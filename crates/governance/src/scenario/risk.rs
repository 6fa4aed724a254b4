//! The risk assessment of a scenario, before it is granted (论证, opinion 22).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::turn_down::check_waits;
use super::{Scenario, ScenarioEvent};
use crate::Context;
use crate::event::Event;
use crate::identifier::ScenarioId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// Records the risk assessment of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssessRisk {
    /// The scenario.
    pub scenario: ScenarioId,
    /// Risks by their names: at least those that the rule pack lists.
    pub risks: BTreeMap<String, RiskFinding>,
    /// SHA-256 of the report, lower-case hex.
    pub document_sha256: String,
}

/// What was found of a risk, its measures taken into account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RiskFinding {
    /// How likely it stays: from 1 to the end of the scale of the rule pack.
    pub likelihood: u32,
    /// How much harm it would do: from 1 to the end of the scale.
    pub impact: u32,
    /// What is done against it.
    pub measure: String,
}

/// Decides a risk assessment. Made again before the grant, the later one stands.
///
/// # Errors
/// Refuses one of a scenario that is granted, that leaves a listed risk out, is outside the scale, names no measure, or
/// comes without its report.
pub fn decide_risk(state: &State, command: &AssessRisk, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let scenario = state.scenario(&command.scenario, context)?;
    check_waits(scenario, context)?;
    let refuse =
        |zh: String, en: String, remedy| Err(context.rules.refuse(Rule::ScenarioRisk, Text::new(zh, en), remedy));
    let listed = &context.rules.parameters().scenario_risks;
    if let Some(missing) = listed.iter().find(|name| !command.risks.contains_key(*name)) {
        let remedy = Text::new(
            format!("须评估：{}", listed.join("、")),
            format!("assess: {}", listed.join(", ")),
        );
        return refuse(
            format!("未评估“{missing}”"),
            format!("the risk `{missing}` is not assessed"),
            remedy,
        );
    }
    let scale = context.rules.parameters().risk_scale;
    for (name, risk) in &command.risks {
        context.rules.said(&risk.measure, ("应对措施", "measure"))?;
        if !(1..=scale).contains(&risk.likelihood) || !(1..=scale).contains(&risk.impact) {
            return Err(context.rules.refuse_by(
                Rule::ScenarioRisk,
                "scale",
                Text::new(
                    format!("“{name}”的可能性和影响应为 1 至 {scale}"),
                    format!("likelihood and impact of `{name}` go from 1 to {scale}"),
                ),
                Text::new(
                    format!("请按 1 至 {scale} 填写"),
                    format!("give numbers from 1 to {scale}"),
                ),
            ));
        }
    }
    if !is_sha256(&command.document_sha256) {
        let remedy = Text::new("请填写评估报告的 SHA-256", "give the SHA-256 of the report");
        let (zh, en) = ("风险评估须附报告", "a risk assessment comes with its report");
        return refuse(zh.to_owned(), en.to_owned(), remedy);
    }
    Ok(vec![Event::Scenario(ScenarioEvent::RiskAssessed(Box::new(
        command.clone(),
    )))])
}

/// Refuses to grant what is not assessed, or stays too risky.
pub(super) fn check_assessed(scenario: &Scenario, context: &Context<'_>) -> Result<(), Refusal> {
    let refuse =
        |zh: String, en: String, remedy| Err(context.rules.refuse(Rule::ScenarioRisk, Text::new(zh, en), remedy));
    let Some(assessed) = &scenario.risk else {
        let remedy = Text::new("请运营机构先作风险评估", "let the operator assess its risks first");
        let (zh, en) = ("该场景尚未作风险评估", "the scenario's risks are not assessed");
        return refuse(zh.to_owned(), en.to_owned(), remedy);
    };
    let most = context.rules.parameters().residual_risk_max;
    match assessed
        .risks
        .iter()
        .find(|(_, risk)| risk.likelihood * risk.impact > most)
    {
        None => Ok(()),
        Some((name, risk)) => {
            let residual = risk.likelihood * risk.impact;
            Err(context.rules.refuse_by(
                Rule::ScenarioRisk,
                "residual_max",
                Text::new(
                    format!("“{name}”的剩余风险为 {residual}，上限 {most}"),
                    format!("the risk `{name}` stays at {residual}; {most} is the most"),
                ),
                Text::new("请加强措施后重新评估", "take stronger measures and assess it again"),
            ))
        }
    }
}
