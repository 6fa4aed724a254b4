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
mod step;

pub use state::FollowerStateError;
pub use step::{DueTile, Step, Taken};

use crate::checkpoint::SignedCheckpoint;
use crate::hash::Hash;
use crate::proof::ConsistencyProof;
use crate::suite::Suite;
use crate::tile::{BundleError, Tile};
use crate::tree::Edge;
use crate::trust::{AdvanceError, advance};
use thiserror::Error;

/// What is known of a log: the last checkpoint that was followed to, and the edge under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follower {
    last: Option<SignedCheckpoint>,
    edge: Edge,
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
    /// Knows nothing yet of a log of this suite.
    #[must_use]
    pub const fn new(suite: Suite) -> Self {
        Self {
            last: None,
            edge: Edge::new(suite),
        }
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
            match advance(self.edge.suite(), last.unverified(), next.unverified(), &proof) {
                // The entries themselves will show it.
                Ok(()) | Err(AdvanceError::Inconsistent(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Step::new(next, self.edge.clone()))
    }
}
