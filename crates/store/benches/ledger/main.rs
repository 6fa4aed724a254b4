//! The ledger's speed: entries per second with durable inclusion proofs for 1, 64 and 1,024 writers, bytes per entry,
//! time and size of proofs in large logs; beside what the machine itself can do, and a peer, in one run.
//!
//! `cargo bench --workspace --bench ledger`. `GONGSHU_BENCH_SECONDS` sets the length of one measurement,
//! `GONGSHU_BENCH_TESSERA` names the peer's program (`scripts/bench.sh` builds it), `GONGSHU_BENCH_FOLDER` where the
//! files go.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod figures;
mod machine;
mod peer;
mod proofs;
mod uniform;
mod writers;

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use gongshu_ledger::note::KeyName;
use gongshu_ledger::{NoteSigner, Suite};
use gongshu_store::Store;
use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const WRITERS: [usize; 3] = [1, 64, 1_024];
const SECONDS: u64 = 5;
/// About the size of a call's leaf.
const ENTRY_BYTES: usize = 1_024;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure())
}

async fn measure() -> Outcome<()> {
    let seconds = number("GONGSHU_BENCH_SECONDS").unwrap_or(SECONDS);
    let length = Duration::from_secs(seconds);
    let folder = match std::env::var_os("GONGSHU_BENCH_FOLDER") {
        Some(place) => tempfile::tempdir_in(place)?,
        None => tempfile::tempdir()?,
    };
    machine::syncs(folder.path())?;
    for suite in [Suite::International, Suite::ShangMi] {
        of_suite(suite, folder.path(), length).await?;
    }
    peer::measure(folder.path(), &WRITERS, seconds)
}

/// All that depends on how the log is hashed and signed.
async fn of_suite(suite: Suite, folder: &Path, length: Duration) -> Outcome<()> {
    let name = KeyName::new("bench.example/log").ok_or("no name")?;
    let signer = NoteSigner::from_seed(suite, name, &[7; 32])?;
    println!("\nsuite {}", suite.name());
    machine::measure(&signer)?;
    let folder = tempfile::tempdir_in(folder)?;
    let store = Store::open(&format!("sqlite://{}/store.db", folder.path().display())).await?;
    store.put_suite(suite).await?;
    println!("entries of {ENTRY_BYTES} bytes in SQLite, each with a proof under a signed checkpoint on disk");
    for writers in WRITERS {
        let run = writers::drive(&store, &signer, writers, length).await?;
        println!("{:<12} {run}", format!("{writers} writers"));
    }
    let (entries, bytes) = writers::weigh(&store, folder.path()).await?;
    println!("{bytes:.0} bytes on disk per entry, over {entries} entries, all read back and hashed to the signed root");
    proofs::measure(&store, &signer).await
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}
