//! The offline verifier: what passes, and what each broken thing is called.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that fails")]

use super::common::{answer_file, call_leaf, cosigner, empty_root, log_key, receipt, signer};
use gongshu_ledger::{AnswerFile, Cosigner, Policy, Receipt, VerifierKey, verify_answer, verify_entry, verify_receipt};
use proptest::prelude::*;
use serde_json::{Value, json};

fn policy() -> Policy {
    Policy::new(signer().verifier_key()).unwrap()
}

fn witness(number: u8) -> Cosigner {
    cosigner(&format!("witness.example/{number}"), 100 + number)
}

fn receipt_text() -> String {
    receipt(&call_leaf(), &signer()).to_string()
}

fn receipt_code(text: &str) -> &'static str {
    verify_receipt(text, &policy()).map_or_else(|error| error.code(), |_| "ok")
}

fn answer_code(change: impl FnOnce(&mut Value)) -> &'static str {
    let mut file = answer_file();
    change(&mut file);
    verify_answer(&file.to_string(), &policy()).map_or_else(|error| error.code(), |_| "ok")
}

#[test]
fn a_receipt_verifies_and_says_what_it_proves() {
    let verified = verify_receipt(&receipt_text(), &policy()).unwrap();
    assert_eq!(
        (verified.origin.as_str(), verified.index, verified.size),
        (super::common::ORIGIN, 5, 7)
    );
    assert_eq!(verified.entry, call_leaf());
    assert_eq!(verified.signatures.len(), 1);
}

#[test]
fn a_receipt_without_its_entry_proves_an_entry_that_one_brings() {
    let mut bare = receipt(&call_leaf(), &signer());
    bare.entry = None;
    assert_eq!(receipt_code(&bare.to_string()), "receipt.no-entry");
    assert!(verify_entry(&bare, &call_leaf(), &policy()).is_ok());
    assert_eq!(
        verify_entry(&bare, b"other", &policy()).unwrap_err().code(),
        "receipt.proof-mismatch"
    );
}

#[test]
fn each_broken_receipt_has_its_name() {
    let good = receipt_text();
    let with = |change: &dyn Fn(&mut Receipt)| {
        let mut receipt = Receipt::parse(&good).unwrap();
        change(&mut receipt);
        receipt_code(&receipt.to_string())
    };
    assert_eq!(receipt_code(&good), "ok");
    assert_eq!(
        with(&|receipt| receipt.entry = Some(b"{}".to_vec())),
        "receipt.proof-mismatch"
    );
    assert_eq!(with(&|receipt| receipt.index = 4), "receipt.proof-mismatch");
    assert_eq!(with(&|receipt| receipt.index = 6), "receipt.proof-mismatch");
    assert_eq!(with(&|receipt| receipt.index = 7), "receipt.index-outside-log");
    assert_eq!(receipt_code(&good.replace("\n7\n", "\n8\n")), "receipt.bad-signature");
    let stranger = log_key(super::common::ORIGIN, 9);
    assert_eq!(
        receipt_code(&receipt(&call_leaf(), &stranger).to_string()),
        "receipt.wrong-key"
    );
    let elsewhere = log_key("elsewhere.example/log", 1);
    assert_eq!(
        receipt_code(&receipt(&call_leaf(), &elsewhere).to_string()),
        "receipt.wrong-log"
    );
}

#[test]
fn a_malformed_receipt_is_told_by_its_line() {
    let line = |text: &str| Receipt::parse(text).unwrap_err().line();
    let good = receipt_text();
    assert_eq!(line(""), 1);
    assert_eq!(line(&good.replace("@v1", "@v2")), 1);
    assert_eq!(line(&good.replace("extra ", "extra  ")), 2);
    assert_eq!(line(&good.replace("index 5", "index 05")), 3);
    assert_eq!(line(&good.replace("index 5\n", "index 5\nabc\n")), 4);
    assert_eq!(line(&good.replace("\n7\n", "\n07\n")), 9);
    assert_eq!(line(&good.replace("\n\n—", "\n—")), 12);
    assert_eq!(line(&good.replace('—', "-")), 12);
    assert_eq!(line(good.trim_end()), 12);
    let error = verify_receipt(&good.replace("index 5", "index 05"), &policy()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the receipt can't be read, line 3: a line with `index` and a number is needed"
    );
}

#[test]
fn the_specifications_own_form_is_read() {
    let hash = empty_root().to_base64();
    let text = format!("c2sp.org/tlog-proof@v1\nindex 0\n\no\n1\n{hash}\n\n— o AAAAAAA=\n");
    assert_eq!(Receipt::parse(&text).unwrap().to_string(), text);
}

#[test]
fn enough_witnesses_must_have_signed() {
    let keys: Vec<VerifierKey> = (1..=3).map(|number| witness(number).verifier_key()).collect();
    let policy = policy().with_witnesses(keys, 2).unwrap();
    let mut receipt = receipt(&call_leaf(), &signer());
    let cosign = |receipt: &mut Receipt, number: u8| {
        let line = witness(number).cosign(receipt.checkpoint.note(), 1_795_000_000);
        receipt.checkpoint.note_mut().push(line);
    };
    cosign(&mut receipt, 1);
    cosign(&mut receipt, 1);
    cosign(&mut receipt, 9);
    let error = verify_receipt(&receipt.to_string(), &policy).unwrap_err();
    assert_eq!(error.code(), "receipt.too-few-witnesses");
    assert_eq!(
        error.to_string(),
        "1 of the trusted witnesses have signed, 2 are needed"
    );
    cosign(&mut receipt, 3);
    let verified = verify_receipt(&receipt.to_string(), &policy).unwrap();
    let names: Vec<&str> = verified
        .signatures
        .iter()
        .map(|signature| signature.name.as_str())
        .collect();
    assert_eq!(names, [super::common::ORIGIN, "witness.example/1", "witness.example/3"]);
}

