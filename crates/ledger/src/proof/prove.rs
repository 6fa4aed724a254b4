//! Making proofs for any entry of a stored log, out of its tiles.

use super::{ConsistencyProof, InclusionProof, ProofError};
use crate::hash::Hash;
use crate::suite::Suite;
use crate::tile::{TILE_HEIGHT, TILE_WIDTH, Tile, TileKind, decode_hashes, subtree_root};
use crate::tree::{Node, Step, audit_steps, consistency_steps, fold, peaks, root_of_peaks};
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;

/// Reads the parts of a stored log.
///
/// Contract: `read` gives the bytes of exactly that tile or entry bundle — for a partial tile, of that width, though
/// it may be cut from a wider stored one. A reader need not check them: whoever reads compares with a signed root.
/// A reader behind asynchronous IO asks [`tiles_for_inclusion`] or [`tiles_for_consistency`] what to fetch and hands
/// it over as a [`TileSet`].
pub trait TileReader {
    /// How reading fails.
    type Error: std::error::Error;

    /// The bytes of `tile`.
    fn read(&self, tile: &Tile) -> Result<Vec<u8>, Self::Error>;
}

/// Tiles in memory.
pub type TileSet = BTreeMap<Tile, Vec<u8>>;

/// A tile that is not in the [`TileSet`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("tile `{0}` is missing")]
pub struct MissingTile(Tile);

impl TileReader for TileSet {
    type Error = MissingTile;

    fn read(&self, tile: &Tile) -> Result<Vec<u8>, MissingTile> {
        self.get(tile).cloned().ok_or(MissingTile(*tile))
    }
}

/// Why a proof could not be made from tiles.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProveError<E: std::error::Error> {
    /// The tree holds no such proof.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// A tile could not be read.
    #[error("tile `{tile}` can't be read: {source}")]
    Read {
        /// The tile asked for.
        tile: Tile,
        /// What the reader said.
        source: E,
    },
    /// A tile has another number of bytes than its width asks for.
    #[error("tile `{tile}` has {bytes} bytes instead of {} hashes", tile.width())]
    BadTile {
        /// The tile asked for.
        tile: Tile,
        /// How many bytes it has.
        bytes: usize,
    },
}

/// The tiles that the inclusion proof of entry `index` in a tree of `size` entries is made of.
pub fn tiles_for_inclusion(index: u64, size: u64) -> Result<BTreeSet<Tile>, ProofError> {
    Ok(tiles_of(&checked_audit_steps(index, size)?, size))
}

/// The tiles that the consistency proof from `old` entries to `new` is made of.
pub fn tiles_for_consistency(old: u64, new: u64) -> Result<BTreeSet<Tile>, ProofError> {
    Ok(tiles_of(&checked_consistency_steps(old, new)?, new))
}

/// Makes proofs about the tree of `size` entries behind a reader. It keeps the tiles that it has read.
pub struct Prover<'a, R: TileReader> {
    reader: &'a R,
    suite: Suite,
    size: u64,
    tiles: BTreeMap<Tile, Vec<Hash>>,
}

impl<'a, R: TileReader> Prover<'a, R> {
    /// A prover for the tree of `size` entries, hashed by this suite.
    pub const fn new(reader: &'a R, suite: Suite, size: u64) -> Self {
        Self {
            reader,
            suite,
            size,
            tiles: BTreeMap::new(),
        }
    }

    /// The root of the tree, as the tiles have it.
    pub fn root(&mut self) -> Result<Hash, ProveError<R::Error>> {
        let hashes = peaks(self.size)
            .iter()
            .map(|node| self.node(node))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(root_of_peaks(self.suite, &hashes))
    }

    /// The proof that entry `index` is in the tree.
    pub fn inclusion(&mut self, index: u64) -> Result<InclusionProof, ProveError<R::Error>> {
        let steps = checked_audit_steps(index, self.size)?;
        Ok(InclusionProof::new(self.hashes(&steps)?))
    }

    /// The proof that the tree of the first `old` entries is a prefix of the tree.
    pub fn consistency(&mut self, old: u64) -> Result<ConsistencyProof, ProveError<R::Error>> {
        let steps = checked_consistency_steps(old, self.size)?;
        Ok(ConsistencyProof::new(self.hashes(&steps)?))
    }

    fn hashes(&mut self, steps: &[Step]) -> Result<Vec<Hash>, ProveError<R::Error>> {
        let mut hashes = Vec::with_capacity(steps.len());
        for step in steps {
            let nodes = step.iter().map(|node| self.node(node)).collect::<Result<Vec<_>, _>>()?;
            hashes.extend(fold(self.suite, &nodes));
        }
        Ok(hashes)
    }

    fn node(&mut self, node: &Node) -> Result<Hash, ProveError<R::Error>> {
        let (suite, size) = (self.suite, self.size);
        let outside = ProofError::OutsideTree {
            index: node.index,
            size,
        };
        let tile = node_tile(node, size).ok_or(outside)?;
        let hashes = self.tile(tile)?;
        let length = 1 << (node.height % TILE_HEIGHT);
        let start = (node.index as usize % TILE_WIDTH * length) % TILE_WIDTH;
        Ok(hashes
            .get(start..start + length)
            .and_then(|hashes| subtree_root(suite, hashes))
            .ok_or(outside)?)
    }

    fn tile(&mut self, tile: Tile) -> Result<&[Hash], ProveError<R::Error>> {
        use std::collections::btree_map::Entry;
        let slot = match self.tiles.entry(tile) {
            Entry::Occupied(slot) => return Ok(slot.into_mut()),
            Entry::Vacant(slot) => slot,
        };
        let bytes = self
            .reader
            .read(&tile)
            .map_err(|source| ProveError::Read { tile, source })?;
        let hashes = decode_hashes(&tile, &bytes).ok_or(ProveError::BadTile {
            tile,
            bytes: bytes.len(),
        })?;
        Ok(slot.insert(hashes))
    }
}

fn checked_audit_steps(index: u64, size: u64) -> Result<Vec<Step>, ProofError> {
    if index < size {
        Ok(audit_steps(index, size))
    } else {
        Err(ProofError::OutsideTree { index, size })
    }
}

fn checked_consistency_steps(old: u64, new: u64) -> Result<Vec<Step>, ProofError> {
    match old {
        0 => Ok(Vec::new()),
        _ if old > new => Err(ProofError::Shrinking { old, new }),
        _ => Ok(consistency_steps(old, new)),
    }
}

fn tiles_of(steps: &[Step], size: u64) -> BTreeSet<Tile> {
    steps
        .iter()
        .flatten()
        .filter_map(|node| node_tile(node, size))
        .collect()
}

/// The tile whose hashes a complete node is computed from.
fn node_tile(node: &Node, size: u64) -> Option<Tile> {
    let level = u8::try_from(node.height / TILE_HEIGHT).ok()?;
    let index = node.index >> (TILE_HEIGHT - node.height % TILE_HEIGHT);
    Tile::in_tree(TileKind::Hashes(level), index, size)
}
