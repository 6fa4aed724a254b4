//! Versions: what was ingested, and whether it still exists.
//!
//! ```text
//!      ┌─below a least─► HeldBack ─order─┐
//! InOperation ◄─let go─────┘            ▼
//!      └──────────────────order─► DestructionOrdered ─certificate─► Destroyed
//! ```
//!
//! A version that falls short of what the packs ask for is kept, and does not answer: the one before it does, until the agency
//! lets it go or a better one comes (论证, opinion 27).
//!
//! An ordered destruction already ends every use: the key is destroyed after the order is on
//! record, so no crash leaves a destroyed key without a record.

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::identifier::{ResourceId, VersionId};
use crate::quality::{Dimension, Measured};

/// One ingested version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Version {
    /// Its id.
    pub id: VersionId,
    /// Rows in operation.
    pub rows: u64,
    /// Rows set aside because they broke a check.
    pub quarantined: u64,
    /// SHA-256 of the file as it came, lower-case hex.
    pub source_sha256: String,
    /// SHA-256 of the encrypted file in the vault, lower-case hex.
    pub stored_sha256: String,
    /// Bytes of the file as it came; none where the record is from before they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_bytes: Option<u64>,
    /// Bytes of the encrypted file in the vault; none where the record is from before they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored_bytes: Option<u64>,
    /// Which data key encrypts it.
    pub key_id: String,
    /// What was measured of its quality.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<Measured>,
    /// Where it stands.
    pub status: VersionStatus,
}

/// Where a version stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum VersionStatus {
    /// It answers.
    InOperation,
    /// It is there, and does not answer: it falls short in these dimensions of quality.
    HeldBack {
        /// In which.
        dimensions: BTreeSet<Dimension>,
        /// Since when.
        #[schemars(with = "crate::schema::Instant")]
        at: Timestamp,
    },
    /// Its end is decided; its key is being destroyed.
    DestructionOrdered {
        /// Why.
        reason: String,
        /// When.
        #[schemars(with = "crate::schema::Instant")]
        at: Timestamp,
    },
    /// Its key is gone.
    Destroyed {
        /// When the key was destroyed.
        #[schemars(with = "crate::schema::Instant")]
        at: Timestamp,
        /// The vault's certificate, as it stated it.
        certificate: serde_json::Value,
    },
}

impl VersionStatus {
    /// Whether the version's key is gone, with the certificate on record.
    #[must_use]
    pub fn is_destroyed(&self) -> bool {
        match self {
            Self::Destroyed { .. } => true,
            Self::InOperation | Self::HeldBack { .. } | Self::DestructionOrdered { .. } => false,
        }
    }

    /// Whether the version is there, with no end decided.
    #[must_use]
    pub fn stands(&self) -> bool {
        match self {
            Self::InOperation | Self::HeldBack { .. } => true,
            Self::DestructionOrdered { .. } | Self::Destroyed { .. } => false,
        }
    }

    /// Whether the version waits, since it falls short.
    #[must_use]
    pub fn is_held_back(&self) -> bool {
        matches!(self, Self::HeldBack { .. })
    }
}

/// Puts an ingested version into operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordVersion {
    /// The resource.
    pub resource: ResourceId,
    /// The version, in operation.
    pub version: Version,
}

/// Orders the destruction of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderDestruction {
    /// The resource.
    pub resource: ResourceId,
    /// The version.
    pub version: VersionId,
    /// Why.
    pub reason: String,
}

/// Records that a version's key is destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordDestruction {
    /// The resource.
    pub resource: ResourceId,
    /// The version.
    pub version: VersionId,
    /// When the key was destroyed.
    #[schemars(with = "crate::schema::Instant")]
    pub at: Timestamp,
    /// The vault's certificate.
    pub certificate: serde_json::Value,
}
