//! The rightful parties do what is left of an exit: there is no way into one that has no way out.

use gongshu_governance::Command;
use gongshu_governance::exit::{ExitStep, PlanExit, PlannedStep};
use gongshu_governance::identifier::PartyId;
use gongshu_governance::money::Money;
use gongshu_governance::power::Act;
use jiff::ToSpan;
use jiff::civil::Date;
use proptest::prelude::*;
use serde_json::json;

use super::Run;
use super::ending::Ending;
use super::request::{Flaw, close, credit, destruction, exit, of_path, payment, refund, share};
use crate::altered::altered;

impl Run {
    /// The exit begins, where there is a signed agreement.
    pub(super) fn start(&mut self) -> Result<(), TestCaseError> {
        let (agency, start) = of_path(Act::StartExit);
        let due = self.model.today.saturating_add(60.days());
        self.ask(agency, agency, &altered(&start, &[("/of/due", json!(due))]))?;
        Ok(())
    }

    fn must(&mut self, (party, command): (&str, Command)) -> Result<(), TestCaseError> {
        let done = self.ask(party, party, &command)?;
        prop_assert!(done, "{:?} by {}, {:?}", command, party, self.model);
        Ok(())
    }

    /// Whatever has happened, an exit that began can be closed.
    pub(super) fn wind_down(&mut self) -> Result<(), TestCaseError> {
        if self.model.ending.as_ref().is_none_or(|ending| ending.closed) {
            return Ok(());
        }
        self.settle()?;
        while let Some((version, ordered)) = self.model.undestroyed().first().cloned() {
            self.must(destruction(&version, ordered))?;
        }
        if self.model.assets().contains_key("out_1") {
            self.must(of_path(Act::WithdrawOutput))?;
        }
        self.plan_what_is_left()?;
        for step in ExitStep::ALL {
            if self.is_left(step) {
                self.must(self.report(step, 0, Flaw::None))?;
            }
        }
        if self.owe_again()? {
            self.ask("pty_agency", "pty_agency", &close())?;
            self.settle()?;
        }
        self.must(("pty_agency", close()))
    }

    /// Every step is done, and a bill is credited or a month that was forgotten is billed.
    fn owe_again(&mut self) -> Result<bool, TestCaseError> {
        let bills = self.model.accounts.bills.clone();
        let billed = bills.into_iter().find(|(_, bill)| bill.charged > 0);
        let command = billed.map_or_else(|| self.month(0, 333), |(period, _)| credit(period, Money::from_fen(1)));
        self.ask("pty_operator", "pty_operator", &command)?;
        Ok(!self.model.accounts.is_even())
    }

    /// Months are closed, the bank pays, shares are given back and paid out, and the bank has back what it paid too much.
    fn settle(&mut self) -> Result<(), TestCaseError> {
        // A month is closed two days after its last one.
        self.pass(2);
        let ended = self.model.ending.as_ref().map(|ending| ending.started);
        let months = ended.map_or_else(Vec::new, |ended| self.model.accounts.open_months(ended));
        for month in months {
            self.must(("pty_operator", self.month(i64::from(month.month()) - 1, 0)))?;
        }
        if self.model.has(Act::PermitRevenue) && !self.model.has(Act::SettleRevenue) {
            self.must(of_path(Act::SettleRevenue))?;
        }
        let Some(period) = self.model.accounts.period().cloned() else {
            return Ok(());
        };
        let operator = |command| ("pty_operator", command);
        let bills = |run: &Self| run.model.accounts.bills.clone().into_iter();
        let fen = Money::from_fen;
        for (period, bill) in bills(self).filter(|(_, bill)| bill.open() > 0) {
            self.must(operator(payment(period, fen(bill.open()))))?;
        }
        let owed = self.model.accounts.owed.clone();
        for (party, much) in owed.iter().filter(|(_, owed)| **owed < 0) {
            self.must(operator(share(period.clone(), party.clone(), true, fen(-much))))?;
        }
        for (party, owed) in owed.iter().filter(|(_, owed)| **owed > 0) {
            self.must(operator(share(period.clone(), party.clone(), false, fen(*owed))))?;
        }
        for (period, bill) in bills(self).filter(|(_, bill)| bill.open() < 0) {
            self.must(operator(refund(period, fen(-bill.open()))))?;
        }
        Ok(())
    }

    /// Whether a step is not done, or something has turned up since.
    fn is_left(&self, step: ExitStep) -> bool {
        let Some(ending) = &self.model.ending else { return false };
        let done = ending.steps.get(&step).map(|it| it.done);
        let open = ending.open(&self.model.assets());
        let excess = step == ExitStep::Settlement && self.model.excess();
        excess || done == Some(false) || open.values().any(|(of, _)| *of == step)
    }

    fn plan_what_is_left(&mut self) -> Result<(), TestCaseError> {
        let Some(ending) = self.model.ending.clone() else {
            return Ok(());
        };
        let needed = Ending::needed(&self.model.assets());
        if needed.iter().all(|step| ending.steps.contains_key(step)) {
            return Ok(());
        }
        let last: Date = ending.due.max(self.model.today);
        let planned = |step: &ExitStep| PlannedStep {
            step: *step,
            owner: PartyId::new("pty_operator"),
            due: last,
        };
        let steps = needed.iter().map(planned).collect();
        let run_outs = self.run_outs();
        let plan = PlanExit {
            exit: exit(),
            steps,
            run_outs,
        };
        self.must(("pty_agency", Command::PlanExit(Box::new(plan))))
    }
}
