//! The vectors that other verifiers (the portal's page in the browser) check themselves against.
#![expect(clippy::unwrap_used, reason = "a broken vector file should stop the test")]

use super::common::{
    ANSWER_SALT, ANSWER_TEXT, ORIGIN, REQUEST_SALT, REQUEST_TEXT, answer_file, call_leaf, cosigner, empty_root,
    hash_leaf, log_key, receipt, signer, vectors,
};
use crate::SUITE;
use gongshu_ledger::{Checkpoint, Commitment, Policy, canonical_json, verify_answer, verify_receipt};
use serde_json::{Value, json};

fn stored() -> Value {
    serde_json::from_str(&std::fs::read_to_string(vectors("gongshu")).unwrap()).unwrap()
}

#[test]
fn the_stored_vectors_are_those_of_this_code() {
    assert_eq!(
        stored(),
        built(),
        "if a format changed on purpose: cargo test -p gongshu-ledger -- --ignored write_the_vectors"
    );
}

#[test]
#[ignore = "writes the vectors anew"]
fn write_the_vectors() {
    std::fs::write(
        vectors("gongshu"),
        serde_json::to_string_pretty(&built()).unwrap() + "\n",
    )
    .unwrap();
}

#[test]
fn every_stored_file_verifies_or_fails_as_it_says() {
    let stored = stored();
    let policy = Policy::new(stored["log"]["verifier_key"].as_str().unwrap().parse().unwrap()).unwrap();
    for case in stored["answer_files"].as_array().unwrap() {
        let result = verify_answer(&case["file"].to_string(), &policy);
        assert_eq!(
            json!(result.err().map(|error| error.code())),
            case["error"],
            "{}",
            case["name"]
        );
    }
    for case in stored["receipts"].as_array().unwrap() {
        let result = verify_receipt(case["receipt"].as_str().unwrap(), &policy);
        assert_eq!(
            json!(result.err().map(|error| error.code())),
            case["error"],
            "{}",
            case["name"]
        );
    }
}

fn built() -> Value {
    let witness = cosigner("witness.example/supervisor", 2);
    let checkpoint = Checkpoint::new(
        ORIGIN,
        7,
        *receipt(&call_leaf(), &signer()).checkpoint.unverified().root(),
    )
    .unwrap();
    let good = receipt(&call_leaf(), &signer());
    json!({
        "about": "Vectors of docs/spec/ledger.md. Written by crates/ledger/tests/cases/vectors.rs; keys are for tests only.",
        "log": {
            "origin": ORIGIN,
            "seed": hex::encode([1; 32]),
            "signer_key": signer().to_secret_text(),
            "verifier_key": signer().verifier_key().to_string(),
        },
        "empty_root": empty_root().to_string(),
        "leaf_hashes": leaf_hash_cases(),
        "canonical_json": canonical_cases(),
        "commitments": commitment_cases(),
        "checkpoint": { "text": checkpoint.to_text(), "signed": signer().sign(&checkpoint) },
        "cosignature": {
            "verifier_key": witness.verifier_key().to_string(),
            "time_seconds": 1_795_485_600,
            "line": witness.cosign(good.checkpoint.note(), 1_795_485_600).to_string(),
        },
        "receipts": receipt_cases(),
        "answer_files": answer_cases(),
    })
}

fn leaf_hash_cases() -> Vec<Value> {
    let case = |entry: Vec<u8>| {
        let hash = hash_leaf(&entry);
        json!({ "entry": hex::encode(&entry), "hash": hash.to_string(), "base64": hash.to_base64() })
    };
    [Vec::new(), b"entry 0".to_vec(), call_leaf()]
        .into_iter()
        .map(case)
        .collect()
}

fn commitment_cases() -> Vec<Value> {
    let case = |(salt, value): ([u8; 16], &str)| {
        let commitment = Commitment::new(SUITE, &salt, value.as_bytes()).to_string();
        json!({ "salt": hex::encode(salt), "value": value, "commitment": commitment })
    };
    [(ANSWER_SALT, ANSWER_TEXT), (REQUEST_SALT, REQUEST_TEXT), ([0; 16], "")]
        .into_iter()
        .map(case)
        .collect()
}

