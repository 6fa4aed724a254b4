//! The end of a lane: whatever has happened, its exit can be begun and closed, beside the agreements that go on.

use gongshu_governance::Command;
use gongshu_governance::agreement::AgreementStatus;
use gongshu_governance::books::metered_revenue;
use gongshu_governance::calendar::day_of;
use gongshu_governance::exit::{
    AssetClass, AssetReport, CloseExit, Exit, ExitStatus, ExitStep, ModelStatement, Outcome, PlanExit, PlannedStep,
    ReportExitStep, RunOut, inventory, needed_steps,
};
use gongshu_governance::identifier::{ExitId, PartyId, SubscriptionId, VersionId};
use gongshu_governance::money::Money;
use gongshu_governance::power::Act;
use gongshu_governance::report::OperatingReport;
use gongshu_governance::revenue::{SettleRevenue, pending_excess};
use proptest::prelude::*;
use serde_json::json;

use super::lane::acts;
use super::{Run, Seen};
use crate::altered::altered;
use crate::district::actor_of;

impl Run {
    /// The exit of a lane's agreement begins where it has not, and is wound down and closed.
    pub(super) fn finish(&mut self, lane: usize, seen: &mut Seen) -> Result<(), TestCaseError> {
        let id = self.lanes[lane].agreement();
        let signed = |run: &Self| {
            let agreement = run.district.state.agreements.get(&id);
            agreement.is_some_and(|it| matches!(it.status, AgreementStatus::Signed { .. }))
        };
        if signed(self) {
            let (agency, start) = self.of(lane, Act::StartExit);
            self.must(lane, agency, &start, seen)?;
        }
        let Some(exit) = self.exit(lane).map(|exit| exit.start.id.clone()) else {
            return Ok(());
        };
        self.pass(48, seen);
        self.settle(lane, seen)?;
        self.settle_revenues(lane, seen)?;
        self.clear_assets(lane, seen)?;
        let plan = self.plan(lane, &exit);
        self.must(lane, "pty_agency", &plan, seen)?;
        for step in ExitStep::ALL {
            if let Some(report) = self.report(lane, &exit, step) {
                let operator = self.lanes[lane].party("pty_operator");
                self.must(lane, operator, &report, seen)?;
            }
        }
        let text = "资产处置完毕，账目结清".to_owned();
        let close = Command::CloseExit(CloseExit { exit, text });
        // Whoever planned the exit does not close it.
        self.ask(lane, &actor_of("pty_agency", &close), &close, seen)?;
        prop_assert!(self.exit(lane).is_none(), "the exit of lane {} stays open", lane);
        self.report_year(lane, seen)
    }

    /// The operator reports on the last year of a lane's agreement, where it was in force at all, and the agency accepts it.
    fn report_year(&mut self, lane: usize, seen: &mut Seen) -> Result<(), TestCaseError> {
        let (state, id) = (&self.district.state, self.lanes[lane].agreement());
        let agreement = &state.agreements[&id];
        let AgreementStatus::Ended { at, .. } = agreement.status else {
            return Ok(());
        };
        let term = agreement.terms.term;
        let last = term.until.min(day_of(at));
        let of_it = |it: &std::sync::Arc<OperatingReport>| it.report.agreement == id && it.report.year == last.year();
        if last < term.from || state.reports.values().any(of_it) {
            return Ok(());
        }
        let (operator, submit) = self.of(lane, Act::SubmitReport);
        self.must(
            lane,
            operator,
            &altered(&submit, &[("/of/year", json!(last.year()))]),
            seen,
        )?;
        let (agency, review) = self.of(lane, Act::ReviewReport);
        self.must(lane, agency, &review, seen)
    }

    /// The exit of a lane that is not closed.
    fn exit(&self, lane: usize) -> Option<&Exit> {
        let id = self.lanes[lane].agreement();
        let mut exits = self.district.state.exits.values();
        let open = |exit: &&std::sync::Arc<Exit>| matches!(exit.status, ExitStatus::Started { .. });
        exits
            .find(|exit| exit.start.agreement == id && open(exit))
            .map(|exit| &**exit)
    }

    /// The step of the path that first asks for an act, in this lane.
    pub(super) fn of(&self, lane: usize, act: Act) -> (&'static str, Command) {
        let step = acts().iter().position(|it| *it == act).unwrap();
        self.command(lane, step)
    }

