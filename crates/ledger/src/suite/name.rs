//! The names of suites, as files and command lines spell them.

use super::Suite;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A text that names no suite.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no crypto suite; choose `international` (SHA-256, Ed25519) or `shangmi` (国密: SM3, SM2)")]
pub struct SuiteError(String);

impl SuiteError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "suite.unknown"
    }
}

impl Suite {
    /// The name of the suite in files and on command lines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::International => "international",
            Self::ShangMi => "shangmi",
        }
    }

    /// The name of its hash, as commitments begin with it.
    #[must_use]
    pub const fn hash_name(self) -> &'static str {
        match self {
            Self::International => "sha256",
            Self::ShangMi => "sm3",
        }
    }
}

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Suite {
    type Err = SuiteError;

    fn from_str(text: &str) -> Result<Self, SuiteError> {
        let named = Self::ALL.into_iter().find(|suite| suite.name() == text);
        named.ok_or_else(|| SuiteError(text.chars().take(40).collect()))
    }
}
