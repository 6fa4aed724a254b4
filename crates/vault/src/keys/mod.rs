//! Data keys, and the service that wraps them under a master key.

mod cipher;
mod file;
mod pkcs11;
pub(crate) mod seal;
mod version;

use std::fmt;

use rand::CryptoRng;
use serde::{Deserialize, Serialize};
use sha2::digest::Output;
use sha2::{Digest, Sha256};
use sm3::Sm3;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

pub use cipher::Cipher;
pub use file::FileKeyService;
pub use pkcs11::{Pkcs11KeyService, Pkcs11Settings};
pub use version::KeyScope;
pub(crate) use version::VersionKeys;

/// The length of every data key: that of AES-256. SM4 keys, of half the bits, are derived from it.
pub(crate) const KEY_BYTES: usize = 32;

/// The secret that encrypts one version. It is wiped from memory on drop and never shown.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct DataKey {
    bytes: [u8; KEY_BYTES],
    #[zeroize(skip)]
    cipher: Cipher,
}

impl DataKey {
    /// Draws a new key for this cipher.
    pub fn generate(cipher: Cipher, rng: &mut dyn CryptoRng) -> Self {
        let mut key = Self {
            bytes: [0; KEY_BYTES],
            cipher,
        };
        rng.fill_bytes(&mut key.bytes);
        key
    }

    /// Takes over the bytes of a key, as a key service does when it unwraps one.
    pub fn from_bytes(cipher: Cipher, bytes: &[u8]) -> Result<Self, KeyError> {
        let bytes = bytes.try_into().map_err(|_| KeyError::Altered)?;
        Ok(Self { bytes, cipher })
    }

    /// What small pieces are sealed with under it.
    pub fn cipher(&self) -> Cipher {
        self.cipher
    }

    /// The secret itself, for the code that encrypts with it or wraps it.
    pub fn expose(&self) -> &[u8; KEY_BYTES] {
        &self.bytes
    }

    /// The id of the key: a fingerprint that tells nothing of it.
    pub(crate) fn id(&self) -> String {
        let digest = Sha256::digest(self.derive("gongshu.vault/1/key-id").expose());
        format!("dk-{}", hex::encode(digest.get(..8).unwrap_or_default()))
    }

    /// A key for another purpose, so that no key serves two: the one-step derivation of
    /// NIST SP 800-56C rev. 2, section 4, with SHA-256, or with SM3 where the cipher is SM4.
    pub(crate) fn derive(&self, purpose: &str) -> Self {
        let bytes = Zeroizing::new(match self.cipher {
            Cipher::Aes256Gcm => self.derive_with::<Sha256>(purpose),
            Cipher::Sm4Gcm => self.derive_with::<Sm3>(purpose),
        });
        Self {
            bytes: *bytes,
            cipher: self.cipher,
        }
    }

    fn derive_with<D: Digest>(&self, purpose: &str) -> [u8; KEY_BYTES]
    where
        Output<D>: Into<[u8; KEY_BYTES]>,
    {
        let mut hash = D::new();
        hash.update(1_u32.to_be_bytes());
        hash.update(self.bytes);
        hash.update(purpose.as_bytes());
        hash.finalize().into()
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("DataKey(secret)")
    }
}

/// A data key as it may lie on disk: encrypted under the master key that it names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrappedKey {
    /// The master key that wrapped it.
    pub master_key_id: String,
    /// The mechanism, such as `AES-256-GCM`, so that services can tell their own work.
    pub mechanism: String,
    /// What the mechanism made of the key, in Base64.
    pub ciphertext: String,
}

/// Wraps data keys under a master key that never leaves the service.
///
/// Contract: `unwrap(wrap(k)) == k` for the same master key; a key that was wrapped under another master
/// key is `KeyError::WrongMasterKey`; a wrapped key that was changed by one bit is an error, never another
/// key; neither method stores anything. Calls may come from several threads at once.
pub trait KeyService: Send + Sync {
    /// The id of the master key. Two different master keys have different ids.
    fn key_id(&self) -> &str;

    /// What small pieces are sealed with under the data keys that it wraps.
    fn cipher(&self) -> Cipher;

    /// Encrypts a data key. A service with its own random source (a hardware module) may leave `rng` alone.
    fn wrap(&self, key: &DataKey, rng: &mut dyn CryptoRng) -> Result<WrappedKey, KeyError>;

    /// Gives the data key back.
    fn unwrap(&self, wrapped: &WrappedKey) -> Result<DataKey, KeyError>;
}

/// Why a key could not be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The key was wrapped under a master key that is not the one at hand.
    #[error("the data key is wrapped under master key `{wanted}`, but the key service holds `{held}`")]
    WrongMasterKey {
        /// The master key that wrapped it.
        wanted: String,
        /// The master key at hand.
        held: String,
    },
    /// The wrapped key does not authenticate.
    #[error("the wrapped data key was altered")]
    Altered,
    /// The wrapping mechanism is not one of this service.
    #[error("the key service does not know the mechanism `{0}`")]
    UnknownMechanism(String),
    /// The master key file can be read by others.
    #[error("the master key file `{path}` is open to others (mode {mode:o}); set it to 600")]
    Exposed {
        /// The file.
        path: String,
        /// Its permission bits.
        mode: u32,
    },
    /// The master key file is damaged or of a version that is not understood.
    #[error("the master key file `{path}` cannot be used: {reason}")]
    Unusable {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The key store could not be read or written.
    #[error("the key store `{path}` cannot be reached: {source}")]
    Io {
        /// The file or device.
        path: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// An outside key service failed; for implementations elsewhere.
    #[error("the key service failed: {0}")]
    Service(String),
}

impl KeyError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongMasterKey { .. } => "vault.wrong-master-key",
            Self::Altered => "vault.wrapped-key-altered",
            Self::UnknownMechanism(_) => "vault.key-mechanism-unknown",
            Self::Exposed { .. } => "vault.master-key-exposed",
            Self::Unusable { .. } => "vault.master-key-unusable",
            Self::Io { .. } => "vault.key-store-unreachable",
            Self::Service(_) => "vault.key-service-failed",
        }
    }
}
