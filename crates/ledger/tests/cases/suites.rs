//! What keeps the two suites apart: a key says of which its log is, and nothing of the other passes.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that fails")]

use super::common::{ANSWER_SALT, ANSWER_TEXT, ORIGIN, call_leaf, log_key, receipt, signer};
use crate::SUITE;
use gongshu_ledger::{
    Checkpoint, Commitment, Cosigner, Edge, KeyName, NoteSigner, Policy, Receipt, SignedCheckpoint, Suite, VerifierKey,
    WatchList, canonical_json, verify_answer, verify_receipt,
};
use serde_json::json;

fn other() -> Suite {
    match SUITE {
        Suite::International => Suite::ShangMi,
        Suite::ShangMi => Suite::International,
    }
}

fn foreign_key() -> NoteSigner {
    NoteSigner::from_seed(other(), KeyName::new(ORIGIN).unwrap(), &[7; 32]).unwrap()
}

#[test]
fn a_key_tells_its_suite_by_its_text() {
    let key: VerifierKey = signer().verifier_key().to_string().parse().unwrap();
    assert_eq!((key.suite(), key), (SUITE, signer().verifier_key()));
    let again = NoteSigner::from_secret_text(&signer().to_secret_text()).unwrap();
    assert_eq!(again.suite(), SUITE);
    assert_eq!(SUITE.name().parse::<Suite>().unwrap(), SUITE);
    assert_eq!("sm3".parse::<Suite>().unwrap_err().code(), "suite.unknown");
}

#[test]
fn a_tree_hashed_by_the_other_suite_is_not_proved_by_a_signature_of_this_one() {
    let entry = call_leaf();
    let appended = Edge::new(other()).append(&[other().hash_leaf(&entry), other().hash_leaf(b"more")]);
    let checkpoint = Checkpoint::new(ORIGIN, appended.size(), appended.root()).unwrap();
    let receipt = Receipt {
        entry: Some(entry),
        index: 0,
        proof: appended.prove(0).unwrap(),
        checkpoint: SignedCheckpoint::parse(&signer().sign(&checkpoint)).unwrap(),
    };
    let policy = Policy::new(signer().verifier_key()).unwrap();
    let error = verify_receipt(&receipt.to_string(), &policy).unwrap_err();
    assert_eq!(error.code(), "receipt.proof-mismatch");
}

#[test]
fn a_log_has_keys_of_one_suite() {
    let (ours, foreign) = (signer().verifier_key(), foreign_key().verifier_key());
    let policy = Policy::new(ours.clone()).unwrap();
    assert_eq!(
        policy.with_log_key(foreign.clone()).unwrap_err().code(),
        "policy.unsuitable-key"
    );
    let file = format!("log {ours}\nlog {foreign}\nquorum none\n");
    assert_eq!(Policy::parse(file.as_bytes()).unwrap_err().line(), 2);
    let mut list = WatchList::default();
    list.watch(ORIGIN, ours).unwrap();
    assert!(list.watch(ORIGIN, foreign).is_err());
}

#[test]
fn logs_of_both_suites_stand_in_one_policy_each_with_its_own_hash() {
    let elsewhere = NoteSigner::from_seed(other(), KeyName::new("elsewhere.example/log").unwrap(), &[7; 32]).unwrap();
    let file = format!(
        "log {}\nlog {}\nquorum none\n",
        signer().verifier_key(),
        elsewhere.verifier_key()
    );
    let policy = Policy::parse(file.as_bytes()).unwrap();
    assert_eq!(policy.suite(), None);
    let verified = verify_receipt(&receipt(&call_leaf(), &signer()).to_string(), &policy).unwrap();
    assert_eq!(verified.suite, SUITE);
}

#[test]
fn a_commitment_by_the_other_hash_is_not_opened() {
    let commitment = Commitment::new(other(), &ANSWER_SALT, ANSWER_TEXT.as_bytes());
    let leaf = canonical_json(&json!({ "commitments": { "answer": commitment.to_string() } })).unwrap();
    let file = json!({
        "answer": serde_json::from_str::<serde_json::Value>(ANSWER_TEXT).unwrap(),
        "receipt": {
            "proof": receipt(&leaf, &signer()).to_string(),
            "openings": { "answer": { "salt": hex::encode(ANSWER_SALT), "value": ANSWER_TEXT } },
        },
    });
    let policy = Policy::new(signer().verifier_key()).unwrap();
    let error = verify_answer(&file.to_string(), &policy).unwrap_err();
    assert_eq!(error.code(), "answer.commitment-mismatch");
}

#[test]
fn a_witness_of_either_suite_cosigns_a_log_of_this_one() {
    for suite in Suite::ALL {
        let witness = Cosigner::from_seed(suite, KeyName::new("witness.example/w").unwrap(), &[4; 32]).unwrap();
        let mut receipt = receipt(&call_leaf(), &signer());
        let line = witness.cosign(receipt.checkpoint.note(), 1_795_000_000);
        receipt.checkpoint.note_mut().push(line);
        let policy = Policy::new(signer().verifier_key()).unwrap();
        let policy = policy.with_witnesses(vec![witness.verifier_key()], 1).unwrap();
        verify_receipt(&receipt.to_string(), &policy).unwrap();
    }
}

#[test]
fn the_same_seed_makes_different_keys_in_each_suite() {
    let (ours, foreign) = (log_key(ORIGIN, 7), foreign_key());
    assert_ne!(ours.verifier_key().to_string(), foreign.verifier_key().to_string());
}
