//! Files behind the hashes that acts name.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;
use crate::act::Receipt;

/// A file that a party has put there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct File {
    /// Its id.
    pub id: String,
    /// SHA-256 of its content: what acts name it by, and where it is read, at `/files/{sha256}`.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// Its media type, by its own bytes.
    pub media_type: String,
    /// What its owner calls it.
    pub name: String,
    /// Who put it there.
    pub by: Named,
    /// When.
    pub at: String,
    /// Whether something on record names it; it stays then.
    pub named: bool,
}

/// A file that was put there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FileResponse {
    /// Its id.
    pub id: String,
    /// SHA-256 of its content, for acts to name.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// Its media type, by its own bytes.
    pub media_type: String,
    /// What it is called.
    pub name: String,
    /// The receipt of its recording; none where the party kept the same content before.
    pub receipt: Option<Receipt>,
}
