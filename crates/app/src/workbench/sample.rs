//! Synthetic samples: rows that look like a table's and are nobody's.
//!
//! A column is drawn from its own marginal, and from nothing else: each column independently, so that a row tells
//! nothing of how columns go together. A marginal is itself the answer of a query under control, by the column's release
//! rule in the scenario:
//!
//! | rule | marginal | drawn |
//! | --- | --- | --- |
//! | `open`, `group` | counts by value: only groups that pass the threshold, after the resource's other controls | values, with these counts as weights |
//! | `aggregate` with mean or sum | the mean over all rows | evenly between half and one and a half times the mean |
//! | anything else | none: the data is not asked | placeholders of the column's type |
//!
//! So a sample tells at most what these counts and means tell, which a product could answer as well. They are on record
//! as a run. The same seed over the same version gives the same rows.

use std::collections::BTreeMap;

use gongshu_governance::identifier::{ResourceId, ScenarioId};
use gongshu_governance::product::CheckedQuery;
use gongshu_governance::scenario::Scenario;
use gongshu_governance::workbench::{AttemptKind, Ran, RunKind, workplace};
use gongshu_governance::{Actor, State, Text};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::attempt::Stopped;
use super::draw::{Marginal, Shape, draw, profile_query, read};
use super::{GrantedField, QueryRun, granted_fields};
use crate::act::ActReceipt;
use crate::district::District;
use crate::error::AppError;

/// Most rows of a sample.
pub const SAMPLE_ROWS_MAX: usize = 1_000;

/// A synthetic sample.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Vec<Value>>,
    /// The receipt of the run that computed the marginals.
    pub receipt: ActReceipt,
}

/// A column of a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// From what its values are drawn.
    pub shape: Shape,
}

impl District {
    /// Draws a synthetic sample of a table that the scenario grants.
    ///
    /// # Errors
    /// Refuses whoever may not work under the scenario, a resource that it does not grant, more rows than a sample has,
    /// and more runs than a day has.
    pub async fn sample(
        &self,
        actor: Actor,
        scenario: &ScenarioId,
        resource: &ResourceId,
        rows: usize,
        seed: u64,
    ) -> Result<Sample, AppError> {
        let snapshot = self.snapshot();
        let work = workplace(&snapshot.state, scenario, &self.context(&actor))?;
        let fields = granted_fields(&snapshot.state, work, resource);
        self.check_sample(resource, &fields, rows)?;
        let asked = marginal_queries(&snapshot.state, resource, &fields);
        let sql: Vec<&str> = asked.iter().flatten().map(String::as_str).collect();
        let attempt = self.attempt(actor, scenario, AttemptKind::Sample, &sql.join(";\n"));
        self.begin(&attempt, &BTreeMap::new()).await?;
        let (mut columns, mut drawn, mut runs) = (Vec::new(), Vec::new(), Vec::new());
        for (field, sql) in fields.iter().zip(&asked) {
            let marginal = self
                .marginal(&snapshot.state, work, (field, sql.as_deref()), &mut runs)
                .await;
            let marginal = self.or_refused(&attempt, marginal).await?;
            columns.push(Column {
                name: field.field.name.clone(),
                shape: marginal.shape(),
            });
            drawn.push(draw(&marginal, field, rows, seed));
        }
        let rows: Vec<Vec<Value>> = (0..rows)
            .map(|row| drawn.iter().filter_map(|column| column.get(row).cloned()).collect())
            .collect();
        let answer = json!({"synthetic": true, "seed": seed, "rows": rows}).to_string();
        let (_, receipt) = self
            .record_run(attempt, RunKind::Sample, &answer, together(&runs))
            .await?;
        Ok(Sample { columns, rows, receipt })
    }

    fn check_sample(&self, resource: &ResourceId, fields: &[GrantedField], rows: usize) -> Result<(), AppError> {
        if fields.is_empty() {
            let what = Text::new("本场景授权的数据资源", "resource that the scenario grants");
            return Err(self.rules().unknown(&what, resource.as_str()).into());
        }
        if (1..=SAMPLE_ROWS_MAX).contains(&rows) {
            return Ok(());
        }
        let message = Text::new(
            format!("合成样例应为 1 至 {SAMPLE_ROWS_MAX} 行"),
            format!("a sample has 1 to {SAMPLE_ROWS_MAX} rows"),
        );
        Err(self
            .rules()
            .input(message, Text::new("请调整行数", "ask for fewer rows"))
            .into())
    }

    /// The marginal of a column. Where its query is refused, or is too large, nothing of the data is asked.
    async fn marginal(
        &self,
        state: &State,
        scenario: &Scenario,
        (field, sql): (&GrantedField, Option<&str>),
        runs: &mut Vec<QueryRun>,
    ) -> Result<Marginal, Stopped> {
        let Some(sql) = sql else {
            return Ok(Marginal::Unknown);
        };
        let checked = match self.check_here(state, scenario, (sql, &[])).await {
            Ok(checked) => checked,
            Err(AppError::Refused { .. }) => return Ok(Marginal::Unknown),
            Err(error) => return Err(Stopped::by_check(error)),
        };
        match self.run_checked(checked, &[]).await {
            Ok(run) => {
                let marginal = read(&run.answer.to_json(), &field.release);
                runs.push(run);
                Ok(marginal)
            }
            Err(error) if error.passes() => Err(Stopped::running(&error)),
            Err(_) => Ok(Marginal::Unknown),
        }
    }
}

/// The query of each field's marginal; none where nothing of the data is asked.
fn marginal_queries(state: &State, resource: &ResourceId, fields: &[GrantedField]) -> Vec<Option<String>> {
    let resource = state.resources.get(resource);
    let table = resource.map(|resource| &resource.registration.table);
    let query = |field| table.and_then(|table| profile_query(table, field));
    fields.iter().map(query).collect()
}

/// What the runs behind a sample found, as one run.
fn together(runs: &[QueryRun]) -> Ran {
    let mut hash = Sha256::new();
    let mut ran = Ran {
        checked: CheckedQuery {
            derivation_sha256: String::new(),
            fields: BTreeMap::new(),
            consented: BTreeMap::new(),
            models: BTreeMap::new(),
        },
        versions: Vec::new(),
        losses: BTreeMap::new(),
        charged: false,
    };
    for run in runs {
        hash.update(run.derivation.hash());
        for (resource, fields) in &run.ran.checked.fields {
            let read = ran.checked.fields.entry(resource.clone()).or_default();
            read.extend(fields.iter().cloned());
        }
        if ran.versions.is_empty() {
            ran.versions.clone_from(&run.ran.versions);
        }
    }
    ran.checked.derivation_sha256 = hex::encode(hash.finalize());
    ran
}
