//! Small pieces of data sealed with AES-256-GCM: `nonce ‖ ciphertext ‖ tag`.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use rand::CryptoRng;

use super::{DataKey, KEY_BYTES};

const NONCE_BYTES: usize = 12;

/// The bytes do not authenticate under this key and context.
#[derive(Debug)]
pub(crate) struct Unsealable;

/// Encrypts `plaintext` and binds it to `context`.
pub(crate) fn seal(
    key: &DataKey,
    context: &[u8],
    plaintext: &[u8],
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, Unsealable> {
    let mut nonce = [0_u8; NONCE_BYTES];
    rng.fill_bytes(&mut nonce);
    let payload = Payload {
        msg: plaintext,
        aad: context,
    };
    let body = cipher(key.expose())
        .encrypt(&Nonce::from(nonce), payload)
        .map_err(|_| Unsealable)?;
    Ok([nonce.as_slice(), &body].concat())
}

/// Decrypts what `seal` made for the same key and context.
pub(crate) fn unseal(key: &DataKey, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Unsealable> {
    let (nonce, body) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(Unsealable)?;
    let payload = Payload {
        msg: body,
        aad: context,
    };
    cipher(key.expose())
        .decrypt(&Nonce::from(*nonce), payload)
        .map_err(|_| Unsealable)
}

fn cipher(key: &[u8; KEY_BYTES]) -> Aes256Gcm {
    Aes256Gcm::new(key.into())
}
