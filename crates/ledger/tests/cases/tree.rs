//! Growing, restoring and proving logs of many tiles.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that fails")]

use super::common::{entry, hash_leaf, leaves, mth, path, proof, stored_log};
use crate::SUITE;
use gongshu_ledger::tile::decode_hashes;
use gongshu_ledger::{Edge, Hash, ProofError, ProveError, Prover, TileSet, tiles_for_consistency, tiles_for_inclusion};
use proptest::prelude::*;

const LARGE: u64 = 70_000;

#[test]
fn a_large_log_proves_any_entry_from_its_tiles() {
    let (edge, tiles) = stored_log(LARGE, 1_777);
    let mut prover = Prover::new(&tiles, SUITE, LARGE);
    let root = mth(&leaves(LARGE));
    assert_eq!((edge.root(), prover.root().unwrap()), (root, root));
    for index in [
        0,
        1,
        255,
        256,
        257,
        511,
        65_535,
        65_536,
        65_791,
        69_887,
        69_888,
        LARGE - 1,
    ] {
        let proof = prover.inclusion(index).unwrap();
        proof
            .verify(SUITE, &hash_leaf(&entry(index)), index, LARGE, &root)
            .unwrap();
    }
    for index in (0..LARGE).step_by(997) {
        let proof = prover.inclusion(index).unwrap();
        proof
            .verify(SUITE, &hash_leaf(&entry(index)), index, LARGE, &root)
            .unwrap();
    }
}

#[test]
fn a_large_log_is_consistent_with_what_it_was() {
    let (_, tiles) = stored_log(LARGE, 5_000);
    let leaves = leaves(LARGE);
    let root = mth(&leaves);
    for old in [
        1,
        2,
        255,
        256,
        257,
        4_096,
        50_001,
        65_535,
        65_536,
        65_537,
        LARGE - 1,
        LARGE,
    ] {
        let consistency = Prover::new(&tiles, SUITE, LARGE).consistency(old).unwrap();
        let old_leaves = &leaves[..usize::try_from(old).unwrap()];
        assert_eq!(consistency.hashes(), proof(old_leaves.len(), &leaves));
        consistency
            .verify(SUITE, (old, &mth(old_leaves)), (LARGE, &root))
            .unwrap();
    }
}

#[test]
fn every_small_tree_is_as_the_rfc_defines_it() {
    let leaves = leaves(34);
    for new in 1..=leaves.len() {
        let tree = &leaves[..new];
        for old in 0..=new {
            let appended = Edge::new(SUITE).append(&tree[..old]).edge().append(&tree[old..]);
            assert_eq!(appended.root(), mth(tree));
            let consistency = appended.prove_consistency();
            let expected = if old == 0 { Vec::new() } else { proof(old, tree) };
            assert_eq!(consistency.hashes(), expected);
            consistency
                .verify(SUITE, (old as u64, &mth(&tree[..old])), (new as u64, &mth(tree)))
                .unwrap();
            for index in old..new {
                let inclusion = appended.prove(index as u64).unwrap();
                assert_eq!(inclusion.hashes(), path(index, tree));
                inclusion
                    .verify(SUITE, &tree[index], index as u64, new as u64, &mth(tree))
                    .unwrap();
            }
        }
    }
}

#[test]
fn the_tiles_named_for_a_proof_are_enough_for_it() {
    let (_, tiles) = stored_log(LARGE, 4_096);
    let only = |wanted: &std::collections::BTreeSet<_>| -> TileSet {
        wanted.iter().map(|tile| (*tile, tiles[tile].clone())).collect()
    };
    let named = tiles_for_inclusion(300, LARGE).unwrap();
    assert!(named.len() <= 5, "{named:?}");
    Prover::new(&only(&named), SUITE, LARGE).inclusion(300).unwrap();
    let named = tiles_for_consistency(65_793, LARGE).unwrap();
    Prover::new(&only(&named), SUITE, LARGE).consistency(65_793).unwrap();
}

#[test]
fn questions_about_entries_that_are_not_there_are_refused() {
    let (edge, tiles) = stored_log(10, 10);
    let batch = edge.append(&leaves(3));
    assert_eq!(
        batch.prove(9),
        Err(ProofError::OutsideBatch {
            index: 9,
            first: 10,
            end: 13
        })
    );
    assert_eq!(
        batch.prove(13),
        Err(ProofError::OutsideBatch {
            index: 13,
            first: 10,
            end: 13
        })
    );
    let mut prover = Prover::new(&tiles, SUITE, 10);
    assert_eq!(
        prover.inclusion(10),
        Err(ProveError::Proof(ProofError::OutsideTree { index: 10, size: 10 }))
    );
    assert_eq!(
        prover.consistency(11),
        Err(ProveError::Proof(ProofError::Shrinking { old: 11, new: 10 }))
    );
    assert!(matches!(
        Prover::new(&TileSet::new(), SUITE, 10).inclusion(1),
        Err(ProveError::Read { .. })
    ));
}

#[test]
fn a_failed_commit_leaves_the_edge_as_it_was() {
    let edge = Edge::new(SUITE).append(&leaves(300)).into_edge();
    let before = edge.clone();
    drop(edge.append(&leaves(1_000)));
    assert_eq!(edge, before);
}

