//! Acts and receipts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A governance command: `{"command": "grant_scenario", "of": {"scenario": "scn_…"}}`. Ids of new
/// things are made by the server where they are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ActRequest {
    /// Name of the command.
    pub command: String,
    /// Its members.
    pub of: serde_json::Map<String, serde_json::Value>,
}

/// What an evidence package is to prove, and what for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EvidenceRequest {
    /// Indices of the entries, ascending.
    pub entries: Vec<u64>,
    /// What it is made for, such as the number of a case.
    pub purpose: String,
}

/// A recorded act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ActResponse {
    /// Id of the act, such as `scenario.grant`.
    pub act: String,
    /// The thing it changed.
    pub id: String,
    /// Whether it has a notice, at `/acts/{index}/document`.
    pub notice: bool,
    /// Its receipt.
    pub receipt: Receipt,
}

/// A notice of an act on a thing; its PDF is at `/acts/{index}/document`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ThingNotice {
    /// Index of the act's entry in the ledger.
    pub index: u64,
    /// When.
    pub at: String,
    /// Id of the act.
    pub act: String,
    /// What it is: in Chinese its title, in English what the act does.
    pub title: crate::Text,
    /// What it is about.
    pub subject: String,
}

/// A receipt: index, C2SP tlog-proof, and what opens the leaf's commitments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Receipt {
    /// Index of the entry.
    pub index: u64,
    /// The `tlog-proof` text; it carries the entry.
    pub proof: String,
    /// Openings by name.
    pub openings: BTreeMap<String, Opening>,
}

/// What opens a commitment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Opening {
    /// 32 hexadecimal digits.
    pub salt: String,
    /// The exact text committed to.
    pub value: String,
}

/// An ingested version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IngestResponse {
    /// Id of the act.
    pub act: String,
    /// The resource.
    pub id: String,
    /// The version.
    pub version: String,
    /// Rows in operation.
    pub rows: u64,
    /// Rows set aside.
    pub quarantined: u64,
    /// The first rows that were set aside, and why.
    pub errors: Vec<crate::problem::RowProblem>,
    /// The act's receipt.
    pub receipt: Receipt,
}

/// Asks for an API key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeyRequest {
    /// What it is for.
    pub label: String,
}

/// A freshly issued API key; shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeyResponse {
    /// Id of the credential.
    pub id: String,
    /// The key. Only its hash is kept.
    pub key: String,
    /// The act's receipt.
    pub receipt: Receipt,
}

/// A task: what waits for the signed-in party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Task {
    /// The act it waits for.
    pub act: String,
    /// What it is about.
    pub subject: TaskSubject,
    /// What is to be done.
    pub text: crate::Text,
}

/// What a task is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaskSubject {
    /// `agreement`, `scenario` or `product`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its revision, for `If-Match`.
    pub revision: u64,
    /// The resource of an approval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
}

/// What a command asks for, and who may ask it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ActForm {
    /// The command, as `POST /acts` takes it.
    pub command: String,
    /// Id of the act, such as `scenario.grant`.
    pub act: String,
    /// What it is called.
    pub name: crate::Text,
    /// The roles that may do it, some of them only to their own things.
    pub roles: Vec<String>,
    /// The request of its own, where it does not go through `POST /acts`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// JSON Schema (2020-12) of what it carries: `title` is the Chinese name of a field or choice, `x-title-en` the English
    /// one, `description` what it means; `format` of a text is `id:<prefix>`, `date`, `date-time`, `money` or `credit-code` where it is one.
    pub schema: serde_json::Value,
}
