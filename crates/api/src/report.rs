//! Yearly operating reports.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;
use crate::chain::Term;

/// The operating report of an agreement about a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OperatingReport {
    /// Its id; none while nothing came.
    pub id: Option<String>,
    /// The agreement.
    pub agreement: Named,
    /// Whose it is.
    pub operator: Named,
    /// About which year.
    pub year: i16,
    /// By when it is due.
    pub due: String,
    /// `owed`, `submitted`, `accepted` or `sent_back`.
    pub status: String,
    /// Whether it came after that day, or did not come and that day is over.
    pub late: bool,
    /// When it came.
    pub at: Option<String>,
    /// What was found by the agency.
    pub finding: Option<String>,
    /// What it says.
    pub content: Option<ReportContent>,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// What an operating report says. Amounts are in yuan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportContent {
    /// First and last day that it is about.
    pub days: Term,
    /// How the year went, as the operator says.
    pub summary: String,
    /// What the months charged in all, less credit notes.
    pub charged: String,
    /// Operating cost, as the operator states it.
    pub cost: String,
    /// Taxes, as the operator states them.
    pub taxes: String,
    /// What is left of what was charged.
    pub left: String,
    /// SHA-256 of the accounts or their audit.
    pub document_sha256: String,
    /// Consumers that were charged.
    pub consumers: u64,
    /// Answered calls that were charged.
    pub calls: u64,
    /// What was charged by product.
    pub products: Vec<ReportedProduct>,
    /// Who receives what.
    pub received: Vec<ReportedShare>,
    /// The most that could be earned, by period.
    pub permitted: Vec<ReportedPermit>,
    /// Incidents about its scenarios.
    pub incidents: u64,
    /// Alerts about its scenarios.
    pub alerts: u64,
    /// Disputes under the agreement.
    pub disputes: u64,
    /// Complaints about the operator that were not dismissed.
    pub complaints: u64,
}

/// What was charged for a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportedProduct {
    /// The product.
    pub product: Named,
    /// Answered calls.
    pub calls: u64,
    /// What they charged.
    pub charged: String,
}

/// What a party receives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportedShare {
    /// Who.
    pub party: Named,
    /// How much.
    pub amount: String,
}

/// The most that may be earned in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportedPermit {
    /// The permitted revenue.
    pub revenue: String,
    /// Its period.
    pub period: Term,
    /// The maximum.
    pub maximum: String,
}
