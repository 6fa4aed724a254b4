//! Days of the district. Instants are UTC, days are Asia/Shanghai.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The day on which an instant falls in Asia/Shanghai.
///
/// China has kept UTC+8 without daylight saving time since 1991; every record of the platform is
/// younger, so the fixed offset is exact and needs no time-zone data.
#[must_use]
pub fn day_of(at: Timestamp) -> Date {
    Offset::constant(8).to_datetime(at).date()
}

/// The instant at which a day begins in Asia/Shanghai.
#[must_use]
pub fn start_of(day: Date) -> Timestamp {
    let midnight = day.to_datetime(jiff::civil::Time::midnight());
    Offset::constant(8).to_timestamp(midnight).unwrap_or(Timestamp::MAX)
}

/// A span of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Term {
    /// First day.
    #[schemars(with = "crate::schema::Day")]
    pub from: Date,
    /// Last day.
    #[schemars(with = "crate::schema::Day")]
    pub until: Date,
}

impl Term {
    /// Whether the day falls in the term.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }

    /// Whether the other term lies wholly in this one.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        self.from <= other.from && other.until <= self.until
    }

    /// How many days it has; none where it ends before it begins.
    #[must_use]
    pub fn days(&self) -> u64 {
        let after = (self.until - self.from).get_days();
        u64::try_from(after).map_or(0, |days| days + 1)
    }

    /// Whether the term is longer than `years`: it ends on or after that anniversary of its start.
    #[must_use]
    pub fn exceeds_years(&self, years: i16) -> bool {
        let anniversary = self.from.saturating_add(jiff::Span::new().years(years));
        self.until >= anniversary
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_day_begins_at_sixteen_hundred_utc() {
        let before: Timestamp = "2026-03-31T15:59:59Z".parse().unwrap();
        let after: Timestamp = "2026-03-31T16:00:00Z".parse().unwrap();
        assert_eq!(day_of(before), date(2026, 3, 31));
        assert_eq!(day_of(after), date(2026, 4, 1));
        assert_eq!(start_of(date(2026, 4, 1)), after);
    }

    #[test]
    fn five_years_to_the_day_do_not_exceed_five_years() {
        let from = date(2026, 1, 1);
        assert!(
            !Term {
                from,
                until: date(2030, 12, 31)
            }
            .exceeds_years(5)
        );
        assert!(
            Term {
                from,
                until: date(2031, 1, 1)
            }
            .exceeds_years(5)
        );
        let leap = date(2028, 2, 29);
        assert!(
            Term {
                from: leap,
                until: date(2033, 2, 28)
            }
            .exceeds_years(5)
        );
    }
}
