//! Why something does not verify, in words for whoever holds it.

use crate::answer::AnswerError;
use crate::checkpoint::CheckpointError;
use crate::leaf::LeafError;
use crate::note::NoteError;
use crate::proof::ProofError;
use crate::receipt::ReceiptError;
use thiserror::Error;

/// Why a receipt or an answer file does not verify.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VerifyError {
    /// The file is no answer file.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// The text is no receipt.
    #[error("the receipt can't be read, {0}")]
    Receipt(#[from] ReceiptError),
    /// The text is no checkpoint.
    #[error("the checkpoint can't be read, {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The receipt came without its entry.
    #[error("the receipt does not hold the entry that it proves")]
    NoEntry,
    /// The receipt is of another log.
    #[error("the receipt is of the log `{found}`, not of `{wanted}`")]
    WrongLog {
        /// The log that is trusted.
        wanted: String,
        /// The log that the receipt names.
        found: String,
    },
    /// The checkpoint is not signed by a trusted key, or not validly.
    #[error("the checkpoint is not vouched for: {0}")]
    Signature(#[from] NoteError),
    /// Fewer witnesses than asked for.
    #[error("{found} of the trusted witnesses have signed, {wanted} are needed")]
    TooFewWitnesses {
        /// How many are needed.
        wanted: usize,
        /// How many there are.
        found: usize,
    },
    /// The entry is not under the root. That the entry or the proof was altered can't be told apart.
    #[error("the entry is not in the log where the receipt says: {0}")]
    Proof(#[from] ProofError),
    /// The entry is no leaf, or an opening does not fit it.
    #[error(transparent)]
    Leaf(#[from] LeafError),
    /// The file has an answer but nothing that ties it to the receipt.
    #[error("the file holds an answer, but not the opening that ties it to the receipt")]
    AnswerNotOpened,
    /// The file opens an answer but does not hold it.
    #[error("the file opens the commitment to an answer, but the answer is missing")]
    AnswerMissing,
    /// The answer is not the one committed to.
    #[error("the answer is not the one that was recorded: it was altered")]
    AnswerAltered,
    /// A key is given for a part that it can't play.
    #[error("the key `{key}` does not fit here: logs and witnesses have keys of their own kinds, a log one name")]
    UnsuitableKey {
        /// The key.
        key: String,
    },
}

impl VerifyError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Answer(error) => error.code(),
            Self::Receipt(error) => error.code(),
            Self::Checkpoint(_) | Self::Signature(NoteError::Malformed { .. }) => "receipt.malformed",
            Self::NoEntry => "receipt.no-entry",
            Self::WrongLog { .. } => "receipt.wrong-log",
            Self::Signature(NoteError::NoKnownKey { .. }) => "receipt.wrong-key",
            Self::Signature(NoteError::BadSignature { .. }) => "receipt.bad-signature",
            Self::TooFewWitnesses { .. } => "receipt.too-few-witnesses",
            Self::Proof(ProofError::OutsideTree { .. }) => "receipt.index-outside-log",
            Self::Proof(_) => "receipt.proof-mismatch",
            Self::Leaf(LeafError::NotCanonical) => "answer.entry-malformed",
            Self::Leaf(LeafError::UnknownCommitment { .. }) => "answer.unknown-commitment",
            Self::Leaf(LeafError::Mismatch { .. }) => "answer.commitment-mismatch",
            Self::AnswerNotOpened => "answer.not-opened",
            Self::AnswerMissing => "answer.missing",
            Self::AnswerAltered => "answer.altered",
            Self::UnsuitableKey { .. } => "policy.unsuitable-key",
        }
    }

    /// What the holder can do about it.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        match self {
            Self::Answer(_) | Self::Receipt(_) | Self::Checkpoint(_) | Self::NoEntry => {
                "save the file again as it was received; copying through an editor may have changed it"
            }
            Self::WrongLog { .. } | Self::Signature(NoteError::NoKnownKey { .. }) | Self::UnsuitableKey { .. } => {
                "check that the key is the one that the district publishes for this log"
            }
            Self::TooFewWitnesses { .. } => "fetch the receipt again when more witnesses have signed",
            Self::Signature(_) | Self::Proof(_) | Self::Leaf(_) => {
                "do not rely on this file; ask the operator for the receipt again and report it if it stays so"
            }
            Self::AnswerNotOpened | Self::AnswerMissing | Self::AnswerAltered => {
                "do not rely on this answer; use the one that was received with the receipt"
            }
        }
    }
}
