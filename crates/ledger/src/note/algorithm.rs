//! What a key signs, as the identifier in front of the key tells.

use crate::suite::Suite;

/// What a key signs: a log its checkpoints, a witness its cosignatures, under either suite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// Ed25519 over the text of the note: a log's own signature.
    Ed25519,
    /// Ed25519 over a time and the text: a witness's `cosignature/v1`.
    CosignatureV1,
    /// SM2 over the text of the note: the signature of a log of the 国密 suite.
    Sm2,
    /// SM2 over a time and the text: the cosignature of a witness of the 国密 suite.
    Sm2CosignatureV1,
}

/// For whom a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A log, for its own checkpoints.
    Log,
    /// A witness, for those of any log.
    Witness,
}

impl Algorithm {
    const ALL: [Self; 4] = [Self::Ed25519, Self::CosignatureV1, Self::Sm2, Self::Sm2CosignatureV1];

    pub(crate) const fn of(suite: Suite, role: Role) -> Self {
        match (suite, role) {
            (Suite::International, Role::Log) => Self::Ed25519,
            (Suite::International, Role::Witness) => Self::CosignatureV1,
            (Suite::ShangMi, Role::Log) => Self::Sm2,
            (Suite::ShangMi, Role::Witness) => Self::Sm2CosignatureV1,
        }
    }

    /// The suite that the algorithm is of.
    #[must_use]
    pub const fn suite(self) -> Suite {
        match self {
            Self::Ed25519 | Self::CosignatureV1 => Suite::International,
            Self::Sm2 | Self::Sm2CosignatureV1 => Suite::ShangMi,
        }
    }

    pub(crate) const fn role(self) -> Role {
        match self {
            Self::Ed25519 | Self::Sm2 => Role::Log,
            Self::CosignatureV1 | Self::Sm2CosignatureV1 => Role::Witness,
        }
    }

    /// What precedes the key: the type byte that C2SP `signed-note` assigns, or `0xff`, which it keeps for types
    /// without one, and the longer name that it recommends after it.
    #[must_use]
    pub const fn identifier(self) -> &'static [u8] {
        match self {
            Self::Ed25519 => b"\x01",
            Self::CosignatureV1 => b"\x04",
            Self::Sm2 => b"\xffgongshu/sm2-sm3/v1",
            Self::Sm2CosignatureV1 => b"\xffgongshu/sm2-sm3-cosignature/v1",
        }
    }

    /// The algorithm whose identifier the bytes begin with, and the key after it. No identifier begins another.
    pub(super) fn split(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let with_rest = |algorithm: Self| Some((algorithm, bytes.strip_prefix(algorithm.identifier())?));
        Self::ALL.into_iter().find_map(with_rest)
    }
}
