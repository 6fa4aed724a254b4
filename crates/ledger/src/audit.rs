//! Auditing a whole log: every entry against its tiles, every tile against the root.

use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::proof::TileReader;
use crate::suite::Suite;
use crate::tile::{BundleError, TILE_WIDTH, Tile, TileKind, decode_bundle, decode_hashes};
use crate::tree::{Appended, Edge};
use thiserror::Error;

/// The first thing in a log that is not as its checkpoint says.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AuditError<E: std::error::Error> {
    /// A tile or bundle could not be read.
    #[error("`{tile}` can't be read: {source}")]
    Read {
        /// Which one.
        tile: Tile,
        /// What the reader said.
        source: E,
    },
    /// An entry bundle is malformed.
    #[error("`{tile}` can't be taken apart: {source}")]
    Bundle {
        /// Which bundle.
        tile: Tile,
        /// What is wrong with it.
        source: BundleError,
    },
    /// A tile or bundle has another number of members than the size asks for.
    #[error("`{tile}` has the wrong number of members")]
    Width {
        /// Which one.
        tile: Tile,
    },
    /// An entry is not the one that was hashed into the log.
    #[error("entry {index} differs from what the log hashed")]
    Entry {
        /// The index of the entry.
        index: u64,
    },
    /// A tile above the leaves does not follow from them.
    #[error("hash {position} of `{tile}` does not follow from the entries")]
    Hash {
        /// Which tile.
        tile: Tile,
        /// The position of the hash in the tile, from 0.
        position: usize,
    },
    /// Entries and tiles agree with each other but not with the checkpoint.
    #[error("the entries lead to the root {computed}, the checkpoint says {root}")]
    Root {
        /// Where the entries lead.
        computed: Hash,
        /// What the checkpoint says.
        root: Hash,
    },
}

impl<E: std::error::Error> AuditError<E> {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } => "audit.read",
            Self::Bundle { .. } => "audit.bundle",
            Self::Width { .. } => "audit.width",
            Self::Entry { .. } => "audit.entry",
            Self::Hash { .. } => "audit.hash",
            Self::Root { .. } => "audit.root",
        }
    }
}

/// Reads the whole log of this suite behind `reader` and compares it with `checkpoint`, whose signature has been verified.
///
/// Gives the edge of the log, and the first difference if there is any. It holds one bundle at a time.
pub fn audit<R: TileReader>(reader: &R, suite: Suite, checkpoint: &Checkpoint) -> Result<Edge, AuditError<R::Error>> {
    let size = checkpoint.size();
    let mut edge = Edge::new(suite);
    while edge.size() < size {
        let appended = edge.append(&check_bundle(reader, &edge, size)?);
        check_full_tiles(reader, &appended)?;
        edge = appended.into_edge();
    }
    check_partial_tiles(reader, &edge)?;
    let (computed, root) = (edge.root(), *checkpoint.root());
    if computed == root {
        Ok(edge)
    } else {
        Err(AuditError::Root { computed, root })
    }
}

/// The leaf hashes of the bundle that begins at the edge, each compared with the tile beside it.
fn check_bundle<R: TileReader>(reader: &R, edge: &Edge, size: u64) -> Result<Vec<Hash>, AuditError<R::Error>> {
    let (suite, start) = (edge.suite(), edge.size());
    let index = start / TILE_WIDTH as u64;
    // INVARIANT: start < size, so the tree has a bundle and a tile there.
    let in_tree = |kind| Tile::in_tree(kind, index, size);
    let (Some(bundle), Some(leaves)) = (in_tree(TileKind::Entries), in_tree(TileKind::Hashes(0))) else {
        return Ok(Vec::new());
    };
    let bytes = read(reader, bundle)?;
    let entries = decode_bundle(&bytes).map_err(|source| AuditError::Bundle { tile: bundle, source })?;
    let hashes: Vec<Hash> = entries.into_iter().map(|entry| suite.hash_leaf(entry)).collect();
    let stored = read_hashes(reader, leaves)?;
    match first_difference(&hashes, &stored) {
        Some(position) => Err(AuditError::Entry {
            index: start + position as u64,
        }),
        None if hashes.len() != stored.len() => Err(AuditError::Width { tile: bundle }),
        None => Ok(hashes),
    }
}

fn check_full_tiles<R: TileReader>(reader: &R, appended: &Appended) -> Result<(), AuditError<R::Error>> {
    let above_leaves = appended
        .full_tiles()
        .iter()
        .filter(|full| full.tile.kind() != TileKind::Hashes(0));
    above_leaves
        .into_iter()
        .try_for_each(|full| check_tile(reader, full.tile, &full.bytes))
}

fn check_partial_tiles<R: TileReader>(reader: &R, edge: &Edge) -> Result<(), AuditError<R::Error>> {
    edge.partial_tiles()
        .iter()
        .try_for_each(|(tile, bytes)| check_tile(reader, *tile, bytes))
}

fn check_tile<R: TileReader>(reader: &R, tile: Tile, wanted: &[u8]) -> Result<(), AuditError<R::Error>> {
    let stored = read_hashes(reader, tile)?;
    let wanted = decode_hashes(&tile, wanted).unwrap_or_default();
    first_difference(&wanted, &stored).map_or(Ok(()), |position| Err(AuditError::Hash { tile, position }))
}

fn first_difference(a: &[Hash], b: &[Hash]) -> Option<usize> {
    a.iter().zip(b).position(|(a, b)| a != b)
}

fn read_hashes<R: TileReader>(reader: &R, tile: Tile) -> Result<Vec<Hash>, AuditError<R::Error>> {
    decode_hashes(&tile, &read(reader, tile)?).ok_or(AuditError::Width { tile })
}

fn read<R: TileReader>(reader: &R, tile: Tile) -> Result<Vec<u8>, AuditError<R::Error>> {
    reader.read(&tile).map_err(|source| AuditError::Read { tile, source })
}
