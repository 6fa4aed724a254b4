//! Models.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;
use crate::workbench::Algorithm;

/// A version of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Model {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub number: u32,
    /// Its function in SQL.
    pub function: String,
    /// What it scores, and how.
    pub summary: String,
    /// The scenario it is used under.
    pub scenario: Named,
    /// The resource whose records it scores.
    pub resource: Named,
    /// The fields it takes, in the order of its arguments.
    pub fields: Vec<String>,
    /// What its file is: `wasm` or `onnx`.
    pub format: String,
    /// SHA-256 of its file.
    pub module_sha256: String,
    /// Where it comes from, where it was trained inside the domain (衍生模型).
    pub lineage: Option<Lineage>,
    /// Who registered it, or had it trained.
    pub registrar: Named,
    /// Where it stands.
    pub status: ModelStatus,
    /// Products that call it.
    pub products: Vec<Named>,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// Where a model trained inside the domain comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Lineage {
    /// How it was trained.
    pub algorithm: Algorithm,
    /// The fields of which its label is made.
    pub label: Vec<String>,
    /// The versions that it was trained on.
    pub sources: Vec<ModelSource>,
    /// Hash of the derivation that let its rows into the trainer.
    pub derivation_sha256: String,
    /// What is told of its fit.
    pub fit: Fit,
    /// SHA-256 of the query of its training data.
    pub sql_sha256: String,
    /// That query, for those who review it and whoever had it trained.
    pub sql: Option<String>,
}

/// A version that a model was trained on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ModelSource {
    /// The resource.
    pub resource: Named,
    /// Its version.
    pub version: String,
    /// Whether the version still stands; where its destruction is ordered, the model is reviewed again.
    pub stands: bool,
}

/// What is told of a fit: figures of all subjects together, rounded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fit {
    /// Number of subjects, rounded down to a multiple of 10.
    pub subjects: u64,
    /// Which part of the label's deviance it explains, in percent.
    pub explained_percent: u32,
    /// How often it ranks a 1 above a 0, in percent; of a logistic regression.
    pub ranked_percent: Option<u32>,
    /// The largest influence of one subject, in percent, rounded up to a multiple of 5.
    pub influence_percent: u32,
}

/// Where a model stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ModelStatus {
    /// `registered`, `in_force`, `suspended` or `withdrawn`.
    pub state: String,
    /// Since when; absent while it waits for its review.
    pub at: Option<String>,
    /// Whose person reviewed it.
    pub reviewer: Option<Named>,
    /// What the review found, or why it was suspended or withdrawn.
    pub text: Option<String>,
}

/// A model with its file, for those who review it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ModelWithModule {
    /// The model.
    pub model: Model,
    /// The file, in base64; empty where the model was trained in the domain, whose weights stay there.
    pub module: String,
}
