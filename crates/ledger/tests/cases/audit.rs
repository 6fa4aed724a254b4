//! Auditing a log from its tiles, and following its growth.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that fails")]

use super::common::{ORIGIN, empty_root, leaves, stored_log};
use crate::SUITE;
use gongshu_ledger::{
    Checkpoint, ConsistencyProof, Edge, Hash, Prover, Tile, TileKind, TileSet, advance, audit, decode_bundle,
    encode_bundle,
};

const SIZE: u64 = 66_000;

fn checkpoint(edge: &Edge) -> Checkpoint {
    Checkpoint::new(ORIGIN, edge.size(), edge.root()).unwrap()
}

/// What the audit says once the tile at `path` has been changed.
fn audit_after(path: &str, change: impl FnOnce(&mut Vec<u8>)) -> String {
    let (edge, mut tiles) = stored_log(SIZE, 5_000);
    change(tiles.get_mut(&Tile::from_path(path).unwrap()).unwrap());
    let error = audit(&tiles, SUITE, &checkpoint(&edge)).unwrap_err();
    format!("{}: {error}", error.code())
}

#[test]
fn a_sound_log_passes_and_gives_its_edge() {
    for size in [0, 1, 255, 256, 257, SIZE] {
        let (edge, tiles) = stored_log(size, 3_000);
        assert_eq!(audit(&tiles, SUITE, &checkpoint(&edge)).unwrap(), edge);
    }
}

#[test]
fn the_first_altered_entry_is_named() {
    let alter = |bytes: &mut Vec<u8>| {
        let mut entries: Vec<Vec<u8>> = decode_bundle(bytes).unwrap().into_iter().map(<[u8]>::to_vec).collect();
        entries[7] = b"entry forged".to_vec();
        entries[9].clear();
        *bytes = encode_bundle(&entries).unwrap();
    };
    let said = audit_after("tile/entries/100", alter);
    assert_eq!(said, "audit.entry: entry 25607 differs from what the log hashed");
}

#[test]
fn an_altered_tile_is_named() {
    let said = audit_after("tile/1/000", |bytes| bytes[33] ^= 1);
    assert_eq!(
        said,
        "audit.hash: hash 1 of `tile/1/000` does not follow from the entries"
    );
    let said = audit_after("tile/2/000.p/1", |bytes| bytes[0] ^= 1);
    assert_eq!(
        said,
        "audit.hash: hash 0 of `tile/2/000.p/1` does not follow from the entries"
    );
    assert_eq!(
        audit_after("tile/0/003", |bytes| bytes.truncate(32)),
        "audit.width: `tile/0/003` has the wrong number of members"
    );
    assert_eq!(
        audit_after("tile/entries/003", Vec::clear),
        "audit.width: `tile/entries/003` has the wrong number of members"
    );
    assert!(audit_after("tile/entries/003", |bytes| bytes.truncate(bytes.len() - 1)).starts_with("audit.bundle"));
}

#[test]
fn a_log_rewritten_from_the_ground_up_does_not_lead_to_the_root() {
    let (_, tiles) = stored_log(600, 600);
    let other = Edge::new(SUITE).append(&[leaves(599), vec![empty_root()]].concat());
    assert_eq!(
        audit(&tiles, SUITE, &checkpoint(other.edge())).unwrap_err().code(),
        "audit.root"
    );
}

#[test]
fn a_missing_tile_is_named() {
    let (edge, mut tiles) = stored_log(600, 600);
    tiles.remove(&Tile::new(TileKind::Entries, 1, 256).unwrap());
    let error = audit(&tiles, SUITE, &checkpoint(&edge)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`tile/entries/001` can't be read: tile `tile/entries/001` is missing"
    );
}

fn grown(from: u64, to: u64) -> (Checkpoint, Checkpoint, ConsistencyProof, TileSet) {
    let ((old, _), (new, tiles)) = (stored_log(from, 700), stored_log(to, 900));
    let proof = Prover::new(&tiles, SUITE, to).consistency(from).unwrap();
    (checkpoint(&old), checkpoint(&new), proof, tiles)
}

#[test]
fn trust_moves_forward_only() {
    let (old, new, proof, _) = grown(1_000, 3_000);
    advance(SUITE, &old, &new, &proof).unwrap();
    advance(SUITE, &new, &new, &ConsistencyProof::new(Vec::new())).unwrap();
    let code = |trusted: &Checkpoint, next: &Checkpoint| advance(SUITE, trusted, next, &proof).unwrap_err().code();
    assert_eq!(code(&new, &old), "checkpoint.stale");
    let forked = Checkpoint::new(ORIGIN, new.size(), Hash::from_bytes([0; 32])).unwrap();
    assert_eq!(code(&new, &forked), "checkpoint.fork");
    assert_eq!(code(&old, &forked), "checkpoint.inconsistent");
    let other = Checkpoint::new("other.example", new.size(), *new.root()).unwrap();
    assert_eq!(code(&old, &other), "checkpoint.other-log");
}
