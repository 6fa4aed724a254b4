//! What a log reads out of a witness's reply.

use super::SIZE_CONTENT_TYPE;
use crate::checkpoint::SignedCheckpoint;
use crate::note::{NoteError, NoteSignature, SIGNATURES_MAX, SignedNote, VerifierKey};
use crate::text::from_decimal;
use thiserror::Error;

/// How much of a refusal's text is kept.
const SAID_CHARACTERS_MAX: usize = 200;

/// A reply that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WitnessReply {
    /// The witness's cosignature on the checkpoint, verified, and when it was made.
    Cosigned {
        /// The signature line.
        signature: NoteSignature,
        /// Seconds since 1970.
        time_seconds: u64,
    },
    /// The witness has cosigned this size last; the request is to be made from there.
    At {
        /// The size.
        size: u64,
    },
}

/// A reply that gives no cosignature and no size.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReplyError {
    /// The witness refused.
    #[error("the witness refused with status {status}: {said}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What it said, shortened.
        said: String,
    },
    /// The size in a reply with status 409 can't be read.
    #[error("the witness's size is not a number and a newline")]
    Size,
    /// The body of a reply with status 200 does not consist of signature lines.
    #[error("the witness's reply does not consist of signature lines")]
    Lines,
    /// None of the signatures is by the witness, or it does not match.
    #[error("the witness's cosignature does not hold: {0}")]
    Signature(#[from] NoteError),
}

impl ReplyError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused { .. } => "witness-reply.refused",
            Self::Size => "witness-reply.size",
            Self::Lines => "witness-reply.lines",
            Self::Signature(_) => "witness-reply.signature",
        }
    }
}

/// Reads the reply of the witness with `key` to a request about `checkpoint`.
pub fn read_reply(
    (status, content_type): (u16, &str),
    body: &str,
    checkpoint: &SignedCheckpoint,
    key: &VerifierKey,
) -> Result<WitnessReply, ReplyError> {
    match status {
        200 => cosignature(body, checkpoint, key),
        409 if content_type == SIZE_CONTENT_TYPE => {
            let size = body.strip_suffix('\n').and_then(from_decimal);
            size.map(|size| WitnessReply::At { size }).ok_or(ReplyError::Size)
        }
        _ => Err(ReplyError::Refused {
            status,
            said: body.trim().chars().take(SAID_CHARACTERS_MAX).collect(),
        }),
    }
}

fn cosignature(body: &str, checkpoint: &SignedCheckpoint, key: &VerifierKey) -> Result<WitnessReply, ReplyError> {
    let lines = body.strip_suffix('\n').ok_or(ReplyError::Lines)?.split('\n');
    let signatures: Option<Vec<_>> = lines.take(SIGNATURES_MAX + 1).map(NoteSignature::parse).collect();
    let signatures = signatures.filter(|all| all.len() <= SIGNATURES_MAX);
    let signatures = signatures.ok_or(ReplyError::Lines)?;
    let ours = signatures.iter().find(|signature| key.is_of(signature)).cloned();
    let note = SignedNote::new(checkpoint.note().text().to_owned(), signatures)?;
    let verified = note.verify(std::slice::from_ref(key))?;
    let time_seconds = verified.first().and_then(|verified| verified.time_seconds);
    match (ours, time_seconds) {
        (Some(signature), Some(time_seconds)) => Ok(WitnessReply::Cosigned {
            signature,
            time_seconds,
        }),
        // A key without times is a log's, not a witness's.
        _ => Err(ReplyError::Lines),
    }
}
