//! The workbench: what a scenario grants, synthetic samples, runs under control, saved queries.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;
use crate::act::{ActResponse, Opening};
use crate::call::CheckResponse;
use crate::catalogue::Field;
use crate::product::Parameter;

/// A resource as a scenario grants it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WorkResource {
    /// The resource.
    pub resource: Named,
    /// Its table in SQL.
    pub table: String,
    /// What it is.
    pub summary: String,
    /// The fields that the scenario grants, with the release rules that hold there.
    pub fields: Vec<Field>,
    /// Column that identifies the data subject.
    pub subject_key: Option<String>,
    /// Output controls beside the threshold.
    pub controls: Vec<String>,
}

/// Asks for a synthetic sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SampleRequest {
    /// The resource.
    pub resource: String,
    /// How many rows.
    pub rows: usize,
    /// The same seed over the same version gives the same rows.
    pub seed: u64,
}

/// A synthetic sample: each column drawn by itself, from a marginal that left under control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SampleResponse {
    /// Always true.
    pub synthetic: bool,
    /// Its columns.
    pub columns: Vec<SampleColumn>,
    /// Its rows.
    #[schema(value_type = Vec<Vec<Object>>)]
    pub rows: Vec<Vec<serde_json::Value>>,
    /// The record of the run that computed the marginals.
    pub recorded: ActResponse,
}

/// A column of a synthetic sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SampleColumn {
    /// Its name.
    pub name: String,
    /// `counts`: drawn from values with their counts; `mean`: around the mean; `placeholder`: from nothing of the data.
    pub drawn_from: String,
    /// Of `counts`: from how many values.
    pub values: Option<usize>,
}

/// Asks to run a query under control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RunRequest {
    /// The query.
    pub sql: String,
    /// Its parameters; `$1` is the first.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// Their values, by name.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub values: BTreeMap<String, serde_json::Value>,
}

/// An answer with its record.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RunResponse {
    /// The answer: `{columns, rows, suppressed}`, the exact text that the record commits to.
    #[schema(value_type = Object)]
    pub answer: Box<serde_json::value::RawValue>,
    /// Why it may leave.
    pub check: CheckResponse,
    /// Opens the record's commitment to the SQL, with parameters to `{"sql", "values"}`; the platform does not keep it.
    pub sql_opening: Opening,
    /// Salt of the record's commitment to the answer.
    pub answer_salt: String,
    /// The record.
    pub recorded: ActResponse,
}

/// Saves a query under a scenario; a name in use makes its next version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SaveRequest {
    /// The scenario.
    pub scenario: String,
    /// Its name.
    pub name: String,
    /// Its text.
    pub sql: String,
    /// Its parameters; `$1` is the first.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
}

/// A version of a saved query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SavedQuery {
    /// Id of the version.
    pub id: String,
    /// The scenario.
    pub scenario: Named,
    /// Its name.
    pub name: String,
    /// Its version, from 1.
    pub number: u32,
    /// Its text.
    pub sql: String,
    /// Its parameters; `$1` is the first.
    pub parameters: Vec<Parameter>,
    /// Hash of its derivation when it was saved.
    pub derivation_sha256: String,
    /// When it was saved.
    pub at: String,
}

/// Asks to train a model inside the domain; a name in use makes its next version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrainRequest {
    /// Its name, of lower-case letters, digits and `_`.
    pub name: String,
    /// What it scores, and how.
    pub summary: String,
    /// The query of its training data: `SELECT inputs…, label FROM resource [WHERE …]`.
    pub sql: String,
    /// How it is trained.
    pub algorithm: Algorithm,
}

/// How a model is trained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Algorithm {
    /// `linear_regression`, `logistic_regression` or `poisson_regression`.
    pub kind: String,
    /// The penalty for each subject, in thousandths, from 1 to 1000000.
    pub penalty_milli: u32,
    /// Most rounds, from 1 to 100; none of a linear regression.
    pub rounds_max: Option<u32>,
}

/// A trained model that waits for its review. Its weights stay in the domain.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TrainResponse {
    /// Its id.
    pub id: String,
    /// Its function in SQL.
    pub function: String,
    /// SHA-256 of its file.
    pub module_sha256: String,
    /// What is told of its fit.
    pub fit: crate::model::Fit,
    /// Why its rows could be trained on.
    pub check: CheckResponse,
    /// The record.
    pub recorded: ActResponse,
}
