//! Invoices: what a consumer owes for a month, and what has become of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::identifier::{PartyId, SubscriptionId};
use crate::money::Money;
use crate::product::Volume;

/// What a subscription is charged for a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Who pays.
    pub consumer: PartyId,
    /// Calls that were charged.
    pub calls: u64,
    /// What their answers held, where that is what is charged.
    #[serde(default, skip_serializing_if = "Volume::is_nothing")]
    pub volume: Volume,
    /// What is charged beside the calls: once, or for the month.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub standing: Money,
    /// What it charges in all.
    pub amount: Money,
    /// Who receives what of it; adds up to the amount.
    pub shares: BTreeMap<PartyId, Money>,
}

fn is_nothing(amount: &Money) -> bool {
    *amount == Money::ZERO
}

/// An invoice on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Billed {
    /// As it was issued.
    pub invoice: Invoice,
    /// Taken back by credit notes.
    pub credited: Money,
    /// What of it was the standing charge for days without service.
    #[serde(default)]
    pub unserved: Money,
    /// Paid by the consumer.
    pub paid: Money,
    /// Paid back to the consumer.
    pub refunded: Money,
    /// What of the shares no credit note has taken back.
    pub shares: BTreeMap<PartyId, Money>,
}

impl Billed {
    /// A new invoice.
    #[must_use]
    pub fn new(invoice: Invoice) -> Self {
        Self {
            credited: Money::ZERO,
            unserved: Money::ZERO,
            paid: Money::ZERO,
            refunded: Money::ZERO,
            shares: invoice.shares.clone(),
            invoice,
        }
    }

    /// What of the standing charge is for days with service, as is known so far.
    #[must_use]
    pub fn standing(&self) -> Money {
        self.invoice.standing - self.unserved
    }

    /// What it charges after credit notes.
    #[must_use]
    pub fn net(&self) -> Money {
        self.invoice.amount - self.credited
    }

    /// What is still to be paid; negative where the consumer has paid too much.
    #[must_use]
    pub fn open(&self) -> Money {
        self.net() - (self.paid - self.refunded)
    }

    /// What each party gives back when so much is credited: in proportion to what is left of its share, to the fen,
    /// and never more than that. `amount` is at most [`Self::net`].
    #[must_use]
    pub fn give_back(&self, amount: Money) -> BTreeMap<PartyId, Money> {
        let left: Vec<Money> = self.shares.values().copied().collect();
        let parts = amount.apportion(&left);
        let given = self.shares.keys().cloned().zip(parts);
        given.filter(|(_, part)| *part != Money::ZERO).collect()
    }
}
