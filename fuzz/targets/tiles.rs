//! Tiles, bundles and the leaves in them, under the paths that others may ask for.
#![no_main]

use gongshu_ledger::tile::{decode_hashes, encode_hashes};
use gongshu_ledger::{Follower, Leaf, Suite, Tile, decode_bundle, encode_bundle};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(entries) = decode_bundle(bytes) {
        assert_eq!(encode_bundle(&entries).as_deref(), Ok(bytes));
        entries.into_iter().for_each(|entry| drop(Leaf::parse(entry)));
    }
    let _ = Leaf::parse(bytes);
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    for suite in [Suite::International, Suite::ShangMi] {
        if let Ok(follower) = Follower::from_state(suite, text) {
            assert!(Follower::from_state(suite, &follower.to_state()).is_ok());
        }
    }
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (path, rest) = bytes.split_at(end);
    let Ok(path) = std::str::from_utf8(path) else { return };
    let Ok(tile) = Tile::from_path(path) else { return };
    assert_eq!(tile.path(), path);
    let rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    if let Some(hashes) = decode_hashes(&tile, rest) {
        assert_eq!(encode_hashes(&hashes), rest);
    }
});
