//! How long a leaf and a proof take: `cargo run --release -p gongshu-ledger --example proof_speed`.
#![expect(clippy::print_stdout, reason = "an example prints what it finds")]

use gongshu_ledger::{Edge, Hash, hash_leaf};
use std::hint::black_box;
use std::time::Instant;

const LOG: usize = 1_000_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let leaves: Vec<Hash> = (0..LOG as u64).map(|index| hash_leaf(&index.to_be_bytes())).collect();
    let edge = Edge::new().append(&leaves).into_edge();
    for batch in [1, 10, 100, 1_000, 5_000] {
        measure(&edge, &leaves[..batch])?;
    }
    Ok(())
}

fn measure(edge: &Edge, batch: &[Hash]) -> Result<(), Box<dyn std::error::Error>> {
    let rounds = 200_000 / batch.len().max(200);
    let (mut append, mut prove) = (0, 0);
    for _ in 0..rounds {
        let start = Instant::now();
        let appended = black_box(edge.append(batch));
        append += start.elapsed().as_nanos();
        let start = Instant::now();
        for index in edge.size()..appended.size() {
            black_box(appended.prove(index)?);
        }
        prove += start.elapsed().as_nanos();
    }
    let leaves = (rounds * batch.len()) as u128;
    println!(
        "batch of {:>5} on {LOG}: {:>6} ns a leaf, {:>4} ns a proof",
        batch.len(),
        append / leaves,
        prove / leaves
    );
    Ok(())
}