#[test]
fn keys_only_play_their_own_part() {
    assert_eq!(
        Policy::new(witness(1).verifier_key()).unwrap_err().code(),
        "policy.unsuitable-key"
    );
    assert!(policy().with_witnesses(vec![signer().verifier_key()], 1).is_err());
    let other_name = log_key("other", 1);
    assert!(policy().with_log_key(other_name.verifier_key()).is_err());
}

#[test]
fn a_log_that_changed_its_key_is_still_trusted() {
    let new = log_key(super::common::ORIGIN, 9);
    let policy = policy().with_log_key(new.verifier_key()).unwrap();
    assert!(verify_receipt(&receipt_text(), &policy).is_ok());
    assert!(verify_receipt(&receipt(&call_leaf(), &new).to_string(), &policy).is_ok());
}

#[test]
fn an_answer_file_verifies() {
    let verified = verify_answer(&answer_file().to_string(), &policy()).unwrap();
    assert_eq!(verified.leaf.members()["kind"], "call");
    assert_eq!(verified.openings.len(), 2);
    assert_eq!(verified.answer.unwrap()["rows"][0][1], 128);
}

#[test]
fn each_broken_answer_file_has_its_name() {
    assert_eq!(answer_code(|_| ()), "ok");
    assert_eq!(
        answer_code(|file| file["answer"]["rows"][0][1] = json!(129)),
        "answer.altered"
    );
    assert_eq!(answer_code(|file| file["answer"] = Value::Null), "answer.altered");
    assert_eq!(
        answer_code(|file| drop(file.as_object_mut().unwrap().remove("answer"))),
        "answer.missing"
    );
    let value = |file: &mut Value, text: &str| file["receipt"]["openings"]["answer"]["value"] = json!(text);
    assert_eq!(answer_code(|file| value(file, "{}")), "answer.commitment-mismatch");
    assert_eq!(
        answer_code(|file| file["receipt"]["openings"]["request"]["salt"] = json!("00")),
        "answer.malformed"
    );
    let openings = |file: &mut Value| file["receipt"]["openings"].as_object_mut().unwrap().clone();
    assert_eq!(
        answer_code(|file| file["receipt"]["openings"] = json!({})),
        "answer.not-opened"
    );
    assert_eq!(
        answer_code(|file| file["receipt"]["openings"]["other"] = openings(file)["answer"].clone()),
        "answer.unknown-commitment"
    );
    assert_eq!(
        answer_code(|file| file["receipt"]["proof"] = json!("")),
        "receipt.malformed"
    );
    assert_eq!(answer_code(|file| *file = json!([])), "answer.malformed");
    assert_eq!(verify_answer("{", &policy()).unwrap_err().code(), "answer.malformed");
    let note = receipt(b"not json", &signer()).to_string();
    assert_eq!(
        answer_code(|file| file["receipt"]["proof"] = json!(note)),
        "answer.entry-malformed"
    );
}

#[test]
fn an_opening_may_be_withheld() {
    assert_eq!(
        answer_code(|file| drop(file["receipt"]["openings"].as_object_mut().unwrap().remove("request"))),
        "ok"
    );
}

#[test]
fn an_act_without_an_answer_needs_none() {
    let strip = |file: &mut Value| {
        file.as_object_mut().unwrap().remove("answer");
        file["receipt"]["openings"].as_object_mut().unwrap().remove("answer");
    };
    assert_eq!(answer_code(strip), "ok");
}

#[test]
fn numbers_may_be_respelled_by_a_reader_on_the_way() {
    assert_eq!(answer_code(|file| file["answer"]["rows"][0][1] = json!(128.0)), "ok");
    assert_eq!(
        answer_code(|file| file["answer"]["share"] = json!(0.250_000_1)),
        "answer.altered"
    );
    assert_eq!(
        answer_code(|file| file["answer"]["rows"][0][1] = json!("128")),
        "answer.altered"
    );
}

#[test]
fn answer_files_round_trip() {
    let file = AnswerFile::parse(&answer_file().to_string()).unwrap();
    assert_eq!(serde_json::to_value(&file).unwrap(), answer_file());
}

proptest! {
    #[test]
    fn receipts_round_trip(entry in any::<Vec<u8>>()) {
        let receipt = receipt(&entry, &signer());
        prop_assert_eq!(Receipt::parse(&receipt.to_string()).unwrap(), receipt);
    }

    #[test]
    fn any_flipped_bit_of_a_receipt_is_noticed(at in any::<prop::sample::Index>(), bit in 0_u8..7) {
        let good = receipt_text();
        let mut bytes = good.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(text) = String::from_utf8(bytes) {
            prop_assert!(verify_receipt(&text, &policy()).is_err(), "bit {bit} of byte {at}");
        }
    }

    #[test]
    fn any_text_is_a_receipt_or_an_error(text in "(c2sp.org/tlog-proof@v1\n)?(extra [a-zA-Z=]{0,8}\n)?(index [0-9]{0,3}\n)?([A-Za-z/=]{0,44}\n){0,3}\n?.*") {
        let _ = verify_receipt(&text, &policy());
        let _ = verify_answer(&text, &policy());
    }
}
