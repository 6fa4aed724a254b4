//! Small pieces of data sealed by the key's cipher, AES-256-GCM or SM4-GCM: `nonce ‖ ciphertext ‖ tag`.

use aes_gcm::aead::array::typenum::U12;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, AesGcm, Nonce};
use rand::CryptoRng;
use sm4::Sm4;

use super::{Cipher, DataKey};

/// Galois/counter mode over SM4 (GB/T 32907), as RFC 8998 has it: the mode is the same for every 128-bit block cipher.
type Sm4Gcm = AesGcm<Sm4, U12>;

const NONCE_BYTES: usize = 12;
const SM4_KEY_BYTES: usize = 16;
/// SM4 keys have half the bits of a data key; they are derived from it.
const SM4_PURPOSE: &str = "gongshu.vault/1/sm4-gcm";

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
    let nonce = Nonce::from(nonce);
    let body = match key.cipher() {
        Cipher::Aes256Gcm => Aes256Gcm::new(key.expose().into()).encrypt(&nonce, payload),
        Cipher::Sm4Gcm => sm4_gcm(key)?.encrypt(&nonce, payload),
    };
    let body = body.map_err(|_| Unsealable)?;
    Ok([nonce.as_slice(), &body].concat())
}

/// Decrypts what `seal` made for the same key and context.
pub(crate) fn unseal(key: &DataKey, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Unsealable> {
    let (nonce, body) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(Unsealable)?;
    let payload = Payload {
        msg: body,
        aad: context,
    };
    let nonce = Nonce::from(*nonce);
    let opened = match key.cipher() {
        Cipher::Aes256Gcm => Aes256Gcm::new(key.expose().into()).decrypt(&nonce, payload),
        Cipher::Sm4Gcm => sm4_gcm(key)?.decrypt(&nonce, payload),
    };
    opened.map_err(|_| Unsealable)
}

fn sm4_gcm(key: &DataKey) -> Result<Sm4Gcm, Unsealable> {
    let derived = key.derive(SM4_PURPOSE);
    let (half, _) = derived
        .expose()
        .split_first_chunk::<SM4_KEY_BYTES>()
        .ok_or(Unsealable)?;
    Ok(Sm4Gcm::new(half.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8998, appendix A.1: key, nonce, associated data, plaintext, ciphertext and tag of SM4-GCM.
    #[test]
    fn sm4_gcm_gives_the_published_ciphertext() {
        let hex = |text: &str| hex::decode(text).unwrap();
        let cipher = Sm4Gcm::new_from_slice(&hex("0123456789abcdeffedcba9876543210")).unwrap();
        let nonce: [u8; NONCE_BYTES] = hex("00001234567800000000abcd").try_into().unwrap();
        let plaintext = ["aa", "bb", "cc", "dd", "ee", "ff", "ee", "aa"]
            .map(|byte| byte.repeat(8))
            .concat();
        let payload = Payload {
            msg: &hex(&plaintext),
            aad: &hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        };
        let sealed = cipher.encrypt(&Nonce::from(nonce), payload).unwrap();
        let published = "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735d82710ca5c22f0ccfa7cbf93d496ac15\
                         a56834cbcf98c397b4024a2691233b8d83de3541e4c2b58177e065a9bf7b62ec";
        assert_eq!(hex::encode(sealed), published);
    }

    /// GB/T 32907-2016, appendix A, example 1.
    #[test]
    fn sm4_gives_the_published_block() {
        use aes_gcm::aes::cipher::BlockCipherEncrypt;
        let text: [u8; 16] = hex::decode("0123456789abcdeffedcba9876543210")
            .unwrap()
            .try_into()
            .unwrap();
        let mut block = text.into();
        Sm4::new(&text.into()).encrypt_block(&mut block);
        assert_eq!(hex::encode(block), "681edf34d206965e86b3e94f536e4246");
    }
}

#[cfg(test)]
#[path = "wycheproof.rs"]
mod wycheproof;
