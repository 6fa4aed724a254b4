//! Vectors of receipts under trust policies: a verifier elsewhere (the portal's page in the browser) must say the same.
#![expect(clippy::unwrap_used, reason = "a broken vector file should stop the test")]

use crate::cases::common::{call_leaf, cosigner, receipt, signer, vectors};
use gongshu_ledger::{Cosigner, Policy, Receipt, verify_receipt};
use serde_json::{Value, json};

const FILE: &str = "cosigned";
const TIME: u64 = 1_795_485_600;
/// Policies that a verifier must read, or refuse.
const QUORUMS: [(&str, &str, &[u8]); 14] = [
    ("one of one", "group all 1 one\nquorum all\n", &[1]),
    ("a witness as the quorum", "quorum one\n", &[1]),
    ("two of three", "group all 2 one two three\nquorum all\n", &[1, 3]),
    ("one of two needed", "group all 2 one two three\nquorum all\n", &[2]),
    ("all of three", "group all all one two three\nquorum all\n", &[1, 2, 3]),
    ("any of three", "group all any one two three\nquorum all\n", &[3]),
    ("nobody needed", "quorum none\n", &[]),
    (
        "groups of groups",
        "group a any one two\ngroup b all a three\nquorum b\n",
        &[2, 3],
    ),
    (
        "groups of groups unmet",
        "group a any one two\ngroup b all a three\nquorum b\n",
        &[1, 2],
    ),
    ("a stranger does not count", "group all 1 one\nquorum all\n", &[4]),
    ("no quorum", "group all 1 one\n", &[1]),
    ("a group of nobody known", "group all 1 four\nquorum all\n", &[1]),
    ("more than there are", "group all 3 one two\nquorum all\n", &[1, 2]),
    ("a member twice", "group a 1 one\ngroup b 1 one\nquorum a\n", &[1]),
];

fn witness(number: u8) -> Cosigner {
    cosigner(&format!("witness.example/{number}"), 20 + number)
}

/// The log and its three witnesses, as every policy here begins.
fn policy(rest: &str) -> String {
    let log = signer().verifier_key();
    let keys = [("one", 1), ("two", 2), ("three", 3)].map(|(name, number)| (name, witness(number).verifier_key()));
    let lines = keys.map(|(name, key)| format!("witness {name} {key} https://{name}.example/\n"));
    format!("# vectors\nlog {log}\n{}{rest}", lines.concat())
}

fn cosigned(numbers: &[u8]) -> Receipt {
    let mut receipt = receipt(&call_leaf(), &signer());
    for number in numbers {
        let signature = witness(*number).cosign(receipt.checkpoint.note(), TIME);
        receipt.checkpoint.note_mut().push(signature);
    }
    receipt
}

/// Why the receipt does not verify under the policy; none where it does.
fn outcome(policy: &str, receipt: &str) -> Option<&'static str> {
    match Policy::parse(policy.as_bytes()) {
        Ok(policy) => verify_receipt(receipt, &policy).err().map(|error| error.code()),
        Err(error) => Some(error.code()),
    }
}

fn built() -> Value {
    let quorums = QUORUMS.map(|(name, rest, numbers)| (name.to_owned(), policy(rest), cosigned(numbers).to_string()));
    let one = policy("quorum one\n");
    let good = cosigned(&[1]).to_string();
    let line = good
        .lines()
        .find(|line| line.starts_with("— witness"))
        .unwrap()
        .to_owned();
    let altered = {
        let mut bytes = line.clone().into_bytes();
        // A letter of the signature, far from the padding.
        let at = bytes.len() - 12;
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    let foreign = signer().sign_text(cosigned(&[]).checkpoint.note().text());
    let as_witness = format!("log {0}\nwitness one {0}\nquorum one\n", signer().verifier_key());
    let others = [
        ("a signature altered", one.clone(), good.replace(&line, &altered)),
        ("the log's signature twice", one.clone(), format!("{good}{foreign}\n")),
        ("a log's key as a witness's", as_witness, good.clone()),
        ("a word that is none", one.replace("quorum", "quota"), good.clone()),
        ("no last newline", one.trim_end().to_owned(), good),
    ];
    let others = others.map(|(name, policy, receipt)| (name.to_owned(), policy, receipt));
    let cases = quorums.into_iter().chain(others).map(|(name, policy, receipt)| {
        json!({"name": name, "error": outcome(&policy, &receipt), "policy": policy, "receipt": receipt})
    });
    json!({
        "about": "Receipts under C2SP tlog-policies. Written by crates/ledger/tests/international/cosigned.rs; keys are for tests only.",
        "cases": cases.collect::<Vec<_>>(),
    })
}

#[test]
fn the_stored_vectors_are_those_of_this_code() {
    let stored: Value = serde_json::from_str(&std::fs::read_to_string(vectors(FILE)).unwrap()).unwrap();
    assert_eq!(
        stored,
        built(),
        "if a format changed on purpose: cargo test -p gongshu-ledger --test international -- --ignored cosigned::"
    );
}

#[test]
#[ignore = "writes the vectors anew"]
fn write_the_vectors() {
    std::fs::write(vectors(FILE), serde_json::to_string_pretty(&built()).unwrap() + "\n").unwrap();
}

/// What each case is there to show.
#[test]
fn quorums_are_met_or_not_as_they_say() {
    let too_few = [
        "one of two needed",
        "groups of groups unmet",
        "a stranger does not count",
    ];
    let malformed = [
        "no quorum",
        "a group of nobody known",
        "more than there are",
        "a member twice",
    ];
    for (name, rest, numbers) in QUORUMS {
        let wanted = if too_few.contains(&name) {
            Some("receipt.too-few-witnesses")
        } else if malformed.contains(&name) {
            Some("policy.malformed")
        } else {
            None
        };
        assert_eq!(outcome(&policy(rest), &cosigned(numbers).to_string()), wanted, "{name}");
    }
}
