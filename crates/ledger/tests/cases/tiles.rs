//! Tile coordinates, paths and bundles.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that fails")]

use super::common::hash_leaf;
use crate::SUITE;
use gongshu_ledger::tile::subtree_root;
use gongshu_ledger::{BundleError, Edge, Tile, TileKind, decode_bundle, encode_bundle};
use proptest::prelude::*;

fn tile(kind: TileKind, index: u64, width: u16) -> Tile {
    Tile::new(kind, index, width).unwrap()
}

#[test]
fn paths_are_those_of_the_specification() {
    let check = |tile: Tile, path: &str| {
        assert_eq!(tile.path(), path);
        assert_eq!(Tile::from_path(path).unwrap(), tile);
    };
    check(tile(TileKind::Hashes(0), 1_234_067, 256), "tile/0/x001/x234/067");
    check(tile(TileKind::Hashes(63), 0, 1), "tile/63/000.p/1");
    check(tile(TileKind::Entries, 999, 255), "tile/entries/999.p/255");
    check(tile(TileKind::Entries, 1_000, 256), "tile/entries/x001/000");
}

#[test]
fn other_spellings_are_refused() {
    let bad = [
        "",
        "tile/",
        "tile/0/",
        "tile/0/00",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/001/002",
        "tile/0/x000/001",
        "tile/0/x001",
        "tile/0/x001/",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/+01",
        "tile/entries/00a",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/0//000",
        "tile/0/x00é/000",
    ];
    for path in bad {
        assert!(Tile::from_path(path).is_err(), "{path}");
    }
}

#[test]
fn the_specifications_tree_of_70000_has_the_tiles_it_lists() {
    let partial: Vec<String> = Edge::partial_tiles_of(70_000).iter().map(Tile::path).collect();
    assert_eq!(partial, ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]);
    assert_eq!(
        Edge::partial_tiles_of(256).iter().map(Tile::path).collect::<Vec<_>>(),
        ["tile/1/000.p/1"]
    );
    assert!(Tile::in_tree(TileKind::Hashes(0), 272, 70_000).unwrap().is_full());
    assert_eq!(Tile::in_tree(TileKind::Hashes(0), 274, 70_000), None);
    assert_eq!(Tile::in_tree(TileKind::Hashes(63), 0, u64::MAX), None);
}

#[test]
fn a_full_tiles_root_is_its_hash_one_level_up() {
    let leaves: Vec<_> = (0..=255_u8).map(|byte| hash_leaf(&[byte])).collect();
    let appended = Edge::new(SUITE).append(&leaves);
    assert_eq!(subtree_root(SUITE, &leaves), Some(appended.root()));
    assert_eq!(appended.edge().partial_tiles()[0].1, appended.root().as_bytes());
    assert_eq!(
        (subtree_root(SUITE, &leaves[..3]), subtree_root(SUITE, &[])),
        (None, None)
    );
}

#[test]
fn bundles_that_cannot_be_are_refused() {
    let long = vec![0_u8; 65_536];
    assert_eq!(
        encode_bundle(&[&long]),
        Err(BundleError::EntryTooLong {
            position: 0,
            bytes: 65_536
        })
    );
    assert_eq!(encode_bundle(&vec![b""; 257]), Err(BundleError::TooManyEntries));
    assert_eq!(decode_bundle(&[0, 1]), Err(BundleError::Truncated { position: 0 }));
    assert_eq!(decode_bundle(&[0, 0, 0]), Err(BundleError::Truncated { position: 1 }));
    assert_eq!(decode_bundle(&[0; 514]), Err(BundleError::TooManyEntries));
    assert_eq!(encode_bundle(&[&b"ab"[..], b""]).unwrap(), [0, 2, b'a', b'b', 0, 0]);
}

proptest! {
    #[test]
    fn paths_round_trip(level in prop::option::of(0_u8..64), index in any::<u64>(), width in 1_u16..=256) {
        let tile = tile(level.map_or(TileKind::Entries, TileKind::Hashes), index, width);
        prop_assert_eq!(Tile::from_path(&tile.path()).unwrap(), tile);
    }

    #[test]
    fn what_parses_as_a_path_prints_as_it_was(path in "(tile/[0-9e]{0,2}/)?(x?[0-9]{2,3}/){0,3}[0-9]{3}(\\.p/[0-9]{0,3})?") {
        if let Ok(tile) = Tile::from_path(&path) {
            prop_assert_eq!(tile.path(), path);
        }
    }

    #[test]
    fn bundles_round_trip(entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..=256)) {
        let bytes = encode_bundle(&entries).unwrap();
        prop_assert_eq!(decode_bundle(&bytes).unwrap(), entries);
    }

    #[test]
    fn any_bytes_are_a_bundle_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        if let Ok(entries) = decode_bundle(&bytes) {
            prop_assert_eq!(encode_bundle(&entries).unwrap(), bytes);
        }
    }
}
