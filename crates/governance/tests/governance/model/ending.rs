//! The exit of the one agreement: steps with owners and days, what was reported, whether it is closed.

use std::collections::{BTreeMap, BTreeSet};

use gongshu_governance::Command;
use gongshu_governance::exit::{AssetReport, ExitStep, PlanExit, ReportExitStep, StartExit};
use jiff::civil::Date;

use super::chain::Assets;
use super::request::kept;

/// An exit that has been started.
#[derive(Debug, Clone)]
pub(super) struct Ending {
    pub(super) started: Date,
    pub(super) due: Date,
    pub(super) steps: BTreeMap<ExitStep, Step>,
    reported: BTreeSet<String>,
    pub(super) closed: bool,
    /// Whether what was earned too much is given back.
    pub(super) returned: bool,
}

/// A step that has been planned.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) owner: String,
    pub(super) due: Date,
    pub(super) done: bool,
}

impl Ending {
    pub(super) fn new(start: &StartExit, today: Date) -> Self {
        Self {
            started: today,
            due: start.due,
            steps: BTreeMap::new(),
            reported: BTreeSet::new(),
            closed: false,
            returned: false,
        }
    }

    /// Assets that no step has reported.
    pub(super) fn open(&self, assets: &Assets) -> Assets {
        let mut open = assets.clone();
        open.retain(|id, _| !self.reported.contains(id));
        open
    }

    /// The steps that an exit needs.
    pub(super) fn needed(assets: &Assets) -> BTreeSet<ExitStep> {
        let of_assets = assets.values().map(|(step, _)| *step);
        of_assets.chain([ExitStep::HandOver, ExitStep::Settlement]).collect()
    }

    /// Whether a plan has each needed step once, with a day until that of the exit; once that is over, with any.
    pub(super) fn plans(&self, plan: &PlanExit, assets: &Assets, today: Date) -> bool {
        let steps: BTreeSet<ExitStep> = plan.steps.iter().map(|it| it.step).collect();
        let last = if self.due < today { Date::MAX } else { self.due };
        let in_time = plan.steps.iter().all(|it| {
            let done = self.steps.get(&it.step).is_some_and(|step| step.done);
            done || (today..=last).contains(&it.due)
        });
        let once = steps.len() == plan.steps.len();
        let said: BTreeSet<&str> = plan.run_outs.iter().map(|it| it.subscription.as_str()).collect();
        let mut sold = self.open(assets);
        sold.retain(|_, (step, _)| *step == ExitStep::Subscriptions);
        let said_of_each = sold.keys().all(|id| said.contains(id.as_str()));
        !self.closed && once && in_time && said_of_each && Self::needed(assets).is_subset(&steps)
    }

    /// Whether its owner reports exactly what is open of the step, as it may end; the settlement once all is settled.
    pub(super) fn reports(&self, by: &str, of: &ReportExitStep, assets: &Assets, settled: bool, excess: bool) -> bool {
        let Some(step) = self.steps.get(&of.step) else {
            return false;
        };
        let mut open = self.open(assets);
        open.retain(|_, (of_step, _)| *of_step == of.step);
        let named: BTreeSet<&str> = of.report.iter().map(|line| line.asset.as_str()).collect();
        let may_end = |line: &AssetReport| {
            let asset = open.get(&line.asset);
            let harmless = line.statement.as_ref().is_some_and(|it| !it.reveals_raw_data);
            asset.is_some_and(|(_, ends)| ends.contains(&line.outcome))
                && !line.evidence.is_empty()
                && harmless == kept(&line.asset, line.outcome)
        };
        let exact = named.len() == of.report.len() && named.len() == open.len() && of.report.iter().all(may_end);
        let settles = of.step == ExitStep::Settlement;
        let again = step.done && open.is_empty() && !(settles && excess);
        let shown = !of.evidence.is_empty();
        !self.closed
            && step.owner == by
            && exact
            && shown
            && !again
            && (!settles || settled && of.excess_returned.is_some() == excess)
    }

    /// Whether each step is done, nothing is left, and nobody owes or is owed a fen.
    pub(super) fn closes(&self, assets: &Assets, settled: bool) -> bool {
        let done = Self::needed(assets).iter().all(|step| self.steps.contains_key(step))
            && self.steps.values().all(|step| step.done);
        !self.closed && done && self.open(assets).is_empty() && settled
    }

    pub(super) fn take(&mut self, command: &Command) {
        match command {
            Command::PlanExit(plan) => {
                self.steps.retain(|_, step| step.done);
                for of in &plan.steps {
                    let (owner, due) = (of.owner.to_string(), of.due);
                    let new = Step {
                        owner,
                        due,
                        done: false,
                    };
                    self.steps.entry(of.step).or_insert(new);
                }
            }
            Command::ReportExitStep(of) => {
                self.returned |= of.excess_returned.is_some();
                self.reported.extend(of.report.iter().map(|line| line.asset.clone()));
                if let Some(step) = self.steps.get_mut(&of.step) {
                    step.done = true;
                }
            }
            Command::CloseExit(_) => self.closed = true,
            _ => {}
        }
    }
}
