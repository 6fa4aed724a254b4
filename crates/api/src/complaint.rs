//! Complaints about operators.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;

/// A complaint about how an operator goes about its business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Complaint {
    /// Its id.
    pub id: String,
    /// The agreement under which the operator acts.
    pub agreement: Named,
    /// About whom.
    pub operator: Named,
    /// By whom.
    pub by: Named,
    /// When.
    pub at: String,
    /// Of which kind.
    pub conduct: String,
    /// What happened.
    pub facts: String,
    /// SHA-256 of what shows it.
    pub evidence_sha256: Option<String>,
    /// `filed`, `answered`, `dismissed`, `upheld`, `rectified` or `closed`.
    pub status: String,
    /// By when something is due from the operator.
    pub due: Option<String>,
    /// Whether that day is over.
    pub late: bool,
    /// What the operator answered.
    pub answer: Option<ComplaintStep>,
    /// What was found, and on which basis.
    pub decision: Option<ComplaintStep>,
    /// What is to be put right, and by when.
    pub demands: Option<String>,
    /// What the operator did since, the first first.
    pub rectified: Vec<ComplaintStep>,
    /// What was found of that at last.
    pub finding: Option<ComplaintStep>,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// What somebody said in a complaint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ComplaintStep {
    /// When.
    pub at: String,
    /// Who.
    pub by: Named,
    /// What.
    pub text: String,
    /// SHA-256 of what shows it.
    pub document_sha256: Option<String>,
}
