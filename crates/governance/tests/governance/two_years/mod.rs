//! Two years of a district's life under a virtual clock: plan, tender, agreement, 40 resources, 30 scenarios, 60 products,
//! months of calls with their books, an incident, an assessment, an amendment, a dispute, disclosures, an exit. Then every
//! act and call is decided again from the record, and the books are added up to the cent.
//!
//! `GONGSHU_LIFE_CALLS` says how many calls are made; `make torture` makes a million.

mod begin;
mod end;
mod months;
mod record;
mod replay;

use std::sync::OnceLock;
use std::time::Instant;

use gongshu_governance::Command;
use jiff::civil::Date;

use crate::district::{District, path};

const RESOURCES: usize = 40;
const SCENARIOS: usize = 30;
const PRODUCTS: usize = 60;
const MONTHS: usize = 24;

/// What was asked, by whom, when, and how many events it led to.
struct Taken {
    party: String,
    command: Command,
    at: jiff::Timestamp,
    events: usize,
}

/// A life under way.
struct Life {
    district: District,
    taken: Vec<Taken>,
    calls: Vec<months::Called>,
}

impl Life {
    fn new() -> Self {
        Self {
            district: District::empty(),
            taken: Vec::new(),
            calls: Vec::new(),
        }
    }

    /// Ten in the morning of a day in Shanghai.
    fn on(&mut self, day: Date) {
        let at: jiff::Timestamp = format!("{day}T02:00:00Z").parse().unwrap();
        assert!(self.taken.last().is_none_or(|last| last.at <= at), "time goes on");
        self.district.now = at;
    }

    fn must(&mut self, party: &str, command: Command) {
        let before = self.district.events.len();
        self.district.must(party, &command);
        self.taken.push(Taken {
            party: party.to_owned(),
            command,
            at: self.district.now,
            events: self.district.events.len() - before,
        });
    }

    /// A step of the path that asks for the act, with some members changed.
    fn step(&mut self, act: &str, changes: &[(&str, serde_json::Value)]) {
        let (party, command) = template(act);
        self.must(party, crate::coverage::altered(&command, changes));
    }
}

/// The step of the path that asks for the act.
fn template(act: &str) -> (&'static str, Command) {
    static PATH: OnceLock<Vec<(&str, Command)>> = OnceLock::new();
    let mut steps = PATH.get_or_init(path).iter();
    let step = steps.find(|(_, command)| command.act().id() == act);
    step.cloned().unwrap_or_else(|| panic!("the path has no {act}"))
}

fn calls_in_all() -> usize {
    let asked = std::env::var("GONGSHU_LIFE_CALLS").ok();
    asked.map_or(20_000, |text| text.parse().unwrap())
}

#[test]
fn two_years_are_lived_decided_again_and_add_up() {
    let (started, calls) = (Instant::now(), calls_in_all());
    let mut life = Life::new();
    begin::found(&mut life);
    begin::offer(&mut life);
    months::live(&mut life, calls);
    end::exit(&mut life);
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
