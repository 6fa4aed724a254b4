//! What events of the books change: the period's invoices, and the journal.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::{
    Account, Billed, Books, BooksEvent, Entry, EntryKind, Invoice, Period, ReverseEntry, Reversible, Transfer,
};
use crate::event::Moment;
use crate::identifier::{PartyId, PeriodId, SubscriptionId};
use crate::money::Money;
use crate::state::{State, change};

/// Applies an event of the books.
pub(crate) fn evolve(state: &mut State, event: &BooksEvent, moment: Moment, revision: u64) {
    let at = moment.at;
    match event {
        BooksEvent::Closed { close, invoices, due } => {
            if !state.books.contains_key(&close.agreement) {
                let books = Arc::new(Books::default());
                state.books.insert_mut(close.agreement.clone(), books);
            }
            let billed = |invoice: &Invoice| (invoice.subscription.clone(), Billed::new(invoice.clone()));
            let period = Period {
                close: (**close).clone(),
                at,
                due: *due,
                invoices: invoices.iter().map(billed).collect(),
                revision,
            };
            state.periods.insert_mut(close.id.clone(), Arc::new(period));
            for invoice in invoices {
                post(state, &close.id, invoiced(invoice, &close.id, at));
            }
        }
        BooksEvent::Paid(payment) => {
            let id = &payment.subscription;
            let consumer = bill(state, &payment.period, id, |billed| {
                billed.paid = billed.paid + payment.amount;
            });
            let transfers = to(Account::Cash, consumer.map(Account::Receivable), payment.amount);
            let about = (EntryKind::Payment, Some(id), payment.evidence.as_str());
            post(state, &payment.period, entry(at, &payment.period, about, transfers));
        }
        BooksEvent::Credited {
            credit,
            shares,
            unserved,
        } => {
            let id = &credit.subscription;
            let consumer = bill(state, &credit.period, id, |billed| {
                take_back(billed, credit.amount, shares);
                if *unserved {
                    billed.unserved = billed.unserved + credit.amount;
                }
            });
            let about = (EntryKind::CreditNote, Some(id), credit.reason.as_str());
            let back = |consumer: PartyId| credited(&consumer, shares);
            let transfers = consumer.map_or_else(Vec::new, back);
            post(state, &credit.period, entry(at, &credit.period, about, transfers));
        }
        BooksEvent::Refunded(refund) => {
            let id = &refund.subscription;
            let consumer = bill(state, &refund.period, id, |billed| {
                billed.refunded = billed.refunded + refund.amount;
            });
            let transfers = consumer.map_or_else(Vec::new, |consumer| {
                to(Account::Receivable(consumer), Some(Account::Cash), refund.amount)
            });
            let about = (EntryKind::Refund, Some(id), refund.evidence.as_str());
            post(state, &refund.period, entry(at, &refund.period, about, transfers));
        }
        BooksEvent::PaidOut(payout) => {
            let transfers = to(Account::Share(payout.party.clone()), Some(Account::Cash), payout.amount);
            let about = (EntryKind::Payout, None, payout.evidence.as_str());
            post(state, &payout.period, entry(at, &payout.period, about, transfers));
        }
        BooksEvent::Returned(share) => {
            let transfers = to(Account::Cash, Some(Account::Share(share.party.clone())), share.amount);
            let about = (EntryKind::Return, None, share.evidence.as_str());
            post(state, &share.period, entry(at, &share.period, about, transfers));
        }
        BooksEvent::Reversed { reverse, amount } => reversed(state, reverse, *amount, at),
    }
    change(&mut state.periods, &stream_of(event), |period| {
        period.revision = revision;
    });
}

fn stream_of(event: &BooksEvent) -> PeriodId {
    PeriodId::new(event.stream())
}

/// Changes an invoice; gives who pays it.
fn bill(
    state: &mut State,
    period: &PeriodId,
    subscription: &SubscriptionId,
    edit: impl FnOnce(&mut Billed),
) -> Option<PartyId> {
    let mut consumer = None;
    change(&mut state.periods, period, |period| {
        if let Some(billed) = period.invoices.get_mut(subscription) {
            edit(billed);
            consumer = Some(billed.invoice.consumer.clone());
        }
    });
    consumer
}

/// The opposite of an entry stands beside it, and what the invoice says of payments follows.
fn reversed(state: &mut State, reverse: &ReverseEntry, amount: Money, at: Timestamp) {
    let period = state.periods.get(&reverse.period);
    let books = period.and_then(|period| state.books.get(&period.close.agreement));
    let Some(wrong) = books
        .and_then(|books| books.at(&reverse.period, reverse.place()))
        .cloned()
    else {
        return;
    };
    if let Some(subscription) = &wrong.subscription {
        bill(state, &reverse.period, subscription, |billed| match reverse.kind {
            Reversible::Payment => billed.paid = billed.paid - amount,
            Reversible::Refund => billed.refunded = billed.refunded - amount,
            Reversible::Payout | Reversible::Return => {}
        });
    }
    let evidence = format!("{}；{}", reverse.reason, reverse.evidence);
    let about = (EntryKind::Reversal, wrong.subscription.as_ref(), evidence.as_str());
    let reversal = Entry {
        reverses: Some(reverse.place()),
        ..entry(at, &reverse.period, about, wrong.opposite())
    };
    post(state, &reverse.period, reversal);
}

fn take_back(billed: &mut Billed, amount: Money, shares: &BTreeMap<PartyId, Money>) {
    billed.credited = billed.credited + amount;
    for (party, back) in shares {
        if let Some(share) = billed.shares.get_mut(party) {
            *share = *share - *back;
        }
    }
}

fn post(state: &mut State, period: &PeriodId, entry: Entry) {
    let Some(agreement) = state.periods.get(period).map(|period| period.close.agreement.clone()) else {
        return;
    };
    change(&mut state.books, &agreement, |books| books.post(entry));
}

fn entry(
    at: Timestamp,
    period: &PeriodId,
    (kind, subscription, evidence): (EntryKind, Option<&SubscriptionId>, &str),
    transfers: Vec<Transfer>,
) -> Entry {
    Entry {
        at,
        period: period.clone(),
        kind,
        subscription: subscription.cloned(),
        evidence: evidence.to_owned(),
        transfers,
        reverses: None,
    }
}

fn invoiced(invoice: &Invoice, period: &PeriodId, at: Timestamp) -> Entry {
    let shared = |(party, share): (&PartyId, &Money)| Transfer {
        debit: Account::Receivable(invoice.consumer.clone()),
        credit: Account::Share(party.clone()),
        amount: *share,
    };
    let transfers = invoice.shares.iter().map(shared).collect();
    entry(
        at,
        period,
        (EntryKind::Invoice, Some(&invoice.subscription), ""),
        transfers,
    )
}

fn credited(consumer: &PartyId, shares: &BTreeMap<PartyId, Money>) -> Vec<Transfer> {
    let back = |(party, share): (&PartyId, &Money)| Transfer {
        debit: Account::Share(party.clone()),
        credit: Account::Receivable(consumer.clone()),
        amount: *share,
    };
    shares.iter().map(back).collect()
}

fn to(debit: Account, credit: Option<Account>, amount: Money) -> Vec<Transfer> {
    let transfer = |credit| Transfer { debit, credit, amount };
    credit.map(transfer).into_iter().collect()
}
