//! Moving trust from one checkpoint to the next: never back, never aside.

use crate::checkpoint::Checkpoint;
use crate::proof::{ConsistencyProof, ProofError};
use crate::suite::Suite;
use thiserror::Error;

/// Why a checkpoint can't follow one that is already trusted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AdvanceError {
    /// It is about another log.
    #[error("the checkpoint is of `{found}`, the trusted one of `{wanted}`")]
    OtherLog {
        /// The log of the trusted checkpoint.
        wanted: String,
        /// The log of the new one.
        found: String,
    },
    /// It is older than what is already known.
    #[error("the checkpoint has {found} entries, but {trusted} were already seen: it is stale or the log was cut")]
    Stale {
        /// How many entries were already seen.
        trusted: u64,
        /// How many the new checkpoint has.
        found: u64,
    },
    /// Two checkpoints of one size have different roots.
    #[error("two checkpoints of {size} entries have different roots: the log shows different histories")]
    Fork {
        /// The size of both.
        size: u64,
    },
    /// The consistency proof does not hold.
    #[error("the new checkpoint is not shown to continue the trusted one: {0}")]
    Inconsistent(#[from] ProofError),
}

impl AdvanceError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OtherLog { .. } => "checkpoint.other-log",
            Self::Stale { .. } => "checkpoint.stale",
            Self::Fork { .. } => "checkpoint.fork",
            Self::Inconsistent(_) => "checkpoint.inconsistent",
        }
    }
}

/// Checks that `next`, whose signature has been verified, continues `trusted` in a log of this suite. What to do then — keep it, cosign
/// it — is the caller's.
pub fn advance(
    suite: Suite,
    trusted: &Checkpoint,
    next: &Checkpoint,
    proof: &ConsistencyProof,
) -> Result<(), AdvanceError> {
    if trusted.origin() != next.origin() {
        return Err(AdvanceError::OtherLog {
            wanted: trusted.origin().into(),
            found: next.origin().into(),
        });
    }
    if next.size() < trusted.size() {
        return Err(AdvanceError::Stale {
            trusted: trusted.size(),
            found: next.size(),
        });
    }
    if next.size() == trusted.size() && next.root() != trusted.root() {
        return Err(AdvanceError::Fork { size: next.size() });
    }
    Ok(proof.verify(suite, (trusted.size(), trusted.root()), (next.size(), next.root()))?)
}
