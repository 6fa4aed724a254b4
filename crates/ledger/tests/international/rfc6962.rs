//! The published reference tree.
#![expect(clippy::unwrap_used, reason = "a broken vector file should stop the test")]

use crate::SUITE;
use crate::cases::common::{hash_leaf, mth, path, proof};
use gongshu_ledger::{ConsistencyProof, Edge, Hash, InclusionProof, Prover, TileSet};
use serde_json::Value;

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../../../tests/vectors/ledger/rfc6962.json")).unwrap()
}

fn hashes(list: &Value) -> Vec<Hash> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|hash| Hash::from_hex(hash.as_str().unwrap()).unwrap())
        .collect()
}

fn number(case: &Value, key: &str) -> usize {
    usize::try_from(case[key].as_u64().unwrap()).unwrap()
}

fn reference_leaves(vectors: &Value) -> Vec<Hash> {
    let entry = |hex: &Value| hex::decode(hex.as_str().unwrap()).unwrap();
    vectors["leaves"]
        .as_array()
        .unwrap()
        .iter()
        .map(|leaf| hash_leaf(&entry(leaf)))
        .collect()
}

fn tiles(leaves: &[Hash]) -> TileSet {
    Edge::new(SUITE)
        .append(leaves)
        .edge()
        .partial_tiles()
        .into_iter()
        .collect()
}

#[test]
fn roots_are_the_published_ones() {
    let vectors = vectors();
    let leaves = reference_leaves(&vectors);
    for (size, root) in hashes(&vectors["roots"]).iter().enumerate() {
        let appended = Edge::new(SUITE).append(&leaves[..size]);
        assert_eq!(
            (appended.root(), appended.edge().root(), mth(&leaves[..size])),
            (*root, *root, *root)
        );
    }
}

#[test]
fn inclusion_proofs_are_the_published_ones() {
    let vectors = vectors();
    let (leaves, roots) = (reference_leaves(&vectors), hashes(&vectors["roots"]));
    for case in vectors["inclusion"].as_array().unwrap() {
        let (index, size) = (number(case, "index"), number(case, "size"));
        let published = InclusionProof::new(hashes(&case["proof"]));
        published
            .verify(SUITE, &leaves[index], index as u64, size as u64, &roots[size])
            .unwrap();
        assert_eq!(
            Edge::new(SUITE).append(&leaves[..size]).prove(index as u64).unwrap(),
            published
        );
        let tiles = tiles(&leaves[..size]);
        assert_eq!(
            Prover::new(&tiles, SUITE, size as u64).inclusion(index as u64).unwrap(),
            published
        );
        assert_eq!(path(index, &leaves[..size]), published.hashes());
    }
}

#[test]
fn consistency_proofs_are_the_published_ones() {
    let vectors = vectors();
    let (leaves, roots) = (reference_leaves(&vectors), hashes(&vectors["roots"]));
    for case in vectors["consistency"].as_array().unwrap() {
        let (old, new) = (number(case, "old"), number(case, "new"));
        let published = ConsistencyProof::new(hashes(&case["proof"]));
        published
            .verify(SUITE, (old as u64, &roots[old]), (new as u64, &roots[new]))
            .unwrap();
        let old_edge = Edge::new(SUITE).append(&leaves[..old]).into_edge();
        assert_eq!(old_edge.append(&leaves[old..new]).prove_consistency(), published);
        let tiles = tiles(&leaves[..new]);
        assert_eq!(
            Prover::new(&tiles, SUITE, new as u64).consistency(old as u64).unwrap(),
            published
        );
        assert_eq!(proof(old, &leaves[..new]), published.hashes());
    }
}
