//! The security domain: the one place where the path meets raw data. A query goes in with the
//! access that its scenario grants; only a controlled answer comes out.

use std::collections::BTreeMap;
use std::sync::Arc;

use gongshu_engine::{
    Access, Algorithm, Answer, CheckedPlan, CheckedTraining, Consenting, Engine, ExecuteError, FieldType as ParamType,
    Model, ModelError, ModelFormat, Param, Prepared, SubjectGate, Table, TrainError, Trained,
};
use gongshu_governance::authorization::Permit;
use gongshu_governance::calendar::day_of;
use gongshu_governance::identifier::{ModelId, ResourceId, VersionId};
use gongshu_governance::product::{Parameter, Product, SubjectParameter, Volume};
use gongshu_governance::resource::Resource;
use gongshu_governance::rules::{Rule, Rules, Span};
use gongshu_governance::scenario::Scenario;
use gongshu_governance::{Refusal, State, Text};
use gongshu_privacy::accountant::Rho;
use gongshu_vault::{DataKey, Vault};
use quick_cache::sync::Cache;

use crate::call::Call;
use crate::controls;
use crate::error::AppError;
use crate::model;
use crate::snapshot::Snapshot;

/// Most prepared products held at once.
pub const PREPARED_PRODUCTS_MAX: usize = 256;
/// Most models trained in the domain whose files are held at once.
pub const TRAINED_MODELS_MAX: usize = 256;
/// Most versions whose tables are held at once.
pub const OPEN_VERSIONS_MAX: usize = 256;

/// Engine and vault, with what is prepared for calls.
pub(crate) struct Domain {
    engine: Engine,
    pub(crate) vault: Arc<Vault>,
    secret: DataKey,
    /// By version, and how often its resource was graded anew: a table knows the rules of its columns.
    tables: Cache<(VersionId, u64), Table>,
    prepared: Cache<PlanKey, Arc<Prepared>>,
    trained: Cache<ModelId, Arc<[u8]>>,
}

/// A plan is prepared for a product, how often its scenario was narrowed, the versions it reads, and the days on which the
/// rules that it was checked by are in force.
type PlanKey = (String, (u64, usize), Vec<VersionId>, Span);

/// A query to check: its text, the scenario it stands under, its parameters.
pub(crate) struct Query<'a> {
    pub(crate) sql: &'a str,
    pub(crate) parameters: &'a [Parameter],
    pub(crate) subject: Option<&'a SubjectParameter>,
}

/// A permitted call with all that it needs to run.
pub(crate) struct Ready {
    prepared: Arc<Prepared>,
    values: Vec<Param>,
    day: jiff::civil::Date,
    consenting: Consenting,
    /// What privacy it loses, whatever comes of it.
    pub(crate) losses: BTreeMap<ResourceId, Rho>,
}

impl Ready {
    pub(crate) async fn run(self) -> Result<Answer, ExecuteError> {
        self.prepared.execute_for(&self.values, self.day, self.consenting).await
    }
}

/// An answer as the exact JSON text that is committed to, and what it holds.
pub(crate) fn text_of(answer: &Answer) -> Result<(String, Volume), AppError> {
    let answer = answer.to_json();
    let text = serde_json::to_string(&answer).map_err(AppError::internal)?;
    let volume = Volume {
        bytes: text.len() as u64,
        rows: answer["rows"].as_array().map_or(0, Vec::len) as u64,
    };
    Ok((text, volume))
}

impl Domain {
    pub(crate) fn new(engine: Engine, vault: Arc<Vault>, secret: DataKey) -> Self {
        let (tables, prepared) = (Cache::new(OPEN_VERSIONS_MAX), Cache::new(PREPARED_PRODUCTS_MAX));
        Self {
            engine,
            vault,
            secret,
            tables,
            prepared,
            trained: Cache::new(TRAINED_MODELS_MAX),
        }
    }

    /// Checks a query under a scenario.
    pub(crate) async fn check(
        &self,
        state: &State,
        scenario: &Scenario,
        query: &Query<'_>,
        rules: &Rules,
    ) -> Result<CheckedPlan, AppError> {
        let (mut access, tables) = self.access(state, scenario, rules).await?;
        access.subject = query.subject.and_then(|subject| gate(state, subject));
        let types: Vec<ParamType> = query
            .parameters
            .iter()
            .map(|parameter| parameter.parameter_type)
            .collect();
        let checked = self.engine.check(query.sql, &access, tables, &types).await;
        checked.map_err(|refusal| flow_refusal(&refusal, rules))
    }

    /// Checks a query of training data under a scenario.
    pub(crate) async fn check_training(
        &self,
        state: &State,
        scenario: &Scenario,
        sql: &str,
        rules: &Rules,
    ) -> Result<CheckedTraining, AppError> {
        let (access, tables) = self.access(state, scenario, rules).await?;
        let terms = rules.parameters().training;
        let checked = self.engine.check_training(sql, &access, tables, terms);
        checked.map_err(|refusal| flow_refusal(&refusal, rules))
    }

