//! Output review.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::act::ActResponse;
use crate::attempt::RunTally;
use crate::{Named, Text};

/// Submits an output: the result of a saved query, its text, or a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutputRequest {
    /// `report`, `data_set`, `product_query` or `model`.
    pub kind: String,
    /// Id of the saved query, or of the model.
    pub made_from: String,
    /// What it is called.
    pub title: String,
    /// Who needs it outside the domain, and what for.
    pub justification: String,
    /// The output that it replaces.
    #[serde(default)]
    pub previous: Option<String>,
    /// The values of the query's parameters, by name.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub values: BTreeMap<String, serde_json::Value>,
}

/// An output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Output {
    /// Its id.
    pub id: String,
    /// `report`, `data_set`, `product_query` or `model`.
    pub kind: String,
    /// What it is called.
    pub title: String,
    /// Its version, from 1.
    pub number: u32,
    /// The output that it replaces.
    pub previous: Option<String>,
    /// The scenario it comes from.
    pub scenario: Named,
    /// The saved query or the model it is made from.
    pub made_from: String,
    /// Who needs it, and what for.
    pub justification: String,
    /// Who submitted it.
    pub submitter: Named,
    /// When.
    pub at: String,
    /// `submitted`, `released`, `refused`, `returned` or `withdrawn`.
    pub state: String,
    /// SHA-256 of the content.
    pub content_sha256: String,
    /// Size of the content.
    pub bytes: u64,
    /// Hash of the derivation.
    pub derivation_sha256: String,
    /// Automatic checks.
    pub checks: Vec<OutputCheck>,
    /// What reviewers said.
    pub reviews: Vec<OutputReviewed>,
    /// How often it was collected.
    pub collected: u64,
    /// Whether whoever asks may review it.
    pub reviewable: bool,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// An automatic check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutputCheck {
    /// `smallest_cell`, `unique_share` (basis points), `rows` or `bytes`.
    pub check: String,
    /// Whether it is passed.
    pub passed: bool,
    /// The bound of the rule pack.
    pub bound: u64,
    /// What was measured; for reviewers only.
    pub measured: Option<u64>,
}

/// A review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutputReviewed {
    /// Whose person reviewed.
    pub reviewer: Named,
    /// `release`, `refuse` or `change`.
    pub decision: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: String,
}

/// What a reviewer reads of an output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutputForReview {
    /// The output.
    pub output: Output,
    /// The query; none of a model.
    pub sql: Option<String>,
    /// The values of its parameters, by name.
    pub values: BTreeMap<String, String>,
    /// The derivation as a readable tree.
    pub derivation: Text,
    /// Whether it is the one on record: what it rests on has not changed since.
    pub derivation_as_recorded: bool,
    /// Lines of the derivation that are new (`+`) or gone (`-`) since the version before; none without one.
    pub changes: Option<Vec<String>>,
    /// Disclosure-risk figures.
    pub figures: OutputFigures,
    /// What the submitter has attempted under the scenario so far.
    pub attempts: RunTally,
    /// The content, in base64.
    pub content: String,
    /// Its media type.
    pub media_type: String,
}

/// Disclosure-risk figures, measured by the platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutputFigures {
    /// Rows of the content.
    pub rows: u64,
    /// Combinations: cells of the query's groups, held-back ones included; without groups, different rows.
    pub combinations: u64,
    /// Of these, those with one subject, or of one row.
    pub unique: u64,
    /// Share of unique combinations, in basis points.
    pub unique_basis_points: u64,
    /// Cells that were held back.
    pub suppressed: u64,
    /// Fewest distinct subjects of a cell that leaves.
    pub smallest: Option<u64>,
    /// Distinct subjects, added up over the cells that leave.
    pub subjects: u64,
}

/// A released output with the record of its leaving.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CollectResponse {
    /// A name for the file.
    pub file_name: String,
    /// Its media type.
    pub media_type: String,
    /// The content, in base64.
    pub content: String,
    /// The record.
    pub recorded: ActResponse,
}
