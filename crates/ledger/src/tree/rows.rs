//! Every node that a batch of entries brought into being, so that a proof is a walk of lookups.

use super::edge::bit_length;
use crate::hash::Hash;
use crate::suite::Suite;

/// One height of the tree: its complete nodes from `start` on.
#[derive(Debug, Clone, Default)]
struct Row {
    start: u64,
    nodes: Vec<Hash>,
    /// The hash of the incomplete node right of the last complete one, if entries lie there.
    ragged: Option<Hash>,
}

/// The rows above a batch. A row begins with the old tree's peak at its height, if there is one: with the batch
/// itself, those are all that the proofs of the batch's entries can ask for.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    suite: Suite,
    rows: Vec<Row>,
}

impl Rows {
    /// Hashes the tree of `old_size` entries and `leaves` after them. `peak` gives the old tree's peaks by height.
    pub(super) fn grow(suite: Suite, old_size: u64, leaves: &[Hash], peak: impl Fn(u32) -> Option<Hash>) -> Self {
        let new_size = old_size + leaves.len() as u64;
        let heights = bit_length(new_size);
        let mut rows: Vec<Row> = Vec::with_capacity(heights as usize);
        for height in 0..heights {
            let row = match rows.last() {
                None => Row::new(old_size, height, peak(height), leaves.to_vec(), None),
                Some(below) => {
                    let (parents, ragged) = (below.parents(suite), below.ragged_parent(suite));
                    Row::new(old_size, height, peak(height), parents, ragged)
                }
            };
            rows.push(row);
        }
        Self { suite, rows }
    }

    /// The root of the whole tree; none while it is empty.
    pub(super) fn root(&self) -> Option<Hash> {
        // The top row holds one complete node; what is right of it folds into the root.
        self.rows.last()?.ragged_parent(self.suite)
    }

    /// The peak of this height in the tree of `size` entries, the one that was grown.
    pub(super) fn peak(&self, height: u32, size: u64) -> Option<Hash> {
        let complete = size >> height;
        if complete & 1 == 1 {
            self.get(height, complete - 1)
        } else {
            None
        }
    }

    /// The complete nodes at `height` from index `first` on.
    pub(super) fn nodes_from(&self, height: u32, first: u64) -> &[Hash] {
        let Some(row) = self.rows.get(height as usize) else {
            return &[];
        };
        let skip = usize::try_from(first.saturating_sub(row.start)).unwrap_or(usize::MAX);
        row.nodes.get(skip..).unwrap_or(&[])
    }

    /// The neighbours of the node at (`height`, `index`) and of its ancestors, up to the root.
    pub(super) fn path(&self, height: u32, index: u64) -> Vec<Hash> {
        let above = self.rows.iter().enumerate().skip(height as usize);
        let sibling = |(at, row): (usize, &Row)| row.get((index >> (at - height as usize)) ^ 1);
        let mut path = Vec::with_capacity(self.rows.len());
        path.extend(above.filter_map(sibling));
        path
    }

    /// The node at (`height`, `index`), if it is one of those at hand.
    pub(super) fn get(&self, height: u32, index: u64) -> Option<Hash> {
        self.rows.get(height as usize)?.get(index)
    }
}

impl Row {
    fn new(old_size: u64, height: u32, peak: Option<Hash>, fresh: Vec<Hash>, ragged: Option<Hash>) -> Self {
        let before = old_size >> height;
        match peak {
            None => Self {
                start: before,
                nodes: fresh,
                ragged,
            },
            Some(peak) => {
                let nodes = std::iter::once(peak).chain(fresh).collect();
                Self {
                    start: before - 1,
                    nodes,
                    ragged,
                }
            }
        }
    }

    /// The node at `index`: a complete one, or the ragged one that comes after them.
    fn get(&self, index: u64) -> Option<Hash> {
        let place = usize::try_from(index.checked_sub(self.start)?).ok()?;
        if place == self.nodes.len() {
            self.ragged
        } else {
            self.nodes.get(place).copied()
        }
    }

    /// The complete nodes one height up. A row starts at an even index, so its pairs are siblings.
    fn parents(&self, suite: Suite) -> Vec<Hash> {
        self.nodes
            .chunks_exact(2)
            .map(|pair| suite.hash_node(&pair[0], &pair[1]))
            .collect()
    }

    /// The incomplete node one height up: the odd complete node out, if any, and what is ragged after it.
    fn ragged_parent(&self, suite: Suite) -> Option<Hash> {
        let odd = self.nodes.chunks_exact(2).remainder().first();
        match (odd, &self.ragged) {
            (Some(left), Some(right)) => Some(suite.hash_node(left, right)),
            (left, right) => left.or(right.as_ref()).copied(),
        }
    }
}
