//! The journal: double entry. A transfer debits one account and credits another with the same amount, so books that
//! consist of transfers cannot but balance.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rpds::VectorSync;
use serde::{Deserialize, Serialize};

use super::Reversible;
use crate::identifier::{PartyId, PeriodId, SubscriptionId};
use crate::money::Money;

/// An account of an agreement's books.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "account", content = "party")]
pub enum Account {
    /// 应收账款: what a consumer owes.
    Receivable(PartyId),
    /// 应付分成: what a party is owed.
    Share(PartyId),
    /// 结算专户: money that the operator holds for all.
    Cash,
}

/// Why an entry was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// 账单.
    Invoice,
    /// 收款.
    Payment,
    /// 红字冲销.
    CreditNote,
    /// 退款.
    Refund,
    /// 分成支付.
    Payout,
    /// 分成退回.
    Return,
    /// 冲正: the opposite of an entry that was recorded by mistake.
    Reversal,
}

impl EntryKind {
    /// The kind as one that can be reversed. An invoice is corrected by a credit note.
    #[must_use]
    pub fn reversible(self) -> Option<Reversible> {
        match self {
            Self::Payment => Some(Reversible::Payment),
            Self::Refund => Some(Reversible::Refund),
            Self::Payout => Some(Reversible::Payout),
            Self::Return => Some(Reversible::Return),
            Self::Invoice | Self::CreditNote | Self::Reversal => None,
        }
    }
}

/// An entry as one names it: which of its kind in a period, in the order in which they were recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Its kind.
    pub kind: Reversible,
    /// From 1.
    pub which: u32,
}

/// An amount that moves from one account to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// The account that is debited.
    pub debit: Account,
    /// The account that is credited.
    pub credit: Account,
    /// How much.
    pub amount: Money,
}

/// An entry of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// The period it belongs to.
    pub period: PeriodId,
    /// Why.
    pub kind: EntryKind,
    /// The subscription whose invoice it concerns; none for payouts and returns.
    pub subscription: Option<SubscriptionId>,
    /// Voucher or reason; empty for an invoice.
    pub evidence: String,
    /// What moves.
    pub transfers: Vec<Transfer>,
    /// The entry of the same period that it reverses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverses: Option<Place>,
}

impl Entry {
    /// How much it moves in all.
    #[must_use]
    pub fn amount(&self) -> Money {
        self.transfers.iter().map(|transfer| transfer.amount).sum()
    }

    /// The same transfers the other way round.
    pub(super) fn opposite(&self) -> Vec<Transfer> {
        let turned = |transfer: &Transfer| Transfer {
            debit: transfer.credit.clone(),
            credit: transfer.debit.clone(),
            amount: transfer.amount,
        };
        self.transfers.iter().map(turned).collect()
    }
}

/// The books of one agreement. They are written as their entries, which balances follow from.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Entry>", into = "Vec<Entry>")]
pub struct Books {
    entries: VectorSync<Entry>,
    balances: BTreeMap<Account, Money>,
}

impl From<Vec<Entry>> for Books {
    fn from(entries: Vec<Entry>) -> Self {
        let mut books = Self::default();
        entries.into_iter().for_each(|entry| books.post(entry));
        books
    }
}

impl From<Books> for Vec<Entry> {
    fn from(books: Books) -> Self {
        books.entries.iter().cloned().collect()
    }
}

impl Books {
    /// Posts an entry.
    pub(super) fn post(&mut self, entry: Entry) {
        for transfer in &entry.transfers {
            let mut add = |account: &Account, amount: Money| {
                let balance = self.balances.entry(account.clone()).or_default();
                *balance = *balance + amount;
            };
            add(&transfer.debit, transfer.amount);
            add(&transfer.credit, Money::ZERO - transfer.amount);
        }
        self.entries.push_back_mut(entry);
    }

    /// The entries, oldest first.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// The entries with the place of each that can be reversed, oldest first.
    pub fn placed(&self) -> impl Iterator<Item = (Option<Place>, &Entry)> {
        let mut counts: BTreeMap<(&PeriodId, Reversible), u32> = BTreeMap::new();
        self.entries.iter().map(move |entry| {
            let place = entry.kind.reversible().map(|kind| {
                let count = counts.entry((&entry.period, kind)).or_default();
                *count = count.saturating_add(1);
                Place { kind, which: *count }
            });
            (place, entry)
        })
    }

    /// The entry at a place of a period.
    #[must_use]
    pub fn at(&self, period: &PeriodId, place: Place) -> Option<&Entry> {
        let mut placed = self.placed();
        let found = placed.find(|(at, entry)| *at == Some(place) && entry.period == *period);
        found.map(|(_, entry)| entry)
    }

    /// The entry that reverses the one at a place of a period.
    #[must_use]
    pub fn reversal_of(&self, period: &PeriodId, place: Place) -> Option<&Entry> {
        let mut entries = self.entries.iter();
        entries.find(|entry| entry.reverses == Some(place) && entry.period == *period)
    }

    /// The balance of every account that was ever used: debits less credits.
    #[must_use]
    pub fn balances(&self) -> &BTreeMap<Account, Money> {
        &self.balances
    }

    /// Money held.
    #[must_use]
    pub fn cash(&self) -> Money {
        self.balance(&Account::Cash)
    }

    /// What a party is still to receive; negative where a credit note took back what it had received.
    #[must_use]
    pub fn owed(&self, party: &PartyId) -> Money {
        Money::ZERO - self.balance(&Account::Share(party.clone()))
    }

    /// What each party has received of its share, less what it gave back.
    #[must_use]
    pub fn received(&self) -> BTreeMap<&PartyId, Money> {
        let mut sums: BTreeMap<&PartyId, Money> = BTreeMap::new();
        for transfer in self.entries.iter().flat_map(|entry| &entry.transfers) {
            let (party, amount) = match (&transfer.debit, &transfer.credit) {
                (Account::Share(party), Account::Cash) => (party, transfer.amount),
                (Account::Cash, Account::Share(party)) => (party, Money::ZERO - transfer.amount),
                _ => continue,
            };
            let sum = sums.entry(party).or_default();
            *sum = *sum + amount;
        }
        sums
    }

    fn balance(&self, account: &Account) -> Money {
        self.balances.get(account).copied().unwrap_or_default()
    }
}
