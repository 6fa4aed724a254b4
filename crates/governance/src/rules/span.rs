//! Spans of days that may be open at either end: when a pack or a value of it is in force.

use std::fmt;

use jiff::civil::Date;

/// From a day until a day, both included; an end that is left out is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
}

impl Span {
    /// Whether it is in force on the day.
    #[must_use]
    pub fn covers(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// The days that both have; `None` where they have none.
    #[must_use]
    pub fn common(self, other: Self) -> Option<Self> {
        let from = self.from.max(other.from);
        let until = match (self.until, other.until) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        let common = Self { from, until };
        (!common.is_empty()).then_some(common)
    }

    /// Whether it ends before it begins.
    #[must_use]
    pub fn is_empty(self) -> bool {
        matches!((self.from, self.until), (Some(from), Some(until)) if until < from)
    }

    /// Whether it is bounded at all.
    #[must_use]
    pub fn is_dated(self) -> bool {
        self.from.is_some() || self.until.is_some()
    }

    /// The days on which something changes: its first, and the one after its last.
    pub(super) fn turns(self) -> impl Iterator<Item = Date> {
        let after = self.until.and_then(|until| until.tomorrow().ok());
        self.from.into_iter().chain(after)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.until) {
            (None, None) => f.write_str("on all days"),
            (Some(from), None) => write!(f, "from {from}"),
            (None, Some(until)) => write!(f, "until {until}"),
            (Some(from), Some(until)) => write!(f, "from {from} until {until}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::Span;

    #[test]
    fn spans_meet_where_both_are_in_force() {
        let (march, april) = (date(2026, 3, 31), date(2026, 4, 1));
        let before = Span {
            from: None,
            until: Some(march),
        };
        let after = Span {
            from: Some(april),
            until: None,
        };
        assert_eq!(before.common(after), None);
        assert_eq!(before.common(Span::default()), Some(before));
        assert!(before.covers(march) && !before.covers(april));
        assert_eq!(before.turns().collect::<Vec<_>>(), [april]);
        let one = Span {
            from: Some(march),
            until: Some(march),
        };
        assert_eq!(one.common(before), Some(one));
        assert!(!one.is_empty() && one.covers(march));
    }
}
