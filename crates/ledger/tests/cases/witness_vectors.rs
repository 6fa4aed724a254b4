//! Vectors of witnessing and policies, for other implementations.
#![expect(clippy::unwrap_used, reason = "a broken vector file should stop the test")]

use super::common::{ORIGIN, cosigner, leaves, log_key, signer, stored_log, vectors};
use crate::SUITE;
use gongshu_ledger::{
    AddCheckpoint, Checkpoint, Cosigner, Edge, Hash, NoteSigner, Policy, Prover, SignedCheckpoint, WatchList,
};
use serde_json::{Value, json};

/// When the witness of the vectors cosigns.
const TIME_SECONDS: u64 = 1_795_485_600;

fn stored() -> Value {
    serde_json::from_str(&std::fs::read_to_string(vectors("witness")).unwrap()).unwrap()
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
        vectors("witness"),
        serde_json::to_string_pretty(&built()).unwrap() + "\n",
    )
    .unwrap();
}

#[test]
fn each_stored_request_is_answered_as_it_says() {
    let stored = stored();
    for case in stored["requests"].as_array().unwrap() {
        let request = case["request"].as_str().unwrap();
        let last = case["last"].as_str().map(|text| SignedCheckpoint::parse(text).unwrap());
        let last = last.as_ref().map(SignedCheckpoint::unverified);
        assert_eq!(
            answer(last, request),
            (case["status"].as_u64().unwrap(), case["body"].clone()),
            "{}",
            case["name"]
        );
    }
    for case in stored["policies"].as_array().unwrap() {
        let policy = Policy::parse(case["policy"].as_str().unwrap().as_bytes());
        assert_eq!(
            json!(policy.err().map(|error| error.line())),
            case["error_line"],
            "{}",
            case["name"]
        );
    }
}

fn witness() -> Cosigner {
    cosigner("witness.example/supervisor", 2)
}

/// Status and, where it is fixed, body of a witness's answer.
fn answer(last: Option<&Checkpoint>, request: &str) -> (u64, Value) {
    let Ok(request) = AddCheckpoint::parse(request) else {
        return (400, Value::Null);
    };
    let mut list = WatchList::default();
    list.watch(ORIGIN, signer().verifier_key()).unwrap();
    let decided = list.vouch(request.clone()).and_then(|vouched| vouched.check(last));
    match decided {
        Ok(()) => {
            let line = witness().cosign(request.checkpoint.note(), TIME_SECONDS);
            (200, json!(format!("{line}\n")))
        }
        Err(refusal) if refusal.code() == "witness.other-size" => {
            (409, json!(format!("{}\n", last.map_or(0, Checkpoint::size))))
        }
        Err(refusal) => (u64::from(refusal.status()), Value::Null),
    }
}

fn built() -> Value {
    json!({
        "about": "Vectors of docs/spec/ledger.md, Witnesses. Written by crates/ledger/tests/cases/witness_vectors.rs; keys are for tests only.",
        "log": { "origin": ORIGIN, "verifier_key": signer().verifier_key().to_string() },
        "witness": {
            "signer_key": witness().to_secret_text(),
            "verifier_key": witness().verifier_key().to_string(),
            "time_seconds": TIME_SECONDS,
        },
        "requests": request_cases(),
        "policies": policy_cases(),
    })
}

fn checkpoint(size: u64) -> Checkpoint {
    let appended = Edge::new(SUITE).append(&leaves(size));
    Checkpoint::new(ORIGIN, size, appended.root()).unwrap()
}

fn request(old: u64, next: &Checkpoint, signer: &NoteSigner) -> String {
    let (_, tiles) = stored_log(next.size(), 700);
    let proof = Prover::new(&tiles, SUITE, next.size())
        .consistency(old.min(next.size()))
        .unwrap();
    let checkpoint = SignedCheckpoint::parse(&signer.sign(next)).unwrap();
    let request = AddCheckpoint {
        old_size: old,
        proof,
        checkpoint,
    };
    request.to_string()
}

fn request_cases() -> Vec<Value> {
    let ours = |old, size| request(old, &checkpoint(size), &signer());
    let forked = |size| Checkpoint::new(ORIGIN, size, Hash::from_bytes([9; 32])).unwrap();
    let stranger = log_key(ORIGIN, 9);
    let elsewhere = Checkpoint::new("elsewhere.example/log", 9, *checkpoint(9).root()).unwrap();
    let cases = [
        ("the first checkpoint", None, ours(0, 5)),
        ("growth", Some(5), ours(5, 300)),
        ("the same again", Some(5), ours(5, 5)),
        ("from another size", Some(5), ours(3, 9)),
        ("from a size, where nothing was cosigned", None, ours(3, 9)),
        ("from a size beyond the checkpoint's", Some(9), ours(9, 5)),
        (
            "another root at the same size",
            Some(5),
            request(5, &forked(5), &signer()),
        ),
        (
            "a proof that leads elsewhere",
            Some(5),
            request(5, &forked(9), &signer()),
        ),
        (
            "a proof from zero that is not empty",
            None,
            ours(3, 9).replacen("old 3", "old 0", 1),
        ),
        ("signed by another key", Some(5), request(5, &checkpoint(9), &stranger)),
        ("of another log", Some(5), request(5, &elsewhere, &signer())),
        ("a leading zero", Some(5), ours(5, 9).replacen("old 5", "old 05", 1)),
        ("no empty line", Some(5), ours(5, 9).replacen("\n\n", "\n", 1)),
        ("windows line ends", Some(5), ours(5, 9).replace('\n', "\r\n")),
    ];
    let case = |(name, last, request): (&str, Option<u64>, String)| {
        let last = last.map(checkpoint);
        let (status, body) = answer(last.as_ref(), &request);
        let last = last.map(|last| signer().sign(&last));
        json!({ "name": name, "last": last, "request": request, "status": status, "body": body })
    };
    cases.into_iter().map(case).collect()
}

fn policy_cases() -> Vec<Value> {
    let (log, key) = (signer().verifier_key(), witness().verifier_key());
    let other = cosigner("witness.example/notary", 3).verifier_key();
    let two = format!("log {log}\nwitness a {key} https://a.example/\nwitness b {other}\n");
    let cases = [
        ("two of two", format!("{two}group both all a b\nquorum both\n")),
        (
            "any of two, spaced and commented",
            format!("# c\n\n\t{two}group any-of any a b\n  quorum\tany-of \n"),
        ),
        ("nobody", "quorum none\n".to_owned()),
        ("no quorum", two.clone()),
        ("two quorums", format!("{two}quorum a\nquorum b\n")),
        ("a quorum that is not defined", format!("{two}quorum c\n")),
        ("more than there are", format!("{two}group g 3 a b\nquorum g\n")),
        ("a member twice", format!("{two}group g 1 a a\nquorum g\n")),
        (
            "a member of two groups",
            format!("{two}group g 1 a\ngroup h 1 a b\nquorum h\n"),
        ),
        ("the same key twice", format!("{two}witness c {key}\nquorum c\n")),
        ("a log's key for a witness", format!("witness a {log}\nquorum a\n")),
        ("no last newline", "quorum none".to_owned()),
    ];
    let case = |(name, policy): (&str, String)| {
        let error = Policy::parse(policy.as_bytes()).err().map(|error| error.line());
        json!({ "name": name, "policy": policy, "error_line": error })
    };
    cases.into_iter().map(case).collect()
}
