//! Statements: the journal as one party sees it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Account, Books, Entry, EntryKind, Month, Place};
use crate::identifier::{AgreementId, PartyId, PeriodId, SubscriptionId};
use crate::money::Money;
use crate::state::State;

/// On which of its accounts a party sees a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// What it owes as a consumer.
    Owes,
    /// What it is owed of the fees.
    Receives,
    /// What it holds for all, as the operator.
    Holds,
}

/// A line of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    /// When.
    pub at: Timestamp,
    /// The agreement.
    pub agreement: AgreementId,
    /// The period.
    pub period: PeriodId,
    /// Its month.
    pub month: Month,
    /// Why.
    pub kind: EntryKind,
    /// On which account.
    pub side: Side,
    /// The subscription it concerns; none for payouts and returns.
    pub subscription: Option<SubscriptionId>,
    /// Voucher or reason.
    pub evidence: String,
    /// What the entry changes: positive where it adds to what is owed, received or held.
    pub amount: Money,
    /// What is owed, to be received or held after it.
    pub balance: Money,
    /// What names the entry, where it can be reversed.
    pub place: Option<Place>,
    /// Whether it has been.
    pub reversed: bool,
    /// The entry of the same period that this one reverses.
    pub reverses: Option<Place>,
}

/// Everything in the books that concerns a party, oldest first.
#[must_use]
pub fn statement(state: &State, party: &PartyId) -> Vec<StatementLine> {
    let mut lines = Vec::new();
    for (agreement, books) in state.books.iter() {
        let terms = state.agreements.get(agreement).map(|agreement| &agreement.terms);
        let holds = terms.is_some_and(|terms| terms.operator == *party);
        lines.extend(of_books(state, agreement, books, party, holds));
    }
    lines.sort_by(|a, b| (a.at, &a.agreement).cmp(&(b.at, &b.agreement)));
    lines
}

fn of_books(state: &State, agreement: &AgreementId, books: &Books, party: &PartyId, holds: bool) -> Vec<StatementLine> {
    let mut balances: BTreeMap<Side, Money> = BTreeMap::new();
    let mut lines = Vec::new();
    let reversals = books
        .entries()
        .filter_map(|entry| Some((&entry.period, entry.reverses?)));
    let reversed: BTreeSet<(&PeriodId, Place)> = reversals.collect();
    for (place, entry) in books.placed() {
        let Some(period) = state.periods.get(&entry.period) else {
            continue;
        };
        for (side, amount) in changes(entry, party, holds) {
            let balance = balances.entry(side).or_default();
            *balance = *balance + amount;
            lines.push(StatementLine {
                at: entry.at,
                agreement: agreement.clone(),
                period: entry.period.clone(),
                month: period.close.month,
                kind: entry.kind,
                side,
                subscription: entry.subscription.clone(),
                evidence: entry.evidence.clone(),
                amount,
                balance: *balance,
                place,
                reversed: place.is_some_and(|place| reversed.contains(&(&entry.period, place))),
                reverses: entry.reverses,
            });
        }
    }
    lines
}

/// What an entry changes for the party, one sum a side.
fn changes(entry: &Entry, party: &PartyId, holds: bool) -> BTreeMap<Side, Money> {
    let mut changes: BTreeMap<Side, Money> = BTreeMap::new();
    let mut add = |account: &Account, amount: Money| {
        let (side, amount) = match account {
            Account::Receivable(consumer) if consumer == party => (Side::Owes, amount),
            // What is owed to a party stands on the credit side.
            Account::Share(receiver) if receiver == party => (Side::Receives, Money::ZERO - amount),
            Account::Cash if holds => (Side::Holds, amount),
            Account::Receivable(_) | Account::Share(_) | Account::Cash => return,
        };
        let sum = changes.entry(side).or_default();
        *sum = *sum + amount;
    };
    for transfer in &entry.transfers {
        add(&transfer.debit, transfer.amount);
        add(&transfer.credit, Money::ZERO - transfer.amount);
    }
    changes
}
