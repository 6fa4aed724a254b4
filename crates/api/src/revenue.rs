//! Permitted revenue of operators, and the yearly check of what was earned.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;

/// The permitted revenue of a period; amounts in yuan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PermittedRevenue {
    /// Its id.
    pub id: String,
    /// The operator's agreement.
    pub agreement: Named,
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
    /// Operating cost.
    pub cost: String,
    /// What the permitted profit is reckoned from.
    pub base: String,
    /// Permitted rate of profit, in basis points.
    pub rate: u32,
    /// Taxes.
    pub taxes: String,
    /// What the figures rest on.
    pub basis: String,
    /// Number of the document of the verification, where it is stated.
    pub document_number: Option<String>,
    /// SHA-256 of that document.
    pub document_sha256: Option<String>,
    /// What an earlier period, which is settled, was permitted too little or too much.
    pub adjustment: Option<RevenueAdjustment>,
    /// Excess of earlier periods that is deducted here.
    pub deducted: String,
    /// Most that may be earned, after deduction.
    pub maximum: String,
    /// Whether its prices are trial prices.
    pub trial: bool,
    /// The products with their ceilings and expected sales.
    pub sales: Vec<PlannedSale>,
    /// Charged in the period's closed months, after credit notes; none where no month is closed.
    pub metered: Option<String>,
    /// What was earned, once settled.
    pub settled: Option<SettledRevenue>,
    /// The permit that corrects this one; none while it stands.
    pub replaced_by: Option<String>,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// The difference of an earlier period that is dealt with in this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RevenueAdjustment {
    /// Id of the earlier period.
    pub revenue: String,
    /// Its first day.
    pub from: String,
    /// Its last day.
    pub until: String,
    /// In yuan: how much more may be earned, less where it is negative.
    pub amount: String,
    /// What was wrong with its figures.
    pub reason: String,
    /// SHA-256 of the document that finds it.
    pub document_sha256: String,
}

/// What one product may cost, and how often it is expected to be sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlannedSale {
    /// The product.
    pub product: Named,
    /// Most that a unit may cost.
    pub ceiling: String,
    /// Units expected to be sold.
    pub expected: u64,
}

/// The outcome of a period; amounts in yuan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SettledRevenue {
    /// What was earned.
    pub earned: String,
    /// What of it was over the maximum, and is deducted from the next period.
    pub excess: String,
}
