//! The small files of a version: record, key, profile, quarantine.

use rand::CryptoRng;
use serde::{Serialize, de::DeserializeOwned};

use super::folder::{Folder, KEY, PROFILE, QUARANTINE};
use super::record::{StoredKey, VersionFile, VersionRecord, altered, to_json};
use super::staging::Staging;
use super::stored::StoredVersion;
use crate::error::VaultError;
use crate::ingest::{ColumnProfile, QuarantinedRow};
use crate::keys::{DataKey, KeyService, VersionKeys, seal};

/// What stands beside the data of a version.
pub(crate) struct Parts<'a> {
    pub(crate) record: &'a VersionRecord,
    pub(crate) profile: &'a [ColumnProfile],
    pub(crate) quarantine: &'a [QuarantinedRow],
}

impl Parts<'_> {
    /// Writes them to a version in the making, and commits it with its record.
    pub(crate) fn commit(
        &self,
        staging: Staging,
        own: &VersionKeys,
        keys: &dyn KeyService,
        rng: &mut dyn CryptoRng,
    ) -> Result<(), VaultError> {
        let version = &self.record.version;
        let aside = own.aside.as_ref().unwrap_or(&own.version);
        staging.write(PROFILE, &seal_json(aside, version, PROFILE, self.profile, rng)?)?;
        if !self.quarantine.is_empty() {
            staging.write(
                QUARANTINE,
                &seal_json(aside, version, QUARANTINE, self.quarantine, rng)?,
            )?;
        }
        let stored_key = StoredKey {
            key_id: self.record.key_id.clone(),
            wrapped: keys.wrap(&own.version, rng)?,
            aside: own.aside.as_ref().map(|key| keys.wrap(key, rng)).transpose()?,
            columns: own.wrap_columns(keys, rng)?,
        };
        staging.write(KEY, &to_json(&stored_key)?)?;
        staging.commit(&to_json(&VersionFile::sealed(self.record, &own.version, rng)?)?)
    }
}

/// Reads the profile of a version.
pub(crate) fn read_profile(folder: &Folder, stored: &StoredVersion) -> Result<Vec<ColumnProfile>, VaultError> {
    unseal_json(folder, stored, PROFILE)
}

/// Reads the quarantined rows of a version.
pub(crate) fn read_quarantine(folder: &Folder, stored: &StoredVersion) -> Result<Vec<QuarantinedRow>, VaultError> {
    if stored.quarantined_rows() == 0 {
        return Ok(Vec::new());
    }
    unseal_json(folder, stored, QUARANTINE)
}

fn seal_json<T: Serialize + ?Sized>(
    key: &DataKey,
    version: &str,
    file: &str,
    value: &T,
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, VaultError> {
    let plaintext = zeroize::Zeroizing::new(to_json(&value)?);
    seal::seal(&key.derive(file), &context(version, file), &plaintext, rng)
        .map_err(|_| VaultError::Internal(format!("`{file}` cannot be sealed")))
}

fn unseal_json<T: DeserializeOwned>(
    folder: &Folder,
    stored: &StoredVersion,
    file: &'static str,
) -> Result<T, VaultError> {
    let version = stored.version();
    let sealed = folder.read(file)?;
    let key = stored.aside_key()?.derive(file);
    let json = seal::unseal(&key, &context(version, file), &sealed).map_err(|_| altered(version, file))?;
    serde_json::from_slice(&json).map_err(|_| altered(version, file))
}

fn context(version: &str, file: &str) -> Vec<u8> {
    format!("gongshu.vault/1/{version}/{file}").into_bytes()
}
