//! The log's witnesses.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How far the log is witnessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Witnessed {
    /// Entries in the log.
    pub size: u64,
    /// Entries under the newest checkpoint that a quorum of witnesses has cosigned; 0 before the first.
    pub final_size: u64,
    /// The witnesses that are asked; none where the log is not witnessed.
    pub items: Vec<Witness>,
}

/// A witness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Witness {
    /// What the policy calls it.
    pub name: String,
    /// Its public key, in C2SP form.
    pub key: String,
    /// Where it is asked; for those who watch the platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Entries under the checkpoint that it has cosigned last; 0 before the first.
    pub size: u64,
    /// When it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Whether its cosignature on the newest checkpoint is missing.
    pub late: bool,
    /// Why the last request gave none; for those who watch the platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A final checkpoint that carries a time-stamp.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StampedCheckpoint {
    /// Entries under it.
    pub size: u64,
    /// The stamped time.
    pub at: String,
}

/// A time-stamp (RFC 3161) and what it is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TimeStamp {
    /// Entries under the checkpoint.
    pub size: u64,
    /// The stamped time.
    pub at: String,
    /// The signed checkpoint; the stamp is over the SHA-256 of exactly this text.
    pub checkpoint: String,
    /// The authority's reply (`TimeStampResp`) in base64.
    pub reply: String,
}
