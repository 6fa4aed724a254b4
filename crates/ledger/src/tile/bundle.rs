//! Entry bundles: the entries of a tile, each behind its length in two big-endian bytes.

use super::TILE_WIDTH;
use thiserror::Error;

/// How long an entry may be: its length is written in two bytes.
pub const ENTRY_BYTES_MAX: usize = u16::MAX as usize;

/// Why entries are no bundle, or bytes no entries.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BundleError {
    /// An entry is longer than its length can say.
    #[error("entry {position} has {bytes} bytes, more than {ENTRY_BYTES_MAX}")]
    EntryTooLong {
        /// Its place in the bundle, from 0.
        position: usize,
        /// How long it is.
        bytes: usize,
    },
    /// More entries than a tile holds.
    #[error("a bundle holds at most {TILE_WIDTH} entries")]
    TooManyEntries,
    /// The bytes end inside an entry.
    #[error("the bundle ends inside entry {position}")]
    Truncated {
        /// The entry's place in the bundle, from 0.
        position: usize,
    },
}

impl BundleError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::EntryTooLong { .. } => "bundle.entry-too-long",
            Self::TooManyEntries => "bundle.too-many-entries",
            Self::Truncated { .. } => "bundle.truncated",
        }
    }
}

/// The bytes of the bundle that holds `entries`.
pub fn encode_bundle<E: AsRef<[u8]>>(entries: &[E]) -> Result<Vec<u8>, BundleError> {
    if entries.len() > TILE_WIDTH {
        return Err(BundleError::TooManyEntries);
    }
    let mut bytes = Vec::with_capacity(entries.iter().map(|entry| 2 + entry.as_ref().len()).sum());
    for (position, entry) in entries.iter().enumerate() {
        let entry = entry.as_ref();
        let too_long = |_| BundleError::EntryTooLong {
            position,
            bytes: entry.len(),
        };
        bytes.extend(u16::try_from(entry.len()).map_err(too_long)?.to_be_bytes());
        bytes.extend(entry);
    }
    Ok(bytes)
}

/// The entries in `bundle`, borrowed from it.
pub fn decode_bundle(bundle: &[u8]) -> Result<Vec<&[u8]>, BundleError> {
    let mut entries = Vec::new();
    let mut rest = bundle;
    while !rest.is_empty() {
        if entries.len() == TILE_WIDTH {
            return Err(BundleError::TooManyEntries);
        }
        let (entry, tail) = split_entry(rest).ok_or(BundleError::Truncated {
            position: entries.len(),
        })?;
        entries.push(entry);
        rest = tail;
    }
    Ok(entries)
}

fn split_entry(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}
