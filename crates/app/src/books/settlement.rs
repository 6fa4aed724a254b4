//! Where the settlement of an agreement stands: what is metered, invoiced, paid, held, and owed to whom.

use std::collections::BTreeMap;

use gongshu_governance::State;
use gongshu_governance::agreement::Agreement;
use gongshu_governance::books::{Account, Billed, Books, Month, agreement_of};
use gongshu_governance::identifier::{AgreementId, PartyId, RevenueId, SubscriptionId};
use gongshu_governance::money::{BasisPoints, Money};
use gongshu_governance::revenue::pending_excess;
use gongshu_governance::subscription::Subscription;
use jiff::civil::Date;

use super::next_close;
use crate::snapshot::Snapshot;

/// What is charged under a subscription by its calls and in no closed month yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unbilled {
    /// The agreement.
    pub agreement: AgreementId,
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Who pays.
    pub consumer: PartyId,
    /// Calls that no invoice counts.
    pub calls: u64,
    /// What they cost.
    pub fee: Money,
}

/// An agreement's books in sums, from metering to payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The agreement.
    pub agreement: AgreementId,
    /// Who holds the money.
    pub operator: PartyId,
    /// Charged by calls that no invoice counts yet.
    pub metered: Money,
    /// Invoiced.
    pub invoiced: Money,
    /// Taken back by credit notes.
    pub credited: Money,
    /// Paid by consumers.
    pub paid: Money,
    /// Paid back to them.
    pub refunded: Money,
    /// Still to be paid by them.
    pub open: Money,
    /// Paid to the parties that share.
    pub paid_out: Money,
    /// Held by the operator for all.
    pub held: Money,
    /// The parties that share, and where each stands.
    pub parties: Vec<PartyBalance>,
    /// The next month to close, and the day from which it may be.
    pub next_close: Option<(Month, Date)>,
    /// Permitted revenues that are not settled.
    pub unsettled: Vec<RevenueId>,
    /// Earned above the permitted revenue, and neither deducted from a later period nor given back.
    pub excess: Money,
}

impl Settlement {
    /// Whether nothing is left to be invoiced, paid or paid out.
    #[must_use]
    pub fn is_final(&self) -> bool {
        let left = [self.metered, self.open, self.held];
        left.iter().all(|it| *it == Money::ZERO) && self.parties.iter().all(|it| it.owed == Money::ZERO)
    }
}

/// A party's part of an agreement's fees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyBalance {
    /// The party.
    pub party: PartyId,
    /// Its share as the agreement says; none where only single calls were split with it.
    pub share: BasisPoints,
    /// Its part of all invoices, after credit notes.
    pub due: Money,
    /// Paid to it.
    pub paid_out: Money,
    /// Still to be paid to it; negative where a credit note took back what it had received.
    pub owed: Money,
}

/// Where the settlement of an agreement stands.
#[must_use]
pub fn settlement(snapshot: &Snapshot, agreement: &Agreement, wait_days: i64) -> Settlement {
    let (state, id) = (&snapshot.state, &agreement.terms.id);
    let periods = state.periods.values().filter(|period| period.close.agreement == *id);
    let invoices: Vec<&Billed> = periods.flat_map(|period| period.invoices.values()).collect();
    let sum = |of: fn(&Billed) -> Money| invoices.iter().map(|billed| of(billed)).sum::<Money>();
    let metered = unbilled(snapshot).into_iter().filter(|use_| use_.agreement == *id);
    let empty = Books::default();
    let books = state.books.get(id).map_or(&empty, |books| &**books);
    let paid_out = books.received();
    Settlement {
        agreement: id.clone(),
        operator: agreement.terms.operator.clone(),
        metered: metered.map(|use_| use_.fee).sum(),
        invoiced: sum(|billed| billed.invoice.amount),
        credited: sum(|billed| billed.credited),
        paid: sum(|billed| billed.paid),
        refunded: sum(|billed| billed.refunded),
        open: sum(Billed::open),
        paid_out: paid_out.values().copied().sum(),
        held: books.cash(),
        parties: balances(agreement, books, &paid_out),
        next_close: next_close(state, agreement, wait_days),
        unsettled: unsettled(state, id),
        excess: pending_excess(state, id),
    }
}

fn unsettled(state: &State, agreement: &AgreementId) -> Vec<RevenueId> {
    let open = state.revenues.values().filter(|it| it.is_open());
    let mine = open.filter(|it| it.permit.agreement == *agreement);
    let mut ids: Vec<RevenueId> = mine.map(|it| it.permit.id.clone()).collect();
    ids.sort();
    ids
}

/// Whoever has a share by the agreement, or had one of a call.
fn balances(agreement: &Agreement, books: &Books, paid_out: &BTreeMap<&PartyId, Money>) -> Vec<PartyBalance> {
    let mut shares: BTreeMap<&PartyId, BasisPoints> = BTreeMap::new();
    for account in books.balances().keys() {
        if let Account::Share(party) = account {
            shares.insert(party, BasisPoints(0));
        }
    }
    shares.extend(agreement.terms.shares.iter().map(|share| (&share.party, share.share)));
    let balance = |(party, share): (&PartyId, BasisPoints)| {
        let paid_out = paid_out.get(party).copied().unwrap_or_default();
        let owed = books.owed(party);
        PartyBalance {
            party: party.clone(),
            share,
            due: owed + paid_out,
            paid_out,
            owed,
        }
    };
    shares.into_iter().map(balance).collect()
}

/// What calls have charged less what invoices count of it: exact, since both are sums of the same record.
#[must_use]
pub fn unbilled(snapshot: &Snapshot) -> Vec<Unbilled> {
    let state = &snapshot.state;
    let mut billed: BTreeMap<&SubscriptionId, (u64, Money)> = BTreeMap::new();
    for it in state.periods.values().flat_map(|period| period.invoices.values()) {
        let sum = billed.entry(&it.invoice.subscription).or_default();
        *sum = (
            sum.0 + it.invoice.calls,
            sum.1 + it.invoice.amount - it.invoice.standing,
        );
    }
    let left = |subscription: &Subscription| {
        let id = &subscription.order.id;
        let meter = snapshot.meter(id.as_str());
        let (calls, charged) = billed.get(id).copied().unwrap_or_default();
        let fee = Money::from_fen(meter.fen) - charged;
        Some(Unbilled {
            agreement: agreement_of(state, id).filter(|_| fee != Money::ZERO)?.clone(),
            subscription: id.clone(),
            consumer: subscription.consumer.clone(),
            calls: meter.calls.saturating_sub(calls),
            fee,
        })
    };
    state.subscriptions.values().filter_map(|it| left(it)).collect()
}
