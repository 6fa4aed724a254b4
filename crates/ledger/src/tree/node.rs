//! Names for nodes, and which of them make up a proof.
//!
//! A *complete* node roots a perfect subtree: at `height` it covers `1 << height` entries. A tree whose size is
//! no power of two is a row of complete nodes, its *peaks*, folded together from the right. A proof is a list of
//! *steps*, each the hash of a neighbour: one complete node, or at the ragged right border a fold of peaks.

use crate::hash::Hash;
use crate::suite::Suite;

/// A complete node: the `index`-th at its height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Node {
    pub(crate) height: u32,
    pub(crate) index: u64,
}

/// One hash of a proof: the fold of these complete nodes, highest first.
pub(crate) type Step = Vec<Node>;

/// The complete nodes, highest first, that cover `0..size`.
pub(crate) fn peaks(size: u64) -> Step {
    peaks_below(u64::BITS, size)
}

/// The peaks of `size` lower than `height`: what lies to the right of its last complete node at `height`.
fn peaks_below(height: u32, size: u64) -> Step {
    let has_peak = |height: &u32| size >> height & 1 == 1;
    (0..height)
        .rev()
        .filter(has_peak)
        .map(|height| Node {
            height,
            index: (size >> height) - 1,
        })
        .collect()
}

/// Folds hashes from the right: the last two first, each earlier one on their left.
pub(crate) fn fold(suite: Suite, hashes: &[Hash]) -> Option<Hash> {
    hashes
        .iter()
        .rev()
        .copied()
        .reduce(|right, left| suite.hash_node(&left, &right))
}

/// The steps from entry `index` to the root of a tree of `size` entries. Needs `index < size`.
pub(crate) fn audit_steps(index: u64, size: u64) -> Vec<Step> {
    steps_above(Node { height: 0, index }, size)
}

/// The steps that lead from the tree of `old` entries to that of `new`. Needs `0 < old <= new`.
///
/// They are the neighbours on the way up from the lowest peak of the old tree, and that peak itself in front,
/// unless it is the whole old tree, whose root a verifier knows (RFC 9162, section 2.1.4.1).
pub(crate) fn consistency_steps(old: u64, new: u64) -> Vec<Step> {
    if old == new {
        return Vec::new();
    }
    let height = old.trailing_zeros();
    let peak = Node {
        height,
        index: (old >> height) - 1,
    };
    let known = old.is_power_of_two();
    let first = (!known).then(|| vec![peak]);
    first.into_iter().chain(steps_above(peak, new)).collect()
}

fn steps_above(node: Node, size: u64) -> Vec<Step> {
    let heights = node.height..u64::BITS - size.leading_zeros();
    heights
        .filter_map(|height| sibling(height, node.index >> (height - node.height), size))
        .collect()
}

/// The neighbour of the node at (`height`, `index`); none where the tree ends before it.
fn sibling(height: u32, index: u64, size: u64) -> Option<Step> {
    let neighbour = index ^ 1;
    let complete = size >> height;
    if neighbour < complete {
        return Some(vec![Node {
            height,
            index: neighbour,
        }]);
    }
    let ragged = if neighbour == complete {
        peaks_below(height, size)
    } else {
        Step::new()
    };
    (!ragged.is_empty()).then_some(ragged)
}
