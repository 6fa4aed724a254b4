//! Time-stamps (RFC 3161): requests to the authority, replies to the log, keys and certificates in PEM.
#![no_main]

use std::sync::LazyLock;

use gongshu_ledger::stamp::{StampAuthority, StampRequest, read_stamp};
use libfuzzer_sys::fuzz_target;

/// What is stamped.
const DATA: &[u8] = b"stamped";
const SECONDS: u64 = 1_700_000_001;

static AUTHORITY: LazyLock<StampAuthority> =
    LazyLock::new(|| StampAuthority::new("fuzz", &[7; 32], &[1; 16], 1_700_000_000).unwrap());

/// A reply that holds.
static REPLY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let request = StampRequest::new(DATA, 9).unwrap().to_bytes().unwrap();
    AUTHORITY.answer(&request, SECONDS, &[2; 16]).unwrap()
});

fuzz_target!(|bytes: &[u8]| {
    // Whatever is asked, there is a reply.
    let reply = AUTHORITY.answer(bytes, SECONDS, &[2; 16]).unwrap();
    let request = StampRequest::new(DATA, 9).unwrap();
    for reply in [bytes, &reply, &damaged(bytes)] {
        let _ = read_stamp(DATA, reply);
        let _ = request.read(reply);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let (key, certificate) = text.split_once("\n--\n").unwrap_or((text, ""));
        let _ = StampAuthority::from_pem(key, certificate);
    }
});

/// The reply that holds with some of its bytes changed: three bytes a change, its place and what comes there.
fn damaged(changes: &[u8]) -> Vec<u8> {
    let mut reply = REPLY.clone();
    for change in changes.chunks_exact(3) {
        let place = usize::from(u16::from_be_bytes([change[0], change[1]])) % reply.len();
        reply[place] = change[2];
    }
    reply
}
