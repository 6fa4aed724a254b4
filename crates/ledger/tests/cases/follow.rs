//! Following a log: what honest growth gives, and how each kind of rewriting shows.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that fails")]

use super::common::{ORIGIN, entry, hash_leaf, signer, stored_log};
use crate::SUITE;
use gongshu_ledger::{
    Checkpoint, Edge, FollowError, Follower, Hash, SignedCheckpoint, Tile, TileKind, TileSet, decode_bundle,
    encode_bundle,
};
use proptest::prelude::*;

fn signed(size: u64, root: Hash) -> SignedCheckpoint {
    SignedCheckpoint::parse(&signer().sign(&Checkpoint::new(ORIGIN, size, root).unwrap())).unwrap()
}

fn honest(size: u64) -> (SignedCheckpoint, TileSet) {
    let (edge, tiles) = stored_log(size, 700);
    (signed(edge.size(), edge.root()), tiles)
}

/// Follows a log whose tiles are these; gives the new entries' indices.
fn follow(follower: &Follower, next: SignedCheckpoint, tiles: &TileSet) -> Result<(Follower, Vec<u64>), FollowError> {
    let mut step = follower.step(next)?;
    let mut indices = Vec::new();
    while let Some(wanted) = step.wanted() {
        let taken = step.take(&tiles[&wanted])?;
        taken.tiles.iter().try_for_each(|due| due.check(&tiles[&due.tile]))?;
        indices.extend(taken.entries.iter().map(|(index, _)| *index));
    }
    let (follower, partial) = step.finish()?;
    partial.iter().try_for_each(|due| due.check(&tiles[&due.tile]))?;
    Ok((follower, indices))
}

#[test]
fn growth_is_followed_entry_by_entry() {
    let mut follower = Follower::new(SUITE);
    let mut before = 0;
    for size in [0, 1, 5, 255, 256, 257, 257, 1_000, 66_000] {
        let (next, tiles) = honest(size);
        let (further, indices) = follow(&follower, next, &tiles).unwrap();
        assert_eq!(indices, (before..size).collect::<Vec<_>>(), "{before} to {size}");
        follower = Follower::from_state(SUITE, &further.to_state()).unwrap();
        assert_eq!(follower, further);
        before = size;
    }
}

fn code(follower: &Follower, next: SignedCheckpoint, tiles: &TileSet) -> &'static str {
    follow(follower, next, tiles).map_or_else(|error| error.code(), |_| "ok")
}

/// The log of `size` entries, of which the one at `index` is another.
fn rewritten(size: u64, index: u64) -> (SignedCheckpoint, TileSet) {
    let entries: Vec<Vec<u8>> = (0..size)
        .map(|at| if at == index { b"another".to_vec() } else { entry(at) })
        .collect();
    let leaves: Vec<Hash> = entries.iter().map(|entry| hash_leaf(entry)).collect();
    let appended = Edge::new(SUITE).append(&leaves);
    let mut tiles: TileSet = appended
        .full_tiles()
        .iter()
        .map(|full| (full.tile, full.bytes.clone()))
        .collect();
    tiles.extend(appended.edge().partial_tiles());
    for (bundle, entries) in entries.chunks(256).enumerate() {
        let tile = Tile::in_tree(TileKind::Entries, bundle as u64, size).unwrap();
        tiles.insert(tile, encode_bundle(entries).unwrap());
    }
    (signed(size, appended.root()), tiles)
}

#[test]
fn rewritten_history_is_noticed() {
    let (known, tiles) = honest(300);
    let (follower, _) = follow(&Follower::new(SUITE), known, &tiles).unwrap();
    let (next, tiles) = rewritten(400, 270);
    let error = follow(&follower, next, &tiles).unwrap_err();
    assert_eq!(
        error.to_string(),
        "entry 270 is no longer what it was: the log was rewritten"
    );
    // Further back nothing is read again, but the root tells.
    let (next, tiles) = rewritten(400, 7);
    assert_eq!(code(&follower, next, &tiles), "follow.root");
    let (next, tiles) = rewritten(300, 7);
    assert_eq!(code(&follower, next, &tiles), "checkpoint.fork");
    let (next, tiles) = honest(200);
    assert_eq!(code(&follower, next, &tiles), "checkpoint.stale");
    let other = Checkpoint::new("other.example/log", 400, Hash::from_bytes([0; 32])).unwrap();
    let other = SignedCheckpoint::parse(&signer().sign(&other)).unwrap();
    assert_eq!(code(&follower, other, &tiles), "checkpoint.other-log");
}

