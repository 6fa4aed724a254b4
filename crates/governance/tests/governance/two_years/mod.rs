//! Two years of a district's life under a virtual clock: plan, tender, agreement, 40 resources, 30 scenarios, 60 products,
//! months of calls with their books, an incident, an assessment, an amendment, a dispute, disclosures, an exit. Then every
//! act and call is decided again from the record, and the books are added up to the cent.
//!
//! `GONGSHU_LIFE_CALLS` says how many calls are made; `make torture` makes a million.

mod record;
mod replay;

use std::time::Instant;

use crate::life::lived;

fn calls_in_all() -> usize {
    let asked = std::env::var("GONGSHU_LIFE_CALLS").ok();
    asked.map_or(20_000, |text| text.parse().unwrap())
}

#[test]
fn two_years_are_lived_decided_again_and_add_up() {
    let (started, calls) = (Instant::now(), calls_in_all());
    let life = lived(calls);
    let lived = started.elapsed();
    replay::decide_again(&life);
    let decided = started.elapsed() - lived;
    replay::add_up(&life);
    assert_eq!(life.calls.len(), calls);
    record::complete(&life);
    println!(
        "two years: lived in {:.1} s, decided again in {:.1} s, {} MB at most\n{}",
        lived.as_secs_f64(),
        decided.as_secs_f64(),
        memory_mb(),
        record::figures(&life)
    );
}

/// Most memory that this process had.
fn memory_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kb.unwrap_or(0) / 1_000
}
