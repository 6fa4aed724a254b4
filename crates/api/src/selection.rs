//! Selections of the operator.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;
use crate::chain::Term;

/// A selection of the operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Selection {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The plan it carries out.
    pub plan: Named,
    /// By whom.
    pub agency: Named,
    /// `open_tender`, `invited_tender`, `negotiation` or `other_competition`.
    pub method: String,
    /// Conditions that are held or not: what each asks.
    pub conditions: BTreeMap<String, String>,
    /// Conditions that are scored.
    pub criteria: Vec<SelectionCriterion>,
    /// When applications are taken.
    pub term: Term,
    /// Where it is published.
    pub notice: String,
    /// Days by which it came on record after it began.
    pub late_days: u32,
    /// Whom an invited tender invites.
    pub invited: Vec<Named>,
    /// Applicants, the first first once they are scored.
    pub applicants: Vec<SelectionApplicant>,
    /// Members of the panel; the leader first.
    pub panel: Vec<String>,
    /// The candidate that the public sees, with its term.
    pub candidate: Option<SelectionCandidate>,
    /// Objections in their order.
    pub objections: Vec<SelectionObjection>,
    /// The selected operator.
    pub selected: Option<Named>,
    /// The agreements that rest on it.
    pub agreements: Vec<Named>,
    /// Whether it may still be cancelled, or its winner set aside: not where an agreement rests on it.
    pub cancellable: bool,
    /// Why it has come to nothing; none while it goes on, and where it has a result.
    pub failed: Option<String>,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// A condition that is scored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SelectionCriterion {
    /// Its name.
    pub name: String,
    /// What is looked at.
    pub asks: String,
    /// The most points.
    pub points: u32,
}

/// An applicant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SelectionApplicant {
    /// Who.
    pub party: Named,
    /// When it applied.
    pub at: String,
    /// Whether it qualifies; none while that is not decided.
    pub qualified: Option<bool>,
    /// Why it does, or does not.
    pub reason: Option<String>,
    /// What the agency found of its record: for itself, agency and supervisor.
    pub check: Option<RecordCheck>,
    /// Points of all members together; none before it is scored.
    pub total: Option<u32>,
    /// Whether an objection that was upheld has set it aside.
    pub set_aside: bool,
    /// By condition, the SHA-256 of the file that shows it: for itself, agency and supervisor.
    pub evidence: std::collections::BTreeMap<String, String>,
}

/// A report on an applicant's record that the agency fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordCheck {
    /// SHA-256 of the report.
    pub document_sha256: String,
    /// The day on which it was fetched.
    pub day: String,
    /// The day of the last entry that it shows; none where it shows none.
    pub last_blemish: Option<String>,
    /// Whether the applicant has stated otherwise.
    pub contradicts: bool,
}

/// A candidate before the public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SelectionCandidate {
    /// Who.
    pub party: Named,
    /// From and until when.
    pub term: Term,
    /// Where it is published.
    pub notice: String,
    /// Days by which it came on record after it began.
    pub late_days: u32,
    /// The notice as it was published, where it came on record late.
    pub evidence_sha256: Option<String>,
}

/// An objection and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SelectionObjection {
    /// Its number.
    pub number: u32,
    /// Who objects.
    pub objector: String,
    /// Why.
    pub reason: String,
    /// The last day on which an answer is in time.
    pub due: String,
    /// Whether the answer is, or was, late.
    pub late: bool,
    /// Whether it holds; none while it waits.
    pub upheld: Option<bool>,
    /// The answer.
    pub answer: Option<String>,
}
