//! Verifier keys, `name+id+base64`, and the signatures that they check.

use super::algorithm::{Algorithm, Role};
use super::{KeyName, NoteSignature, VerifiedSignature};
use crate::cosignature;
use crate::suite::{PublicKey, Suite};
use crate::text::{from_base64, to_base64};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The text is not `name+id+base64`.
    #[error("a key has the form `name+id+base64`")]
    Form,
    /// The name is empty or has spaces or control characters.
    #[error("the name of a key may not be empty nor have spaces or control characters")]
    Name,
    /// The algorithm is not one that is supported.
    #[error("the key is for an algorithm that is not supported here")]
    Algorithm,
    /// The key's bytes are missing or make no key.
    #[error("the key's bytes are missing or make no key")]
    Material,
    /// The id does not belong to name and key.
    #[error("the key's id does not belong to its name and bytes; a letter may have changed in copying")]
    Id,
}

impl KeyError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Form => "key.form",
            Self::Name => "key.name",
            Self::Algorithm => "key.algorithm",
            Self::Material => "key.material",
            Self::Id => "key.id",
        }
    }
}

/// A public key with its name. As text: `name+id+base64(identifier of the algorithm, key)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    algorithm: Algorithm,
    key: PublicKey,
}

impl VerifierKey {
    pub(super) const fn new(name: KeyName, algorithm: Algorithm, key: PublicKey) -> Self {
        Self { name, algorithm, key }
    }

    /// The name of the key. A log's key bears the log's origin.
    #[must_use]
    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    /// What the key signs.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The suite of the key; for a log's key, that of the log: its tree is hashed by it.
    #[must_use]
    pub const fn suite(&self) -> Suite {
        self.algorithm.suite()
    }

    /// Whether a log signs its checkpoints with it. Otherwise, it is a witness's.
    pub(crate) fn is_of_log(&self) -> bool {
        self.algorithm.role() == Role::Log
    }

    /// The id that signature lines name the key by.
    #[must_use]
    pub fn id(&self) -> u32 {
        key_id(&self.name, self.algorithm, &self.key.bytes())
    }

    /// Whether both wrap the same public key, whatever their names and algorithms.
    pub(crate) fn same_material(&self, other: &Self) -> bool {
        self.key == other.key
    }

    /// Whether the line claims to be by this key.
    #[must_use]
    pub fn is_of(&self, signature: &NoteSignature) -> bool {
        self.name == *signature.name() && self.id() == signature.key_id()
    }

    /// Checks a signature over `text`. Nothing means that it does not match.
    pub(super) fn verify(&self, text: &str, signature: &NoteSignature) -> Option<VerifiedSignature> {
        let (time_seconds, message, bytes) = match self.algorithm.role() {
            Role::Log => (None, text.to_owned(), signature.bytes()),
            Role::Witness => {
                let (time, bytes) = cosignature::split(signature.bytes())?;
                (Some(time), cosignature::message(time, text), bytes)
            }
        };
        self.key.verifies(message.as_bytes(), bytes).then(|| VerifiedSignature {
            name: self.name.clone(),
            time_seconds,
        })
    }
}

/// The first four bytes of a hash over name, identifier and key (C2SP `signed-note`, Signatures). It is SHA-256 under
/// either suite, as the specification recommends: the id finds a key, it vouches for nothing.
pub(super) fn key_id(name: &KeyName, algorithm: Algorithm, key: &[u8]) -> u32 {
    let parts = [name.as_str().as_bytes(), b"\n", algorithm.identifier(), key];
    let hash = Suite::International.digest(&parts);
    let [a, b, c, d, ..] = *hash.as_bytes();
    u32::from_be_bytes([a, b, c, d])
}

/// A key as its text has it, with an id that is not yet checked.
pub(super) struct KeyText {
    pub(super) name: KeyName,
    pub(super) id: u32,
    pub(super) algorithm: Algorithm,
    pub(super) key: Vec<u8>,
}

/// Takes `name+id+base64` apart.
pub(super) fn split_key(text: &str) -> Result<KeyText, KeyError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(KeyError::Form);
    };
    let name = KeyName::new(name).ok_or(KeyError::Name)?;
    let lower_hex = id.len() == 8 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let id = u32::from_str_radix(id, 16)
        .ok()
        .filter(|_| lower_hex)
        .ok_or(KeyError::Form)?;
    let bytes = zeroize::Zeroizing::new(from_base64(key).ok_or(KeyError::Form)?);
    if bytes.is_empty() {
        return Err(KeyError::Material);
    }
    let (algorithm, key) = Algorithm::split(&bytes).ok_or(KeyError::Algorithm)?;
    let key = key.to_vec();
    Ok(KeyText {
        name,
        id,
        algorithm,
        key,
    })
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let parts = split_key(text)?;
        let key = PublicKey::from_bytes(parts.algorithm.suite(), &parts.key).ok_or(KeyError::Material)?;
        let key = Self::new(parts.name, parts.algorithm, key);
        if key.id() == parts.id {
            Ok(key)
        } else {
            Err(KeyError::Id)
        }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.algorithm.identifier(), &self.key.bytes()].concat();
        write!(f, "{}+{:08x}+{}", self.name, self.id(), to_base64(&bytes))
    }
}
