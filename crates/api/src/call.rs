//! Calls and queries.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::act::Receipt;
use crate::product::Parameter;

/// Calls a product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CallRequest {
    /// The purpose of use.
    pub purpose: String,
    /// Parameters by name.
    #[serde(default)]
    pub parameters: BTreeMap<String, serde_json::Value>,
}

/// An answer with its receipt. Saved as it is, it is the file that `gongshu verify` checks.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CallResponse {
    /// Id of the call.
    pub id: String,
    /// The answer: `{columns, rows, suppressed}`, the exact text that the receipt commits to.
    #[schema(value_type = Object)]
    pub answer: Box<serde_json::value::RawValue>,
    /// What it cost, in yuan.
    pub fee: String,
    /// Its receipt.
    pub receipt: Receipt,
}

/// Asks whether a query may run under a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckRequest {
    /// The scenario.
    pub scenario: String,
    /// The query.
    pub sql: String,
    /// Its parameters; `$1` is the first.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// Which parameter names the data subject.
    #[serde(default)]
    pub subject: Option<SubjectParameter>,
}

/// Which parameter names the data subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SubjectParameter {
    /// The resource that speaks of the subject.
    pub resource: String,
    /// Index of the parameter, from 0.
    pub parameter: usize,
}

/// Why a query may run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CheckResponse {
    /// The derivation as a readable tree.
    pub text: crate::Text,
    /// The derivation.
    pub derivation: serde_json::Value,
    /// Its hash, which receipts commit to.
    pub derivation_sha256: String,
}

/// Submits a product for listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SubmitRequest {
    /// The query and its scenario.
    #[serde(flatten)]
    pub query: CheckRequest,
    /// Its name.
    pub name: String,
    /// What it answers.
    pub summary: String,
    /// `api`, `data_set`, `report`, `model`, `verification` or `application`; `api` where it is left out.
    #[serde(default)]
    pub form: Option<String>,
    /// What service is promised with it.
    #[serde(default)]
    pub service_level: String,
    /// Id of the product of which it is the next version.
    #[serde(default)]
    pub replaces: Option<String>,
}
