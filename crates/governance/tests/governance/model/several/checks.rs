//! What holds of a district with several agreements, whatever was asked, by whom and when: worked out from what is on record,
//! by nothing that decides.

use std::collections::{BTreeMap, BTreeSet};

use gongshu_governance::agreement::AgreementStatus;
use gongshu_governance::books::{Account, BooksEvent, Reversible};
use gongshu_governance::calendar::day_of;
use gongshu_governance::identifier::{AgreementId, PartyId, PeriodId, PersonId, ProductId};
use gongshu_governance::power::Act;
use gongshu_governance::product::ProductStatus;
use gongshu_governance::resource::VersionStatus;
use gongshu_governance::scenario::{Approval, ScenarioStatus};
use gongshu_governance::subscription::Subscription;
use gongshu_governance::{Command, Event, State};
use jiff::Timestamp;

use crate::district::FIRM_CODE;

/// Says which link above a product does not hold at this instant.
pub(super) fn chain_above(state: &State, product: &ProductId, at: Timestamp) -> Result<(), String> {
    let day = day_of(at);
    let holds = |holds: bool, what: &str| {
        if holds {
            Ok(())
        } else {
            Err(format!("{product}: {what}"))
        }
    };
    let product = &state.products[product];
    let scenario = &state.scenarios[&product.submission.scenario];
    let application = &scenario.application;
    holds(matches!(scenario.status, ScenarioStatus::Granted { .. }), "no grant")?;
    holds(application.term.covers(day), "the scenario's term is over")?;
    for resource in application.resources.keys() {
        let approved = matches!(scenario.approvals.get(resource), Some(Approval::Given { .. }));
        holds(approved, "a provider has not approved")?;
    }
    for resource in product.submission.checked.fields.keys() {
        let cleared = state.resources[resource]
            .clearances
            .iter()
            .any(|it| it.withdrawn.is_none());
        holds(cleared, "whoever shared a resource has taken its consent back")?;
    }
    let agreement = &state.agreements[&application.agreement];
    holds(
        matches!(agreement.status, AgreementStatus::Signed { .. }),
        "no signed agreement",
    )?;
    holds(agreement.terms.term.covers(day), "the agreement's term is over")?;
    holds(agreement.suspended.is_empty(), "the agreement is suspended")?;
    let within = |it: &gongshu_governance::identifier::ResourceId| agreement.terms.resources.contains(it);
    holds(
        application.resources.keys().all(within),
        "a resource is outside the agreement",
    )?;
    for model in product.submission.checked.models.keys() {
        holds(state.models[model].is_in_force(), "a model is not in force")?;
    }
    if product.developer != agreement.terms.operator {
        let engaged = state.engagements.values().any(|it| {
            let (of, term) = (&it.engagement, it.engagement.term);
            it.ended.is_none()
                && of.partner == product.developer
                && of.scenarios.contains(&product.submission.scenario)
                && term.is_none_or(|term| term.covers(day))
        });
        holds(engaged, "its partner is not engaged")?;
    }
    Ok(())
}

/// The same of a product that answers a subscriber: it is offered, or was withdrawn and still has its notice, its data is there,
/// and the firm has consented.
pub(super) fn chain_of_call(state: &State, of: &Subscription, at: Timestamp) -> Result<(), String> {
    let id = &of.order.product;
    chain_above(state, id, at)?;
    let product = &state.products[id];
    let served = match &product.status {
        ProductStatus::Listed => true,
        ProductStatus::Withdrawn { until, .. } => day_of(at) <= *until,
        ProductStatus::Submitted | ProductStatus::Refused { .. } | ProductStatus::Retracted { .. } => false,
    };
    if !served || !product.suspended.is_empty() {
        return Err(format!("{id} is not offered"));
    }
    for resource in product.submission.checked.fields.keys() {
        let versions = &state.resources[resource].versions;
        if !versions.iter().any(|it| it.status == VersionStatus::InOperation) {
            return Err(format!("{id}: `{resource}` has no version"));
        }
    }
    for resource in product.submission.checked.consented.keys() {
        let consented = state.consents.values().any(|it| {
            let given = &it.given;
            it.withdrawn.is_none()
                && it.code == FIRM_CODE
                && given.consumer == of.consumer
                && given.purpose == of.order.purpose
                && given.resource == *resource
                && given.term.covers(day_of(at))
        });
        if !consented {
            return Err(format!("{id}: no consent for `{resource}`"));
        }
    }
    Ok(())
}

