//! Data quality: how the data of a resource stands, and work orders to its provider.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Named, Text};

/// The last measure of a dimension of quality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QualityMeasure {
    /// `completeness`, `conformity`, `uniqueness`, `timeliness`, `accuracy` or `consistency`.
    pub dimension: String,
    /// Its name.
    pub name: Text,
    /// How many hold.
    pub held: u64,
    /// Of how many.
    pub of: u64,
    /// The same in basis points.
    pub basis_points: u32,
    /// What the packs ask for at least; none where they ask for nothing.
    pub basis_points_min: Option<u32>,
    /// Version that was measured.
    pub version: String,
    /// Who checked it, and by which rule; none where the platform measured it.
    pub check: Option<QualityCheck>,
}

/// A check that somebody has put on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QualityCheck {
    /// Who.
    pub by: Named,
    /// What was compared with what.
    pub method: String,
    /// SHA-256 of the report.
    pub document_sha256: String,
}

/// A work order about the quality of data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkOrder {
    /// Its id.
    pub id: String,
    /// The resource.
    pub resource: Named,
    /// The department that answers.
    pub holder: Named,
    /// The dimension.
    pub dimension: String,
    /// Its name.
    pub name: Text,
    /// The version, where it is of one.
    pub version: Option<String>,
    /// Whether that version is held back for it: it does not answer until it is let go.
    pub held_back: bool,
    /// What is wrong.
    pub text: String,
    /// Who opened it; none where what was measured did.
    pub by: Option<Named>,
    /// When.
    pub at: String,
    /// The last day for the answer.
    pub due: String,
    /// Whether that day rests on a year whose holidays are not arranged yet.
    pub provisional: bool,
    /// Whether it was answered after that, or is not and that day is over.
    pub late: bool,
    /// `open`, `answered` or `closed`.
    pub state: String,
    /// Answers, the first first.
    pub answers: Vec<WorkOrderAnswer>,
    /// When it was closed, and with which finding.
    pub closed: Option<WorkOrderEnd>,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// An answer to a work order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkOrderAnswer {
    /// When.
    pub at: String,
    /// What was done, or why nothing is.
    pub how: String,
    /// The version that puts it right.
    pub version: Option<String>,
}

/// The end of a work order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkOrderEnd {
    /// When.
    pub at: String,
    /// With which finding.
    pub reason: String,
}
