//! Proofs of old entries: a million that are stored, a billion that are simulated.

use std::time::Instant;

use gongshu_ledger::{
    Edge, NoteSigner, Prover, Suite, Tile, TileKind, TileSet, tiles_for_consistency, tiles_for_inclusion,
};
use gongshu_store::{Batch, Store};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::figures::Times;
use crate::uniform::Uniform;
use crate::{ENTRY_BYTES, Outcome};

const STORED: u64 = 1_000_000;
const SIMULATED: u64 = 1_000_000_000;
const PROOFS: usize = 2_000;
const FILL_ENTRIES: u64 = 4_096;

pub(crate) async fn measure(store: &Store, signer: &NoteSigner) -> Outcome<()> {
    let edge = fill(store, signer).await?;
    println!("\nproofs of any entry");
    println!("{}", stored(store, &edge).await?);
    println!("{}", simulated(signer.suite())?);
    Ok(())
}

/// Adds entries up to a million.
async fn fill(store: &Store, signer: &NoteSigner) -> Outcome<Edge> {
    let mut edge = store.load().await?.edge;
    while edge.size() < STORED {
        let until = STORED.min(edge.size() + FILL_ENTRIES);
        let entries = (edge.size()..until).map(|number| {
            let mut entry = number.to_string().into_bytes();
            entry.resize(ENTRY_BYTES, b'.');
            entry
        });
        let mut batch = Batch {
            entries: entries.collect(),
            ..Batch::default()
        };
        let appended = batch.seal(&edge, signer)?;
        store.commit(&batch).await?;
        edge = appended.into_edge();
    }
    Ok(edge)
}

/// Each proof with the reading of its tiles from SQLite.
async fn stored(store: &Store, edge: &Edge) -> Outcome<String> {
    let (suite, size, root) = (edge.suite(), edge.size(), edge.root());
    let partial: TileSet = edge.partial_tiles().into_iter().collect();
    let mut random = StdRng::seed_from_u64(1);
    let (mut times, mut bytes) = (Vec::with_capacity(PROOFS), 0);
    for _ in 0..PROOFS {
        let index = random.random_range(0..size);
        let begun = Instant::now();
        let mut tiles = TileSet::new();
        for tile in tiles_for_inclusion(index, size)? {
            tiles.insert(tile, read(store, &partial, tile).await?);
        }
        let proof = Prover::new(&tiles, suite, size).inclusion(index)?;
        times.push(begun.elapsed());
        bytes = bytes.max(proof.hashes().len() * 32);
        let entry = store.entries(index, 1).await?.pop().ok_or("an entry is missing")?;
        proof.verify(suite, &suite.hash_leaf(&entry), index, size, &root)?;
    }
    let times = Times::new(times);
    Ok(format!(
        "in {size} stored entries        {times}  at most {bytes} bytes, all verified"
    ))
}

async fn read(store: &Store, partial: &TileSet, tile: Tile) -> Outcome<Vec<u8>> {
    if let Some(bytes) = partial.get(&tile) {
        return Ok(bytes.clone());
    }
    let TileKind::Hashes(level) = tile.kind() else {
        return Err("a proof is made of hashes".into());
    };
    let bytes = store.tile(level, tile.index()).await?;
    Ok(bytes.ok_or_else(|| format!("tile {tile} is missing"))?)
}

fn simulated(suite: Suite) -> Outcome<String> {
    let log = Uniform::of(suite, b"the same");
    let root = Prover::new(&log, suite, SIMULATED).root()?;
    let leaf = suite.hash_leaf(b"the same");
    let mut random = StdRng::seed_from_u64(2);
    let (mut times, mut bytes, mut read) = (Vec::with_capacity(PROOFS), 0, 0);
    for _ in 0..PROOFS {
        let index = random.random_range(0..SIMULATED);
        let begun = Instant::now();
        let proof = Prover::new(&log, suite, SIMULATED).inclusion(index)?;
        times.push(begun.elapsed());
        bytes = bytes.max(proof.hashes().len() * 32);
        read = read.max(tiles_for_inclusion(index, SIMULATED)?.len());
        proof.verify(suite, &leaf, index, SIMULATED, &root)?;
    }
    let old = random.random_range(1..SIMULATED);
    let consistency = Prover::new(&log, suite, SIMULATED).consistency(old)?;
    let (hashes, tiles) = (consistency.hashes().len(), tiles_for_consistency(old, SIMULATED)?.len());
    let old_root = Prover::new(&log, suite, old).root()?;
    consistency.verify(suite, (old, &old_root), (SIMULATED, &root))?;
    Ok(format!(
        "in {SIMULATED} simulated ones  {}  at most {bytes} bytes out of {read} tiles, all verified; \
         consistent with {old} by {} bytes out of {tiles} tiles",
        Times::new(times),
        hashes * 32
    ))
}
