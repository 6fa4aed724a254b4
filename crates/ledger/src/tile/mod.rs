//! Where the parts of a log are stored: C2SP `tlog-tiles` coordinates and paths.

mod bundle;
mod path;

pub use bundle::{BundleError, ENTRY_BYTES_MAX, decode_bundle, encode_bundle};
pub use path::TilePathError;

use crate::hash::{HASH_BYTES, Hash};
use crate::suite::Suite;

/// How many hashes or entries a full tile holds.
pub const TILE_WIDTH: usize = 256;
/// How many levels of the binary tree one level of tiles spans.
pub const TILE_HEIGHT: u32 = 8;
/// The highest level that a path can name.
pub const LEVEL_MAX: u8 = 63;

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TileKind {
    /// The entries themselves, a bundle: `tile/entries/…`.
    Entries,
    /// Hashes at this level, where level 0 holds leaf hashes: `tile/<L>/…`.
    Hashes(u8),
}

/// The coordinate of a tile or entry bundle. [`path`](Tile::path) is its C2SP path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tile {
    kind: TileKind,
    index: u64,
    width: u16,
}

impl Tile {
    /// The tile of `kind` at `index` with `width` members, if the width is 1 to 256 and the level up to 63.
    #[must_use]
    pub fn new(kind: TileKind, index: u64, width: u16) -> Option<Self> {
        let level_fits = !matches!(kind, TileKind::Hashes(level) if level > LEVEL_MAX);
        let width_fits = (1..=TILE_WIDTH).contains(&usize::from(width));
        (level_fits && width_fits).then_some(Self { kind, index, width })
    }

    /// The tile of `kind` at `index` as a tree of `size` entries has it; nothing where the tree has none there.
    #[must_use]
    pub fn in_tree(kind: TileKind, index: u64, size: u64) -> Option<Self> {
        let level = match kind {
            TileKind::Entries => 0,
            TileKind::Hashes(level) => u32::from(level),
        };
        let members = size.checked_shr(level * TILE_HEIGHT).unwrap_or(0);
        let before = index.checked_mul(TILE_WIDTH as u64)?;
        let width = members.checked_sub(before)?.min(TILE_WIDTH as u64);
        Self::new(kind, index, u16::try_from(width).ok()?)
    }

    /// What the tile holds.
    #[must_use]
    pub const fn kind(&self) -> TileKind {
        self.kind
    }

    /// Which tile of its level it is, from 0.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// How many members it holds: 256 when full.
    #[must_use]
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// Whether the tile will never grow again.
    #[must_use]
    pub fn is_full(&self) -> bool {
        usize::from(self.width) == TILE_WIDTH
    }
}

/// The bytes of a tile of hashes: the hashes one after another.
#[must_use]
pub fn encode_hashes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(Hash::as_bytes).copied().collect()
}

/// The hashes of a tile, if the bytes are exactly as many as its width asks for.
#[must_use]
pub fn decode_hashes(tile: &Tile, bytes: &[u8]) -> Option<Vec<Hash>> {
    let wanted = usize::from(tile.width()) * HASH_BYTES;
    (bytes.len() == wanted).then(|| bytes.chunks_exact(HASH_BYTES).filter_map(Hash::from_slice).collect())
}

/// The root of a perfect subtree over `hashes`, whose number is a power of two.
///
/// Over the 256 hashes of a full tile it is the tile's member in the level above.
#[must_use]
pub fn subtree_root(suite: Suite, hashes: &[Hash]) -> Option<Hash> {
    if !hashes.len().is_power_of_two() {
        return None;
    }
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row
            .chunks_exact(2)
            .map(|pair| suite.hash_node(&pair[0], &pair[1]))
            .collect();
    }
    row.first().copied()
}
