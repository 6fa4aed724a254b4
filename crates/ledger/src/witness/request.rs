//! The body of `add-checkpoint`: where the witness is thought to stand, the way from there, the new checkpoint.

use crate::checkpoint::SignedCheckpoint;
use crate::hash::Hash;
use crate::note::NOTE_BYTES_MAX;
use crate::proof::ConsistencyProof;
use crate::text::{Lines, from_decimal};
use std::fmt;
use thiserror::Error;

/// How many lines of proof a request may have.
pub const PROOF_LINES_MAX: usize = 63;

/// A log's request that a witness cosign its newest checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size that the witness has cosigned last, as far as the log knows.
    pub old_size: u64,
    /// The proof that the new checkpoint continues that one.
    pub proof: ConsistencyProof,
    /// The new checkpoint; its signatures are not yet verified.
    pub checkpoint: SignedCheckpoint,
}

/// A text that is no request: the line and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {reason}")]
pub struct AddCheckpointError {
    line: usize,
    reason: &'static str,
}

impl AddCheckpointError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "witness.malformed"
    }

    /// The line, from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }
}

impl AddCheckpoint {
    /// Reads the body of a request.
    pub fn parse(text: &str) -> Result<Self, AddCheckpointError> {
        if text.len() > NOTE_BYTES_MAX {
            return Err(malformed(1, "the request is too long"));
        }
        let mut lines = Lines::new(text);
        let old_size = lines
            .next()
            .and_then(|line| line.strip_prefix("old "))
            .and_then(from_decimal)
            .ok_or_else(|| malformed(1, "a line with `old` and a number is needed"))?;
        let proof = parse_proof(&mut lines)?;
        let checkpoint = SignedCheckpoint::parse(lines.rest).map_err(|error| {
            let (line, reason) = error.place();
            malformed(lines.number + line, reason)
        })?;
        Ok(Self {
            old_size,
            proof,
            checkpoint,
        })
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old_size)?;
        let mut hashes = self.proof.hashes().iter();
        hashes.try_for_each(|hash| writeln!(f, "{}", hash.to_base64()))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

fn parse_proof(lines: &mut Lines<'_>) -> Result<ConsistencyProof, AddCheckpointError> {
    let mut hashes = Vec::new();
    loop {
        let number = lines.number + 1;
        match lines.next() {
            None => return Err(malformed(number, "an empty line and the checkpoint are missing")),
            Some("") => return Ok(ConsistencyProof::new(hashes)),
            Some(_) if hashes.len() == PROOF_LINES_MAX => return Err(malformed(number, "too many hashes")),
            Some(line) => {
                let hash = Hash::from_base64(line);
                hashes.push(hash.ok_or_else(|| malformed(number, "this is no base64 hash of the proof"))?);
            }
        }
    }
}

const fn malformed(line: usize, reason: &'static str) -> AddCheckpointError {
    AddCheckpointError { line, reason }
}
