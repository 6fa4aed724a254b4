//! Checkpoints: what a log states about itself at one size (C2SP `tlog-checkpoint`).

use crate::hash::Hash;
use crate::note::{NoteError, SignedNote};
use crate::text::{from_decimal, has_controls};
use std::fmt;
use thiserror::Error;

/// The statement that the log `origin` has `size` entries under `root`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
}

/// Why a text is no checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CheckpointError {
    /// The text does not have the form of a checkpoint.
    #[error("line {line}: {reason}")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        reason: &'static str,
    },
    /// The note around it is malformed.
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl CheckpointError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "checkpoint.malformed",
            Self::Note(error) => error.code(),
        }
    }

    /// The line of the checkpoint, from 1, and what is wrong there.
    pub(crate) const fn place(&self) -> (usize, &'static str) {
        match self {
            Self::Malformed { line, reason } | Self::Note(NoteError::Malformed { line, reason }) => (*line, reason),
            Self::Note(_) => (1, "the checkpoint can't be read"),
        }
    }
}

impl Checkpoint {
    /// The checkpoint of a log, whose origin is one line of text.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, CheckpointError> {
        if origin.is_empty() || origin.contains('\n') || has_controls(origin) {
            return Err(malformed(1, "the origin must be one line of text"));
        }
        Ok(Self {
            origin: origin.to_owned(),
            size,
            root,
        })
    }

    /// Reads the text of a note. Lines after the third are signed along but say nothing here.
    pub fn from_text(text: &str) -> Result<Self, CheckpointError> {
        let body = text
            .strip_suffix('\n')
            .ok_or_else(|| malformed(1, "the last newline is missing"))?;
        let lines: Vec<&str> = body.split('\n').collect();
        if let Some(empty) = lines.iter().position(|line| line.is_empty()) {
            return Err(malformed(empty + 1, "empty lines are not allowed"));
        }
        let [origin, size, root, ..] = lines[..] else {
            return Err(malformed(
                lines.len() + 1,
                "origin, size and root are needed, a line each",
            ));
        };
        let size = from_decimal(size).ok_or_else(|| malformed(2, "the size is not a number"))?;
        let root = Hash::from_base64(root).ok_or_else(|| malformed(3, "the root is not a base64 hash"))?;
        Self::new(origin, size, root)
    }

    /// The text that is signed: origin, size and root, a line each.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.to_string()
    }

    /// Which log it is about.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How many entries the log has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root over those entries.
    #[must_use]
    pub const fn root(&self) -> &Hash {
        &self.root
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root.to_base64())
    }
}

/// A checkpoint inside its note. The signatures are there but not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    note: SignedNote,
    checkpoint: Checkpoint,
}

impl SignedCheckpoint {
    /// Reads a signed note whose text is a checkpoint.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let note = SignedNote::parse(text)?;
        let checkpoint = Checkpoint::from_text(note.text())?;
        Ok(Self { note, checkpoint })
    }

    /// The note.
    #[must_use]
    pub const fn note(&self) -> &SignedNote {
        &self.note
    }

    /// The note, to add cosignatures to.
    pub const fn note_mut(&mut self) -> &mut SignedNote {
        &mut self.note
    }

    /// What the note states; to be trusted only after [`SignedNote::verify`].
    #[must_use]
    pub const fn unverified(&self) -> &Checkpoint {
        &self.checkpoint
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)
    }
}

const fn malformed(line: usize, reason: &'static str) -> CheckpointError {
    CheckpointError::Malformed { line, reason }
}
