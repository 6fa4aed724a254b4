//! The journal: double entry. A transfer debits one account and credits another with the same amount, so books that
//! consist of transfers cannot but balance.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rpds::VectorSync;
use serde::{Deserialize, Serialize};

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

    fn balance(&self, account: &Account) -> Money {
        self.balances.get(account).copied().unwrap_or_default()
    }
}
