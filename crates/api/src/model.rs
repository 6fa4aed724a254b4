//! Models.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;

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
    /// Who registered it.
    pub registrar: Named,
    /// Where it stands.
    pub status: ModelStatus,
    /// Products that call it.
    pub products: Vec<Named>,
    /// Revision, for `If-Match`.
    pub revision: u64,
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
    /// The file, in base64.
    pub module: String,
}
