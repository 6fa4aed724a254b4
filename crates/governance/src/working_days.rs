//! Working days: public holidays and make-up days, year by year, as data of the rule packs. So a decision that counted
//! them names them by the packs' hash, and replay counts by the calendar of its day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use crate::rules::Confidence;

/// Most working days that one deadline counts.
pub const WORKING_DAYS_MAX: u32 = 1_000;

/// The years whose arrangement of holidays is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkingDays {
    years: BTreeMap<i16, Year>,
}

/// Why a calendar cannot be read, or a day not be counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkingDaysError {
    /// A date that does not belong where it stands.
    #[error("the calendar's {date} is wrong: {reason}")]
    Date {
        /// The date.
        date: Date,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A year is there twice.
    #[error("the calendar has the year {0} twice")]
    Twice(i16),
    /// The holidays of a year are not known.
    #[error("the calendar has no year {0}; add its holidays from the yearly notice")]
    NoYear(i16),
    /// More days than a deadline counts.
    #[error("a deadline counts at most {WORKING_DAYS_MAX} working days, not {0}")]
    TooMany(u32),
}

/// The arrangement of one year.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Year {
    /// Which year.
    pub year: i16,
    /// The notice that arranges it.
    pub source: String,
    /// How sure we are of it.
    pub confidence: Confidence,
    /// Spans of days off, weekends in them included.
    pub holidays: Vec<Holiday>,
    /// Days of weekends on which people work.
    pub make_up: BTreeSet<Date>,
}

/// One holiday, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// Its name.
    pub name: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
}

impl WorkingDays {
    /// Lays the years of a pack over those of earlier packs: a year that is there is replaced as a whole.
    ///
    /// # Errors
    /// When a year is there twice, or a date is out of place.
    pub(crate) fn lay(&mut self, years: Vec<Year>) -> Result<(), WorkingDaysError> {
        let mut seen = BTreeSet::new();
        for year in years {
            year.check()?;
            if !seen.insert(year.year) {
                return Err(WorkingDaysError::Twice(year.year));
            }
            self.years.insert(year.year, year);
        }
        Ok(())
    }

    /// Takes over the years of `present` that are not known here.
    pub(crate) fn complete(&mut self, present: &Self) {
        for (number, year) in &present.years {
            self.years.entry(*number).or_insert_with(|| year.clone());
        }
    }

    /// The years that are arranged.
    pub fn arranged(&self) -> impl Iterator<Item = i16> + '_ {
        self.years.keys().copied()
    }

    /// Whether people work on the day.
    ///
    /// # Errors
    /// When the day's year is not in the calendar: a guess could end a deadline on the wrong day.
    pub fn is_working(&self, day: Date) -> Result<bool, WorkingDaysError> {
        let year = self
            .years
            .get(&day.year())
            .ok_or(WorkingDaysError::NoYear(day.year()))?;
        Ok(year.make_up.contains(&day) || (!is_weekend(day) && year.holiday(day).is_none()))
    }

    /// The `count`th working day after `day`; the day itself does not count. With 0, the day itself.
    ///
    /// # Errors
    /// When the count runs into a year that is not in the calendar, or is over [`WORKING_DAYS_MAX`].
    pub fn working_days_after(&self, day: Date, count: u32) -> Result<Date, WorkingDaysError> {
        if count > WORKING_DAYS_MAX {
            return Err(WorkingDaysError::TooMany(count));
        }
        let (mut day, mut left) = (day, count);
        while left > 0 {
            day = day.tomorrow().map_err(|_| WorkingDaysError::NoYear(day.year()))?;
            left -= u32::from(self.is_working(day)?);
        }
        Ok(day)
    }
    /// How many working days lie after one day, up to another and with it; none where it is not later.
    ///
    /// # Errors
    /// When the days run into a year that is not in the calendar, or are over [`WORKING_DAYS_MAX`].
    pub fn working_days_between(&self, after: Date, until: Date) -> Result<u32, WorkingDaysError> {
        let (mut day, mut count) = (after, 0);
        while day < until {
            day = day.tomorrow().map_err(|_| WorkingDaysError::NoYear(day.year()))?;
            count += u32::from(self.is_working(day)?);
            if count > WORKING_DAYS_MAX {
                return Err(WorkingDaysError::TooMany(count));
            }
        }
        Ok(count)
    }
}

impl Year {
    /// The holiday into which a day falls.
    #[must_use]
    pub fn holiday(&self, day: Date) -> Option<&Holiday> {
        self.holidays.iter().find(|it| it.from <= day && day <= it.until)
    }

    /// Names of the members in which another arrangement of the year differs.
    #[must_use]
    pub fn members_unlike(&self, other: &Self) -> Vec<String> {
        let members = [
            ("source", self.source != other.source),
            ("confidence", self.confidence != other.confidence),
            ("holidays", self.holidays != other.holidays),
            ("make_up", self.make_up != other.make_up),
        ];
        let unlike = members.iter().filter(|(_, differs)| *differs);
        unlike.map(|(name, _)| (*name).to_owned()).collect()
    }

    fn check(&self) -> Result<(), WorkingDaysError> {
        let wrong = |date, reason| Err(WorkingDaysError::Date { date, reason });
        for holiday in &self.holidays {
            if holiday.until < holiday.from {
                return wrong(holiday.until, "the holiday ends before it begins");
            }
            if holiday.from.year() != self.year || holiday.until.year() != self.year {
                return wrong(holiday.from, "it is not in the year it stands under");
            }
        }
        for day in &self.make_up {
            if day.year() != self.year {
                return wrong(*day, "it is not in the year it stands under");
            }
            if !is_weekend(*day) || self.holiday(*day).is_some() {
                return wrong(*day, "a make-up day is a weekend day outside the holidays");
            }
        }
        Ok(())
    }
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}
