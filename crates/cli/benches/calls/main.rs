//! Calls per second with durable receipts, for 1, 16 and 256 clients, beside a bare handler that does one durable
//! SQLite insert per request. Both are servers of their own process on this machine; the same client drives both.
//!
//! `cargo bench --workspace --bench calls`; `GONGSHU_BENCH_SECONDS` sets the length of one measurement.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod district;
mod load;
mod peer;

use std::time::Duration;

use anyhow::Result;
use load::{Figures, Target};

const CLIENTS: [usize; 3] = [1, 16, 256];
const SECONDS: u64 = 5;

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, flag, file] = arguments.as_slice()
        && flag == "--peer"
    {
        return runtime.block_on(peer::serve(file));
    }
    runtime.block_on(measure())
}

async fn measure() -> Result<()> {
    let seconds = std::env::var("GONGSHU_BENCH_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok());
    let length = Duration::from_secs(seconds.unwrap_or(SECONDS));
    let folder = tempfile::tempdir()?;
    println!("setting up the sample district and its peer …");
    let district = district::District::start(folder.path()).await?;
    let peer = peer::Peer::start(folder.path())?;
    println!(
        "\n{:<10} {:>42} {:>42}",
        "clients", "gongshu: consented call, durable receipt", "bare axum: one durable SQLite insert"
    );
    for clients in CLIENTS {
        let ours = run(&district.call, clients, length).await?;
        let theirs = run(&peer.call, clients, length).await?;
        println!("{clients:<10} {:>42} {:>42}", ours.to_string(), theirs.to_string());
    }
    println!("\nother products at {} clients", CLIENTS[2]);
    for (name, call) in &district.others {
        println!("{name:<24} {:>42}", run(call, CLIENTS[2], length).await?.to_string());
    }
    println!("\n{}", district.stop_and_audit()?);
    Ok(())
}

async fn run(target: &Target, clients: usize, length: Duration) -> Result<Figures> {
    load::drive(target, clients, Duration::from_secs(1)).await?;
    load::drive(target, clients, length).await
}
