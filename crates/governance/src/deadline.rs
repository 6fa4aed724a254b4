//! Deadlines that count working days.

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::working_days::{WorkingDays, WorkingDaysError};

/// A number of working days from a day on; the day itself does not count.
///
/// The arrangement of a year's holidays is announced late in the year before. A deadline that runs into a year that is
/// not arranged yet is provisional: only its weekends are left out. It is counted again as soon as the calendar knows
/// the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// From when.
    pub from: Date,
    /// How many working days.
    pub working_days: u32,
    /// The last day.
    pub due: Date,
    /// Whether the last day rests on a year that was not arranged when it was counted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provisional: bool,
}

impl Deadline {
    /// Counts a deadline.
    #[must_use]
    pub fn count(from: Date, working_days: u32, calendar: &WorkingDays) -> Self {
        let counted = calendar.working_days_after(from, working_days);
        Self {
            from,
            working_days,
            provisional: counted.is_err(),
            due: counted.unwrap_or_else(|_| weekdays_after(from, working_days)),
        }
    }

    /// The same, counted again by this calendar where it was provisional.
    #[must_use]
    pub fn by(&self, calendar: &WorkingDays) -> Self {
        if self.provisional {
            return Self::count(self.from, self.working_days, calendar);
        }
        *self
    }

    /// Whether a day lies after it. A deadline of no days is over at once.
    #[must_use]
    pub fn is_over(&self, day: Date) -> bool {
        self.working_days == 0 || self.due < day
    }

    /// The deadline when its clock has stood still from one day to another: what was left then runs from the later
    /// day on.
    ///
    /// # Errors
    /// When it runs through a year that the calendar does not know.
    pub fn suspended(&self, since: Date, until: Date, calendar: &WorkingDays) -> Result<Self, WorkingDaysError> {
        let deadline = self.by(calendar);
        let left = calendar.working_days_between(since, deadline.due)?;
        Ok(Self::count(until, left, calendar))
    }
}

fn weekdays_after(from: Date, count: u32) -> Date {
    let (mut day, mut left) = (from, count);
    while left > 0 {
        day = day.saturating_add(jiff::Span::new().days(1));
        left -= u32::from(!matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday));
    }
    day
}
