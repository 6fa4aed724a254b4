//! What appending a batch gives: a new edge, full tiles, and cheap proofs.

use super::edge::{Edge, bit_length, level_count};
use super::rows::Rows;
use crate::hash::Hash;
use crate::proof::{ConsistencyProof, InclusionProof, ProofError};
use crate::tile::{TILE_HEIGHT, TILE_WIDTH, Tile, TileKind, encode_hashes};

/// A tile that the batch has filled: its coordinate and its 8,192 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullTile {
    /// Where it goes.
    pub tile: Tile,
    /// Its 256 hashes, one after another.
    pub bytes: Vec<u8>,
}

/// A batch hashed onto an edge. The old edge is untouched; take the new one when your commit has succeeded.
///
/// All interior nodes above the batch are kept, so a proof costs a lookup for each height of the tree.
#[derive(Debug, Clone)]
pub struct Appended {
    old_size: u64,
    edge: Edge,
    full_tiles: Vec<FullTile>,
    rows: Rows,
}

impl Appended {
    pub(super) fn grow(old: &Edge, leaves: &[Hash]) -> Self {
        let rows = Rows::grow(old.suite, old.size, leaves, |height| old.peak(height));
        let size = old.size + leaves.len() as u64;
        let peaks = (0..bit_length(size)).map(|height| rows.peak(height, size)).collect();
        let mut edge = Edge {
            suite: old.suite,
            size,
            levels: Vec::with_capacity(level_count(size)),
            peaks,
        };
        let mut full_tiles = Vec::new();
        for level in 0..level_count(size) {
            let hashes = level_hashes(old, level, &rows);
            let partial = hashes.chunks_exact(TILE_WIDTH).remainder().to_vec();
            full_tiles.extend(cut_tiles(old.size, level, &hashes));
            edge.levels.push(partial);
        }
        Self {
            old_size: old.size,
            edge,
            full_tiles,
            rows,
        }
    }

    /// How many entries the log has with the batch.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.edge.size
    }

    /// The root of the log with the batch.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.rows.root().unwrap_or_else(|| self.edge.suite.empty_root())
    }

    /// The tiles that the batch has filled, lower levels first, left to right.
    #[must_use]
    pub fn full_tiles(&self) -> &[FullTile] {
        &self.full_tiles
    }

    /// The edge after the batch.
    #[must_use]
    pub const fn edge(&self) -> &Edge {
        &self.edge
    }

    /// The edge after the batch, and the cached nodes dropped.
    #[must_use]
    pub fn into_edge(self) -> Edge {
        self.edge
    }

    /// The proof that the entry at `index`, one of the batch, is in the log of [`size`](Self::size) entries.
    pub fn prove(&self, index: u64) -> Result<InclusionProof, ProofError> {
        if !(self.old_size..self.size()).contains(&index) {
            return Err(ProofError::OutsideBatch {
                index,
                first: self.old_size,
                end: self.size(),
            });
        }
        Ok(InclusionProof::new(self.rows.path(0, index)))
    }

    /// The proof that the log before the batch is a prefix of the log with it, as a witness asks for.
    #[must_use]
    pub fn prove_consistency(&self) -> ConsistencyProof {
        if self.old_size == 0 || self.old_size == self.size() {
            return ConsistencyProof::new(Vec::new());
        }
        let height = self.old_size.trailing_zeros();
        let peak = (self.old_size >> height) - 1;
        let known = self.old_size.is_power_of_two();
        let first = if known { None } else { self.rows.get(height, peak) };
        ConsistencyProof::new(first.into_iter().chain(self.rows.path(height, peak)).collect())
    }
}

/// The hashes of `level` from the start of the old partial tile on.
fn level_hashes(old: &Edge, level: usize, rows: &Rows) -> Vec<Hash> {
    let height = TILE_HEIGHT * u32::try_from(level).unwrap_or(u32::MAX / TILE_HEIGHT);
    let fresh = rows.nodes_from(height, old.size.checked_shr(height).unwrap_or(0));
    let kept = old.levels.get(level).map_or(&[][..], Vec::as_slice);
    [kept, fresh].concat()
}

fn cut_tiles(old_size: u64, level: usize, hashes: &[Hash]) -> impl Iterator<Item = FullTile> {
    let level = u8::try_from(level).unwrap_or(u8::MAX);
    let first = old_size.checked_shr(TILE_HEIGHT * (u32::from(level) + 1)).unwrap_or(0);
    let full = (first..).zip(hashes.chunks_exact(TILE_WIDTH));
    full.filter_map(move |(index, hashes)| {
        let tile = Tile::new(TileKind::Hashes(level), index, TILE_WIDTH as u16)?;
        Some(FullTile {
            tile,
            bytes: encode_hashes(hashes),
        })
    })
}
