//! The growing edge of the tree, and how a node is named.

mod appended;
mod edge;
mod node;
mod rows;

pub use appended::{Appended, FullTile};
pub use edge::{Edge, EdgeError, SIZE_MAX};
pub(crate) use node::{Node, Step, audit_steps, consistency_steps, fold, peaks};

use crate::hash::Hash;
use crate::suite::Suite;

/// The root of the tree whose peaks, highest first, are `hashes`.
pub(crate) fn root_of_peaks(suite: Suite, hashes: &[Hash]) -> Hash {
    fold(suite, hashes).unwrap_or_else(|| suite.empty_root())
}
