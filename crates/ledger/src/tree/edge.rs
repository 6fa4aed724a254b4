//! The right edge of a log: all that is needed to append to it.

use super::appended::Appended;
use super::root_of_peaks;
use crate::hash::Hash;
use crate::suite::Suite;
use crate::tile::{TILE_HEIGHT, TILE_WIDTH, Tile, TileKind, encode_hashes, subtree_root};
use thiserror::Error;

/// How many entries a restored log may have. No batch appended to it can then overflow an index.
pub const SIZE_MAX: u64 = 1 << 48;

/// Why stored hashes are no edge of a log.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EdgeError {
    /// The size is beyond what a log may have.
    #[error("a log of {size} entries is larger than {SIZE_MAX}")]
    TooLarge {
        /// The size asked for.
        size: u64,
    },
    /// A level has another number of hashes than the size asks for.
    #[error("level {level} of a log of {size} entries needs {wanted} hashes in its partial tile, not {found}")]
    WrongWidth {
        /// The size of the log.
        size: u64,
        /// The level of tiles, from 0 at the leaves.
        level: usize,
        /// How many hashes its partial tile has at that size.
        wanted: usize,
        /// How many were given.
        found: usize,
    },
}

impl EdgeError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "edge.too-large",
            Self::WrongWidth { .. } => "edge.wrong-width",
        }
    }
}

/// The right edge of a log: its size and, for each level, the hashes of the tile that is not full yet.
///
/// Appending leaves the edge as it was and gives an [`Appended`] that holds the next one, so that a caller moves on
/// only when its own commit has succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    pub(super) suite: Suite,
    pub(super) size: u64,
    pub(super) levels: Vec<Vec<Hash>>,
    /// The peaks by height, kept so that a small batch need not hash whole tiles.
    pub(super) peaks: Vec<Option<Hash>>,
}

impl Edge {
    /// The edge of an empty log of this suite.
    #[must_use]
    pub const fn new(suite: Suite) -> Self {
        Self {
            suite,
            size: 0,
            levels: Vec::new(),
            peaks: Vec::new(),
        }
    }

    /// The edge of a log of this suite and `size` entries from the hashes of its partial tiles, level 0 first.
    ///
    /// A level without a partial tile has no hashes; levels above the last that has any may be left out.
    /// [`partial_tiles_of`](Self::partial_tiles_of) tells which tiles those are.
    pub fn restore(suite: Suite, size: u64, mut levels: Vec<Vec<Hash>>) -> Result<Self, EdgeError> {
        if size > SIZE_MAX {
            return Err(EdgeError::TooLarge { size });
        }
        levels.resize_with(level_count(size).max(levels.len()), Vec::new);
        for (level, hashes) in levels.iter().enumerate() {
            let (wanted, found) = (partial_width(size, level), hashes.len());
            if wanted != found {
                return Err(EdgeError::WrongWidth {
                    size,
                    level,
                    wanted,
                    found,
                });
            }
        }
        levels.truncate(level_count(size));
        let peaks = (0..bit_length(size))
            .map(|height| peak(suite, size, &levels, height))
            .collect();
        Ok(Self {
            suite,
            size,
            levels,
            peaks,
        })
    }

    /// The partial tiles of a log of `size` entries, level 0 first: what [`restore`](Self::restore) needs.
    #[must_use]
    pub fn partial_tiles_of(size: u64) -> Vec<Tile> {
        (0..level_count(size))
            .filter_map(|level| partial_tile(size, level))
            .collect()
    }

    /// The suite that the log is hashed by.
    #[must_use]
    pub const fn suite(&self) -> Suite {
        self.suite
    }

    /// How many entries the log has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root of the log.
    #[must_use]
    pub fn root(&self) -> Hash {
        let highest_first: Vec<Hash> = self.peaks.iter().rev().filter_map(|peak| *peak).collect();
        root_of_peaks(self.suite, &highest_first)
    }

    /// The partial tiles and their bytes, which the C2SP layout serves next to the full ones.
    #[must_use]
    pub fn partial_tiles(&self) -> Vec<(Tile, Vec<u8>)> {
        let levels = self.levels.iter().enumerate();
        levels
            .filter_map(|(level, hashes)| Some((partial_tile(self.size, level)?, encode_hashes(hashes))))
            .collect()
    }

    /// Hashes a batch of leaves onto the edge. See [`Appended`].
    #[must_use]
    pub fn append(&self, leaves: &[Hash]) -> Appended {
        Appended::grow(self, leaves)
    }

    /// The peak of this height.
    pub(super) fn peak(&self, height: u32) -> Option<Hash> {
        *self.peaks.get(height as usize)?
    }
}

/// The peak of this height, computed from the partial tile of its level.
fn peak(suite: Suite, size: u64, levels: &[Vec<Hash>], height: u32) -> Option<Hash> {
    let is_peak = size.checked_shr(height)? & 1 == 1;
    let hashes = levels.get((height / TILE_HEIGHT) as usize)?;
    let length = 1_usize << (height % TILE_HEIGHT);
    // Higher peaks of the same level come first in its tile.
    let start = hashes.len() & !(2 * length - 1);
    is_peak.then(|| subtree_root(suite, hashes.get(start..start + length)?))?
}

/// How many heights of nodes a tree of `size` entries has.
pub(super) const fn bit_length(size: u64) -> u32 {
    u64::BITS - size.leading_zeros()
}

/// How many levels of tiles a log of `size` entries has.
pub(super) fn level_count(size: u64) -> usize {
    bit_length(size).div_ceil(TILE_HEIGHT) as usize
}

/// How many hashes the partial tile at `level` has; 0 when there is none.
pub(super) fn partial_width(size: u64, level: usize) -> usize {
    let members = u32::try_from(level)
        .ok()
        .and_then(|level| size.checked_shr(level * TILE_HEIGHT))
        .unwrap_or(0);
    (members % TILE_WIDTH as u64) as usize
}

fn partial_tile(size: u64, level: usize) -> Option<Tile> {
    let width = u16::try_from(partial_width(size, level)).ok()?;
    let level = u8::try_from(level).ok()?;
    let index = size >> (u32::from(level) * TILE_HEIGHT) >> TILE_HEIGHT;
    Tile::new(TileKind::Hashes(level), index, width)
}
