//! Following a log from outside, entry by entry: what was seen once must stay, what is signed must be served.
//!
//! A follower keeps the right edge of the log. It hashes each new entry onto the edge and compares the root with the
//! signed one, which proves at once that every entry is included and that nothing before was changed. It trusts no
//! tile; it tells which ones ought to be served, so that they can be compared.
//!
//! ```text
//! Follower ─step(next checkpoint)─► Step ─take(bundle)…─► Step ─finish─► Follower, further on
//! ```

mod state;

pub use state::FollowerStateError;

use crate::checkpoint::SignedCheckpoint;
use crate::hash::{Hash, hash_leaf};
use crate::proof::ConsistencyProof;
use crate::tile::{BundleError, TILE_WIDTH, Tile, TileKind, decode_bundle, decode_hashes};
use crate::tree::Edge;
use crate::trust::{AdvanceError, advance};
use thiserror::Error;

/// What is known of a log: the last checkpoint that was followed to, and the edge under it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Follower {
    last: Option<SignedCheckpoint>,
    edge: Edge,
}

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

/// How a log fails to be what it signed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FollowError {
    /// The checkpoint does not follow the last one by its size or root.
    #[error(transparent)]
    Advance(#[from] AdvanceError),
    /// An entry bundle is malformed.
    #[error("`{tile}` can't be taken apart: {source}")]
    Bundle {
        /// Which bundle.
        tile: Tile,
        /// What is wrong with it.
        source: BundleError,
    },
    /// An entry bundle has too few entries.
    #[error("`{tile}` has {found} entries")]
    Short {
        /// Which bundle.
        tile: Tile,
        /// How many entries it has.
        found: usize,
    },
    /// An entry is served otherwise than when it was first seen.
    #[error("entry {index} is no longer what it was: the log was rewritten")]
    Rewritten {
        /// The index of the entry.
        index: u64,
    },
    /// The entries lead elsewhere than to the signed root.
    #[error(
        "the entries lead to the root {computed}, the log signed {root}: it was rewritten, or serves other entries"
    )]
    Root {
        /// Where the entries lead.
        computed: Hash,
        /// What the log has signed.
        root: Hash,
    },
    /// A served tile does not follow from the entries.
    #[error("`{tile}` does not follow from the entries")]
    Tile {
        /// Which tile.
        tile: Tile,
    },
    /// A step was finished before all bundles were taken. The log has no part in this.
    #[error("entries are missing before the step can be finished")]
    Unfinished,
}

impl FollowError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Advance(error) => error.code(),
            Self::Bundle { .. } => "follow.bundle",
            Self::Short { .. } => "follow.short",
            Self::Rewritten { .. } => "follow.rewritten",
            Self::Root { .. } => "follow.root",
            Self::Tile { .. } => "follow.tile",
            Self::Unfinished => "follow.unfinished",
        }
    }
}

impl Follower {
    /// Knows nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many entries were followed.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.edge.size()
    }

    /// The last checkpoint that was followed to.
    #[must_use]
    pub const fn last(&self) -> Option<&SignedCheckpoint> {
        self.last.as_ref()
    }

    /// Begins the way to `next`, whose signatures have been verified.
    pub fn step(&self, next: SignedCheckpoint) -> Result<Step, FollowError> {
        if let Some(last) = &self.last {
            let proof = ConsistencyProof::new(Vec::new());
            match advance(last.unverified(), next.unverified(), &proof) {
                // The entries themselves will show it.
                Ok(()) | Err(AdvanceError::Inconsistent(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Step {
            next,
            edge: self.edge.clone(),
        })
    }
}

impl Step {
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
        let seen = self.seen();
        let first = self.edge.size() - seen.len() as u64;
        let changed = entries
            .iter()
            .zip(&seen)
            .position(|(entry, seen)| hash_leaf(entry) != *seen);
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
        let first = self.edge.size();
        let leaves: Vec<Hash> = entries.iter().map(|entry| hash_leaf(entry)).collect();
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
