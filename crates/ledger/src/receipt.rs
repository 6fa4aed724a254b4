//! Receipts: C2SP `tlog-proof` texts that carry their entry with them.

use crate::checkpoint::{CheckpointError, SignedCheckpoint};
use crate::hash::Hash;
use crate::note::NOTE_BYTES_MAX;
use crate::proof::InclusionProof;
use crate::text::{Lines, from_base64, from_decimal, to_base64};
use std::fmt;
use thiserror::Error;

/// The first line of every receipt.
pub const RECEIPT_HEADER: &str = "c2sp.org/tlog-proof@v1";
/// How many hashes a proof can have at most: one for each bit of a size.
const PROOF_HASHES_MAX: usize = 64;

/// The proof that an entry is in a log, with the entry itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The entry's bytes; another log's proof may come without.
    pub entry: Option<Vec<u8>>,
    /// The entry's index in the log.
    pub index: u64,
    /// The way from the entry to the root.
    pub proof: InclusionProof,
    /// The checkpoint that holds the root.
    pub checkpoint: SignedCheckpoint,
}

/// A text that is no receipt: the line and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {reason}")]
pub struct ReceiptError {
    line: usize,
    reason: &'static str,
}

impl ReceiptError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "receipt.malformed"
    }

    /// The line, from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }
}

impl Receipt {
    /// Reads a `tlog-proof` text.
    pub fn parse(text: &str) -> Result<Self, ReceiptError> {
        // Base64 makes an entry a third longer; nothing in a receipt comes near this.
        if text.len() > NOTE_BYTES_MAX {
            return Err(malformed(1, "the receipt is too long"));
        }
        let mut lines = Lines::new(text);
        if lines.next() != Some(RECEIPT_HEADER) {
            return Err(malformed(1, "a receipt begins with `c2sp.org/tlog-proof@v1`"));
        }
        let entry = parse_extra(&mut lines)?;
        let index = parse_index(&mut lines)?;
        let proof = parse_proof(&mut lines)?;
        let parsed = SignedCheckpoint::parse(lines.rest);
        let checkpoint = parsed.map_err(|error| in_checkpoint(&error, lines.number))?;
        Ok(Self {
            entry,
            index,
            proof,
            checkpoint,
        })
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{RECEIPT_HEADER}")?;
        if let Some(entry) = &self.entry {
            writeln!(f, "extra {}", to_base64(entry))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.proof
            .hashes()
            .iter()
            .try_for_each(|hash| writeln!(f, "{}", hash.to_base64()))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

fn parse_extra(lines: &mut Lines<'_>) -> Result<Option<Vec<u8>>, ReceiptError> {
    if !lines.rest.starts_with("extra ") {
        return Ok(None);
    }
    let extra = lines
        .next()
        .and_then(|line| line.strip_prefix("extra "))
        .and_then(from_base64);
    extra
        .map(Some)
        .ok_or_else(|| malformed(2, "after `extra` comes the entry in base64"))
}

fn parse_index(lines: &mut Lines<'_>) -> Result<u64, ReceiptError> {
    let line = lines.number + 1;
    let index = lines
        .next()
        .and_then(|line| line.strip_prefix("index "))
        .and_then(from_decimal);
    index.ok_or_else(|| malformed(line, "a line with `index` and a number is needed"))
}

fn parse_proof(lines: &mut Lines<'_>) -> Result<InclusionProof, ReceiptError> {
    let mut hashes = Vec::new();
    loop {
        let number = lines.number + 1;
        match lines.next() {
            None => return Err(malformed(number, "an empty line and the checkpoint are missing")),
            Some("") => return Ok(InclusionProof::new(hashes)),
            Some(_) if hashes.len() == PROOF_HASHES_MAX => return Err(malformed(number, "too many hashes")),
            Some(line) => {
                let hash = Hash::from_base64(line);
                hashes.push(hash.ok_or_else(|| malformed(number, "this is no base64 hash of the proof"))?);
            }
        }
    }
}

/// Counts the lines of the checkpoint from the top of the receipt.
const fn in_checkpoint(error: &CheckpointError, lines_before: usize) -> ReceiptError {
    let (line, reason) = error.place();
    malformed(lines_before + line, reason)
}

const fn malformed(line: usize, reason: &'static str) -> ReceiptError {
    ReceiptError { line, reason }
}
