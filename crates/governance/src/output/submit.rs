//! Submitting an output for review.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::checks;
use super::{Figures, OutputEvent, OutputStatus};
use crate::Context;
use crate::event::Event;
use crate::identifier::{ModelId, OutputId, PartyId, QueryId, RunId, ScenarioId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};
use crate::workbench::{AttemptKind, Ran, begun, check_charged, check_ran, check_runs_of_day, check_standing};

/// What kind of thing leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutputKind {
    /// 报告: the result of a query as a table to read.
    Report,
    /// 数据集: the result of a query as data.
    DataSet,
    /// 查询: a query's text with its derivation, to become a product elsewhere.
    ProductQuery,
    /// 模型: a model's module.
    Model,
}

impl OutputKind {
    /// The word on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::DataSet => "data_set",
            Self::ProductQuery => "product_query",
            Self::Model => "model",
        }
    }
}

/// What the platform makes the content from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutputSource {
    /// A saved query of the submitter.
    Query(QueryId),
    /// A model that the submitter registered.
    Model(ModelId),
}

/// The content that waits in the domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

/// Submits an output: the platform has made the content and keeps it until the review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubmitOutput {
    /// Its id.
    pub id: OutputId,
    /// What it is.
    pub kind: OutputKind,
    /// What it is made from.
    pub made_from: OutputSource,
    /// What it is called.
    pub title: String,
    /// Who needs it outside the domain, and what for.
    pub justification: String,
    /// The output that it replaces.
    #[serde(default)]
    pub previous: Option<OutputId>,
    /// The values of the query's parameters, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    /// The content.
    #[schemars(skip)]
    pub content: Content,
    /// What the platform found when it ran the query; of a model, its inputs.
    #[schemars(skip)]
    pub ran: Ran,
    /// What it measured.
    #[schemars(skip)]
    pub figures: Figures,
    /// The attempt that it ends; none where no data was read.
    #[schemars(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<RunId>,
}

/// Decides whether an output is taken in for review. A check that fails is recorded, and bars its release.
///
/// # Errors
/// Refuses whoever may not work under the scenario, a source that is not the submitter's own or does not fit the kind,
/// a previous version that still waits or is another's, and what the grant does not cover.
pub fn decide_submit(state: &State, command: &SubmitOutput, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let scenario = state.scenario(&scenario_of(state, command, context)?, context)?;
    check_standing(state, scenario, context)?;
    if state.outputs.contains_key(&command.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该成果已提交", "this output is submitted"),
            Text::new("请重新提交", "submit it again"),
        ));
    }
    context.rules.said(&command.title, ("成果名称", "title"))?;
    context
        .rules
        .said(&command.justification, ("出域理由", "justification"))?;
    check_previous(state, command, &scenario.application.id, context)?;
    check_ran(state, scenario, &command.ran, context)?;
    check_measured(command, context)?;
    check_begun(state, command, &scenario.application.id, context)?;
    Ok(vec![Event::Output(OutputEvent::Submitted {
        submission: Box::new(command.clone()),
        scenario: scenario.application.id.clone(),
        checks: checks(command, context.rules.parameters()),
        by: context.actor.clone(),
    })])
}

/// A content that was computed began as an attempt, and was counted then.
fn check_begun(
    state: &State,
    command: &SubmitOutput,
    scenario: &ScenarioId,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let Some(attempt) = &command.attempt else {
        return check_charged(None, &command.ran, context);
    };
    let begun = begun(state, attempt, (scenario, AttemptKind::Output), context)?;
    check_charged(begun, &command.ran, context)?;
    match begun {
        Some(_) => Ok(()),
        None => check_runs_of_day(state, scenario, context),
    }
}

/// Whose the source is.
pub(crate) fn source_owner(state: &State, source: &OutputSource, context: &Context<'_>) -> Result<PartyId, Refusal> {
    match source {
        OutputSource::Query(id) => Ok(state.query(id, context)?.by.party.clone()),
        OutputSource::Model(id) => Ok(state.model(id, context)?.registrar.party.clone()),
    }
}

fn scenario_of(state: &State, command: &SubmitOutput, context: &Context<'_>) -> Result<ScenarioId, Refusal> {
    match (&command.made_from, command.kind) {
        (OutputSource::Query(id), OutputKind::Report | OutputKind::DataSet | OutputKind::ProductQuery) => {
            Ok(state.query(id, context)?.saved.scenario.clone())
        }
        (OutputSource::Model(id), OutputKind::Model) => {
            let model = state.model(id, context)?;
            match model.training {
                None => Ok(model.registration.scenario.clone()),
                Some(_) => Err(trained_stays(context)),
            }
        }
        (OutputSource::Query(_), OutputKind::Model)
        | (OutputSource::Model(_), OutputKind::Report | OutputKind::DataSet | OutputKind::ProductQuery) => {
            Err(context.rules.input(
                Text::new(
                    "模型成果须取自已登记的模型，其他成果须取自已保存的查询",
                    "a model is made from a registered model, anything else from a saved query",
                ),
                Text::new("请更正成果类别或来源", "correct the kind or the source"),
            ))
        }
    }
}

/// What a model trained in the domain has learnt is of its subjects, so that its scores leave and its weights do not.
fn trained_stays(context: &Context<'_>) -> Refusal {
    context.rules.refuse(
        Rule::ModelTraining,
        Text::new(
            "域内训练的模型不出域",
            "a model that was trained in the domain does not leave it",
        ),
        Text::new("请以产品输出其评分", "let a product give its scores"),
    )
}

/// A version replaces one of the same submitter and scenario, once that one no longer waits.
fn check_previous(
    state: &State,
    command: &SubmitOutput,
    scenario: &ScenarioId,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let Some(previous) = &command.previous else {
        return Ok(());
    };
    let previous = state.output(previous, context)?;
    let own = previous.by.party == context.actor.party && previous.scenario == *scenario;
    let message = match (own, &previous.status) {
        (true, OutputStatus::Submitted) => Text::new("上一版本尚在审查中", "the version before it still waits"),
        (false, _) => Text::new(
            "上一版本不是本单位在该场景下的成果",
            "the version before it is not the submitter's own under this scenario",
        ),
        (
            true,
            OutputStatus::Released { .. }
            | OutputStatus::Refused { .. }
            | OutputStatus::Returned { .. }
            | OutputStatus::Withdrawn { .. },
        ) => return Ok(()),
    };
    let remedy = Text::new(
        "请待其审结或先撤回，并指明本单位的成果",
        "wait for its review or withdraw it, and name an output of your own",
    );
    Err(context.rules.wrong_state(message, remedy))
}

/// What the platform fills in is whole: it says what the reviewers will judge by.
fn check_measured(command: &SubmitOutput, context: &Context<'_>) -> Result<(), Refusal> {
    if is_sha256(&command.content.sha256) && command.content.bytes > 0 && command.figures.add_up() {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::OutputChecks,
        Text::new(
            "成果内容为空，或其摘要、披露风险指标不成立",
            "the content is empty, or its hash or its figures cannot be",
        ),
        Text::new("请由平台重新生成成果", "let the platform make the output again"),
    ))
}
