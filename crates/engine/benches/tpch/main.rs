//! TPC-H, all 22 queries: governed beside bare DataFusion in one process, and beside PostgreSQL (row-level security and
//! masking views) and DuckDB (no control) where `GONGSHU_BENCH_PEERS` names the Python that has them.
//!
//! `cargo bench --workspace --bench tpch`; `GONGSHU_BENCH_SCALE` is the scale factor, 1 where it is left out. With
//! `GONGSHU_BENCH_CHECK` set, only the times of the check are measured, without data (`checks`).
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::unwrap_used, reason = "the tables are shared with the tests")]

mod checks;
mod ours;
mod peers;
#[path = "../../tests/tpch/tables.rs"]
mod tables;

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Duration;

use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    if let Ok(only) = std::env::var("GONGSHU_BENCH_CHECK") {
        return checks::print(&only).await;
    }
    let scale = std::env::var("GONGSHU_BENCH_SCALE").ok();
    let scale = scale.and_then(|text| text.parse().ok()).unwrap_or(1.0);
    let generated = tables::tables(scale);
    let rows: usize = generated.iter().map(|table| table.rows.num_rows()).sum();
    println!("TPC-H at scale {scale}: {rows} rows; milliseconds, medians");
    let peers = match std::env::var("GONGSHU_BENCH_PEERS") {
        Ok(python) => peers::run(&python, &generated)?,
        Err(_) => BTreeMap::new(),
    };
    let names: Vec<&String> = peers.keys().collect();
    let head: String = names.iter().map(|name| format!("{name:>14}")).collect();
    println!(
        "{:<6}{:>10}{:>10}{:>8}{:>10}{head}",
        "", "governed", "bare", "ratio", "check"
    );
    let mut means = Means::default();
    for (name, times) in ours::run(&generated).await? {
        let theirs: Vec<Option<Duration>> = names.iter().map(|peer| peers[*peer].get(name).copied()).collect();
        let shown: String = theirs
            .iter()
            .map(|time| format!("{:>14}", time.map_or("-".to_owned(), millis)))
            .collect();
        let ratio = times.governed.as_secs_f64() / times.bare.as_secs_f64();
        let (governed, bare) = (millis(times.governed), millis(times.bare));
        println!(
            "{name:<6}{governed:>10}{bare:>10}{ratio:>8.3}{:>10.3}{shown}",
            times.check.as_secs_f64() * 1e3
        );
        means.add("governed / bare", ratio);
        for (peer, time) in names.iter().zip(theirs) {
            if let Some(time) = time {
                means.add(
                    &format!("{peer} / governed"),
                    time.as_secs_f64() / times.governed.as_secs_f64(),
                );
            }
        }
    }
    means.print();
    Ok(())
}

fn millis(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1e3)
}

/// Geometric means of ratios.
#[derive(Default)]
struct Means(BTreeMap<String, Vec<f64>>);

impl Means {
    fn add(&mut self, name: &str, ratio: f64) {
        self.0.entry(name.to_owned()).or_default().push(ratio.ln());
    }

    fn print(&self) {
        for (name, logs) in &self.0 {
            let mean = (logs.iter().sum::<f64>() / logs.len() as f64).exp();
            println!("geometric mean of {name}: {mean:.3} over {} queries", logs.len());
        }
    }
}
