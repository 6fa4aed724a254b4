//! Proofs that an entry is in a tree, and that one tree is a prefix of another.

mod prove;
mod verify;

pub use prove::{ProveError, Prover, TileReader, TileSet, tiles_for_consistency, tiles_for_inclusion};

use crate::hash::Hash;
use crate::suite::Suite;
use thiserror::Error;

/// The neighbours on the way from a leaf to the root, lowest first (RFC 9162, section 2.1.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    hashes: Vec<Hash>,
}

/// The nodes that tie an older tree to a newer one (RFC 9162, section 2.1.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsistencyProof {
    hashes: Vec<Hash>,
}

/// Why a proof can't be given, or does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProofError {
    /// The tree has no such entry.
    #[error("entry {index} is not in a tree of {size} entries")]
    OutsideTree {
        /// The index of the entry.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// The entry is not in the batch whose nodes are at hand.
    #[error("entry {index} is not in the batch of entries {first} to {end}, the last not included")]
    OutsideBatch {
        /// The index of the entry.
        index: u64,
        /// The index of the batch's first entry.
        first: u64,
        /// The index after the batch's last entry.
        end: u64,
    },
    /// The newer tree is smaller than the older one.
    #[error("a tree of {new} entries can't continue one of {old}")]
    Shrinking {
        /// The size of the older tree.
        old: u64,
        /// The size of the newer tree.
        new: u64,
    },
    /// The proof has more or fewer hashes than the place in the tree asks for.
    #[error("the proof has {found} hashes, which is too many or too few for its place in the tree")]
    WrongLength {
        /// How many hashes it has.
        found: usize,
    },
    /// The hashes lead elsewhere than to the root.
    #[error("the proof leads to {computed}, not to the root {root}")]
    WrongRoot {
        /// Where the hashes lead.
        computed: Hash,
        /// The root that was expected.
        root: Hash,
    },
}

impl ProofError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OutsideTree { .. } => "proof.outside-tree",
            Self::OutsideBatch { .. } => "proof.outside-batch",
            Self::Shrinking { .. } => "proof.shrinking",
            Self::WrongLength { .. } => "proof.wrong-length",
            Self::WrongRoot { .. } => "proof.wrong-root",
        }
    }
}

impl InclusionProof {
    /// The proof that consists of these hashes, lowest first.
    #[must_use]
    pub const fn new(hashes: Vec<Hash>) -> Self {
        Self { hashes }
    }

    /// The hashes, lowest first.
    #[must_use]
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// Checks that the leaf `leaf` at `index` is in the tree of `size` entries and that `root`.
    pub fn verify(&self, suite: Suite, leaf: &Hash, index: u64, size: u64, root: &Hash) -> Result<(), ProofError> {
        verify::inclusion(suite, &self.hashes, leaf, index, size, root)
    }
}

impl ConsistencyProof {
    /// The proof that consists of these hashes, in the order of the RFC.
    #[must_use]
    pub const fn new(hashes: Vec<Hash>) -> Self {
        Self { hashes }
    }

    /// The hashes, in the order of the RFC.
    #[must_use]
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// Checks that the tree `old` (size, root) is a prefix of the tree `new` (size, root).
    pub fn verify(&self, suite: Suite, old: (u64, &Hash), new: (u64, &Hash)) -> Result<(), ProofError> {
        verify::consistency(suite, &self.hashes, old, new)
    }
}