/// Shares add up to the whole: those of agreements, of every text they had, and those of invoices.
pub(super) fn shares(state: &State) -> Result<(), String> {
    for agreement in state.agreements.values() {
        let sum: u32 = agreement.terms.shares.iter().map(|share| share.share.0).sum();
        if sum != 10_000 {
            return Err(format!("{} shares {sum} of 10000", agreement.terms.id));
        }
    }
    for billed in state.periods.values().flat_map(|period| period.invoices.values()) {
        let sum: i64 = billed.shares.values().map(|share| share.fen()).sum();
        if sum != billed.net().fen() {
            return Err(format!("{billed:?} shares {sum}"));
        }
    }
    Ok(())
}

/// What ended took with it what rests on it: no open subscription under a scenario that has ended, and no open scenario under an
/// agreement whose exit has begun that could be used.
pub(super) fn endings(state: &State) -> Result<(), String> {
    for subscription in state.subscriptions.values().filter(|it| it.open) {
        let scenario = &state.products[&subscription.order.product].submission.scenario;
        if matches!(state.scenarios[scenario].status, ScenarioStatus::Ended { .. }) {
            return Err(format!("{} outlives its scenario", subscription.order.id));
        }
    }
    Ok(())
}

/// Who filed what, kept beside the rules.
#[derive(Debug, Clone, Default)]
pub(super) struct Filings(BTreeSet<(String, Act, PersonId)>);

impl Filings {
    /// Takes an act that was accepted from a person.
    ///
    /// # Errors
    /// Says what he decided on though he had filed it.
    pub(super) fn take(
        &mut self,
        pairs: &[(Act, Act)],
        person: &PersonId,
        command: &Command,
        line: &str,
    ) -> Result<(), String> {
        let act = command.act();
        let reversed = match command {
            Command::ReverseEntry(reverse) => Some(reverse.kind.act()),
            _ => None,
        };
        for (first, _) in pairs.iter().filter(|(_, second)| *second == act) {
            let about = reversed.is_none_or(|recorded| recorded == *first);
            if about && self.0.contains(&(line.to_owned(), *first, person.clone())) {
                return Err(format!("{person} filed {first:?} of {line}, and decided {act:?}"));
            }
        }
        // What an amendment was that came to nothing is over.
        if matches!(act, Act::DeclineAmendment | Act::WithdrawAmendment) {
            self.0
                .retain(|(of, filed, _)| !(of == line && *filed == Act::ProposeAmendment));
        }
        self.0.insert((line.to_owned(), act, person.clone()));
        Ok(())
    }
}

/// What a pair of acts is about: a line of the books where the thing is a month.
pub(super) fn line(command: &Command, money: &Money) -> String {
    let line = match command {
        Command::CreditInvoice(of) => of.subscription.to_string(),
        Command::RecordRefund(of) => of.subscription.to_string(),
        Command::RecordPayment(of) => of.subscription.to_string(),
        Command::PayOut(of) => of.party.to_string(),
        Command::ReturnShare(of) => of.party.to_string(),
        Command::ReverseEntry(of) => {
            let entries = money.recorded.get(&(of.period.clone(), of.kind));
            let entry = entries.and_then(|entries| entries.get((of.which as usize).wrapping_sub(1)));
            entry.map_or_else(String::new, |entry| entry.line.clone())
        }
        _ => return command.stream().to_owned(),
    };
    format!("{}/{line}", command.stream())
}

/// The money of all agreements in fen, added up from what happened.
#[derive(Debug, Clone, Default)]
pub(super) struct Money {
    agreement_of: BTreeMap<PeriodId, AgreementId>,
    /// What the accounts of each agreement hold: debits less credits.
    accounts: BTreeMap<(AgreementId, Account), i64>,
    consumers: BTreeMap<(PeriodId, String), PartyId>,
    recorded: BTreeMap<(PeriodId, Reversible), Vec<Recorded>>,
    /// What came in and what went out, over all agreements.
    came_in: i64,
    went_out: i64,
}

#[derive(Debug, Clone)]
struct Recorded {
    line: String,
    from: Account,
    to: Account,
    fen: i64,
    reversed: bool,
}

