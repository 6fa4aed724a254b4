//! Verifier keys, `name+id+base64`, and the signatures that they check.

use super::{KeyName, NoteSignature, VerifiedSignature};
use crate::cosignature;
use crate::hash::digest;
use crate::text::{from_base64, to_base64};
use ed25519_dalek::{Signature, VerifyingKey};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// What a key signs, as the type byte in front of the key tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// Ed25519 over the text of the note: a log's own signature.
    Ed25519,
    /// Ed25519 over a time and the text: a witness's `cosignature/v1`.
    CosignatureV1,
}

impl Algorithm {
    /// The type byte that C2SP `signed-note` assigns.
    #[must_use]
    pub const fn type_byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::CosignatureV1 => 0x04,
        }
    }

    pub(super) const fn from_type_byte(byte: u8) -> Option<Self> {
        match byte {
            0x01 => Some(Self::Ed25519),
            0x04 => Some(Self::CosignatureV1),
            _ => None,
        }
    }
}

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
    /// The key itself is not 32 bytes that make a key.
    #[error("the key's 32 bytes are missing or make no key")]
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

/// A public key with its name. As text: `name+id+base64(type byte, key)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    algorithm: Algorithm,
    key: VerifyingKey,
}

impl VerifierKey {
    pub(super) const fn new(name: KeyName, algorithm: Algorithm, key: VerifyingKey) -> Self {
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

    /// The id that signature lines name the key by.
    #[must_use]
    pub fn id(&self) -> u32 {
        key_id(&self.name, self.algorithm, self.key.as_bytes())
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
        let time_seconds = match self.algorithm {
            Algorithm::Ed25519 => {
                self.check(text.as_bytes(), signature.bytes())?;
                None
            }
            Algorithm::CosignatureV1 => {
                let (time, bytes) = cosignature::split(signature.bytes())?;
                self.check(cosignature::message(time, text).as_bytes(), bytes)?;
                Some(time)
            }
        };
        Some(VerifiedSignature {
            name: self.name.clone(),
            time_seconds,
        })
    }

    fn check(&self, message: &[u8], signature: &[u8]) -> Option<()> {
        let signature = Signature::from_slice(signature).ok()?;
        self.key.verify_strict(message, &signature).ok()
    }
}

/// The first four bytes of a hash over name, type and key (C2SP `signed-note`, Signatures).
pub(super) fn key_id(name: &KeyName, algorithm: Algorithm, key: &[u8; 32]) -> u32 {
    let hash = digest(&[name.as_str().as_bytes(), b"\n", &[algorithm.type_byte()], key]);
    let [a, b, c, d, ..] = *hash.as_bytes();
    u32::from_be_bytes([a, b, c, d])
}

/// Takes `name+id+base64` apart, leaving the check of the id to the caller.
pub(super) fn split_key(text: &str) -> Result<(KeyName, u32, Algorithm, [u8; 32]), KeyError> {
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
    let bytes = from_base64(key).ok_or(KeyError::Form)?;
    let (type_byte, key) = bytes.split_first().ok_or(KeyError::Material)?;
    let algorithm = Algorithm::from_type_byte(*type_byte).ok_or(KeyError::Algorithm)?;
    Ok((name, id, algorithm, key.try_into().map_err(|_| KeyError::Material)?))
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, id, algorithm, bytes) = split_key(text)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| KeyError::Material)?;
        let key = Self::new(name, algorithm, key);
        if key.id() == id { Ok(key) } else { Err(KeyError::Id) }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&[self.algorithm.type_byte()], &self.key.as_bytes()[..]].concat();
        write!(f, "{}+{:08x}+{}", self.name, self.id(), to_base64(&bytes))
    }
}
