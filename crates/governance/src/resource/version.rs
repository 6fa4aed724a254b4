//! Versions: what was ingested, and whether it still exists.
//!
//! ```text
//! InOperation ─order─► DestructionOrdered ─certificate─► Destroyed
//! ```
//!
//! An ordered destruction already ends every use: the key is destroyed after the order is on
//! record, so no crash leaves a destroyed key without a record.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::identifier::{ResourceId, VersionId};
use crate::quality::Measured;

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
            Self::InOperation | Self::DestructionOrdered { .. } => false,
        }
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
