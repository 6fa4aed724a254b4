//! Training a model: checked, trained inside the domain, sealed in the vault, then put on record. The weights are never an
//! answer: what is told is the lineage and figures of the fit.

use std::collections::BTreeMap;

use gongshu_engine::{CheckedTraining, Derivation, TrainError};
use gongshu_governance::calendar::day_of;
use gongshu_governance::identifier::{ModelId, ResourceId, ScenarioId};
use gongshu_governance::model::{Algorithm, Fit, ModelInput, TrainModel, WithdrawModel, check_algorithm};
use gongshu_governance::rules::Rule;
use gongshu_governance::workbench::{AttemptKind, Ran, workplace};
use gongshu_governance::{Actor, Command, State, Text};

use super::attempt::Stopped;
use super::{found, versions};
use crate::act::ActReceipt;
use crate::district::District;
use crate::error::AppError;

/// A model as its developer asks for it.
#[derive(Debug, Clone)]
pub struct NewTraining {
    /// The scenario it is trained and used under.
    pub scenario: ScenarioId,
    /// Its name; one that is in use makes its next version.
    pub name: String,
    /// What it scores, and how.
    pub summary: String,
    /// The query of its training data.
    pub sql: String,
    /// How it is trained.
    pub algorithm: Algorithm,
}

/// A trained model that is on record, and waits for its review.
#[derive(Debug, Clone)]
pub struct TrainedModel {
    /// Its id.
    pub id: ModelId,
    /// Its function in SQL.
    pub function: String,
    /// SHA-256 of its file.
    pub module_sha256: String,
    /// What is told of its fit.
    pub fit: Fit,
    /// Why its rows could be trained on.
    pub derivation: Derivation,
    /// The receipt of the record.
    pub receipt: ActReceipt,
}

impl District {
    /// Trains a model over what a scenario grants.
    ///
    /// # Errors
    /// Refuses whoever may not work under the scenario, a query whose rows may not be trained on, data that would make the
    /// model tell of single subjects, and what [`gongshu_governance::model::decide_train`] refuses.
    pub async fn train_model(&self, actor: Actor, asked: NewTraining) -> Result<TrainedModel, AppError> {
        let snapshot = self.snapshot();
        let (state, rules) = (&snapshot.state, self.rules());
        let context = self.context(&actor);
        let scenario = workplace(state, &asked.scenario, &context)?;
        check_algorithm(&asked.algorithm, &context)?;
        let domain = &self.0.domain;
        let attempt = self.attempt(actor, &asked.scenario, AttemptKind::Training, &asked.sql);
        let attempt = attempt.of_training(&asked.name, asked.algorithm);
        let checked = domain.check_training(state, scenario, &asked.sql, rules).await;
        let checked = self.or_refused(&attempt, checked.map_err(Stopped::by_check)).await?;
        let resource = read_resource(state, &checked)?;
        self.begin(&attempt, &BTreeMap::new()).await?;
        let earlier = self.earlier(state, &resource).await;
        let today = day_of(self.now());
        let trained = domain.train(&checked, asked.algorithm, today, &earlier).await;
        let trained = trained.map_err(|error| self.not_trained(&error));
        let trained = self.or_refused(&attempt, trained).await?;
        let id = ModelId::new(self.new_id(ModelId::PREFIX));
        let query = found(state, &asked.scenario, checked.derivation());
        let command = TrainModel {
            id: id.clone(),
            number: next_number(state, &asked),
            scenario: asked.scenario,
            name: asked.name,
            summary: asked.summary,
            sql: asked.sql,
            algorithm: asked.algorithm,
            input: ModelInput {
                resource,
                fields: checked.inputs().to_vec(),
            },
            label: checked.label().clone(),
            module_sha256: trained.sha256.clone(),
            fit: trained.fit,
            ran: Ran {
                versions: versions(state, &query),
                checked: query,
                losses: [].into(),
                charged: false,
            },
            attempt: Some(attempt.id.clone()),
        };
        let function = command.function();
        self.keep(id.as_str(), trained.code).await?;
        let receipt = match self.end(&attempt, Command::TrainModel(Box::new(command))).await {
            Ok(receipt) => receipt,
            Err(error) => {
                self.discard(id.as_str()).await;
                return Err(error);
            }
        };
        Ok(TrainedModel {
            id,
            function,
            module_sha256: trained.sha256,
            fit: trained.fit,
            derivation: checked.derivation().clone(),
            receipt,
        })
    }

    /// Withdraws a model; the weights of one that was trained here are destroyed.
    ///
    /// # Errors
    /// As [`District::act`].
    pub async fn withdraw_model(
        &self,
        actor: Actor,
        withdrawal: WithdrawModel,
        seen_revision: Option<u64>,
    ) -> Result<ActReceipt, AppError> {
        let id = withdrawal.model.clone();
        let done = self
            .act(actor, Command::WithdrawModel(withdrawal), seen_revision)
            .await?;
        self.0.domain.forget_model(&id);
        self.discard_ended(id.as_str()).await;
        Ok(done)
    }

    /// The trainings before over the same resource, whoever asked for them: withdrawn ones too, since their scores are
    /// known. One that no longer passes the check, because a column was closed since, cannot be compared.
    async fn earlier(&self, state: &State, resource: &ResourceId) -> Vec<CheckedTraining> {
        let trainings = state.models.values().filter_map(|model| model.training.as_deref());
        let same: Vec<&TrainModel> = trainings
            .filter(|training| training.input.resource == *resource)
            .collect();
        let mut earlier = Vec::with_capacity(same.len());
        for training in same {
            let Some(scenario) = state.scenarios.get(&training.scenario) else {
                continue;
            };
            let domain = &self.0.domain;
            let checked = domain
                .check_training(state, scenario, &training.sql, self.rules())
                .await;
            earlier.extend(checked.ok());
        }
        earlier
    }

    fn not_trained(&self, error: &TrainError) -> Stopped {
        if let TrainError::Execute(error) = error {
            return Stopped::running(error);
        }
        let remedy = Text::new(
            "请扩大主体范围、减少输入字段，或改用合适的标签与算法",
            "choose more subjects, fewer inputs, or a label that suits the algorithm",
        );
        let refusal = self.rules().refuse(Rule::ModelTraining, error.text(), remedy);
        Stopped::training(error, refusal)
    }
}

/// The resource of a training's rows.
fn read_resource(state: &State, checked: &CheckedTraining) -> Result<ResourceId, AppError> {
    let mut resources = state.resources.values().map(|resource| &resource.registration);
    let found = resources.find(|registration| registration.table == checked.table());
    let found = found.map(|registration| registration.id.clone());
    found.ok_or_else(|| AppError::internal("a table that was read is not on record"))
}

/// The version after the newest of this name under the scenario.
fn next_number(state: &State, asked: &NewTraining) -> u32 {
    let models = state.models.values().map(|model| &model.registration);
    let same = models.filter(|model| model.scenario == asked.scenario && model.name == asked.name);
    same.map(|model| model.number)
        .max()
        .map_or(1, |last| last.saturating_add(1))
}
