//! What goes abroad: documents of paths, and how many persons' information went this year.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;

/// The document by which information may go abroad to a consumer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExportDocument {
    /// Its id.
    pub id: String,
    /// The agreement under which the operator provides.
    pub agreement: Named,
    /// The consumer that receives.
    pub consumer: Named,
    /// `assessment`, `standard_contract`, `certification` or `bay_area_contract`.
    pub path: String,
    /// Number of the document.
    pub document_number: String,
    /// SHA-256 of the document.
    pub document_sha256: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
    /// Whether it is valid today.
    pub valid: bool,
    /// Why it has ended, where it has.
    pub ended: Option<String>,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// Persons whose information an operator has provided abroad since the first of January, each once over all of its
/// agreements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExportCount {
    /// The operator.
    pub operator: Named,
    /// The year.
    pub year: i16,
    /// By information that is not sensitive.
    pub persons: u64,
    /// By sensitive information.
    pub sensitive: u64,
    /// Persons from which a contract or a certification is needed.
    pub contract_persons: u64,
    /// Persons from which an assessment is needed.
    pub assessment_persons: u64,
    /// The same by sensitive information.
    pub assessment_sensitive: u64,
}
