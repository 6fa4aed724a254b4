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
    /// `invoice`, `payment`, `credit_note`, `refund` or `payout`.
    pub kind: String,
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