#[test]
fn what_is_served_must_be_what_was_signed() {
    let follower = Follower::new(SUITE);
    let with = |path: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let (next, mut tiles) = honest(600);
        change(tiles.get_mut(&Tile::from_path(path).unwrap()).unwrap());
        code(&follower, next, &tiles)
    };
    let other_entry = |bytes: &mut Vec<u8>| {
        let entries = decode_bundle(bytes).unwrap();
        let mut entries: Vec<Vec<u8>> = entries.into_iter().map(<[u8]>::to_vec).collect();
        entries[3] = b"another".to_vec();
        *bytes = encode_bundle(&entries).unwrap();
    };
    // In a full bundle the tile beside it tells, at the end the root.
    assert_eq!(with("tile/entries/001", &other_entry), "follow.tile");
    assert_eq!(with("tile/entries/002.p/88", &other_entry), "follow.root");
    assert_eq!(with("tile/0/001", &|bytes| bytes[5] ^= 1), "follow.tile");
    assert_eq!(with("tile/1/000.p/2", &|bytes| bytes[5] ^= 1), "follow.tile");
    assert_eq!(with("tile/0/002.p/88", &|bytes| bytes.truncate(64)), "follow.tile");
    assert_eq!(with("tile/entries/000", &Vec::clear), "follow.short");
    assert_eq!(with("tile/entries/000", &|bytes| bytes.truncate(8)), "follow.bundle");
}

#[test]
fn a_fuller_bundle_than_asked_for_will_do() {
    let (next, _) = honest(300);
    let (_, grown) = honest(512);
    let mut step = Follower::new(SUITE).step(next).unwrap();
    while let Some(wanted) = step.wanted() {
        let full = Tile::new(wanted.kind(), wanted.index(), 256).unwrap();
        step.take(&grown[&full]).unwrap();
    }
    assert_eq!(step.finish().unwrap().0.size(), 300);
}

#[test]
fn a_step_is_not_finished_before_its_end() {
    let (next, _) = honest(300);
    let step = Follower::new(SUITE).step(next).unwrap();
    assert_eq!(step.finish().unwrap_err().code(), "follow.unfinished");
}

#[test]
fn a_damaged_state_is_refused() {
    let (next, tiles) = honest(300);
    let (follower, _) = follow(&Follower::new(SUITE), next, &tiles).unwrap();
    let good = follower.to_state();
    for (from, to) in [
        ("follower/1", "follower/2"),
        ("300", "301"),
        ("tile/0", "tile/9"),
        ("\":\"", "\":\"A"),
    ] {
        assert!(
            Follower::from_state(SUITE, &good.replacen(from, to, 1)).is_err(),
            "{from}"
        );
    }
    assert_eq!(
        Follower::from_state(SUITE, &Follower::new(SUITE).to_state()).unwrap(),
        Follower::new(SUITE)
    );
}

proptest! {
    #[test]
    fn any_text_is_a_state_or_an_error(text in any::<String>()) {
        let _ = Follower::from_state(SUITE, &text);
    }

    #[test]
    fn a_mutated_state_is_the_same_or_refused(at in any::<prop::sample::Index>(), byte in 0x20_u8..0x7f) {
        let (next, tiles) = honest(3);
        let (follower, _) = follow(&Follower::new(SUITE), next, &tiles).unwrap();
        let mut bytes = follower.to_state().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(text) = String::from_utf8(bytes)
            && let Ok(state) = Follower::from_state(SUITE, &text)
            && let Some(last) = state.last()
        {
            prop_assert_eq!(last.unverified().root(), follower.last().unwrap().unverified().root());
        }
    }

    #[test]
    fn any_bundle_is_taken_or_refused(bytes in any::<Vec<u8>>(), size in 1_u64..600) {
        let mut step = Follower::new(SUITE).step(signed(size, Hash::from_bytes([1; 32]))).unwrap();
        let _ = step.take(&bytes);
    }
}
