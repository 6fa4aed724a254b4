//! Erasures of what calls carried.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;

/// An order by which the content of calls was deleted; their entries and proofs stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Erasure {
    /// Its id.
    pub id: String,
    /// When.
    pub at: String,
    /// Who ordered it.
    pub by: Named,
    /// `retention_over`, `unlawful` or `ordered`.
    pub ground: String,
    /// The document or finding that it rests on.
    pub basis: String,
    /// Indices of the calls' entries in the ledger.
    pub entries: Vec<u64>,
    /// Revision, for `If-Match`.
    pub revision: u64,
}