    /// Trains a model; its file is for the vault.
    pub(crate) async fn train(
        &self,
        checked: &CheckedTraining,
        algorithm: Algorithm,
        today: jiff::civil::Date,
        earlier: &[CheckedTraining],
    ) -> Result<Trained, TrainError> {
        self.engine.train(checked, algorithm, today, earlier).await
    }

    /// What a scenario grants, with its tables.
    async fn access(
        &self,
        state: &State,
        scenario: &Scenario,
        rules: &Rules,
    ) -> Result<(Access, Vec<Table>), AppError> {
        let parameters = rules.parameters();
        let mut access = Access {
            threshold: parameters.threshold_subjects_min,
            parameters: (&parameters.output).into(),
            ..Access::default()
        };
        let mut tables = Vec::new();
        for (id, fields) in &scenario.application.resources {
            let Some(resource) = state.resources.get(id) else {
                continue;
            };
            tables.push(self.table(resource, rules).await?);
            let guarding = controls::guarding(resource, &parameters.output, &self.secret);
            if let Some(rules) = scenario.application.tightened.get(id) {
                access
                    .tightened
                    .insert(resource.registration.table.clone(), rules.clone());
            }
            access.guarding.insert(resource.registration.table.clone(), guarding);
            access
                .resources
                .insert(resource.registration.table.clone(), fields.clone());
        }
        access.models = self.models(state, scenario).await;
        Ok((access, tables))
    }

    /// The models of a scenario with their files. One whose file cannot be read has none, so that calling it is refused.
    async fn models(&self, state: &State, scenario: &Scenario) -> BTreeMap<String, Model> {
        let mut models = model::of_scenario(state, scenario);
        let sealed = state.models.values().filter(|recorded| recorded.is_sealed());
        let sealed = sealed.map(|recorded| &recorded.registration);
        let here = sealed.filter(|registration| registration.scenario == scenario.application.id);
        for registration in here.collect::<Vec<_>>() {
            if let Some(model) = models.get_mut(&registration.function()) {
                model.code = self.sealed(&registration.id).await;
            }
        }
        models
    }

    /// The file of a model that was trained here.
    async fn sealed(&self, id: &ModelId) -> Arc<[u8]> {
        if let Some(code) = self.trained.get(id) {
            return code;
        }
        let (vault, name) = (self.vault.clone(), id.to_string());
        match tokio::task::spawn_blocking(move || vault.kept(&name)).await {
            Ok(Ok(code)) => {
                let code: Arc<[u8]> = code.into();
                self.trained.insert(id.clone(), code.clone());
                code
            }
            Ok(Err(_)) | Err(_) => {
                tracing::error!(%id, "the file of a trained model cannot be read");
                Arc::default()
            }
        }
    }

    /// Forgets the file of a model that was trained here.
    pub(crate) fn forget_model(&self, id: &ModelId) {
        self.trained.remove(id);
    }

    /// Whether a file can be run as a model of so many columns.
    pub(crate) fn check_model(&self, format: ModelFormat, code: &[u8], columns: usize) -> Result<(), ModelError> {
        self.engine.check_model(format, code, columns)
    }

    /// What a permitted call is to run. Nothing of the data is read before it runs.
    pub(crate) async fn ready(
        &self,
        snapshot: &Snapshot,
        permit: &Permit,
        call: &Call,
        at: jiff::Timestamp,
        rules: &Rules,
    ) -> Result<Ready, AppError> {
        let product = snapshot.state.products.get(&call.product);
        let product = product.ok_or_else(|| AppError::internal("a permitted product is not on record"))?;
        let prepared = self.prepared(&snapshot.state, product, permit, rules).await?;
        let values = crate::call::check_input(&product.submission.parameters, &call.parameters, rules)?;
        Ok(Ready {
            losses: losses_of(&snapshot.state, &prepared.checked().derivation().losses),
            prepared,
            values,
            day: day_of(at),
            consenting: consenting(&snapshot.state, permit),
        })
    }

    /// Runs a checked query once with these values of its parameters, for nobody's consent.
    pub(crate) async fn run(
        &self,
        checked: CheckedPlan,
        values: &[Param],
        at: jiff::Timestamp,
    ) -> Result<Answer, ExecuteError> {
        let prepared = self.engine.prepare(checked).await.map_err(ExecuteError::Failed)?;
        prepared.execute_for(values, day_of(at), Consenting::new()).await
    }

