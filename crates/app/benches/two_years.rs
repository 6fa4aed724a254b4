//! Two years of a district's life with a million calls, against the goal of a minute: lived, every decision taken again from
//! the record and the books added up, and every paper made and typeset.
//!
//! `cargo bench --workspace --bench two_years`; `GONGSHU_LIFE_CALLS` sets how many calls.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "the life is shared with the tests")]

// The path, the life and its replay are those of the governance tests, the papers those of their own.
#[path = "../../governance/tests/governance/altered.rs"]
mod altered;
#[path = "../../governance/tests/governance/district.rs"]
#[expect(dead_code, reason = "what the governance tests use")]
mod district;
#[path = "../../governance/tests/governance/two_years/life/mod.rs"]
mod life;
#[path = "../tests/papers/made.rs"]
#[expect(dead_code, reason = "the tests read the papers again")]
mod made;
#[path = "../../governance/tests/governance/model/picture.rs"]
mod picture;
#[path = "../../governance/tests/governance/two_years/replay.rs"]
mod replay;
#[path = "../../governance/tests/governance/steps/mod.rs"]
mod steps;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use mimalloc::MiMalloc;

use crate::life::lived;
use crate::made::{Acts, made, typeset};

/// Where the replay finds what compares two states.
mod model {
    pub(crate) use crate::picture::picture;
}

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const CALLS: usize = 1_000_000;
const GOAL: Duration = Duration::from_secs(60);

fn main() {
    let asked = std::env::var("GONGSHU_LIFE_CALLS").ok();
    let calls = asked.map_or(CALLS, |text| text.parse().unwrap());
    let start = Instant::now();
    let life = timed("two years lived", || lived(calls));
    timed("every decision taken again", || replay::decide_again(&life));
    timed("the books added up", || replay::add_up(&life));
    let papers = timed("every paper made", || made(&life.district.state, &Acts::of(&life)));
    let bytes = AtomicUsize::new(0);
    timed("every paper typeset", || {
        typeset(&papers, usize::MAX, |_, _, pdf| {
            bytes.fetch_add(pdf.len(), Ordering::Relaxed);
        });
    });
    let all = start.elapsed();
    println!(
        "{calls} calls, {} acts, {} papers of {} MB",
        life.taken.len(),
        papers.total(),
        bytes.into_inner() / 1_000_000
    );
    let verdict = if all <= GOAL { "kept" } else { "MISSED" };
    println!(
        "{:<28}{:>8.2} s, goal {} s: {verdict}",
        "all of it",
        all.as_secs_f64(),
        GOAL.as_secs()
    );
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    println!("{what:<28}{:>8.2} s", start.elapsed().as_secs_f64());
    done
}
