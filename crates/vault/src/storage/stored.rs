//! A version that can be read.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::parquet::encryption::decrypt::FileDecryptionProperties;
use jiff::Timestamp;

use super::columns::{StoredColumn, arrow_schema};
use super::folder::{DATA, Folder, KEY};
use super::parquet::{decryption, digest};
use super::place::{Place, PlaceReader};
use super::record::{StoredKey, VersionFile, VersionRecord, altered, check_seal, key_id};
use crate::error::VaultError;
use crate::keys::{DataKey, KeyError, KeyService};

/// A version that can be read. It holds the data key: keep it no longer than it is used, and open the
/// version again after a destruction may have happened.
#[derive(Clone)]
pub struct StoredVersion {
    record: Arc<VersionRecord>,
    schema: SchemaRef,
    folder: Folder,
    key: Arc<DataKey>,
    decryption: Arc<FileDecryptionProperties>,
}

impl StoredVersion {
    /// The name of the version.
    pub fn version(&self) -> &str {
        &self.record.version
    }

    /// Its columns in Arrow's terms.
    pub fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// Its columns.
    pub fn columns(&self) -> &[StoredColumn] {
        &self.record.columns
    }

    /// The columns in which no value comes twice.
    pub fn unique_columns(&self) -> impl Iterator<Item = &str> {
        self.record
            .columns
            .iter()
            .filter(|column| column.unique)
            .map(|column| column.name.as_str())
    }

    /// How many rows it has.
    pub fn rows(&self) -> u64 {
        self.record.rows
    }

    /// How many rows are in quarantine.
    pub fn quarantined_rows(&self) -> u64 {
        self.record.quarantined_rows
    }

    /// When it was stored.
    pub fn ingested_at(&self) -> Timestamp {
        self.record.ingested_at
    }

    /// Where the encrypted Parquet file is.
    pub fn data_file(&self) -> PathBuf {
        self.folder.path_of(DATA)
    }

    /// SHA-256 of the source as it came.
    pub fn source_sha256(&self) -> &str {
        &self.record.source_sha256
    }

    /// SHA-256 of the encrypted file.
    pub fn stored_sha256(&self) -> &str {
        &self.record.stored_sha256
    }

    /// The length of the encrypted file.
    pub fn stored_bytes(&self) -> u64 {
        self.record.stored_bytes
    }

    /// The id of the data key.
    pub fn key_id(&self) -> &str {
        &self.record.key_id
    }

    /// What a Parquet reader needs to decrypt the file: the key, and the version's name as associated data.
    /// The Parquet library does not wipe its copy of the key; keep it out of settings that can be listed.
    pub fn decryption(&self) -> Arc<FileDecryptionProperties> {
        self.decryption.clone()
    }

    pub(crate) fn reader(&self) -> PlaceReader {
        self.folder.reader(DATA, self.stored_bytes())
    }

    pub(crate) fn key(&self) -> &DataKey {
        &self.key
    }
}

impl fmt::Debug for StoredVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("StoredVersion")
            .field("record", &self.record)
            .field("data_file", &self.data_file())
            .finish_non_exhaustive()
    }
}

/// Opens a version: its record is read, its key unwrapped, and the record authenticated under the key.
pub(crate) fn open_version(
    place: &Arc<dyn Place>,
    version: &str,
    keys: &dyn KeyService,
) -> Result<StoredVersion, VaultError> {
    let folder = Folder::of(place, version)?;
    let (record, seal) = match VersionFile::read(&folder, version)? {
        VersionFile::Active { record, seal, .. } => (record, seal),
        VersionFile::Destroyed { certificate, .. } => {
            return Err(VaultError::Destroyed {
                version: version.to_owned(),
                at: certificate.at,
            });
        }
    };
    let stored = StoredKey::read(&folder, version)?;
    let key = keys.unwrap(&stored.wrapped).map_err(|error| match error {
        KeyError::Altered => altered(version, KEY),
        other => VaultError::Key(other),
    })?;
    check_seal(&record, &seal, &key)?;
    if record.version != version || record.key_id != key_id(&key) {
        return Err(altered(version, KEY));
    }
    Ok(StoredVersion {
        schema: arrow_schema(&record.columns),
        decryption: decryption(version, &key)?,
        key: Arc::new(key),
        record: Arc::new(record),
        folder,
    })
}

/// Whether the encrypted file is, byte for byte, what was written.
pub(crate) fn verify(stored: &StoredVersion) -> Result<(), VaultError> {
    let found = match digest(&stored.folder) {
        Err(VaultError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
            return Err(altered(stored.version(), DATA));
        }
        digested => digested?,
    };
    if found.sha256 == stored.record.stored_sha256 && found.bytes == stored.record.stored_bytes {
        Ok(())
    } else {
        Err(altered(stored.version(), DATA))
    }
}
