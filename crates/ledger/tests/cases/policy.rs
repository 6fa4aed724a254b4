//! Policy files: the rules that they state, and what is no policy.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that fails")]

use super::common::{call_leaf, cosigner, log_key, receipt, signer};
use gongshu_ledger::{Cosigner, NoteSigner, Policy, verify_receipt};
use proptest::prelude::*;

fn witness(name: &str, seed: u8) -> Cosigner {
    cosigner(name, seed)
}

/// The shape of the specification's example: two of X1, X2, X3 and any of Y1, Y2, Y3.
fn example() -> String {
    let mut text = format!("# 两组见证方\n\nlog {} https://log.example/\n", signer().verifier_key());
    for (number, name) in ["X1", "X2", "X3", "Y1", "Y2", "Y3"].iter().enumerate() {
        let key = witness(name, 10 + u8::try_from(number).unwrap()).verifier_key();
        text += &format!("witness  {name}\t{key} http://{name}.example/ \n");
    }
    text + "group X-witnesses 2 X1 X2 X3\ngroup Y-witnesses any Y1 Y2 Y3\n\
            group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n"
}

fn cosigned_by(names: &[&str]) -> String {
    let mut receipt = receipt(&call_leaf(), &signer());
    for name in names {
        let number = ["X1", "X2", "X3", "Y1", "Y2", "Y3"]
            .iter()
            .position(|other| other == name);
        let cosigner = witness(name, 10 + u8::try_from(number.unwrap()).unwrap());
        let line = cosigner.cosign(receipt.checkpoint.note(), 1_795_000_000);
        receipt.checkpoint.note_mut().push(line);
    }
    receipt.to_string()
}

#[test]
fn the_specifications_quorum_of_groups_is_asked_for() {
    let policy = Policy::parse(example().as_bytes()).unwrap();
    assert_eq!(policy.witnesses().len(), 6);
    assert_eq!(policy.witnesses()[0].url.as_deref(), Some("http://X1.example/"));
    let check = |names: &[&str]| verify_receipt(&cosigned_by(names), &policy).is_ok();
    assert!(check(&["X1", "X2", "Y1"]));
    assert!(check(&["X1", "X2", "X3", "Y1", "Y3"]));
    for few in [
        &["X1", "X2", "X3"][..],
        &["X1", "Y1", "Y2", "Y3"],
        &["X1", "X1", "Y1"],
        &[],
    ] {
        assert!(!check(few), "{few:?}");
    }
    let error = verify_receipt(&cosigned_by(&["X1", "X2"]), &policy).unwrap_err();
    assert_eq!(error.code(), "receipt.too-few-witnesses");
    assert_eq!(
        error.to_string(),
        "1 of the trusted witnesses have signed, 2 are needed"
    );
}

#[test]
fn a_witness_or_nobody_may_be_the_quorum() {
    let ends = |quorum: &str| {
        let policy = example().replace("quorum X-and-Y", &format!("quorum {quorum}"));
        Policy::parse(policy.as_bytes()).unwrap()
    };
    assert!(verify_receipt(&cosigned_by(&[]), &ends("none")).is_ok());
    assert!(verify_receipt(&cosigned_by(&["X1"]), &ends("X1")).is_ok());
    assert!(verify_receipt(&cosigned_by(&["X2"]), &ends("X1")).is_err());
}

#[test]
fn any_of_the_logs_is_accepted_and_no_other() {
    let other = log_key("second.example/log", 5);
    let both = format!(
        "log {}\nlog {}\nquorum none\n",
        other.verifier_key(),
        signer().verifier_key()
    );
    let policy = Policy::parse(both.as_bytes()).unwrap();
    let by = |signer: &NoteSigner| verify_receipt(&receipt(&call_leaf(), signer).to_string(), &policy);
    assert!(by(&signer()).is_ok());
    assert!(by(&other).is_ok());
    let third = log_key("third.example/log", 6);
    assert_eq!(by(&third).unwrap_err().code(), "receipt.wrong-log");
    // A log's signature counts under its own origin only.
    let posing = log_key(super::common::ORIGIN, 5);
    assert_eq!(by(&posing).unwrap_err().code(), "receipt.wrong-key");
    let one = policy.clone().with_only_log(other.verifier_key()).unwrap();
    let receipt = receipt(&call_leaf(), &signer()).to_string();
    assert_eq!(verify_receipt(&receipt, &one).unwrap_err().code(), "receipt.wrong-log");
}

