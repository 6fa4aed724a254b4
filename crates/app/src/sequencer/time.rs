//! The times of the record: none before an earlier one, and none while the machine's clock has jumped.
//!
//! Terms, deadlines and consents end by these times. A clock set back would let an ended authorization live again; one
//! set ahead would end those that live, and stand in the record for good. So a jump stops recording until the clock is
//! set right. Small steps, as a time service makes them, pass; while the clock is a little behind, time stands still.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// The largest step of the clock that is taken as its correction.
pub(crate) const STEP_MAX: SignedDuration = SignedDuration::from_secs(60);

/// Why the time is not to be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClockFault {
    /// It moved by much more or less than the time that has passed.
    #[error("the clock jumped by {seconds} seconds")]
    Jumped {
        /// By how much: ahead where positive.
        seconds: i64,
    },
    /// It is behind the newest record.
    #[error("the clock is {seconds} seconds behind the newest record")]
    BehindRecord {
        /// By how much.
        seconds: i64,
    },
}

impl ClockFault {
    /// By how many seconds the clock is wrong.
    #[must_use]
    pub const fn seconds(&self) -> i64 {
        match self {
            Self::Jumped { seconds } | Self::BehindRecord { seconds } => *seconds,
        }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Jumped { .. } => "clock.jumped",
            Self::BehindRecord { .. } => "clock.behind-record",
        }
    }
}

/// The clock as it was believed last, and the newest time on record.
#[derive(Debug)]
pub(crate) struct RecordTime {
    newest: Timestamp,
    believed: Timestamp,
    elapsed: Duration,
}

impl RecordTime {
    /// Begins with the newest time on record and a look at the clock: `elapsed` is time passed since any fixed moment.
    pub(crate) fn new(newest: Option<Timestamp>, now: Timestamp, elapsed: Duration) -> Self {
        Self {
            newest: newest.unwrap_or(Timestamp::MIN),
            believed: now,
            elapsed,
        }
    }

    /// Learns of a time that another server has put on record.
    pub(crate) fn learn(&mut self, newest: Option<Timestamp>) {
        self.newest = newest.map_or(self.newest, |newest| self.newest.max(newest));
    }

    /// The time of the next records.
    pub(crate) fn next(&mut self, now: Timestamp, elapsed: Duration) -> Result<Timestamp, ClockFault> {
        let passed = elapsed.saturating_sub(self.elapsed);
        let moved = now.duration_since(self.believed);
        let jump = moved.saturating_sub(SignedDuration::try_from(passed).unwrap_or(SignedDuration::MAX));
        if jump.abs() > STEP_MAX {
            return Err(ClockFault::Jumped {
                seconds: jump.as_secs(),
            });
        }
        let behind = self.newest.duration_since(now);
        if behind > STEP_MAX {
            return Err(ClockFault::BehindRecord {
                seconds: behind.as_secs(),
            });
        }
        (self.believed, self.elapsed) = (now, elapsed);
        self.newest = self.newest.max(now);
        Ok(self.newest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: i64 = 1_800_000_000;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(START + second).unwrap_or(Timestamp::MIN)
    }

    /// Looks at the clock after so many real seconds, where it shows so many; what comes of each.
    fn looks(newest: Option<i64>, looks: &[(u64, i64)]) -> Vec<Result<i64, ClockFault>> {
        let mut time = RecordTime::new(newest.map(at), at(0), Duration::ZERO);
        let look = |(elapsed, shown): &(u64, i64)| {
            let next = time.next(at(*shown), Duration::from_secs(*elapsed));
            next.map(|next| next.as_second() - START)
        };
        looks.iter().map(look).collect()
    }

    #[test]
    fn a_steady_clock_gives_its_time_however_long_the_pause() {
        assert_eq!(looks(None, &[(1, 1), (90_000, 90_000)]), [Ok(1), Ok(90_000)]);
    }

    #[test]
    fn time_stands_still_while_the_clock_is_a_little_behind() {
        assert_eq!(looks(None, &[(10, 10), (11, -20), (60, 29)]), [Ok(10), Ok(10), Ok(29)]);
    }

    #[test]
    fn a_jump_stops_recording_until_the_clock_is_right_again() {
        let ahead = Err(ClockFault::Jumped { seconds: 86_400 });
        assert_eq!(looks(None, &[(1, 1), (2, 86_402), (9, 9)]), [Ok(1), ahead, Ok(9)]);
        let back = Err(ClockFault::Jumped { seconds: -3_600 });
        assert_eq!(looks(None, &[(1, 1), (2, -3_598), (9, 9)]), [Ok(1), back, Ok(9)]);
    }

    #[test]
    fn many_small_steps_pass_and_do_not_add_up_to_a_jump() {
        assert_eq!(looks(None, &[(1, 41), (2, 82), (3, 123)]), [Ok(41), Ok(82), Ok(123)]);
    }

    #[test]
    fn a_clock_behind_the_record_waits_for_it() {
        let behind = Err(ClockFault::BehindRecord { seconds: 99 });
        assert_eq!(
            looks(Some(100), &[(1, 1), (50, 50), (101, 101)]),
            [behind, Ok(100), Ok(101)]
        );
    }
}
