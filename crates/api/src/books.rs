//! The books: closed months with their invoices, and statements.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;

/// A closed month of an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Period {
    /// Its id.
    pub id: String,
    /// The agreement.
    pub agreement: Named,
    /// The month, such as `2026-11`.
    pub month: String,
    /// When it was closed.
    pub closed_at: String,
    /// The day by which its invoices are to be paid.
    pub due: String,
    /// Its invoices: one's own; all of them for agency, operator and supervisor.
    pub invoices: Vec<Invoice>,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// What a subscription is charged for a month; amounts in yuan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Invoice {
    /// The subscription.
    pub subscription: String,
    /// The product.
    pub product: Named,
    /// Who pays.
    pub consumer: Named,
    /// Calls that were charged.
    pub calls: u64,
    /// Rows of their answers, where it is charged by volume.
    pub rows: u64,
    /// Bytes of their answers, where it is charged by volume.
    pub bytes: u64,
    /// By what the product is charged: `call`, `once`, `month`, `year`, `row` or `megabyte`.
    pub charging: String,
    /// How the use of its scenario is charged: `industry`, `public_governance` or `public_welfare`.
    pub price_class: String,
    /// The prices of one of it that were paid in the month, in order, each from its first day.
    pub prices: Vec<PriceFrom>,
    /// What is charged beside calls and volume: once, for the month or for the year.
    pub standing: String,
    /// What it charges in all.
    pub amount: String,
    /// Taken back by credit notes.
    pub credited: String,
    /// Paid.
    pub paid: String,
    /// Paid back.
    pub refunded: String,
    /// Still to be paid; negative where too much was paid.
    pub open: String,
    /// Who receives what of it, after credit notes.
    pub shares: Vec<SharedAmount>,
}

/// A price from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PriceFrom {
    /// The first day on which it was paid.
    pub from: String,
    /// In yuan.
    pub price: String,
}

/// A party's part of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SharedAmount {
    /// The party.
    pub party: Named,
    /// Its part in yuan.
    pub amount: String,
}

/// A line of a party's statement; amounts in yuan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatementLine {
    /// When.
    pub at: String,
    /// The agreement.
    pub agreement: Named,
    /// The closed month's id.
    pub period: String,
    /// The month.
    pub month: String,
    /// `invoice`, `payment`, `credit_note`, `refund`, `payout`, `return` or `reversal`.
    pub kind: String,
    /// Which of its kind in the month, from 1: what a reversal (`books.reverse`) names; none of what cannot be reversed.
    pub which: Option<u32>,
    /// Whether it has been reversed.
    pub reversed: bool,
    /// The entry of the same month that it reverses.
    pub reverses: Option<ReversedEntry>,
    /// The account: `owes` as a consumer, `receives` a share, `holds` for all as the operator.
    pub account: String,
    /// The subscription; empty for a payout.
    pub subscription: String,
    /// Voucher or reason.
    pub evidence: String,
    /// What it adds to the account.
    pub amount: String,
    /// The account after it.
    pub balance: String,
}

/// An entry that another one reverses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReversedEntry {
    /// `payment`, `refund`, `payout` or `return`.
    pub kind: String,
    /// Which of its kind in the month, from 1.
    pub which: u32,
}

/// What calls under a subscription have charged and no invoice counts yet; amounts in yuan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnbilledUse {
    /// The agreement.
    pub agreement: Named,
    /// The subscription.
    pub subscription: String,
    /// The product.
    pub product: Named,
    /// Who pays.
    pub consumer: Named,
    /// Calls.
    pub calls: u64,
    /// What they cost.
    pub fee: String,
}

/// An agreement's books in sums, from metering to payout; amounts in yuan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Settlement {
    /// The agreement.
    pub agreement: Named,
    /// Who holds the money.
    pub operator: Named,
    /// Charged by calls that no invoice counts yet.
    pub metered: String,
    /// Invoiced.
    pub invoiced: String,
    /// Taken back by credit notes.
    pub credited: String,
    /// Paid by consumers.
    pub paid: String,
    /// Paid back to them.
    pub refunded: String,
    /// Still to be paid by them; negative where too much was paid.
    pub open: String,
    /// Paid to the parties that share.
    pub paid_out: String,
    /// Held by the operator for all.
    pub held: String,
    /// The parties that share.
    pub parties: Vec<PartyBalance>,
    /// The next month to close; none where all are.
    pub next_close: Option<NextClose>,
    /// Permitted revenues that are not settled.
    pub unsettled: Vec<String>,
    /// Earned above the permitted revenue, in yuan, and neither deducted from a later period nor given back.
    pub excess: String,
    /// Whether nothing is left to be invoiced, paid or paid out; what is unsettled or in excess is beside it.
    #[serde(rename = "final")]
    pub is_final: bool,
}

/// A party's part of an agreement's fees; amounts in yuan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartyBalance {
    /// The party.
    pub party: Named,
    /// Its share as the agreement says, in basis points.
    pub share: u32,
    /// Its part of all invoices, after credit notes.
    pub due: String,
    /// Paid to it.
    pub paid_out: String,
    /// Still to be paid to it; negative where a credit note took back what it had received.
    pub owed: String,
}

/// A month to close.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NextClose {
    /// The month, such as `2026-11`.
    pub month: String,
    /// The day from which it may be closed.
    pub from: String,
    /// Whether it may be now.
    pub ready: bool,
}
