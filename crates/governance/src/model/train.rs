//! Training a version of a model inside the domain: on record are its lineage and figures of its fit, never its weights.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::register::{check_input, check_text, check_version};
use super::{Algorithm, Fit, Model, ModelEvent, ModelInput, ModelStatus, SuspendModel, function_of};
use crate::Context;
use crate::event::Event;
use crate::identifier::{ModelId, ResourceId, RunId, ScenarioId, VersionId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};
use crate::workbench::{AttemptKind, Ran, begun, check_ran, check_runs_of_day, check_standing};

/// A model that the platform has trained; it can be reviewed once this is on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TrainModel {
    /// Its id.
    pub id: ModelId,
    /// The scenario it is trained and used under.
    pub scenario: ScenarioId,
    /// Its name, of lower-case letters, digits and `_`.
    pub name: String,
    /// Its version, from 1.
    pub number: u32,
    /// What it scores, and how.
    pub summary: String,
    /// The query of its training data: `SELECT inputs…, label FROM resource [WHERE …]`.
    pub sql: String,
    /// How it was trained.
    #[schemars(skip)]
    pub algorithm: Algorithm,
    /// What it takes.
    #[schemars(skip)]
    pub input: ModelInput,
    /// The fields of which its label is made.
    #[schemars(skip)]
    pub label: BTreeSet<String>,
    /// SHA-256 of its file, lower-case hex. The file is sealed in the vault.
    #[schemars(skip)]
    pub module_sha256: String,
    /// What is told of its fit.
    #[schemars(skip)]
    pub fit: Fit,
    /// What the platform found when it ran the query.
    #[schemars(skip)]
    pub ran: Ran,
    /// The attempt that it ends.
    #[schemars(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<RunId>,
}

impl TrainModel {
    /// Its function in SQL.
    #[must_use]
    pub fn function(&self) -> String {
        function_of(&self.name, self.number)
    }

    /// SHA-256 of its query, lower-case hex.
    #[must_use]
    pub fn sql_sha256(&self) -> String {
        hex::encode(Sha256::digest(&self.sql))
    }
}

/// Decides whether a trained model goes on record.
///
/// # Errors
/// Refuses whoever may not work under the scenario, what the grant does not cover, a version that is not the next one,
/// data that is no longer in operation, a training with too few subjects or too much influence of one, parameters beyond
/// their bounds, and more runs than a day has.
pub fn decide_train(state: &State, command: &TrainModel, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let scenario = state.scenario(&command.scenario, context)?;
    check_standing(state, scenario, context)?;
    check_version(
        state,
        (&command.id, &command.scenario),
        (&command.name, command.number),
        context,
    )?;
    check_text(&command.name, &command.summary, context)?;
    context.rules.said(&command.sql, ("训练查询", "training query"))?;
    check_algorithm(&command.algorithm, context)?;
    check_input(state, scenario, &command.input, context)?;
    check_ran(state, scenario, &command.ran, context)?;
    check_lineage(command, context)?;
    check_fit(command, context)?;
    check_begun(state, command, context)?;
    Ok(vec![Event::Model(ModelEvent::Trained {
        training: Box::new(command.clone()),
        trainer: context.actor.clone(),
    })])
}

/// A training that began was counted then.
fn check_begun(state: &State, command: &TrainModel, context: &Context<'_>) -> Result<(), Refusal> {
    let attempted = (&command.scenario, AttemptKind::Training);
    match &command.attempt {
        Some(attempt) if begun(state, attempt, attempted, context)?.is_some() => Ok(()),
        _ => check_runs_of_day(state, &command.scenario, context),
    }
}