    fn settle_revenues(&mut self, lane: usize, seen: &mut Seen) -> Result<(), TestCaseError> {
        let (state, id) = (&self.district.state, self.lanes[lane].agreement());
        let open = state
            .revenues
            .values()
            .filter(|it| it.is_open() && it.permit.agreement == id);
        let settle = open.map(|it| {
            let period = it.permit.period;
            let earned = metered_revenue(state, &id, period.from, period.until).unwrap_or_default();
            let (revenue, basis) = (it.permit.id.clone(), "年度核算".to_owned());
            Command::SettleRevenue(SettleRevenue { revenue, earned, basis })
        });
        for settle in settle.collect::<Vec<_>>() {
            self.must(lane, "pty_agency", &settle, seen)?;
        }
        Ok(())
    }

    /// Versions are destroyed, and what waits to leave is withdrawn.
    fn clear_assets(&mut self, lane: usize, seen: &mut Seen) -> Result<(), TestCaseError> {
        for (asset, class) in self.assets(lane) {
            match class {
                AssetClass::RawData { destroyed: false } => {
                    for act in [Act::OrderDestruction, Act::RecordDestruction] {
                        let (market, command) = self.of(lane, act);
                        let ordered = self.is_ordered(&asset);
                        if act == Act::RecordDestruction || !ordered {
                            let command = altered(&command, &[("/of/version", json!(asset))]);
                            self.must(lane, market, &command, seen)?;
                        }
                    }
                }
                AssetClass::SealedOutput { released: false } => {
                    let (partner, command) = self.of(lane, Act::WithdrawOutput);
                    self.must(lane, partner, &command, seen)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn is_ordered(&self, version: &str) -> bool {
        let id = VersionId::new(version);
        let mut versions = self
            .district
            .state
            .resources
            .values()
            .flat_map(|resource| &resource.versions);
        versions.any(|it| it.id == id && !it.status.stands())
    }

    fn assets(&self, lane: usize) -> Vec<(String, AssetClass)> {
        let state = &self.district.state;
        let agreement = &state.agreements[&self.lanes[lane].agreement()];
        let mut assets = inventory(state, agreement);
        for line in self.exit(lane).into_iter().flat_map(Exit::reported) {
            assets.remove(&line.asset);
        }
        assets.into_iter().collect()
    }

    /// Every step by the operator until the day of the exit, or today where that is over; open orders are refunded.
    fn plan(&self, lane: usize, id: &ExitId) -> Command {
        let state = &self.district.state;
        let exit = &state.exits[id];
        let today = gongshu_governance::calendar::day_of(self.district.now);
        let needed = needed_steps(state, &state.agreements[&self.lanes[lane].agreement()]);
        let steps = needed
            .into_iter()
            .chain(exit.steps.keys().copied())
            .collect::<std::collections::BTreeSet<_>>();
        let planned = |step| PlannedStep {
            step,
            owner: PartyId::new(self.lanes[lane].party("pty_operator")),
            due: exit.start.due.max(today),
        };
        let sold = self
            .assets(lane)
            .into_iter()
            .filter(|(_, class)| ExitStep::of(*class) == ExitStep::Subscriptions);
        let refunded = sold.map(|(asset, _)| RunOut {
            subscription: SubscriptionId::new(asset),
            continued_under: None,
        });
        Command::PlanExit(Box::new(PlanExit {
            exit: id.clone(),
            steps: steps.into_iter().map(planned).collect(),
            run_outs: refunded.collect(),
        }))
    }

    /// The report of what is left of a step; none where nothing is.
    fn report(&self, lane: usize, id: &ExitId, step: ExitStep) -> Option<Command> {
        let planned = self.district.state.exits[id].steps.get(&step)?;
        let left = self
            .assets(lane)
            .into_iter()
            .filter(|(_, class)| ExitStep::of(*class) == step);
        let line = |(asset, class): (String, AssetClass)| {
            let outcome = Outcome::ALL
                .into_iter()
                .find(|it| class.allows(*it) && *it != Outcome::Continued)
                .unwrap();
            let kept = matches!(class, AssetClass::DerivedModel { .. }) && outcome != Outcome::Destroyed;
            AssetReport {
                asset,
                outcome,
                evidence: "移交清单".to_owned(),
                successor: None,
                statement: kept.then(|| ModelStatement {
                    document_sha256: "e3".repeat(32),
                    reveals_raw_data: false,
                }),
            }
        };
        let report: Vec<AssetReport> = left.map(line).collect();
        // What was earned too much is given back with the settlement.
        let excess = pending_excess(&self.district.state, &self.lanes[lane].agreement());
        let excess_returned = (step == ExitStep::Settlement && excess > Money::ZERO).then_some(excess);
        let done = planned.done.is_some() && report.is_empty() && excess_returned.is_none();
        (!done).then(|| {
            Command::ReportExitStep(Box::new(ReportExitStep {
                exit: id.clone(),
                step,
                report,
                evidence: "移交清单".to_owned(),
                excess_returned,
            }))
        })
    }
}
