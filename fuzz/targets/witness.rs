//! What a witness is asked, and what it answers (`tlog-witness`).
#![no_main]

use gongshu_ledger::{AddCheckpoint, VerifierKey, read_reply};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (key, rest) = text.split_once('\n').unwrap_or(("", text));
    let (request, reply) = rest.split_once("\n--\n").unwrap_or((rest, ""));
    let Ok(request) = AddCheckpoint::parse(request) else { return };
    assert_eq!(AddCheckpoint::parse(&request.to_string()).as_ref(), Ok(&request));
    let Ok(key) = key.parse::<VerifierKey>() else { return };
    for kind in [(200, "text/plain"), (409, "text/x.tlog.size"), (422, "")] {
        let _ = read_reply(kind, reply, &request.checkpoint, &key);
    }
});
