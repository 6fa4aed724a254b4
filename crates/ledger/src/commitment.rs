//! Commitments: a leaf names a value by a salted hash, and whoever holds salt and value can open it.

use crate::hash::{HASH_BYTES, Hash};
use crate::suite::Suite;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// How many random bytes keep a short value from being guessed.
pub const SALT_BYTES: usize = 16;
/// Keeps these hashes apart from any other use of the hash.
const DOMAIN: &[u8] = b"gongshu/commit/v1\0";

/// A commitment: the suite's hash over a domain, a salt and the value. As text, the name of the hash (`sha256` or
/// `sm3`), a colon and 64 lower-case digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Commitment {
    suite: Suite,
    hash: Hash,
}

/// A text that is no commitment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a commitment is `sha256:` or `sm3:` and 64 lower-case hexadecimal digits")]
pub struct CommitmentError;

impl CommitmentError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "commitment.form"
    }
}

impl Commitment {
    /// Commits to `value`. The salt must be random and used once: its loss makes the value unprovable, and
    /// destroying it is how the value is forgotten.
    #[must_use]
    pub fn new(suite: Suite, salt: &[u8; SALT_BYTES], value: &[u8]) -> Self {
        let hash = suite.digest(&[DOMAIN, salt, value]);
        Self { suite, hash }
    }

    /// The suite whose hash it is.
    #[must_use]
    pub const fn suite(&self) -> Suite {
        self.suite
    }
}

impl fmt::Display for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.suite.hash_name(), self.hash)
    }
}

impl FromStr for Commitment {
    type Err = CommitmentError;

    fn from_str(text: &str) -> Result<Self, CommitmentError> {
        let (name, digits) = text.split_once(':').ok_or(CommitmentError)?;
        let suite = Suite::ALL.into_iter().find(|suite| suite.hash_name() == name);
        let suite = suite.ok_or(CommitmentError)?;
        let canonical = digits.len() == 2 * HASH_BYTES && !digits.bytes().any(|byte| byte.is_ascii_uppercase());
        let hash = Hash::from_hex(digits).filter(|_| canonical);
        hash.map(|hash| Self { suite, hash }).ok_or(CommitmentError)
    }
}

/// What opens a commitment of a leaf: its name there, the salt, and the exact text committed to.
#[derive(Clone, PartialEq, Eq)]
pub struct Opening {
    /// The key in the leaf's `commitments`.
    pub name: String,
    /// The salt.
    pub salt: [u8; SALT_BYTES],
    /// The text, byte for byte.
    pub value: String,
}

impl Opening {
    /// The commitment that this opens.
    #[must_use]
    pub fn commitment(&self, suite: Suite) -> Commitment {
        Commitment::new(suite, &self.salt, self.value.as_bytes())
    }
}

impl fmt::Debug for Opening {
    /// Salt and value are confidential, so only the name is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opening")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
