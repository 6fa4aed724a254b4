//! Models: what the engine is told of them, and their registration after the engine has looked at the file.

use std::collections::BTreeMap;

use gongshu_engine::{Model, ModelError, Standing};
use gongshu_governance::identifier::{ModelId, ScenarioId};
use gongshu_governance::model::{Model as Recorded, ModelStatus, RegisterModel};
use gongshu_governance::rules::Rule;
use gongshu_governance::scenario::Scenario;
use gongshu_governance::{Actor, Command, Context, State, Text, decide};

use crate::act::ActReceipt;
use crate::district::District;
use crate::error::AppError;

impl District {
    /// Registers a version of a model, once its file is found to be one that can be run.
    ///
    /// # Errors
    /// Refuses a module that imports anything or lacks an export, a network that could mix rows, and whatever passes a
    /// limit; else as [`District::act`].
    pub async fn register_model(
        &self,
        actor: Actor,
        registration: RegisterModel,
        seen_revision: Option<u64>,
    ) -> Result<ActReceipt, AppError> {
        let code = registration.code().unwrap_or_default();
        let (format, columns) = (registration.format, registration.input.fields.len());
        let command = Command::RegisterModel(Box::new(registration));
        let at = self.now();
        let context = Context {
            at,
            actor: &actor,
            rules: self.rules_at(at),
            powers: self.powers(),
            seen_revision,
        };
        // Nobody makes the platform compile what could not be registered anyway.
        decide(&self.snapshot().state, &command, &context)?;
        let district = self.clone();
        let check = move || district.0.domain.check_model(format, &code, columns);
        let checked = tokio::task::spawn_blocking(check).await.map_err(AppError::internal)?;
        checked.map_err(|error| self.refused_module(&error))?;
        self.act(actor, command, seen_revision).await
    }

    fn refused_module(&self, error: &ModelError) -> AppError {
        let remedy = Text::new(
            "请按 docs/spec/model-abi.md 制作模型文件，并遵守限额",
            "make the file as docs/spec/model-abi.md says, within the limits",
        );
        self.rules().refuse(Rule::ModelModule, error.text(), remedy).into()
    }
}

/// The models of a scenario by their function, whatever their standing: the engine says of each why it may not be
/// called.
pub(crate) fn of_scenario(state: &State, scenario: &Scenario) -> BTreeMap<String, Model> {
    let models = state.models.values();
    models
        .filter(|model| model.registration.scenario == scenario.application.id)
        .filter_map(|model| engine_model(state, model))
        .map(|model| (model.function.clone(), model))
        .collect()
}

fn engine_model(state: &State, model: &Recorded) -> Option<Model> {
    let registration = &model.registration;
    let resource = state.resources.get(&registration.input.resource)?;
    Some(Model {
        function: registration.function(),
        format: registration.format,
        sha256: registration.module_sha256.clone(),
        table: resource.registration.table.clone(),
        inputs: registration.input.fields.clone(),
        standing: match model.status {
            ModelStatus::Registered => Standing::Registered,
            ModelStatus::InForce { .. } => Standing::InForce,
            ModelStatus::Suspended { .. } | ModelStatus::Withdrawn { .. } => Standing::Stopped,
        },
        code: registration.code()?.into(),
    })
}

/// The ids of the models that a query under this scenario calls, with the SHA-256 of their modules.
pub(crate) fn called(
    state: &State,
    scenario: &ScenarioId,
    functions: &BTreeMap<String, String>,
) -> BTreeMap<ModelId, String> {
    let models = state.models.values().map(|model| &model.registration);
    models
        .filter(|registration| registration.scenario == *scenario)
        .filter_map(|registration| {
            let sha256 = functions.get(&registration.function())?;
            Some((registration.id.clone(), sha256.clone()))
        })
        .collect()
}
