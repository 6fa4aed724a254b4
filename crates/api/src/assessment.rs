//! Yearly assessments of an operator.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;

/// An assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Assessment {
    /// Its id.
    pub id: String,
    /// The agreement whose operator is assessed.
    pub agreement: Named,
    /// The operator.
    pub operator: Named,
    /// Who assesses.
    pub assessor: Named,
    /// The year.
    pub year: i16,
    /// Until when.
    pub due: String,
    /// Indicators in their order.
    pub indicators: Vec<AssessmentIndicator>,
    /// Points of all indicators; none before the conclusion.
    pub total: Option<u32>,
    /// `failed`, `passed`, `good` or `excellent`.
    pub grade: Option<String>,
    /// What the panel concluded.
    pub conclusion: Option<String>,
    /// The operator's appeal.
    pub appeal: Option<String>,
    /// The answer to it.
    pub answer: Option<String>,
    /// Whether it failed and what failed is not put right.
    pub failed: bool,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// An indicator and what was found of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AssessmentIndicator {
    /// Its name.
    pub name: String,
    /// The most points.
    pub weight: u32,
    /// What the platform's record says now, or said when it was assessed; none where evidence shows it.
    pub figure: Option<String>,
    /// Points; none before it is assessed.
    pub points: Option<u32>,
    /// What was found.
    pub finding: Option<String>,
    /// SHA-256 of what shows it.
    pub document_sha256: Option<String>,
}
