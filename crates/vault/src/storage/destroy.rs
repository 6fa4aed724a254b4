//! Deletion for certain: without its data key a version is noise, wherever copies of it lie.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::folder::{Folder, KEY, RECORD};
use super::parquet::digest;
use super::place::Place;
use super::record::{StoredKey, VersionFile, to_json};
use crate::error::VaultError;

const METHOD: &str =
    "cryptographic erasure (NIST SP 800-88 rev. 1): wrapped data key overwritten and removed, encrypted files removed";
const UNKNOWN: &str = "unknown";

/// Says that a version was destroyed, when and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DestructionCertificate {
    /// The version.
    pub version: String,
    /// The id of the data key that was destroyed.
    pub key_id: String,
    /// SHA-256 of the encrypted file that was removed.
    pub stored_sha256: String,
    /// When.
    pub at: Timestamp,
    /// How.
    pub method: String,
}

/// Destroys a version, or says again how it was destroyed.
///
/// The tombstone is made durable first. From then on nobody is given the key, and an erasure that a crash
/// interrupts is finished by the next call or by the sweep at start-up. No master key is needed: a version
/// whose key is lost can be destroyed too.
pub(crate) fn destroy(
    place: &Arc<dyn Place>,
    version: &str,
    at: Timestamp,
) -> Result<DestructionCertificate, VaultError> {
    let folder = Folder::of(place, version)?;
    let certificate = match VersionFile::read(&folder, version) {
        Ok(VersionFile::Destroyed { certificate, .. }) => {
            erase(&folder)?;
            return Ok(certificate);
        }
        Ok(VersionFile::Active { record, .. }) => certify(version, record.key_id, record.stored_sha256, at),
        Err(VaultError::Altered { .. }) => certify_damaged(&folder, version, at),
        Err(other) => return Err(other),
    };
    folder.replace(RECORD, &to_json(&VersionFile::tombstone(&certificate))?)?;
    erase(&folder)?;
    Ok(certificate)
}

fn certify(version: &str, key_id: String, stored_sha256: String, at: Timestamp) -> DestructionCertificate {
    DestructionCertificate {
        version: version.to_owned(),
        key_id,
        stored_sha256,
        at,
        method: METHOD.to_owned(),
    }
}

/// A version whose record is damaged is described by what is there.
fn certify_damaged(folder: &Folder, version: &str, at: Timestamp) -> DestructionCertificate {
    let key_id = StoredKey::read(folder, version).map_or_else(|_| UNKNOWN.to_owned(), |stored| stored.key_id);
    let sha256 = digest(folder).map_or_else(|_| UNKNOWN.to_owned(), |found| found.sha256);
    certify(version, key_id, sha256, at)
}

/// Removes what can be read; what is gone already is no error.
pub(crate) fn erase(folder: &Folder) -> Result<(), VaultError> {
    folder.wipe(KEY)?;
    folder.remove_all_but(RECORD)
}
