//! A version that can be read.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use datafusion::arrow::datatypes::SchemaRef;
use jiff::Timestamp;

use super::columns::{StoredColumn, arrow_schema};
use super::folder::{DATA, Folder, KEY};
use super::parquet::{decryption, digest};
use super::place::{Place, PlaceReader};
use super::record::{StoredKey, VersionFile, VersionRecord, altered, check_seal};
use super::unlocked::Unlocked;
use crate::error::VaultError;
use crate::keys::{DataKey, KeyError, KeyService, WrappedKey};

/// A version that can be read. It holds the key of the version, and those of columns wrapped: keep it no longer than it is
/// used, and open the version again after a destruction may have happened.
#[derive(Clone)]
pub struct StoredVersion {
    record: Arc<VersionRecord>,
    schema: SchemaRef,
    folder: Folder,
    key: Arc<DataKey>,
    wrapped: Arc<StoredKey>,
    keys: Arc<dyn KeyService>,
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

    /// The places of columns, by their names.
    pub(crate) fn places(&self, columns: &[&str]) -> Result<Vec<usize>, VaultError> {
        let unknown = |column: &str| VaultError::UnknownColumn {
            version: self.version().to_owned(),
            column: column.to_owned(),
        };
        let place = |column: &&str| self.schema.index_of(column).map_err(|_| unknown(column));
        columns.iter().map(place).collect()
    }

    /// Unlocks columns, by their places in [`Self::columns`]: their keys are unwrapped, and no others.
    pub fn unlock(&self, columns: &[usize]) -> Result<Unlocked, VaultError> {
        let schema = self.schema.project(columns);
        let schema = schema.map_err(|error| VaultError::Internal(error.to_string()))?;
        let mut keys = Vec::new();
        for index in columns {
            let name = self
                .record
                .columns
                .get(*index)
                .map_or("", |column| column.name.as_str());
            if let Some(id) = self.record.column_keys.get(name) {
                keys.push((name, self.unwrap(self.wrapped.columns.get(name), id)?));
            }
        }
        let decryption = decryption(self.version(), &self.key, &keys)?;
        Ok(Unlocked::new(self.clone(), columns, Arc::new(schema), decryption))
    }

    /// The key of the profile and the quarantine.
    pub(crate) fn aside_key(&self) -> Result<Arc<DataKey>, VaultError> {
        match &self.record.aside_key {
            Some(id) => self.unwrap(self.wrapped.aside.as_ref(), id).map(Arc::new),
            None => Ok(self.key.clone()),
        }
    }

    /// A further key of the version, which must be the one that the record names.
    fn unwrap(&self, wrapped: Option<&WrappedKey>, id: &str) -> Result<DataKey, VaultError> {
        let wrapped = wrapped.ok_or_else(|| altered(self.version(), KEY))?;
        let key = unwrap(self.version(), self.keys.as_ref(), wrapped)?;
        match key.id() == id {
            true => Ok(key),
            false => Err(altered(self.version(), KEY)),
        }
    }

    pub(crate) fn reader(&self) -> PlaceReader {
        self.folder.reader(DATA, self.stored_bytes())
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
    keys: &Arc<dyn KeyService>,
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
    let key = unwrap(version, keys.as_ref(), &stored.wrapped)?;
    check_seal(&record, &seal, &key)?;
    if record.version != version || record.key_id != key.id() {
        return Err(altered(version, KEY));
    }
    Ok(StoredVersion {
        schema: arrow_schema(&record.columns),
        key: Arc::new(key),
        wrapped: Arc::new(stored),
        keys: keys.clone(),
        record: Arc::new(record),
        folder,
    })
}

fn unwrap(version: &str, keys: &dyn KeyService, wrapped: &WrappedKey) -> Result<DataKey, VaultError> {
    keys.unwrap(wrapped).map_err(|error| match error {
        KeyError::Altered => altered(version, KEY),
        other => VaultError::Key(other),
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
