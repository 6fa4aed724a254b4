//! Refusals: the answer no, as data that a clerk can act on.

use serde::{Deserialize, Serialize};

use crate::text::Text;

/// Why something may not be done: which rule, from which document, and what would make it
/// acceptable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Stable id of the rule, such as `agreement.term`.
    pub rule: String,
    /// Short name and number of the source document.
    pub source: String,
    /// Article of the source.
    pub article: String,
    /// What is wrong.
    pub message: Text,
    /// What would make it acceptable.
    pub remedy: Text,
}
