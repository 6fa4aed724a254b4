//! Leaves: canonical JSON objects, of whose meaning the ledger knows only their commitments.

use crate::commitment::{Commitment, Opening};
use crate::json::canonical_json;
use crate::suite::Suite;
use serde_json::{Map, Value};
use thiserror::Error;

/// The bytes of an entry, read as a leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    members: Map<String, Value>,
}

/// Why an entry is no leaf, or an opening does not fit it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LeafError {
    /// The entry is not a canonical JSON object.
    #[error("the entry is not a JSON object in canonical form")]
    NotCanonical,
    /// The leaf has no commitment of this name.
    #[error("the entry commits to nothing called `{name}`")]
    UnknownCommitment {
        /// The name asked for.
        name: String,
    },
    /// Salt and value do not give the commitment in the leaf.
    #[error("`{name}` is not what the entry committed to: its text or salt was altered")]
    Mismatch {
        /// The name of the commitment.
        name: String,
    },
}

impl LeafError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotCanonical => "leaf.not-canonical",
            Self::UnknownCommitment { .. } => "leaf.unknown-commitment",
            Self::Mismatch { .. } => "leaf.commitment-mismatch",
        }
    }
}

impl Leaf {
    /// Reads an entry. Only the canonical spelling passes, so that a leaf has one hash.
    pub fn parse(entry: &[u8]) -> Result<Self, LeafError> {
        let value: Value = serde_json::from_slice(entry).map_err(|_| LeafError::NotCanonical)?;
        let canonical = canonical_json(&value).is_ok_and(|bytes| bytes == entry);
        match value {
            Value::Object(members) if canonical => Ok(Self { members }),
            _ => Err(LeafError::NotCanonical),
        }
    }

    /// The members of the leaf, for those who know what they mean.
    #[must_use]
    pub const fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// The commitment called `name`.
    #[must_use]
    pub fn commitment(&self, name: &str) -> Option<Commitment> {
        self.members.get("commitments")?.get(name)?.as_str()?.parse().ok()
    }

    /// Checks that an opening opens the leaf's commitment of its name, made with the hash of the log's suite.
    pub fn check(&self, opening: &Opening, suite: Suite) -> Result<(), LeafError> {
        let name = || opening.name.clone();
        let committed = self
            .commitment(&opening.name)
            .ok_or_else(|| LeafError::UnknownCommitment { name: name() })?;
        if committed == opening.commitment(suite) {
            Ok(())
        } else {
            Err(LeafError::Mismatch { name: name() })
        }
    }
}
