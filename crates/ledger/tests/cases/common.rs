//! What the tests share: the tree as the RFC defines it, and a log in memory.
#![expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]

use crate::SUITE;
use gongshu_ledger::tile::TILE_WIDTH;
use gongshu_ledger::{
    Checkpoint, Commitment, Cosigner, Edge, Hash, KeyName, NoteSigner, Receipt, SignedCheckpoint, Suite, Tile,
    TileKind, TileSet, canonical_json, encode_bundle,
};
use serde_json::{Value, json};
use std::path::PathBuf;

pub(crate) const ORIGIN: &str = "longhua.example/ledger";

/// MTH of RFC 6962, section 2.1, to the letter.
pub(crate) fn mth(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            hash_node(&mth(left), &mth(right))
        }
    }
}

/// PATH of RFC 6962, section 2.1.1.
pub(crate) fn path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let at = split(leaves.len());
    let (left, right) = leaves.split_at(at);
    let (mut below, neighbour) = if index < at {
        (path(index, left), mth(right))
    } else {
        (path(index - at, right), mth(left))
    };
    below.push(neighbour);
    below
}

/// PROOF of RFC 6962, section 2.1.2.
pub(crate) fn proof(old: usize, leaves: &[Hash]) -> Vec<Hash> {
    subproof(old, leaves, true)
}

fn subproof(old: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if whole { Vec::new() } else { vec![mth(leaves)] };
    }
    let at = split(leaves.len());
    let (left, right) = leaves.split_at(at);
    let (mut below, neighbour) = if old <= at {
        (subproof(old, left, whole), mth(right))
    } else {
        (subproof(old - at, right, false), mth(left))
    };
    below.push(neighbour);
    below
}

/// The largest power of two below `length`.
fn split(length: usize) -> usize {
    length.next_power_of_two() / 2
}

pub(crate) fn entry(index: u64) -> Vec<u8> {
    format!("entry {index}").into_bytes()
}

pub(crate) fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|index| hash_leaf(&entry(index))).collect()
}

/// A whole log in memory, appended in batches of `batch`: its edge and all its tiles, those of the right border too.
pub(crate) fn stored_log(size: u64, batch: usize) -> (Edge, TileSet) {
    let (mut edge, mut tiles) = (Edge::new(SUITE), TileSet::new());
    for batch in leaves(size).chunks(batch) {
        let appended = edge.append(batch);
        tiles.extend(appended.full_tiles().iter().map(|full| (full.tile, full.bytes.clone())));
        edge = appended.into_edge();
    }
    tiles.extend(edge.partial_tiles());
    for index in 0..size.div_ceil(TILE_WIDTH as u64) {
        let tile = Tile::in_tree(TileKind::Entries, index, size).unwrap();
        let first = index * TILE_WIDTH as u64;
        let entries: Vec<_> = (first..first + u64::from(tile.width())).map(entry).collect();
        tiles.insert(tile, encode_bundle(&entries).unwrap());
    }
    (edge, tiles)
}

pub(crate) fn hash_leaf(entry: &[u8]) -> Hash {
    SUITE.hash_leaf(entry)
}

pub(crate) fn hash_node(left: &Hash, right: &Hash) -> Hash {
    SUITE.hash_node(left, right)
}

pub(crate) fn empty_root() -> Hash {
    SUITE.empty_root()
}

pub(crate) fn log_key(name: &str, seed: u8) -> NoteSigner {
    NoteSigner::from_seed(SUITE, KeyName::new(name).unwrap(), &[seed; 32]).unwrap()
}

pub(crate) fn cosigner(name: &str, seed: u8) -> Cosigner {
    Cosigner::from_seed(SUITE, KeyName::new(name).unwrap(), &[seed; 32]).unwrap()
}

/// The file of vectors of this name, under this suite.
pub(crate) fn vectors(name: &str) -> PathBuf {
    let ending = match SUITE {
        Suite::International => "",
        Suite::ShangMi => "-shangmi",
    };
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/ledger");
    PathBuf::from(format!("{folder}/{name}{ending}.json"))
}

pub(crate) fn signer() -> NoteSigner {
    log_key(ORIGIN, 1)
}

pub(crate) const ANSWER_TEXT: &str = r#"{"rows":[["民治街道",128]],"share":0.25}"#;
pub(crate) const REQUEST_TEXT: &str = r#"{"product":"p-1"}"#;
pub(crate) const ANSWER_SALT: [u8; 16] = [0xa1; 16];
pub(crate) const REQUEST_SALT: [u8; 16] = [0xb2; 16];

/// The leaf of a call, with commitments to its request and answer.
pub(crate) fn call_leaf() -> Vec<u8> {
    let commit = |salt: &[u8; 16], text: &str| Commitment::new(SUITE, salt, text.as_bytes()).to_string();
    let leaf = json!({
        "v": 1,
        "kind": "call",
        "at": "2026-11-24T02:00:00.000Z",
        "commitments": {
            "request": commit(&REQUEST_SALT, REQUEST_TEXT),
            "answer": commit(&ANSWER_SALT, ANSWER_TEXT),
        },
    });
    canonical_json(&leaf).unwrap()
}

/// A receipt for `entry` at index 5 of 7.
pub(crate) fn receipt(entry: &[u8], signer: &NoteSigner) -> Receipt {
    let mut batch = leaves(7);
    batch[5] = hash_leaf(entry);
    let appended = Edge::new(SUITE).append(&batch);
    let origin = signer.verifier_key().name().to_string();
    let checkpoint = Checkpoint::new(&origin, appended.size(), appended.root()).unwrap();
    Receipt {
        entry: Some(entry.to_vec()),
        index: 5,
        proof: appended.prove(5).unwrap(),
        checkpoint: SignedCheckpoint::parse(&signer.sign(&checkpoint)).unwrap(),
    }
}

/// The answer file of the call.
pub(crate) fn answer_file() -> Value {
    let opening = |salt: &[u8], value: &str| json!({ "salt": hex::encode(salt), "value": value });
    json!({
        "answer": serde_json::from_str::<Value>(ANSWER_TEXT).unwrap(),
        "receipt": {
            "proof": receipt(&call_leaf(), &signer()).to_string(),
            "openings": {
                "answer": opening(&ANSWER_SALT, ANSWER_TEXT),
                "request": opening(&REQUEST_SALT, REQUEST_TEXT),
            },
        },
    })
}
