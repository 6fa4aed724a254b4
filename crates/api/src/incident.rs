//! Incidents and their duties.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;

/// An incident, or the drill of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Incident {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// `extraordinary`, `major`, `larger` or `general`.
    pub level: String,
    /// `critical_infrastructure`, `department` or `other_operator`.
    pub system: String,
    /// When it was discovered.
    pub discovered: String,
    /// When it was put on record.
    pub reported: String,
    /// Who reported it.
    pub by: Named,
    /// Scenarios that it concerns.
    pub scenarios: Vec<Named>,
    /// What was known of it.
    pub facts: String,
    /// Whether it is a drill.
    pub drill: bool,
    /// What is to be done, and what was.
    pub duties: Vec<IncidentDuty>,
    /// Why it turned out to be none; none otherwise.
    pub retracted: Option<String>,
    /// Its end; none while it is open. Of one that is retracted, that it is none.
    pub closed: Option<IncidentEnd>,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// A duty of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IncidentDuty {
    /// `remedy`, `report_to_authority`, `notify_regulator` or `notify_persons`.
    pub duty: String,
    /// Until when.
    pub due: String,
    /// Whether it was done after that, or is not done and it is over.
    pub late: bool,
    /// When it was done; none while it is not.
    pub done: Option<String>,
    /// When that was put on record.
    pub recorded: Option<String>,
    /// How.
    pub how: Option<String>,
    /// SHA-256 of the report or notice that was sent.
    pub document_sha256: Option<String>,
    /// SHA-256 of what shows when it was done, where that was before it was put on record.
    pub evidence_sha256: Option<String>,
}

/// The end of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IncidentEnd {
    /// What caused it.
    pub cause: String,
    /// What is done so that it does not happen again.
    pub lessons: String,
}
