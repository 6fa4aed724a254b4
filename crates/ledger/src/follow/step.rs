//! A step from one checkpoint to the next.

use super::{FollowError, Follower};
use crate::checkpoint::SignedCheckpoint;
use crate::hash::Hash;
use crate::tile::{TILE_WIDTH, Tile, TileKind, decode_bundle, decode_hashes};
use crate::tree::Edge;

/// The way to the next checkpoint, bundle by bundle.
#[derive(Debug, Clone)]
pub struct Step {
    next: SignedCheckpoint,
    edge: Edge,
}

/// What a bundle has added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The entries that are new, with their indices. They are proved only when the step is finished.
    pub entries: Vec<(u64, Vec<u8>)>,
    /// The full tiles that the log must now serve.
    pub tiles: Vec<DueTile>,
}

/// A tile that the log must serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueTile {
    /// Where.
    pub tile: Tile,
    /// Its bytes, as the entries give them.
    pub bytes: Vec<u8>,
}

impl Step {
    pub(super) const fn new(next: SignedCheckpoint, edge: Edge) -> Self {
        Self { next, edge }
    }

    /// The bundle to take next; nothing when the step can be finished.
    #[must_use]
    pub fn wanted(&self) -> Option<Tile> {
        let (done, size) = (self.edge.size(), self.next.unverified().size());
        let index = done / TILE_WIDTH as u64;
        (done < size).then(|| Tile::in_tree(TileKind::Entries, index, size))?
    }

    /// Takes the wanted bundle. A fuller one than asked for will do; its further entries are left alone.
    pub fn take(&mut self, bundle: &[u8]) -> Result<Taken, FollowError> {
        let Some(tile) = self.wanted() else {
            return Err(FollowError::Unfinished);
        };
        let entries = decode_bundle(bundle).map_err(|source| FollowError::Bundle { tile, source })?;
        let entries = entries.get(..usize::from(tile.width()));
        let entries = entries.ok_or_else(|| FollowError::Short {
            tile,
            found: decode_bundle(bundle).map_or(0, |entries| entries.len()),
        })?;
        let (suite, seen) = (self.edge.suite(), self.seen());
        let first = self.edge.size() - seen.len() as u64;
        let changed = entries
            .iter()
            .zip(&seen)
            .position(|(entry, seen)| suite.hash_leaf(entry) != *seen);
        if let Some(position) = changed {
            return Err(FollowError::Rewritten {
                index: first + position as u64,
            });
        }
        Ok(self.append(&entries[seen.len()..]))
    }

    /// Ends at the next checkpoint, with the partial tiles that the log must serve there.
    pub fn finish(self) -> Result<(Follower, Vec<DueTile>), FollowError> {
        let next = self.next.unverified();
        if self.edge.size() != next.size() {
            return Err(FollowError::Unfinished);
        }
        let (computed, root) = (self.edge.root(), *next.root());
        if computed != root {
            return Err(FollowError::Root { computed, root });
        }
        let tiles = self.edge.partial_tiles().into_iter();
        let tiles = tiles.map(|(tile, bytes)| DueTile { tile, bytes }).collect();
        let follower = Follower {
            last: Some(self.next),
            edge: self.edge,
        };
        Ok((follower, tiles))
    }

    /// The hashes of the entries that are known already in the tile under way.
    fn seen(&self) -> Vec<Hash> {
        let tiles = self.edge.partial_tiles();
        let leaves = tiles.iter().find(|(tile, _)| tile.kind() == TileKind::Hashes(0));
        leaves
            .and_then(|(tile, bytes)| decode_hashes(tile, bytes))
            .unwrap_or_default()
    }

    fn append(&mut self, entries: &[&[u8]]) -> Taken {
        let (suite, first) = (self.edge.suite(), self.edge.size());
        let leaves: Vec<Hash> = entries.iter().map(|entry| suite.hash_leaf(entry)).collect();
        let appended = self.edge.append(&leaves);
        let tiles = appended.full_tiles().iter();
        let taken = Taken {
            entries: (first..).zip(entries.iter().map(|entry| entry.to_vec())).collect(),
            tiles: tiles
                .map(|full| DueTile {
                    tile: full.tile,
                    bytes: full.bytes.clone(),
                })
                .collect(),
        };
        self.edge = appended.into_edge();
        taken
    }
}

impl DueTile {
    /// Checks what the log serves there. A fuller tile than asked for will do.
    pub fn check(&self, served: &[u8]) -> Result<(), FollowError> {
        if served.starts_with(&self.bytes) {
            Ok(())
        } else {
            Err(FollowError::Tile { tile: self.tile })
        }
    }
}
