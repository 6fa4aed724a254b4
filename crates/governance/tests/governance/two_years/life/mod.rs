//! Two years of a district's life under a virtual clock: plan, tender, agreement, 40 resources, 30 scenarios, 60 products,
//! months of calls with their books, an incident, an assessment, an amendment, a dispute, disclosures, an exit.

pub(crate) mod begin;
mod end;
pub(crate) mod months;

use std::sync::OnceLock;

use gongshu_governance::Command;
use jiff::civil::Date;

use crate::district::{District, path};

pub(crate) const RESOURCES: usize = 40;
pub(crate) const SCENARIOS: usize = 30;
pub(crate) const PRODUCTS: usize = 60;
pub(crate) const MONTHS: usize = 24;

/// What was asked, by whom, when, and how many events it led to.
pub(crate) struct Taken {
    pub(crate) party: String,
    pub(crate) command: Command,
    pub(crate) at: jiff::Timestamp,
    pub(crate) events: usize,
}

/// A life under way.
pub(crate) struct Life {
    pub(crate) district: District,
    pub(crate) taken: Vec<Taken>,
    pub(crate) calls: Vec<months::Called>,
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
        self.must(party, crate::altered::altered(&command, changes));
    }
}

/// The step of the path that asks for the act.
fn template(act: &str) -> (&'static str, Command) {
    static PATH: OnceLock<Vec<(&str, Command)>> = OnceLock::new();
    let mut steps = PATH.get_or_init(path).iter();
    let step = steps.find(|(_, command)| command.act().id() == act);
    step.cloned().unwrap_or_else(|| panic!("the path has no {act}"))
}

/// The whole of it, with so many calls.
pub(crate) fn lived(calls: usize) -> Life {
    let mut life = Life::new();
    begin::found(&mut life);
    begin::offer(&mut life);
    months::live(&mut life, calls);
    end::exit(&mut life);
    life
}
