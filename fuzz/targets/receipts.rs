//! Receipts (`tlog-proof`) and kept answers: parsed, and verified under whatever policy.
#![no_main]

use gongshu_ledger::{AnswerFile, Policy, Receipt, verify_answer, verify_receipt};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // A policy, a line of its own, and what it is to judge.
    let (policy, text) = text.split_once("\n--\n").unwrap_or(("", text));
    if let Ok(receipt) = Receipt::parse(text) {
        assert_eq!(receipt.to_string(), text);
    }
    if let Ok(answer) = AnswerFile::parse(text) {
        let _ = answer.receipt.openings();
    }
    if let Ok(policy) = Policy::parse(format!("{policy}\n").as_bytes()) {
        let _ = verify_receipt(text, &policy);
        let _ = verify_answer(text, &policy);
    }
});
