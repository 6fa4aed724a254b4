//! Why a witness does not cosign, and what that says about the log.

use crate::note::NoteError;
use crate::proof::ProofError;
use crate::trust::AdvanceError;
use thiserror::Error;

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