/// Refuses parameters beyond their bounds. For whoever trains before it is decided.
///
/// # Errors
/// When one is.
pub fn check_algorithm(algorithm: &Algorithm, context: &Context<'_>) -> Result<(), Refusal> {
    use super::{PENALTY_MILLI_MAX, ROUNDS_MAX};
    match algorithm.is_bounded() {
        true => Ok(()),
        false => Err(context.rules.input(
            Text::new(
                format!("训练参数超出范围：惩罚系数（千分之）须为 1 至 {PENALTY_MILLI_MAX}，轮数须为 1 至 {ROUNDS_MAX}"),
                format!(
                    "parameters are out of bounds: the penalty in thousandths is 1 to {PENALTY_MILLI_MAX}, rounds are 1 to {ROUNDS_MAX}"
                ),
            ),
            Text::new("请更正训练参数", "correct the parameters"),
        )),
    }
}

/// What it takes and learnt from is what was read, of its one resource.
fn check_lineage(command: &TrainModel, context: &Context<'_>) -> Result<(), Refusal> {
    let read = command.ran.checked.fields.get(&command.input.resource);
    let one = command.ran.checked.fields.len() == 1 && command.ran.versions.len() == 1;
    let mut named = command.input.fields.iter().chain(&command.label);
    let whole = one && read.is_some_and(|read| named.all(|field| read.contains(field)));
    match whole && is_sha256(&command.module_sha256) {
        true => Ok(()),
        false => Err(context.rules.refuse(
            Rule::ModelTraining,
            Text::new(
                "训练记录的谱系不完整：输入与标签须为所读的一个资源的字段，模型文件须有摘要",
                "the lineage is not whole: inputs and label are fields that were read of one resource, and the file has a digest",
            ),
            Text::new("请由平台重新训练", "let the platform train it again"),
        )),
    }
}

fn check_fit(command: &TrainModel, context: &Context<'_>) -> Result<(), Refusal> {
    let terms = context.rules.parameters().training;
    let (needed, most) = (terms.needed(command.input.fields.len()), terms.influence_percent_max);
    let fit = &command.fit;
    // What is told is rounded up to a multiple of 5.
    let decided = u64::from(fit.influence_percent) > most.next_multiple_of(5);
    if fit.subjects >= needed && !decided {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::ModelTraining,
        Text::new(
            format!(
                "训练用了 {} 个主体（至少 {needed} 个），单一主体影响 {}%（至多 {most}%）",
                fit.subjects, fit.influence_percent
            ),
            format!(
                "{} subjects were trained on, of at least {needed}; one has {}% of the influence, of at most {most}%",
                fit.subjects, fit.influence_percent
            ),
        ),
        Text::new(
            "请扩大主体范围，或减少输入字段",
            "choose more subjects, or fewer inputs",
        ),
    ))
}

/// The suspensions that the destruction of a version brings: of each model in force that was trained on it. Another
/// review may find that the model reveals nothing of what was destroyed, and puts it in force again (论证, opinion 7).
pub(crate) fn suspended_with(state: &State, resource: &ResourceId, version: &VersionId) -> Vec<Event> {
    let bereft = |model: &&Model| model.is_in_force() && model.is_trained_on(resource, version);
    let mut models: Vec<&Model> = state.models.values().map(|model| &**model).filter(bereft).collect();
    models.sort_by(|one, other| one.registration.id.cmp(&other.registration.id));
    let suspend = |model: &Model| {
        let reason = format!(
            "训练所用版本 `{version}` 已决定销毁，须重新审查 (its source `{version}` is to be destroyed; it waits for another review)"
        );
        let model = model.registration.id.clone();
        Event::Model(ModelEvent::Suspended {
            suspension: SuspendModel { model, reason },
            by: None,
        })
    };
    models.into_iter().map(suspend).collect()
}

impl Model {
    /// Whether it was trained on this version.
    #[must_use]
    pub fn is_trained_on(&self, resource: &ResourceId, version: &VersionId) -> bool {
        let mut read = self.training.iter().flat_map(|training| &training.ran.versions);
        read.any(|data| data.resource == *resource && data.version == *version)
    }

    /// Whether its weights are sealed in the vault: it was trained, and is not withdrawn.
    #[must_use]
    pub fn is_sealed(&self) -> bool {
        self.training.is_some() && !matches!(self.status, ModelStatus::Withdrawn { .. })
    }
}
