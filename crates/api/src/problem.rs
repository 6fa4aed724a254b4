//! Problems (RFC 9457) and the refusals they carry.

use gongshu_governance::Refusal as Decision;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Text;
use crate::act::{Opening, Receipt};

/// A problem response, `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// A URI reference that names the kind of problem: `/problems/{code}`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Short title.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What is wrong, in Chinese and English.
    pub detail: String,
    /// Stable code, such as `agreement.term`.
    pub code: String,
    /// The refusal, where a rule refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// Where in the query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Rows of a file that broke a check.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<RowProblem>,
    /// Receipt of a call that was refused or failed, or of a refused attempt at the workbench.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
    /// Of a refused attempt: opens the record's commitment to the SQL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sql_opening: Option<Opening>,
}

/// A rule's refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Refusal {
    /// Stable id of the rule.
    pub rule: String,
    /// Source document.
    pub source: String,
    /// Article of the source.
    pub article: String,
    /// What is wrong.
    pub message: Text,
    /// What would make it acceptable.
    pub remedy: Text,
}

/// A place in a query, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Location {
    /// Line.
    pub line: u64,
    /// Column.
    pub column: u64,
}

/// A row of a file that broke a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RowProblem {
    /// Line in the file, from 1.
    pub line: u64,
    /// Column of the file, from 1.
    pub column: u64,
    /// Field, where one is meant.
    pub field: Option<String>,
    /// What is wrong.
    pub message: Text,
}

impl From<Decision> for Refusal {
    fn from(refusal: Decision) -> Self {
        Self {
            rule: refusal.rule,
            source: refusal.source,
            article: refusal.article,
            message: refusal.message.into(),
            remedy: refusal.remedy.into(),
        }
    }
}

/// The HTTP status of a rule's refusal.
#[must_use]
pub fn status_of(rule: &str) -> u16 {
    match rule {
        "record.unknown" => 404,
        "record.state" | "record.duplicate" | "record.conflict" => 409,
        "chain.quota" | "chain.failures" => 429,
        "version.available" => 410,
        _ if FORBIDDING.iter().any(|area| rule.starts_with(area)) => 403,
        _ => 422,
    }
}

/// Areas whose rules say that someone may not do a thing, however it is put.
const FORBIDDING: [&str; 4] = ["power.", "chain.", "flow.", "charge."];
