//! Statistics of use.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;

/// Use in a year, month by month, after output control: a count under the threshold is held back (`null`), every other
/// one is rounded to the base. Months that are not over are left out, so that no two answers differ by one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Statistics {
    /// Which year.
    pub year: i16,
    /// The first month that is left out, since it is not over; none where the whole year is there.
    pub until_before: Option<String>,
    /// Counts under it are held back.
    pub threshold: u64,
    /// The others are rounded to a multiple of it.
    pub base: u64,
    /// Answered calls: the sum of what is released below.
    pub calls: u64,
    /// Distinct organizations that were served.
    pub firms: Option<u64>,
    /// Distinct enterprises that benefited: served themselves, or spoken of in an answer with their consent.
    pub benefited: Option<u64>,
    /// Loans that products supported, as consumers report them.
    pub loans: Option<u64>,
    /// By scenario and month.
    pub cells: Vec<StatisticsCell>,
}

/// The use of a scenario in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatisticsCell {
    /// The scenario.
    pub scenario: Named,
    /// The month, such as `2026-10`.
    pub month: String,
    /// Answered calls.
    pub calls: Option<u64>,
    /// Distinct organizations that were served.
    pub firms: Option<u64>,
}
