//! The vault: the one door to stored versions.

use std::io::Read;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use futures::TryStreamExt;
use futures::executor::block_on;
use jiff::Timestamp;
use rand::CryptoRng;

use crate::error::VaultError;
use crate::ingest::{self, ColumnProfile, IngestError, Ingested, QuarantinedRow, Target};
use crate::keys::{DataKey, KeyScope, KeyService};
use crate::spec::SourceSpec;
use crate::storage::{
    self, CheckDepth, DestructionCertificate, DomainSeal, FileReader, Folder, Place, SelfCheck, StoredVersion,
    VaultPlace, VersionSummary,
};

/// Largest encrypted file of a version, unless configured otherwise.
pub const VERSION_BYTES_MAX: u64 = 64 << 30;

/// A place of encrypted versions, and the service that has their keys. All calls block; ask from a pool
/// for blocking work.
pub struct Vault {
    place: Arc<dyn Place>,
    keys: Arc<dyn KeyService>,
    version_bytes_max: u64,
    key_scope: KeyScope,
}

impl Vault {
    /// Opens the vault in a place: a folder, which is made if it is not there, or a bucket.
    pub fn open(place: impl Into<VaultPlace>, keys: Arc<dyn KeyService>) -> Result<Self, VaultError> {
        Ok(Self {
            place: place.into().open()?,
            keys,
            version_bytes_max: VERSION_BYTES_MAX,
            key_scope: KeyScope::default(),
        })
    }

    /// With another limit of the length of an encrypted file.
    #[must_use]
    pub fn with_version_bytes_max(self, version_bytes_max: u64) -> Self {
        Self {
            version_bytes_max,
            ..self
        }
    }

    /// With keys of another scope for versions to come.
    #[must_use]
    pub fn with_key_scope(self, key_scope: KeyScope) -> Self {
        Self { key_scope, ..self }
    }

    /// Reads a source into a new version, or refuses it and leaves nothing. `progress` hears the
    /// number of rows read, now and then and at the end. Keys and their nonces are drawn from `rng`; the
    /// nonces inside the Parquet file come from the operating system, by the Parquet library.
    pub fn ingest(
        &self,
        version: &str,
        spec: &SourceSpec,
        bytes: impl Read,
        at: Timestamp,
        rng: &mut dyn CryptoRng,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Ingested, IngestError> {
        let target = Target {
            place: &self.place,
            version,
            at,
            bytes_max: self.version_bytes_max,
            key_scope: self.key_scope,
        };
        ingest::ingest(&target, self.keys.as_ref(), spec, bytes, rng, progress)
    }

    /// Opens a version: its key is unwrapped and its record authenticated.
    pub fn version(&self, version: &str) -> Result<StoredVersion, VaultError> {
        storage::open_version(&self.place, version, &self.keys)
    }

    /// Reads a version into memory, whole or the named columns in the order asked for. The file is
    /// verified against its recorded hash first.
    pub fn read_batches(&self, version: &str, columns: Option<&[&str]>) -> Result<Vec<RecordBatch>, VaultError> {
        let stored = self.version(version)?;
        storage::verify(&stored)?;
        let columns = match columns {
            Some(columns) => stored.places(columns)?,
            None => (0..stored.columns().len()).collect(),
        };
        block_on(stored.unlock(&columns)?.batches().try_collect())
    }

    /// Whether the encrypted file of a version is, byte for byte, what was written.
    pub fn verify(&self, version: &str) -> Result<(), VaultError> {
        storage::verify(&self.version(version)?)
    }

    /// What the values of a version are like.
    pub fn profile(&self, version: &str) -> Result<Vec<ColumnProfile>, VaultError> {
        storage::read_profile(&Folder::of(&self.place, version)?, &self.version(version)?)
    }

    /// The rows of the source that were set aside, as they came.
    pub fn quarantine(&self, version: &str) -> Result<Vec<QuarantinedRow>, VaultError> {
        storage::read_quarantine(&Folder::of(&self.place, version)?, &self.version(version)?)
    }

    /// Destroys a version for certain. A second call gives the same certificate.
    pub fn destroy(&self, version: &str, at: Timestamp) -> Result<DestructionCertificate, VaultError> {
        storage::destroy(&self.place, version, at)
    }

    /// Lists the versions, in the order of their names, without touching keys.
    pub fn versions(&self) -> Result<Vec<VersionSummary>, VaultError> {
        storage::versions(&self.place)
    }

    /// The secret under which subjects become record keys; drawn from `rng` at first use and the same ever after.
    pub fn record_secret(&self, rng: &mut dyn CryptoRng) -> Result<DataKey, VaultError> {
        storage::record_secret(&self.place, self.keys.as_ref(), rng)
    }

    /// The seal of what members of this security domain say to each other.
    pub fn domain_seal(&self, rng: &mut dyn CryptoRng) -> Result<DomainSeal, VaultError> {
        Ok(DomainSeal::of(&self.record_secret(rng)?))
    }

    /// Keeps `content` under a name of its own until it leaves the domain or is discarded, encrypted under a key of its
    /// own that is drawn from `rng`.
    pub fn keep(&self, name: &str, content: &[u8], rng: &mut dyn CryptoRng) -> Result<(), VaultError> {
        storage::keep(&self.place, name, content, self.keys.as_ref(), rng)
    }

    /// What is kept under this name.
    pub fn kept(&self, name: &str) -> Result<Vec<u8>, VaultError> {
        storage::kept(&self.place, name, self.keys.as_ref())
    }

    /// Destroys what is kept under this name, its key first. A second call finds nothing to do.
    pub fn discard(&self, name: &str) -> Result<(), VaultError> {
        storage::discard(&self.place, name)
    }

    /// The names of all that is kept, in order.
    pub fn kept_names(&self) -> Result<Vec<String>, VaultError> {
        storage::kept_names(&self.place)
    }

    /// Keeps a file of any length under a name of its own, encrypted under a key of its own that is drawn from `rng`; gives
    /// its length. It is there whole once this returns, and not at all where it fails.
    pub fn put_file(&self, name: &str, content: &mut dyn Read, rng: &mut dyn CryptoRng) -> Result<u64, VaultError> {
        storage::put_file(&self.place, name, content, self.keys.as_ref(), rng)
    }

    /// The file of this name, to be read piece by piece.
    pub fn file(&self, name: &str) -> Result<FileReader, VaultError> {
        storage::open_file(&self.place, name, self.keys.as_ref())
    }

    /// Destroys the file of this name, its key first. A second call finds nothing to do.
    pub fn remove_file(&self, name: &str) -> Result<(), VaultError> {
        storage::remove_file(&self.place, name)
    }

    /// Destroys the files that are not to be kept, and what a crash has left of files in the making; gives how many
    /// there were. To be called when nobody is writing one.
    pub fn sweep_files(&self, keep: &dyn Fn(&str) -> bool) -> Result<usize, VaultError> {
        storage::sweep_files(&self.place, keep)
    }

    /// Looks whether every version is sound; changes nothing.
    pub fn self_check(&self, depth: CheckDepth) -> Result<SelfCheck, VaultError> {
        storage::self_check(&self.place, &self.keys, depth)
    }

    /// Removes what interrupted ingestions left and finishes interrupted destructions; gives how many
    /// there were. To be called at start-up, before anything is ingested.
    pub fn sweep(&self) -> Result<usize, VaultError> {
        storage::sweep(&self.place)
    }
}
