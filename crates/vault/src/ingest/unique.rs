//! Finds values that come twice in columns where none may.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::cell::Cell;

/// Half a SHA-256: two values with the same one are the same for all that can be known.
type Fingerprint = [u8; 16];

/// Remembers the values of one column by their fingerprints, and the line of each.
#[derive(Debug, Default)]
pub(super) struct Seen(HashMap<Fingerprint, u64>);

impl Seen {
    /// The line where the value came first, if it did.
    pub(super) fn line_of(&self, fingerprint: &Fingerprint) -> Option<u64> {
        self.0.get(fingerprint).copied()
    }

    /// Remembers a value.
    pub(super) fn remember(&mut self, fingerprint: Fingerprint, line: u64) {
        self.0.insert(fingerprint, line);
    }
}

/// The fingerprint of a value that is not missing.
pub(super) fn fingerprint(cell: &Cell<'_>) -> Option<Fingerprint> {
    let digest: [u8; 32] = cell.with_bytes(|bytes| Sha256::digest(bytes).into())?;
    digest.first_chunk().copied()
}