impl Money {
    /// Takes what happened.
    ///
    /// # Errors
    /// Says what was reversed twice.
    pub(super) fn take(&mut self, event: &Event) -> Result<(), String> {
        let Event::Books(event) = event else { return Ok(()) };
        match event {
            BooksEvent::Closed { close, invoices, .. } => {
                self.agreement_of.insert(close.id.clone(), close.agreement.clone());
                for invoice in invoices {
                    let line = invoice.subscription.to_string();
                    self.consumers
                        .insert((close.id.clone(), line), invoice.consumer.clone());
                    for (party, share) in &invoice.shares {
                        let from = Account::Share(party.clone());
                        self.post(
                            &close.id,
                            from,
                            Account::Receivable(invoice.consumer.clone()),
                            share.fen(),
                        );
                    }
                }
            }
            BooksEvent::Credited { credit, shares, .. } => {
                let consumer = self.consumer(&credit.period, credit.subscription.as_str());
                for (party, share) in shares {
                    self.post(
                        &credit.period,
                        consumer.clone(),
                        Account::Share(party.clone()),
                        share.fen(),
                    );
                }
            }
            BooksEvent::Paid(of) => {
                let (line, fen) = (of.subscription.as_str(), of.amount.fen());
                self.record(&of.period, Reversible::Payment, line, fen);
            }
            BooksEvent::Refunded(of) => {
                let (line, fen) = (of.subscription.as_str(), of.amount.fen());
                self.record(&of.period, Reversible::Refund, line, fen);
            }
            BooksEvent::PaidOut(of) => self.record(&of.period, Reversible::Payout, of.party.as_str(), of.amount.fen()),
            BooksEvent::Returned(of) => self.record(&of.period, Reversible::Return, of.party.as_str(), of.amount.fen()),
            BooksEvent::Reversed { reverse, .. } => {
                let entries = self.recorded.get_mut(&(reverse.period.clone(), reverse.kind)).unwrap();
                let entry = &mut entries[reverse.which as usize - 1];
                if std::mem::replace(&mut entry.reversed, true) {
                    return Err(format!("{reverse:?} once more"));
                }
                let entry = entry.clone();
                self.post(&reverse.period, entry.to, entry.from, entry.fen);
            }
        }
        Ok(())
    }

    fn consumer(&self, period: &PeriodId, line: &str) -> Account {
        Account::Receivable(self.consumers[&(period.clone(), line.to_owned())].clone())
    }

    /// Money that has moved: between a consumer or a party that shares and the account of all.
    fn record(&mut self, period: &PeriodId, kind: Reversible, line: &str, fen: i64) {
        let share = || Account::Share(PartyId::new(line));
        let (from, to) = match kind {
            Reversible::Payment => (self.consumer(period, line), Account::Cash),
            Reversible::Refund => (Account::Cash, self.consumer(period, line)),
            Reversible::Payout => (Account::Cash, share()),
            Reversible::Return => (share(), Account::Cash),
        };
        self.post(period, from.clone(), to.clone(), fen);
        let line = line.to_owned();
        let entries = self.recorded.entry((period.clone(), kind)).or_default();
        entries.push(Recorded {
            line,
            from,
            to,
            fen,
            reversed: false,
        });
    }

    fn post(&mut self, period: &PeriodId, from: Account, to: Account, fen: i64) {
        if to == Account::Cash {
            self.came_in += fen;
        }
        if from == Account::Cash {
            self.went_out += fen;
        }
        let agreement = self.agreement_of[period].clone();
        *self.accounts.entry((agreement.clone(), from)).or_default() -= fen;
        *self.accounts.entry((agreement, to)).or_default() += fen;
    }

    /// How much of a kind was recorded in a month.
    pub(super) fn count(&self, period: &PeriodId, kind: Reversible) -> usize {
        self.recorded.get(&(period.clone(), kind)).map_or(0, Vec::len)
    }

    /// Compares with the books on record, to the cent.
    ///
    /// # Errors
    /// Says what differs.
    pub(super) fn agree(&self, state: &State) -> Result<(), String> {
        for ((agreement, account), fen) in &self.accounts {
            let held = state.books[agreement]
                .balances()
                .get(account)
                .map_or(0, |balance| balance.fen());
            if held != *fen {
                return Err(format!("{agreement} {account:?}: {held} on record, {fen} happened"));
            }
            if *account == Account::Cash && held < 0 {
                return Err(format!("{agreement} holds {held}"));
            }
        }
        let held: i64 = state.books.values().map(|books| books.cash().fen()).sum();
        if held != self.came_in - self.went_out {
            return Err(format!("{held} are held of {} less {}", self.came_in, self.went_out));
        }
        let even =
            |books: &gongshu_governance::books::Books| books.balances().values().map(|it| it.fen()).sum::<i64>() == 0;
        if state.books.values().all(|books| even(books)) {
            return Ok(());
        }
        Err("the books are not even".to_owned())
    }
}
