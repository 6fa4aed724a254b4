//! The hashes of the tree: SHA-256 with RFC 6962 domain separation.

use crate::text;
use sha2::{Digest, Sha256};
use std::fmt;

/// How many bytes a hash has.
pub const HASH_BYTES: usize = 32;

/// Precedes an entry when it is hashed into a leaf (RFC 6962, section 2.1).
const LEAF_PREFIX: u8 = 0x00;
/// Precedes two children when they are hashed into their parent.
const NODE_PREFIX: u8 = 0x01;

/// A SHA-256 hash: of a leaf, an interior node or a whole tree.
///
/// It is shown in hexadecimal; the C2SP formats write it in [`base64`](Hash::to_base64).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash([u8; HASH_BYTES]);

/// The hash of a leaf that holds `entry`.
#[must_use]
pub fn hash_leaf(entry: &[u8]) -> Hash {
    digest(&[&[LEAF_PREFIX], entry])
}

/// The hash of the parent of `left` and `right`.
#[must_use]
pub fn hash_node(left: &Hash, right: &Hash) -> Hash {
    // One contiguous block costs one update; this is the inner loop of everything.
    let mut block = [NODE_PREFIX; 1 + 2 * HASH_BYTES];
    block[1..=HASH_BYTES].copy_from_slice(&left.0);
    block[1 + HASH_BYTES..].copy_from_slice(&right.0);
    digest(&[&block])
}

/// The root of a tree without entries: the hash of nothing.
#[must_use]
pub fn empty_root() -> Hash {
    digest(&[])
}

/// Plain SHA-256 over the parts, one after another.
pub(crate) fn digest(parts: &[&[u8]]) -> Hash {
    let mut state = Sha256::new();
    for part in parts {
        state.update(part);
    }
    Hash(state.finalize().into())
}

impl Hash {
    /// Wraps 32 bytes that are already a hash.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; HASH_BYTES]) -> Self {
        Self(bytes)
    }

    /// The hash that `bytes` hold, if there are 32 of them.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes of the hash.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; HASH_BYTES] {
        &self.0
    }

    /// The hash in standard padded base64, as the C2SP formats write it.
    #[must_use]
    pub fn to_base64(&self) -> String {
        text::to_base64(&self.0)
    }

    /// Reads what [`to_base64`](Self::to_base64) wrote.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        Self::from_slice(&text::from_base64(text)?)
    }

    /// Reads 64 hexadecimal digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        Self::from_slice(&hex::decode(text).ok()?)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}
