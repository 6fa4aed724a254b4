//! The secret of record keys: one for the vault, wrapped under the master key, kept in `record-secret.json`. It
//! outlives versions, so that the same records give the same noise in each.

use std::io;
use std::sync::Arc;

use rand::CryptoRng;

use super::place::Place;
use crate::error::VaultError;
use crate::keys::{DataKey, KeyService, WrappedKey, seal};

const FILE: &str = "record-secret.json";
const SEAL_PURPOSE: &str = "gongshu.vault/1/domain-seal";

/// The secret; drawn and written at first use.
pub(crate) fn record_secret(
    place: &Arc<dyn Place>,
    keys: &dyn KeyService,
    rng: &mut dyn CryptoRng,
) -> Result<DataKey, VaultError> {
    match place.read(FILE) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        read => return unwrap(&read.map_err(VaultError::io("read", &place.path_of(FILE)))?, keys),
    }
    let secret = DataKey::generate(keys.cipher(), rng);
    let wrapped = keys.wrap(&secret, rng)?;
    let bytes = serde_json::to_vec(&wrapped).map_err(|error| VaultError::Internal(error.to_string()))?;
    // Whole or not at all, and once: a half-written or a second secret would change the noise of every answer.
    match place.create(FILE, &bytes) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => record_secret(place, keys, rng),
        created => {
            created.map_err(VaultError::io("create", &place.path_of(FILE)))?;
            Ok(secret)
        }
    }
}

/// Seals what members of one security domain say to each other: whoever can open the vault can open it, and nobody else.
/// Its key is derived from the vault's own secret and goes nowhere.
pub struct DomainSeal(DataKey);

impl DomainSeal {
    pub(crate) fn of(secret: &DataKey) -> Self {
        Self(secret.derive(SEAL_PURPOSE))
    }

    /// Seals `plaintext` and binds it to `context`.
    pub fn seal(&self, context: &str, plaintext: &[u8], rng: &mut dyn CryptoRng) -> Result<Vec<u8>, VaultError> {
        seal::seal(&self.0, context.as_bytes(), plaintext, rng)
            .map_err(|_| VaultError::Internal("a message of the domain cannot be sealed".into()))
    }

    /// Opens what was sealed for the same vault and context.
    pub fn unseal(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        seal::unseal(&self.0, context.as_bytes(), sealed)
            .map_err(|_| VaultError::Internal("a message was not sealed in this security domain".into()))
    }
}

impl std::fmt::Debug for DomainSeal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("DomainSeal(secret)")
    }
}

fn unwrap(bytes: &[u8], keys: &dyn KeyService) -> Result<DataKey, VaultError> {
    let wrapped: WrappedKey =
        serde_json::from_slice(bytes).map_err(|_| VaultError::Internal(format!("`{FILE}` is damaged")))?;
    Ok(keys.unwrap(&wrapped)?)
}