    /// The plan of a product over these versions; checked and planned once.
    async fn prepared(
        &self,
        state: &State,
        product: &Product,
        permit: &Permit,
        rules: &Rules,
    ) -> Result<Arc<Prepared>, AppError> {
        let versions = permit.versions.iter().map(|data| data.version.clone()).collect();
        let key: PlanKey = (
            product.submission.id.to_string(),
            (product.revision, permit.narrowings),
            versions,
            rules.span(),
        );
        if let Some(prepared) = self.prepared.get(&key) {
            return Ok(prepared);
        }
        let scenario = state.scenarios.get(&product.submission.scenario);
        let scenario = scenario.ok_or_else(|| AppError::internal("a product's scenario is not on record"))?;
        let submission = &product.submission;
        let query = Query {
            sql: &submission.sql,
            parameters: &submission.parameters,
            subject: submission.subject.as_ref(),
        };
        let checked = self.check(state, scenario, &query, rules).await?;
        if checked.derivation().hash() != submission.checked.derivation_sha256 {
            return Err(no_longer_reviewed(&submission.name, rules).into());
        }
        let prepared = Arc::new(self.engine.prepare(checked).await.map_err(AppError::internal)?);
        self.prepared.insert(key, prepared.clone());
        Ok(prepared)
    }

    /// The table of a resource's current version, opened once.
    async fn table(&self, resource: &Resource, rules: &Rules) -> Result<Table, AppError> {
        let version = resource.answering(rules)?;
        let key = (version.id.clone(), resource.regraded);
        if let Some(table) = self.tables.get(&key) {
            return Ok(table);
        }
        let (registration, id) = (resource.registration.clone(), version.id.clone());
        let (engine, vault) = (self.engine.clone(), self.vault.clone());
        let open = move || {
            let (fields, subject) = (registration.fields, registration.subject_key);
            engine.table(&registration.table, id.as_str(), fields, subject, &vault)
        };
        let opened = tokio::task::spawn_blocking(open).await.map_err(AppError::internal)?;
        let table = opened.map_err(|error| AppError::not_computed(&error.into()))?;
        self.forget_tables(&version.id);
        self.tables.insert(key, table.clone());
        Ok(table)
    }

    fn forget_tables(&self, version: &VersionId) {
        self.tables.retain(|(of, _), _| of != version);
    }

    /// Forgets everything decrypted of a version.
    pub(crate) fn forget(&self, version: &VersionId) {
        self.forget_tables(version);
        self.prepared
            .retain(|(_, _, versions, _), _| !versions.contains(version));
    }
}

/// A rule pack, a control or a release rule has changed since the product's query was reviewed.
fn no_longer_reviewed(name: &str, rules: &Rules) -> Refusal {
    rules.refuse(
        Rule::ProductReviewed,
        Text::new(
            format!("产品“{name}”的放行依据在审核之后已变更（阈值、输出控制或放行规则）"),
            format!("the grounds on which `{name}` was reviewed have changed: threshold, controls or release rules"),
        ),
        Text::new(
            "请开发方重新提交该查询，经审核上架后使用新产品",
            "let its developer submit the query again, and use the product that is listed after that review",
        ),
    )
}

fn gate(state: &State, subject: &SubjectParameter) -> Option<SubjectGate> {
    let resource = state.resources.get(&subject.resource)?;
    Some(SubjectGate {
        resource: resource.registration.table.clone(),
        column: resource.registration.subject_key.clone()?,
        parameter: subject.parameter,
    })
}

/// The subjects of a permit's consents, as the engine names them by table.
fn consenting(state: &State, permit: &Permit) -> Consenting {
    let sets = permit.chain.consents.iter();
    sets.filter_map(|(resource, consents)| {
        let table = state.resources.get(resource)?.registration.table.clone();
        let codes = consents.iter().filter_map(|consent| state.consents.get(consent));
        Some((table, codes.map(|consent| consent.code.clone()).collect()))
    })
    .collect()
}

/// Losses by resource id, as the engine names them by table.
fn losses_of(state: &State, by_table: &BTreeMap<String, u64>) -> BTreeMap<ResourceId, Rho> {
    let resources = state.resources.values();
    resources
        .filter_map(|resource| {
            let micro = by_table.get(&resource.registration.table)?;
            Some((resource.registration.id.clone(), Rho::from_micro(*micro)))
        })
        .collect()
}

/// Fields by resource id, as the engine names them by table.
pub(crate) fn by_resource<S: Ord + Clone>(
    state: &State,
    by_table: &BTreeMap<String, std::collections::BTreeSet<S>>,
) -> BTreeMap<ResourceId, std::collections::BTreeSet<S>> {
    let resources = state.resources.values();
    resources
        .filter_map(|resource| {
            let fields = by_table.get(&resource.registration.table)?;
            Some((resource.registration.id.clone(), fields.clone()))
        })
        .collect()
}

/// A refusal of the information-flow check, citing the rule pack.
fn flow_refusal(refusal: &gongshu_engine::FlowRefusal, rules: &Rules) -> AppError {
    let cited = rules.refuse(Rule::Flow, refusal.message.clone(), refusal.remedy_with_proposal());
    AppError::Refused {
        refusal: Box::new(gongshu_governance::Refusal {
            rule: refusal.rule.to_owned(),
            ..cited
        }),
        column: refusal.column.clone(),
        location: refusal.location,
        receipt: None,
    }
}
