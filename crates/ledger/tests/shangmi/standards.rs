//! What the standards publish: GB/T 32905 (SM3), GB/T 32918.5 (SM2).
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that fails")]

use gongshu_ledger::suite::SM2_ID;
use gongshu_ledger::{KeyError, KeyName, NoteSigner, Suite, VerifierKey};
use sm2::dsa::signature::Verifier;
use sm2::dsa::{Signature, SigningKey, VerifyingKey};
use sm3::{Digest, Sm3};

/// GB/T 32918.5-2017, annex A: the key pair, the message and its signature, over the recommended curve.
const SECRET: &str = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
const PUBLIC: &str = "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
                      ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
const MESSAGE: &[u8] = b"message digest";
const SIGNATURE: &str = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
                         b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";

fn bytes<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text).unwrap().try_into().unwrap()
}

/// GB/T 32905-2016, annex A, and the hash of nothing.
#[test]
fn sm3_gives_the_published_hashes() {
    let hash = |text: &[u8]| hex::encode(Sm3::digest(text));
    assert_eq!(
        hash(b"abc"),
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    );
    assert_eq!(
        hash("abcd".repeat(16).as_bytes()),
        "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    );
    assert_eq!(
        Suite::ShangMi.empty_root().to_string(),
        "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"
    );
}

#[test]
fn the_published_signature_verifies_and_no_altered_one() {
    let key = VerifyingKey::from_sec1_bytes(SM2_ID, &bytes::<65>(PUBLIC)).unwrap();
    let verifies = |message: &[u8], signature: [u8; 64]| {
        Signature::from_slice(&signature).is_ok_and(|signature| key.verify(message, &signature).is_ok())
    };
    let published: [u8; 64] = bytes(SIGNATURE);
    assert!(verifies(MESSAGE, published));
    assert!(!verifies(b"message digesT", published));
    for at in 0..64 {
        let mut altered = published;
        altered[at] ^= 1;
        assert!(!verifies(MESSAGE, altered), "byte {at}");
    }
    let other = VerifyingKey::from_sec1_bytes("ALICE123@YAHOO.COM", &bytes::<65>(PUBLIC)).unwrap();
    let published = Signature::from_slice(&published).unwrap();
    assert!(other.verify(MESSAGE, &published).is_err(), "the id is signed along");
}

#[test]
fn the_published_secret_has_the_published_public_key() {
    let name = || KeyName::new("annex.example/a").unwrap();
    let signer = NoteSigner::from_seed(Suite::ShangMi, name(), &bytes(SECRET)).unwrap();
    let key = SigningKey::from_slice(SM2_ID, &bytes::<32>(SECRET)).unwrap();
    assert_eq!(hex::encode(key.verifying_key().to_sec1_bytes()), PUBLIC);
    let text = signer.verifier_key().to_string();
    assert!(text.starts_with("annex.example/a+"), "{text}");
    assert_eq!(text.parse::<VerifierKey>().unwrap(), signer.verifier_key());
}

#[test]
fn scalars_that_cannot_sign_are_no_keys() {
    let order = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";
    let less = |last: &str| bytes::<32>(&format!("{}{last}", &order[..62]));
    let key = |seed: [u8; 32]| NoteSigner::from_seed(Suite::ShangMi, KeyName::new("k").unwrap(), &seed);
    for seed in [[0; 32], bytes(order), less("22"), [0xff; 32]] {
        assert_eq!(key(seed).unwrap_err(), KeyError::Material, "{}", hex::encode(seed));
    }
    let largest = key(less("21")).unwrap();
    let note = gongshu_ledger::SignedNote::new("text\n".into(), vec![largest.sign_text("text\n")]).unwrap();
    note.verify(&[largest.verifier_key()]).unwrap();
}

#[test]
fn only_uncompressed_points_of_the_curve_are_keys() {
    let signer = NoteSigner::from_seed(Suite::ShangMi, KeyName::new("k").unwrap(), &bytes(SECRET)).unwrap();
    let text = signer.verifier_key().to_string();
    // A changed coordinate leaves the curve, whatever the id says.
    let at = text.len() - 30;
    let mut altered = text.clone();
    altered.replace_range(at..=at, if &text[at..=at] == "A" { "B" } else { "A" });
    let error = altered.parse::<VerifierKey>().unwrap_err();
    assert_eq!(error, KeyError::Material);
}
