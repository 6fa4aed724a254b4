//! AES-256-GCM as sealed keys are opened, by the cases of Wycheproof.

use super::unseal;
use crate::keys::{Cipher, DataKey};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vectors {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: u32,
    comment: String,
    key: String,
    iv: String,
    aad: String,
    msg: String,
    ct: String,
    tag: String,
    valid: bool,
}

#[test]
fn aes_gcm_opens_what_wycheproof_says() -> Result<(), Box<dyn std::error::Error>> {
    let text = include_str!("../../../../tests/vectors/wycheproof/aes_256_gcm.json");
    let vectors: Vectors = serde_json::from_str(text)?;
    assert!(vectors.cases.len() >= 60);
    for case in vectors.cases {
        let key = DataKey::from_bytes(Cipher::Aes256Gcm, &hex::decode(&case.key)?)?;
        let sealed = hex::decode([case.iv, case.ct, case.tag].concat())?;
        let opened = unseal(&key, &hex::decode(&case.aad)?, &sealed).ok();
        let wanted = case.valid.then(|| hex::decode(&case.msg)).transpose()?;
        assert_eq!(opened, wanted, "{}: {}", case.id, case.comment);
    }
    Ok(())
}
