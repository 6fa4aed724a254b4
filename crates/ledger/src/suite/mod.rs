//! The two crypto suites behind one interface: the hash of the tree and its commitments, and the keys that sign.
//!
//! | | [`International`](Suite::International) | [`ShangMi`](Suite::ShangMi) 国密 |
//! | --- | --- | --- |
//! | tree, commitments | SHA-256 | SM3 (GB/T 32905) |
//! | checkpoints, cosignatures | Ed25519 | SM2 with SM3 (GB/T 32918), id [`SM2_ID`] |
//!
//! A log has one suite for its whole life. Who has the log's key knows it: the key's algorithm is of one suite.

mod key;
mod name;

pub(crate) use key::{PublicKey, SecretKey};
pub use key::{SIGNATURE_BYTES, SM2_ID};
pub use name::SuiteError;

use crate::hash::{HASH_BYTES, Hash};
use sha2::Sha256;
use sha2::digest::{Digest, Output};
use sm3::Sm3;

/// Precedes an entry when it is hashed into a leaf (RFC 6962, section 2.1).
const LEAF_PREFIX: u8 = 0x00;
/// Precedes two children when they are hashed into their parent.
const NODE_PREFIX: u8 = 0x01;

/// Which algorithms a log hashes and signs with. It is chosen when a district is set up, and all else follows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Suite {
    /// SHA-256 and Ed25519.
    #[default]
    International,
    /// 国密, the national commercial cryptography: SM3 and SM2.
    ShangMi,
}

impl Suite {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::International, Self::ShangMi];

    /// The hash of a leaf that holds `entry`.
    #[must_use]
    pub fn hash_leaf(self, entry: &[u8]) -> Hash {
        self.digest(&[&[LEAF_PREFIX], entry])
    }

    /// The hash of the parent of `left` and `right`.
    #[must_use]
    pub fn hash_node(self, left: &Hash, right: &Hash) -> Hash {
        // One contiguous block costs one update; this is the inner loop of everything.
        let mut block = [NODE_PREFIX; 1 + 2 * HASH_BYTES];
        block[1..=HASH_BYTES].copy_from_slice(left.as_bytes());
        block[1 + HASH_BYTES..].copy_from_slice(right.as_bytes());
        self.digest(&[&block])
    }

    /// The root of a tree without entries: the hash of nothing.
    #[must_use]
    pub fn empty_root(self) -> Hash {
        self.digest(&[])
    }

    /// The plain hash over the parts, one after another.
    pub(crate) fn digest(self, parts: &[&[u8]]) -> Hash {
        match self {
            Self::International => digest::<Sha256>(parts),
            Self::ShangMi => digest::<Sm3>(parts),
        }
    }
}

fn digest<D: Digest>(parts: &[&[u8]]) -> Hash
where
    Output<D>: Into<[u8; HASH_BYTES]>,
{
    let mut state = D::new();
    for part in parts {
        state.update(part);
    }
    Hash::from_bytes(state.finalize().into())
}