#[test]
fn what_is_no_policy_is_told_by_its_line() {
    let good = example();
    let line = |text: &str| Policy::parse(text.as_bytes()).unwrap_err().line();
    let lines = good.matches('\n').count();
    assert_eq!(line(""), 1);
    assert_eq!(line(good.trim_end()), lines);
    assert_eq!(line(&good.replace("quorum X-and-Y\n", "")), lines);
    assert_eq!(line(&(good.clone() + "quorum none\n")), lines + 1);
    assert_eq!(line(&good.replace("quorum X-and-Y", "quorum Z")), lines);
    assert_eq!(line(&good.replace("2 X1", "4 X1")), 10);
    assert_eq!(line(&good.replace("2 X1", "0 X1")), 10);
    assert_eq!(line(&good.replace("2 X1", "02 X1")), 10);
    assert_eq!(line(&good.replace("2 X1 X2 X3", "all")), 10);
    assert_eq!(line(&good.replace("2 X1 X2 X3", "2 X1 X1 X3")), 10);
    assert_eq!(line(&good.replace("2 X1 X2 X3", "2 X1 none X3")), 10);
    assert_eq!(line(&good.replace("any Y1", "any X1")), 11);
    assert_eq!(line(&good.replace("group X-and-Y all", "group X1 all")), 12);
    assert_eq!(line(&good.replace("witness  X2", "witness  none")), 5);
    assert_eq!(line(&good.replace("witness  X2", "witness  X1")), 5);
    assert_eq!(line(&good.replace("log ", "logs ")), 3);
    assert_eq!(line(&good.replace("witness  X1", "log")), 4);
    assert_eq!(line(&good.replace("\n\n", "\n\r\n")), 2);
    assert_eq!(line(&good.replace("quorum X-and-Y", "quorum  X-and-Y x")), lines);
    let twice = |key: String| format!("{key}\n{key}\nquorum none\n");
    assert_eq!(line(&twice(format!("log {}", signer().verifier_key()))), 2);
    // The same key under another name is the same key.
    let renamed = format!(
        "witness a {}\nwitness b {}\nquorum none\n",
        witness("a", 1).verifier_key(),
        witness("b", 1).verifier_key()
    );
    assert_eq!(line(&renamed), 2);
}

#[test]
fn names_are_opaque_octets() {
    let key = witness("w", 1).verifier_key();
    let policy = [
        b"witness \xff\xfe ".as_slice(),
        key.to_string().as_bytes(),
        b"\nquorum \xff\xfe\n",
    ]
    .concat();
    assert!(Policy::parse(&policy).is_ok());
    let other = [
        b"witness \xff\xfe ".as_slice(),
        key.to_string().as_bytes(),
        b"\nquorum \xff\xfd\n",
    ]
    .concat();
    assert_eq!(Policy::parse(&other).unwrap_err().line(), 2);
}

proptest! {
    #[test]
    fn any_bytes_are_a_policy_or_an_error(bytes in any::<Vec<u8>>()) {
        let _ = Policy::parse(&bytes);
    }

    #[test]
    fn a_mutated_policy_is_a_policy_or_an_error(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = example().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = Policy::parse(&bytes);
    }

    #[test]
    fn lines_of_a_policy_in_any_order_are_a_policy_or_an_error(lines in prop::collection::vec(
        "(log|witness|group|quorum|#)( |\t)([A-Za-z0-9+/=]{0,8} ?){0,5}", 0..8)) {
        let _ = Policy::parse((lines.join("\n") + "\n").as_bytes());
    }
}
