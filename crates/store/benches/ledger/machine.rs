//! What the machine can do: nothing that is durable, hashed and signed can be faster.

use std::fs::File;
use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use gongshu_ledger::{Checkpoint, NoteSigner, SignedNote};

use crate::figures::Times;
use crate::{ENTRY_BYTES, Outcome};

const SYNCS: usize = 2_000;
/// One page of SQLite.
const SYNCED_BYTES: usize = 4_096;
const COUNTING: Duration = Duration::from_millis(500);

/// How fast it hashes and signs.
pub(crate) fn measure(signer: &NoteSigner) -> Outcome<()> {
    let (suite, key) = (signer.suite(), signer.verifier_key());
    let (leaf, node) = (suite.hash_leaf(b""), suite.hash_leaf(b"another"));
    let nodes = rate(|| suite.hash_node(black_box(&leaf), black_box(&node)));
    let entry = vec![7; ENTRY_BYTES];
    let leaves = rate(|| suite.hash_leaf(black_box(&entry)));
    println!("one core hashes      {nodes:.0} nodes/s, {leaves:.0} leaves of {ENTRY_BYTES} bytes/s");
    let checkpoint = Checkpoint::new("bench.example/log", 1, leaf)?;
    let note = SignedNote::parse(&signer.sign(&checkpoint))?;
    let signs = rate(|| signer.sign(black_box(&checkpoint)));
    let checks = rate(|| note.verify(std::slice::from_ref(black_box(&key))));
    println!("one core signs       {signs:.0} checkpoints/s, verifies {checks:.0}/s");
    Ok(())
}

/// Appends and syncs page by page, as a write-ahead log grows.
pub(crate) fn syncs(folder: &Path) -> Outcome<()> {
    let path = folder.join("syncs");
    let mut file = File::create(&path)?;
    let page = vec![7; SYNCED_BYTES];
    let mut times = Vec::with_capacity(SYNCS);
    for _ in 0..SYNCS {
        file.write_all(&page)?;
        let begun = Instant::now();
        file.sync_data()?;
        times.push(begun.elapsed());
    }
    std::fs::remove_file(path)?;
    println!("this machine, {} cores", std::thread::available_parallelism()?);
    println!("fdatasync of 4 KiB   {}", Times::new(times));
    Ok(())
}

/// How often a second.
fn rate<T>(mut work: impl FnMut() -> T) -> f64 {
    let begun = Instant::now();
    let mut done = 0_u32;
    while begun.elapsed() < COUNTING {
        for _ in 0..16 {
            black_box(work());
        }
        done += 16;
    }
    f64::from(done) / begun.elapsed().as_secs_f64()
}
