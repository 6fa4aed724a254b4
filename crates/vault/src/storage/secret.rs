//! The secret of record keys: one for the vault, wrapped under the master key, kept in `record-secret.json`. It
//! outlives versions, so that the same records give the same noise in each.

use std::fs;
use std::path::Path;

use rand::CryptoRng;

use super::folder::write_durably;
use crate::error::VaultError;
use crate::keys::{DataKey, KeyService, WrappedKey};

const FILE: &str = "record-secret.json";

/// The secret; drawn and written at first use.
pub(crate) fn record_secret(
    root: &Path,
    keys: &dyn KeyService,
    rng: &mut dyn CryptoRng,
) -> Result<DataKey, VaultError> {
    let path = root.join(FILE);
    if path.exists() {
        let bytes = fs::read(&path).map_err(VaultError::io("read", &path))?;
        let wrapped: WrappedKey =
            serde_json::from_slice(&bytes).map_err(|_| VaultError::Internal(format!("`{FILE}` is damaged")))?;
        return Ok(keys.unwrap(&wrapped)?);
    }
    let secret = DataKey::generate(keys.cipher(), rng);
    let wrapped = keys.wrap(&secret, rng)?;
    let bytes = serde_json::to_vec(&wrapped).map_err(|error| VaultError::Internal(error.to_string()))?;
    // Whole or not at all: a half-written secret would change the noise of every answer.
    let staged = root.join(format!(".{FILE}"));
    write_durably(&staged, &bytes).map_err(VaultError::io("write", &staged))?;
    fs::rename(&staged, &path).map_err(VaultError::io("move", &path))?;
    Ok(secret)
}
