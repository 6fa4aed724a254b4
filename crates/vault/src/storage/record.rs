//! `version.json`: what a version is, or that it was destroyed.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use rand::CryptoRng;
use serde::{Deserialize, Serialize};

use super::columns::StoredColumn;
use super::destroy::DestructionCertificate;
use super::folder::{Folder, KEY, RECORD};
use crate::error::VaultError;
use crate::keys::{DataKey, WrappedKey, seal};

/// One key for all of a version.
const FORMAT_ONE_KEY: u32 = 1;
/// Keys of its own for each column and for what stands aside.
const FORMAT_COLUMN_KEYS: u32 = 2;
const SEAL_PURPOSE: &str = "gongshu.vault/1/record-seal";

/// What a version is. Nothing in it is a value of the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VersionRecord {
    pub(crate) version: String,
    pub(crate) ingested_at: Timestamp,
    pub(crate) rows: u64,
    pub(crate) rows_read: u64,
    pub(crate) blank_lines: u64,
    pub(crate) quarantined_rows: u64,
    pub(crate) columns: Vec<StoredColumn>,
    pub(crate) source_sha256: String,
    pub(crate) stored_sha256: String,
    pub(crate) stored_bytes: u64,
    pub(crate) key_id: String,
    /// The id of the key of the profile and the quarantine, where it is one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) aside_key: Option<String>,
    /// The ids of the keys of columns that have one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) column_keys: BTreeMap<String, String>,
}

/// The state of a version, as `version.json` tells it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub(crate) enum VersionFile {
    /// It can be read by who has the master key; `seal` authenticates the record under the data key.
    Active {
        /// The format of the file.
        format: u32,
        /// What it is.
        record: VersionRecord,
        /// A seal by the data key's cipher, in Base64.
        seal: String,
    },
    /// It cannot be read by anyone.
    Destroyed {
        /// The format of the file.
        format: u32,
        /// When and how.
        certificate: DestructionCertificate,
    },
}

/// `key.json`: the wrapped keys of a version. It is a file of its own so that it can be overwritten.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredKey {
    pub(crate) key_id: String,
    pub(crate) wrapped: WrappedKey,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) aside: Option<WrappedKey>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) columns: BTreeMap<String, WrappedKey>,
}

impl VersionFile {
    /// The file of a new version.
    pub(crate) fn sealed(record: &VersionRecord, key: &DataKey, rng: &mut dyn CryptoRng) -> Result<Self, VaultError> {
        let seal = seal::seal(&key.derive(SEAL_PURPOSE), &to_json(record)?, b"", rng)
            .map_err(|_| VaultError::Internal("the record cannot be sealed".into()))?;
        let one_key = record.aside_key.is_none() && record.column_keys.is_empty();
        Ok(Self::Active {
            format: if one_key { FORMAT_ONE_KEY } else { FORMAT_COLUMN_KEYS },
            record: record.clone(),
            seal: STANDARD.encode(seal),
        })
    }

    /// The file of a destroyed version.
    pub(crate) fn tombstone(certificate: &DestructionCertificate) -> Self {
        Self::Destroyed {
            format: FORMAT_ONE_KEY,
            certificate: certificate.clone(),
        }
    }

    /// Reads the file of a version, whose seal is not checked yet.
    pub(crate) fn read(folder: &Folder, version: &str) -> Result<Self, VaultError> {
        let bytes = match folder.read(RECORD) {
            Err(VaultError::Altered { .. }) if !folder.exists()? => {
                return Err(VaultError::UnknownVersion(version.to_owned()));
            }
            read => read?,
        };
        parse(&bytes, version)
    }
}

impl StoredKey {
    pub(crate) fn read(folder: &Folder, version: &str) -> Result<Self, VaultError> {
        let bytes = folder.read(KEY)?;
        serde_json::from_slice(&bytes).map_err(|_| altered(version, KEY))
    }
}

/// Whether the record is what was sealed under the key.
pub(crate) fn check_seal(record: &VersionRecord, seal: &str, key: &DataKey) -> Result<(), VaultError> {
    let refused = || altered(&record.version, RECORD);
    let seal = STANDARD.decode(seal).map_err(|_| refused())?;
    seal::unseal(&key.derive(SEAL_PURPOSE), &to_json(record)?, &seal).map_err(|_| refused())?;
    Ok(())
}

pub(crate) fn altered(version: &str, file: &'static str) -> VaultError {
    VaultError::Altered {
        version: version.to_owned(),
        file,
    }
}

pub(crate) fn to_json(value: &impl Serialize) -> Result<Vec<u8>, VaultError> {
    serde_json::to_vec_pretty(value).map_err(|error| VaultError::Internal(error.to_string()))
}

fn parse(bytes: &[u8], version: &str) -> Result<VersionFile, VaultError> {
    #[derive(Deserialize)]
    struct Envelope {
        format: u32,
    }
    let envelope: Envelope = serde_json::from_slice(bytes).map_err(|_| altered(version, RECORD))?;
    if ![FORMAT_ONE_KEY, FORMAT_COLUMN_KEYS].contains(&envelope.format) {
        return Err(VaultError::UnknownFormat {
            version: version.to_owned(),
            format: envelope.format,
        });
    }
    serde_json::from_slice(bytes).map_err(|_| altered(version, RECORD))
}
