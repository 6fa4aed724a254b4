//! Ed25519 as the international suite judges it, by the cases of Wycheproof.

use super::PublicKey;
use crate::suite::Suite;
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
    msg: String,
    sig: String,
    valid: bool,
}

#[test]
fn ed25519_is_judged_as_wycheproof_says() -> Result<(), Box<dyn std::error::Error>> {
    let text = include_str!("../../../../tests/vectors/wycheproof/ed25519.json");
    let vectors: Vectors = serde_json::from_str(text)?;
    assert!(vectors.cases.len() >= 150);
    for case in vectors.cases {
        let key = PublicKey::from_bytes(Suite::International, &hex::decode(&case.key)?);
        let (message, signature) = (hex::decode(&case.msg)?, hex::decode(&case.sig)?);
        let verified = key.is_some_and(|key| key.verifies(&message, &signature));
        assert_eq!(verified, case.valid, "{}: {}", case.id, case.comment);
    }
    Ok(())
}
