//! Disputes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;

/// A dispute: its case file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Dispute {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The agreement under which it arose.
    pub agreement: Named,
    /// Who claims.
    pub claimant: Named,
    /// Against whom.
    pub respondents: Vec<Named>,
    /// The scenarios it is about.
    pub scenarios: Vec<Named>,
    /// What is claimed.
    pub claims: String,
    /// What it rests on.
    pub facts: String,
    /// `consultation`, `mediation`, `arbitration` or `court`.
    pub forum: String,
    /// When the next step is due.
    pub due: Option<String>,
    /// From whom: whose turn it is.
    pub due_from: Vec<Named>,
    /// Whether it is late.
    pub late: bool,
    /// Steps in their order.
    pub steps: Vec<DisputeStep>,
    /// Scenarios that an interim measure keeps frozen.
    pub frozen: Vec<Named>,
    /// `settled`, `mediated`, `awarded`, `judged` or `withdrawn`; none while it goes on.
    pub ending: Option<String>,
    /// What was agreed or decided.
    pub conclusion: Option<String>,
    /// SHA-256 of the document that ended it.
    pub document_sha256: Option<String>,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// A step of a dispute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DisputeStep {
    /// `answer`, `evidence`, `hearing` or `other`.
    pub step: String,
    /// By whom.
    pub by: Named,
    /// When.
    pub at: String,
    /// What was said or done.
    pub facts: String,
    /// The evidence package that goes with it.
    pub evidence: Option<String>,
    /// SHA-256 of the document that goes with it.
    pub document_sha256: Option<String>,
    /// Whether it came late.
    pub late: bool,
}