#[test]
fn an_edge_of_the_wrong_shape_is_refused() {
    assert_eq!(
        Edge::restore(SUITE, 3, vec![leaves(2)]).unwrap_err().code(),
        "edge.wrong-width"
    );
    assert_eq!(
        Edge::restore(SUITE, 0, vec![leaves(1)]).unwrap_err().code(),
        "edge.wrong-width"
    );
    assert_eq!(
        Edge::restore(SUITE, 256, Vec::new()).unwrap_err().code(),
        "edge.wrong-width"
    );
    assert_eq!(
        Edge::restore(SUITE, u64::MAX, Vec::new()).unwrap_err().code(),
        "edge.too-large"
    );
    assert_eq!(Edge::restore(SUITE, 0, Vec::new()).unwrap(), Edge::new(SUITE));
}

fn restored(size: u64, tiles: &TileSet) -> Edge {
    let levels = u64::BITS.div_ceil(8) as usize;
    let mut hashes: Vec<Vec<Hash>> = vec![Vec::new(); levels];
    for tile in Edge::partial_tiles_of(size) {
        let gongshu_ledger::TileKind::Hashes(level) = tile.kind() else {
            unreachable!()
        };
        hashes[usize::from(level)] = decode_hashes(&tile, &tiles[&tile]).unwrap();
    }
    Edge::restore(SUITE, size, hashes).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_split_into_batches_grows_the_same_log(batches in prop::collection::vec(0_usize..900, 1..6)) {
        let all = leaves(batches.iter().sum::<usize>() as u64);
        let mut edge = Edge::new(SUITE);
        for batch in &batches {
            let start = usize::try_from(edge.size()).unwrap();
            let appended = edge.append(&all[start..start + batch]);
            let tree = &all[..start + batch];
            let root = mth(tree);
            prop_assert_eq!(appended.root(), root);
            prop_assert_eq!(appended.edge().root(), root);
            for index in (start..start + batch).step_by(61).chain((start + batch).checked_sub(1).filter(|_| *batch > 0)) {
                prop_assert_eq!(appended.prove(index as u64).unwrap().hashes().to_vec(), path(index, tree));
            }
            if start > 0 {
                prop_assert_eq!(appended.prove_consistency().hashes().to_vec(), proof(start, tree));
            }
            edge = appended.into_edge();
        }
    }

    #[test]
    fn a_restored_edge_goes_on_as_if_nothing_happened(size in 1_u64..70_000, more in 1_u64..700) {
        let (edge, tiles) = stored_log(size, 5_000);
        let again = restored(size, &tiles);
        prop_assert_eq!(&again, &edge);
        let (a, b) = (edge.append(&leaves(more)), again.append(&leaves(more)));
        prop_assert_eq!(a.root(), b.root());
        prop_assert_eq!(a.full_tiles(), b.full_tiles());
    }

    #[test]
    fn any_flipped_bit_breaks_a_proof(size in 2_u64..600, pick in any::<u64>(), bit in any::<u32>()) {
        let all = leaves(size);
        let (index, appended) = (pick % size, Edge::new(SUITE).append(&all));
        let good = appended.prove(index).unwrap();
        let leaf = all[usize::try_from(index).unwrap()];
        good.verify(SUITE, &leaf, index, size, &appended.root()).unwrap();
        let flip = |hash: &Hash| {
            let mut bytes = *hash.as_bytes();
            bytes[(bit / 8 % 32) as usize] ^= 1 << (bit % 8);
            Hash::from_bytes(bytes)
        };
        let mut hashes = good.hashes().to_vec();
        let at = (pick >> 32) as usize % hashes.len();
        hashes[at] = flip(&hashes[at]);
        let bad = gongshu_ledger::InclusionProof::new(hashes);
        prop_assert!(bad.verify(SUITE, &leaf, index, size, &appended.root()).is_err());
        prop_assert!(good.verify(SUITE, &flip(&leaf), index, size, &appended.root()).is_err());
        prop_assert!(good.verify(SUITE, &leaf, index, size, &flip(&appended.root())).is_err());
        prop_assert!(good.verify(SUITE, &leaf, index ^ 1, size, &appended.root()).is_err());
    }

    #[test]
    fn a_proof_of_another_length_is_refused(old in 1_u64..300, more in 1_u64..300) {
        let all = leaves(old + more);
        let before = Edge::new(SUITE).append(&all[..usize::try_from(old).unwrap()]);
        let after = before.edge().append(&all[usize::try_from(old).unwrap()..]);
        let (old, new) = ((old, &before.root()), (old + more, &after.root()));
        let good = after.prove_consistency();
        good.verify(SUITE, old, new).unwrap();
        let longer = [good.hashes(), &[before.root()]].concat();
        prop_assert!(gongshu_ledger::ConsistencyProof::new(longer).verify(SUITE, old, new).is_err());
        let shorter = good.hashes()[1..].to_vec();
        prop_assert!(gongshu_ledger::ConsistencyProof::new(shorter).verify(SUITE, old, new).is_err());
        prop_assert!(good.verify(SUITE, new, old).is_err());
    }
}
