//! What a witness decides about a request, by the largest checkpoint that it has cosigned for the log.
//!
//! ```text
//! AddCheckpoint ─vouch─► Vouched ─check─► cosign it
//!                  └─► refusal      └─► refusal, perhaps with a suspicion
//! ```

use super::AddCheckpoint;
use crate::checkpoint::Checkpoint;
use crate::hash::{Hash, empty_root};
use crate::note::{Algorithm, NoteError, VerifierKey};
use crate::proof::ProofError;
use crate::trust::{AdvanceError, advance};
use crate::verify::VerifyError;
use std::collections::BTreeMap;
use thiserror::Error;

/// The logs that a witness watches, by origin, each with the keys that it trusts for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WatchList {
    logs: BTreeMap<String, Vec<VerifierKey>>,
}

/// A request whose checkpoint a trusted key of a watched log has signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    request: AddCheckpoint,
}

/// Why a witness does not cosign.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WitnessRefusal {
    /// The log is not watched here.
    #[error("the log `{origin}` is not watched by this witness")]
    UnknownLog {
        /// What the checkpoint calls its log.
        origin: String,
    },
    /// No trusted key of the log has signed the checkpoint, or one that claims to be trusted has not.
    #[error("the checkpoint is not vouched for: {0}")]
    NotVouched(#[from] NoteError),
    /// The request goes backwards.
    #[error("the old size {old} is larger than the checkpoint's size {size}")]
    Backwards {
        /// The size that the request starts from.
        old: u64,
        /// The size of the checkpoint.
        size: u64,
    },
    /// The request starts from another size than the witness has cosigned last.
    #[error("the last cosigned checkpoint has {seen} entries, the request starts from {old}")]
    OtherSize {
        /// The size that was cosigned last.
        seen: u64,
        /// The size that the request starts from.
        old: u64,
    },
    /// The checkpoint has the size of the last cosigned one and another root.
    #[error("another checkpoint of {size} entries was cosigned: the log shows different histories")]
    Fork {
        /// The size of both.
        size: u64,
    },
    /// The consistency proof does not hold.
    #[error("the checkpoint is not shown to continue the last cosigned one: {0}")]
    Inconsistent(ProofError),
}

/// What a refused request says about a log, if its own key has signed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Suspicion {
    /// Two roots at one size: the log has shown two histories. This proves it.
    Fork,
    /// The log has signed a smaller size than it was cosigned at, which was never cosigned itself: the log was cut, or
    /// its requests overtook each other.
    Shrunk,
    /// The checkpoint came without a valid way from the last one: a fork, or a faulty client.
    Inconsistent,
}

impl WatchList {
    /// Watches the log of this origin under this key too. A witness's key is refused.
    pub fn watch(&mut self, origin: &str, key: VerifierKey) -> Result<(), VerifyError> {
        if key.algorithm() != Algorithm::Ed25519 {
            return Err(VerifyError::UnsuitableKey { key: key.to_string() });
        }
        self.logs.entry(origin.to_owned()).or_default().push(key);
        Ok(())
    }

    /// The origins of the logs.
    pub fn origins(&self) -> impl Iterator<Item = &str> {
        self.logs.keys().map(String::as_str)
    }

    /// Checks that a trusted key of a watched log has signed the request's checkpoint.
    pub fn vouch(&self, request: AddCheckpoint) -> Result<Vouched, WitnessRefusal> {
        let origin = request.checkpoint.unverified().origin();
        let keys = self.logs.get(origin).ok_or_else(|| WitnessRefusal::UnknownLog {
            origin: origin.to_owned(),
        })?;
        request.checkpoint.note().verify(keys)?;
        Ok(Vouched { request })
    }
}

impl Vouched {
    /// The checkpoint.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        self.request.checkpoint.unverified()
    }

    /// The request.
    #[must_use]
    pub const fn request(&self) -> &AddCheckpoint {
        &self.request
    }

    /// Checks that the checkpoint continues `last`, the largest cosigned one. If so, it may be kept, then cosigned.
    ///
    /// Between this check and the keeping nothing else may be kept for the log.
    pub fn check(&self, last: Option<&Checkpoint>) -> Result<(), WitnessRefusal> {
        let (old, next) = (self.request.old_size, self.checkpoint());
        if old > next.size() {
            return Err(WitnessRefusal::Backwards { old, size: next.size() });
        }
        let seen = last.map_or(0, Checkpoint::size);
        if old != seen {
            return Err(WitnessRefusal::OtherSize { seen, old });
        }
        let start = next.emptied();
        advance(last.unwrap_or(&start), next, &self.request.proof).map_err(WitnessRefusal::from)
    }

    /// What a refusal by [`check`](Self::check) against `last` says about the log. `cosigned` is the root that was
    /// cosigned earlier at the checkpoint's own size, where the witness remembers it.
    #[must_use]
    pub fn suspicion(&self, last: &Checkpoint, cosigned: Option<&Hash>, refusal: &WitnessRefusal) -> Option<Suspicion> {
        let next = self.checkpoint();
        let known = if next.size() == last.size() {
            Some(last.root())
        } else {
            cosigned
        };
        match known {
            Some(root) if root != next.root() => Some(Suspicion::Fork),
            None if next.size() < last.size() => Some(Suspicion::Shrunk),
            _ => matches!(refusal, WitnessRefusal::Inconsistent(_)).then_some(Suspicion::Inconsistent),
        }
    }
}

impl Checkpoint {
    /// The state of the same log before its first entry.
    fn emptied(&self) -> Self {
        Self::new(self.origin(), 0, empty_root()).unwrap_or_else(|_| self.clone())
    }
}

impl WitnessRefusal {
    /// The stable code of this refusal.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownLog { .. } => "witness.unknown-log",
            Self::NotVouched(_) => "witness.not-vouched",
            Self::Backwards { .. } => "witness.backwards",
            Self::OtherSize { .. } => "witness.other-size",
            Self::Fork { .. } => "witness.fork",
            Self::Inconsistent(_) => "witness.inconsistent",
        }
    }

    /// The HTTP status that the specification assigns.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::UnknownLog { .. } => 404,
            Self::NotVouched(_) => 403,
            Self::Backwards { .. } => 400,
            Self::OtherSize { .. } | Self::Fork { .. } => 409,
            Self::Inconsistent(_) => 422,
        }
    }
}

impl From<AdvanceError> for WitnessRefusal {
    fn from(error: AdvanceError) -> Self {
        match error {
            AdvanceError::OtherLog { found, .. } => Self::UnknownLog { origin: found },
            AdvanceError::Stale { trusted, found } => Self::Backwards {
                old: trusted,
                size: found,
            },
            AdvanceError::Fork { size } => Self::Fork { size },
            AdvanceError::Inconsistent(error) => Self::Inconsistent(error),
        }
    }
}

impl Suspicion {
    /// The word for it in file names and counts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fork => "fork",
            Self::Shrunk => "shrunk",
            Self::Inconsistent => "inconsistent",
        }
    }
}
