//! How long a leaf and a proof take: `cargo run --release -p gongshu-ledger --example proof_speed`.
#![expect(clippy::print_stdout, reason = "an example prints what it finds")]

use gongshu_ledger::{Checkpoint, Edge, Hash, KeyName, NoteSigner, SignedCheckpoint, Suite};
use std::hint::black_box;
use std::time::Instant;

const LOG: usize = 1_000_000;
const SIGNATURES: u128 = 2_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for suite in Suite::ALL {
        println!("{suite}");
        signatures(suite)?;
        let leaves = (0..LOG as u64).map(|index| suite.hash_leaf(&index.to_be_bytes()));
        let leaves: Vec<Hash> = leaves.collect();
        let edge = Edge::new(suite).append(&leaves).into_edge();
        for batch in [1, 10, 100, 1_000, 5_000] {
            measure(&edge, &leaves[..batch])?;
        }
    }
    Ok(())
}

/// How long one takes to sign a checkpoint, and to verify it.
fn signatures(suite: Suite) -> Result<(), Box<dyn std::error::Error>> {
    let name = KeyName::new("longhua.example/ledger").ok_or("not a name")?;
    let signer = NoteSigner::from_seed(suite, name, &[7; 32])?;
    let checkpoint = Checkpoint::new("longhua.example/ledger", 0, suite.empty_root())?;
    let start = Instant::now();
    for _ in 0..SIGNATURES {
        black_box(signer.sign(&checkpoint));
    }
    let sign = start.elapsed().as_micros() / SIGNATURES;
    let signed = SignedCheckpoint::parse(&signer.sign(&checkpoint))?;
    let start = Instant::now();
    for _ in 0..SIGNATURES {
        black_box(signed.note().verify(&[signer.verifier_key()])?);
    }
    println!(
        "{sign} µs to sign, {} µs to verify",
        start.elapsed().as_micros() / SIGNATURES
    );
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