fn canonical_cases() -> Vec<Value> {
    let values = [
        json!({ "b": [1, -2, true, null], "a": { "z": "", "y": {} } }),
        json!({ "\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7 }),
        json!("公枢 \"quoted\" \\ \u{1}\n\t/"),
    ];
    let case = |value: &Value| json!({ "value": value, "bytes": hex::encode(canonical_json(value).unwrap()) });
    values.iter().map(case).collect()
}

fn receipt_cases() -> Vec<Value> {
    let good = receipt(&call_leaf(), &signer()).to_string();
    let key = |name: &str, seed: u8| log_key(name, seed);
    let by = |name: &str, seed: u8| receipt(&call_leaf(), &key(name, seed)).to_string();
    let mut forged = receipt(&call_leaf(), &signer());
    forged.entry = Some(
        String::from_utf8(call_leaf())
            .unwrap()
            .replace("call", "load")
            .into_bytes(),
    );
    let mut bare = receipt(&call_leaf(), &signer());
    bare.entry = None;
    let case =
        |name: &str, receipt: String, error: Option<&str>| json!({ "name": name, "receipt": receipt, "error": error });
    vec![
        case("good", good.clone(), None),
        case("entry altered", forged.to_string(), Some("receipt.proof-mismatch")),
        case(
            "index altered",
            good.replace("index 5", "index 4"),
            Some("receipt.proof-mismatch"),
        ),
        case(
            "index outside the log",
            good.replace("index 5", "index 7"),
            Some("receipt.index-outside-log"),
        ),
        case(
            "checkpoint altered",
            good.replace("\n7\n", "\n8\n"),
            Some("receipt.bad-signature"),
        ),
        case("signed by another key", by(ORIGIN, 9), Some("receipt.wrong-key")),
        case(
            "of another log",
            by("elsewhere.example/log", 1),
            Some("receipt.wrong-log"),
        ),
        case("without its entry", bare.to_string(), Some("receipt.no-entry")),
        case(
            "leading zero in the index",
            good.replace("index 5", "index 05"),
            Some("receipt.malformed"),
        ),
        case("cut off", good[..good.len() - 30].to_owned(), Some("receipt.malformed")),
        case(
            "windows line ends",
            good.replace('\n', "\r\n"),
            Some("receipt.malformed"),
        ),
    ]
}

fn answer_cases() -> Vec<Value> {
    let case = |name: &str, error: Option<&str>, change: &dyn Fn(&mut Value)| {
        let mut file = answer_file();
        change(&mut file);
        json!({ "name": name, "file": file, "error": error })
    };
    vec![
        case("good", None, &|_| ()),
        case("request withheld", None, &|file| {
            drop(file["receipt"]["openings"].as_object_mut().unwrap().remove("request"));
        }),
        case("answer altered", Some("answer.altered"), &|file| {
            file["answer"]["rows"][0][1] = json!(129);
        }),
        case("answer left out", Some("answer.missing"), &|file| {
            drop(file.as_object_mut().unwrap().remove("answer"));
        }),
        case("answer not opened", Some("answer.not-opened"), &|file| {
            file["receipt"]["openings"] = json!({});
        }),
        case("opened text altered", Some("answer.commitment-mismatch"), &|file| {
            file["receipt"]["openings"]["request"]["value"] = json!(r#"{"product":"p-2"}"#);
        }),
        case("opening of nothing", Some("answer.unknown-commitment"), &|file| {
            let opening = file["receipt"]["openings"]["request"].clone();
            file["receipt"]["openings"]["fee"] = opening;
        }),
        case("salt too short", Some("answer.malformed"), &|file| {
            file["receipt"]["openings"]["answer"]["salt"] = json!("a1a1");
        }),
        case("no receipt", Some("answer.malformed"), &|file| {
            drop(file.as_object_mut().unwrap().remove("receipt"));
        }),
        case("entry is no JSON", Some("answer.entry-malformed"), &|file| {
            file["receipt"]["proof"] = json!(receipt(b"entry 5", &signer()).to_string());
        }),
        case("proof of another entry", Some("receipt.proof-mismatch"), &|file| {
            let proof = file["receipt"]["proof"].as_str().unwrap().replace("index 5", "index 6");
            file["receipt"]["proof"] = json!(proof);
        }),
    ]
}
