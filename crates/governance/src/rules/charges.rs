//! Parameters of what consumers are charged.

use super::error::PackError;
use super::parameters::Reader;
use super::rule::Rule;

/// `price.*` and `books.*`: how charges come about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeParameters {
    /// `price.notice`: whether a price is a higher one where anybody who has subscribed pays less, or would before its notice
    /// is over; else where the last one that was set is lower.
    pub notice_of_least: bool,
    /// `books.period`: whether a day costs its part of the whole month or year; else of the days from the subscription on.
    pub whole_periods: bool,
    /// `revenue.period`: days after the end of a period of permitted revenue by which it is settled, and the next one permitted.
    pub revenue_due_days: i64,
}

impl ChargeParameters {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, PackError> {
        Ok(Self {
            notice_of_least: reader.yes(Rule::PriceNotice, "of_least_paid")?,
            whole_periods: reader.yes(Rule::BooksPeriod, "whole_periods")?,
            revenue_due_days: reader.days(Rule::RevenuePeriod, "due_days")?,
        })
    }
}
