//! Signed notes and checkpoints: what is read is written again as it was, and its signatures are checked.
#![no_main]

use gongshu_ledger::{SignedCheckpoint, SignedNote, VerifierKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // The first line may be a key.
    let (first, rest) = text.split_once('\n').unwrap_or(("", text));
    let keys: Vec<VerifierKey> = first.parse().into_iter().collect();
    for text in [text, rest] {
        if let Ok(note) = SignedNote::parse(text) {
            assert_eq!(note.to_string(), text);
            let _ = note.verify(&keys);
        }
        if let Ok(checkpoint) = SignedCheckpoint::parse(text) {
            assert_eq!(checkpoint.to_string(), text);
        }
    }
});
