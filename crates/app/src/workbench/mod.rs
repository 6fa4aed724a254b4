//! The workbench: a developer looks at what a scenario grants, explores with synthetic samples, runs queries under
//! control, saves them, and submits results for output review. Everything that is computed here passes the same check
//! and the same controls as a product's query; there is no other way to the data.

mod attempt;
mod content;
mod draw;
mod output;
mod review;
mod run;
mod sample;
mod save;
mod train;

pub use attempt::AttemptsOf;
pub use draw::{SAMPLE_VALUES_MAX, Shape};
pub use output::{Collected, NewOutput};
pub use review::{OutputDerivation, line_changes};
pub use run::{NewRun, Openings, RunAnswer};
pub use sample::{Column, SAMPLE_ROWS_MAX, Sample};
pub use save::NewQuery;
pub use train::{NewTraining, TrainedModel};

use gongshu_engine::{Answer, CheckedPlan, Derivation, ExecuteError, Param};
use gongshu_governance::authorization::DataVersion;
use gongshu_governance::identifier::{ResourceId, ScenarioId};
use gongshu_governance::product::{CheckedQuery, Parameter};
use gongshu_governance::resource::{Field, ReleaseRule};
use gongshu_governance::scenario::Scenario;
use gongshu_governance::workbench::{Ran, no_consented, workplace};
use gongshu_governance::{Actor, State};

use crate::district::District;
use crate::domain::{Query, by_resource};
use crate::error::AppError;
use crate::model::called;

/// A field that a scenario grants, with the release rule that holds there.
#[derive(Debug, Clone)]
pub struct GrantedField {
    /// The field.
    pub field: Field,
    /// What of it may leave under this scenario.
    pub release: ReleaseRule,
}

/// A query that was checked and run.
pub(crate) struct QueryRun {
    pub(crate) answer: Answer,
    pub(crate) derivation: Derivation,
    pub(crate) ran: Ran,
}

/// The fields of a resource that a scenario grants, as it narrows them.
#[must_use]
pub fn granted_fields(state: &State, scenario: &Scenario, resource: &ResourceId) -> Vec<GrantedField> {
    let (granted, tightened) = (
        scenario.application.resources.get(resource),
        scenario.application.tightened.get(resource),
    );
    let fields = state
        .resources
        .get(resource)
        .map(|resource| &resource.registration.fields);
    let inside = |field: &&Field| granted.is_some_and(|granted| granted.contains(&field.name));
    let narrowed = |field: &Field| tightened.and_then(|rules| rules.get(&field.name)).cloned();
    let shown = |field: &Field| GrantedField {
        field: field.clone(),
        release: narrowed(field).unwrap_or_else(|| field.release.clone()),
    };
    fields.into_iter().flatten().filter(inside).map(shown).collect()
}

impl District {
    /// What a party may work with under a scenario: the resources that it grants.
    ///
    /// # Errors
    /// Refuses whoever may not work under the scenario now.
    pub fn work_resources(&self, actor: &Actor, scenario: &ScenarioId) -> Result<Vec<ResourceId>, AppError> {
        let snapshot = self.snapshot();
        let context = self.context(actor);
        let scenario = workplace(&snapshot.state, scenario, &context)?;
        Ok(scenario.application.resources.keys().cloned().collect())
    }

    /// Runs a checked query under control, as part of an attempt that began.
    async fn run_checked(
        &self,
        (checked, ran): (CheckedPlan, Ran),
        values: &[Param],
    ) -> Result<QueryRun, ExecuteError> {
        let derivation = checked.derivation().clone();
        let answer = self.0.domain.run(checked, values, self.now()).await?;
        Ok(QueryRun {
            answer,
            derivation,
            ran,
        })
    }

    /// Checks a query as the workbench runs it: over nobody's consented fields. A parameter is its developer's own
    /// constant, whatever its value: the check knows its type alone, as of a product.
    async fn check_here(
        &self,
        state: &State,
        scenario: &Scenario,
        (sql, parameters): (&str, &[Parameter]),
    ) -> Result<(CheckedPlan, Ran), AppError> {
        let query = Query {
            sql,
            parameters,
            subject: None,
        };
        let checked = self.0.domain.check(state, scenario, &query, self.rules()).await?;
        let derivation = checked.derivation();
        let found = found(state, &scenario.application.id, derivation);
        no_consented(&found, self.rules())?;
        let by_id = state.resources.values().filter_map(|resource| {
            let micro = derivation.losses.get(&resource.registration.table)?;
            Some((resource.registration.id.clone(), *micro))
        });
        let ran = Ran {
            versions: versions(state, &found),
            checked: found,
            losses: by_id.collect(),
            charged: true,
        };
        Ok((checked, ran))
    }
}

/// What the check found, as governance records it.
pub(crate) fn found(state: &State, scenario: &ScenarioId, derivation: &Derivation) -> CheckedQuery {
    CheckedQuery {
        derivation_sha256: derivation.hash(),
        fields: by_resource(state, &derivation.fields()),
        consented: by_resource(state, &derivation.consented_fields()),
        models: called(state, scenario, &derivation.models()),
    }
}

/// The versions in operation of what a query reads.
fn versions(state: &State, checked: &CheckedQuery) -> Vec<DataVersion> {
    let read = checked.fields.keys().filter_map(|id| state.resources.get_key_value(id));
    let current = read.filter_map(|(id, resource)| Some((id, resource.current()?)));
    current
        .map(|(resource, version)| DataVersion {
            resource: resource.clone(),
            version: version.id.clone(),
        })
        .collect()
}
