//! A log of any size whose entries are all the same. Its complete nodes of one height are equal, so that a billion
//! entries need one hash a height; its proofs are as long, and verify against its true root.

use std::convert::Infallible;

use gongshu_ledger::tile::{TILE_HEIGHT, encode_hashes};
use gongshu_ledger::{Hash, Suite, Tile, TileKind, TileReader};

/// Heights of the nodes that tiles of a log hold.
const HEIGHTS: usize = 64;

/// Its complete nodes by height.
pub(crate) struct Uniform(Vec<Hash>);

impl Uniform {
    pub(crate) fn of(suite: Suite, entry: &[u8]) -> Self {
        let next = |below: &Hash| Some(suite.hash_node(below, below));
        Self(
            std::iter::successors(Some(suite.hash_leaf(entry)), next)
                .take(HEIGHTS)
                .collect(),
        )
    }
}

impl TileReader for Uniform {
    type Error = Infallible;

    fn read(&self, tile: &Tile) -> Result<Vec<u8>, Infallible> {
        let level = match tile.kind() {
            TileKind::Hashes(level) => u32::from(level),
            TileKind::Entries => 0,
        };
        let node = self.0.get((level * TILE_HEIGHT) as usize).copied();
        Ok(encode_hashes(
            &vec![node; usize::from(tile.width())]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>(),
        ))
    }
}
