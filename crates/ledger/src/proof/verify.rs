//! Checking proofs, by the walks of RFC 9162.

use super::ProofError;
use crate::hash::Hash;
use crate::suite::Suite;

/// RFC 9162, section 2.1.3.2.
pub(super) fn inclusion(
    suite: Suite,
    hashes: &[Hash],
    leaf: &Hash,
    index: u64,
    size: u64,
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::OutsideTree { index, size });
    }
    let mut climb = Climb {
        node: index,
        last: size - 1,
    };
    let mut computed = *leaf;
    for hash in hashes {
        computed = match climb.up(hashes)? {
            Side::Left => suite.hash_node(hash, &computed),
            Side::Right => suite.hash_node(&computed, hash),
        };
    }
    climb.arrived(hashes)?;
    same_root(computed, root)
}

/// RFC 9162, section 2.1.4.2, and the two cases that it leaves trivial: equal sizes and an empty older tree.
pub(super) fn consistency(
    suite: Suite,
    hashes: &[Hash],
    old: (u64, &Hash),
    new: (u64, &Hash),
) -> Result<(), ProofError> {
    let ((old_size, old_root), (new_size, new_root)) = (old, new);
    if old_size > new_size {
        return Err(ProofError::Shrinking {
            old: old_size,
            new: new_size,
        });
    }
    if old_size == 0 || old_size == new_size {
        let root = if old_size == 0 { suite.empty_root() } else { *new_root };
        return trivial(hashes, root, old_root);
    }
    let wrong_length = ProofError::WrongLength { found: hashes.len() };
    let height = old_size.trailing_zeros();
    let mut climb = Climb {
        node: (old_size - 1) >> height,
        last: (new_size - 1) >> height,
    };
    let (seed, rest) = match hashes.split_first() {
        _ if old_size.is_power_of_two() => (old_root, hashes),
        Some((seed, rest)) => (seed, rest),
        None => return Err(wrong_length),
    };
    let (mut older, mut newer) = (*seed, *seed);
    for hash in rest {
        match climb.up(hashes)? {
            Side::Left => (older, newer) = (suite.hash_node(hash, &older), suite.hash_node(hash, &newer)),
            Side::Right => newer = suite.hash_node(&newer, hash),
        }
    }
    climb.arrived(hashes)?;
    same_root(older, old_root)?;
    same_root(newer, new_root)
}

fn trivial(hashes: &[Hash], wanted: Hash, old: &Hash) -> Result<(), ProofError> {
    if hashes.is_empty() {
        same_root(wanted, old)
    } else {
        Err(ProofError::WrongLength { found: hashes.len() })
    }
}

fn same_root(computed: Hash, root: &Hash) -> Result<(), ProofError> {
    if computed == *root {
        Ok(())
    } else {
        Err(ProofError::WrongRoot { computed, root: *root })
    }
}

/// On which side of the climbing node its neighbour stands.
enum Side {
    Left,
    Right,
}

/// A climb from a node to the root: the node's index and that of the last node, at the present height.
struct Climb {
    node: u64,
    last: u64,
}

impl Climb {
    /// Takes one step up, past heights where the node has no neighbour.
    fn up(&mut self, hashes: &[Hash]) -> Result<Side, ProofError> {
        if self.last == 0 {
            return Err(ProofError::WrongLength { found: hashes.len() });
        }
        if self.node & 1 == 0 && self.node != self.last {
            self.rise();
            return Ok(Side::Right);
        }
        while self.node & 1 == 0 && self.node != 0 {
            self.rise();
        }
        self.rise();
        Ok(Side::Left)
    }

    fn rise(&mut self) {
        self.node >>= 1;
        self.last >>= 1;
    }

    fn arrived(&self, hashes: &[Hash]) -> Result<(), ProofError> {
        if self.last == 0 {
            Ok(())
        } else {
            Err(ProofError::WrongLength { found: hashes.len() })
        }
    }
}
