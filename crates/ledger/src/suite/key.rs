//! The keys of both suites: Ed25519 and SM2, each signing a message as a whole.

use super::Suite;
use ed25519_dalek::ed25519::signature::Signer as _;
use sm2::dsa::signature::Verifier as _;

/// The identifier that SM2 signatures are made under: the one that GB/T 32918.5 and GM/T 0009 give where none is agreed.
pub const SM2_ID: &str = "1234567812345678";
/// How many bytes a signature has under either suite.
pub const SIGNATURE_BYTES: usize = 64;
/// The order of the SM2 curve less one (GB/T 32918.5): the one scalar below the order that can't sign, since
/// signing divides by the key plus one.
const SM2_ORDER_LESS_ONE: [u8; 32] = [
    0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x72, 0x03, 0xdf,
    0x6b, 0x21, 0xc6, 0x05, 0x2b, 0x53, 0xbb, 0xf4, 0x09, 0x39, 0xd5, 0x41, 0x22,
];

/// A public key, read and checked.
#[derive(Debug, Clone)]
pub(crate) enum PublicKey {
    /// 32 bytes.
    Ed25519(ed25519_dalek::VerifyingKey),
    /// A point of the curve, uncompressed: `04 ‖ x ‖ y`, 65 bytes.
    Sm2(Box<sm2::dsa::VerifyingKey>),
}

/// A secret key.
#[derive(Clone)]
pub(crate) enum SecretKey {
    /// The seed of RFC 8032.
    Ed25519(Box<ed25519_dalek::SigningKey>),
    /// The scalar.
    Sm2(Box<sm2::dsa::SigningKey>),
}

impl PublicKey {
    /// Reads a key in the one spelling that [`bytes`](Self::bytes) gives.
    pub(crate) fn from_bytes(suite: Suite, bytes: &[u8]) -> Option<Self> {
        let key = match suite {
            Suite::International => {
                Self::Ed25519(ed25519_dalek::VerifyingKey::from_bytes(bytes.try_into().ok()?).ok()?)
            }
            Suite::ShangMi => Self::Sm2(Box::new(sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_ID, bytes).ok()?)),
        };
        (key.bytes() == bytes).then_some(key)
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => key.as_bytes().to_vec(),
            Self::Sm2(key) => key.to_sec1_bytes().into_vec(),
        }
    }

    /// Whether the signature, 64 bytes, is this key's over the message.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            // Strictly: no small-order keys, no second spelling of a signature.
            Self::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Self::Sm2(key) => sm2::dsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
        }
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for PublicKey {}

impl SecretKey {
    /// The key that 32 random bytes make. With SM2, about one text in 2³² makes none.
    pub(crate) fn from_seed(suite: Suite, seed: &[u8; 32]) -> Option<Self> {
        match suite {
            Suite::International => Some(Self::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(seed)))),
            Suite::ShangMi if *seed == SM2_ORDER_LESS_ONE => None,
            Suite::ShangMi => {
                let key = sm2::dsa::SigningKey::from_slice(SM2_ID, seed).ok()?;
                Some(Self::Sm2(Box::new(key)))
            }
        }
    }

    pub(crate) fn seed(&self) -> zeroize::Zeroizing<[u8; 32]> {
        zeroize::Zeroizing::new(match self {
            Self::Ed25519(key) => key.to_bytes(),
            Self::Sm2(key) => key.to_bytes().into(),
        })
    }

    pub(crate) fn public(&self) -> PublicKey {
        match self {
            Self::Ed25519(key) => PublicKey::Ed25519(key.verifying_key()),
            Self::Sm2(key) => PublicKey::Sm2(Box::new(key.verifying_key().clone())),
        }
    }

    /// Signs a message. Both algorithms draw no randomness: SM2 derives its `k` from key and message as RFC 6979 does,
    /// with SM3, which a verifier can't tell from a random one.
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_BYTES] {
        match self {
            Self::Ed25519(key) => key.sign(message).to_bytes(),
            // INVARIANT: the key is from 1 to the order less two, so that only a `k` that hash output meets once in
            // about 2^255 messages can't sign.
            Self::Sm2(key) => sm2::dsa::signature::Signer::<sm2::dsa::Signature>::sign(&**key, message)
                .to_bytes()
                .into(),
        }
    }
}

#[cfg(test)]
#[path = "wycheproof.rs"]
mod wycheproof;
