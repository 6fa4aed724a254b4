//! The clock of the lifecycle: it begins in a month that is over, and leaps on to today, so that a month can be closed.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use gongshu_app::Clock;
use gongshu_app::governance::calendar::day_of;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// Seconds of a day.
const DAY: u32 = 86_400;
/// The day of the month on which the lifecycle begins.
const FIRST_DAY: i8 = 3;

/// The machine's clock, some days behind. A leap passes for those days: what it shows and what has passed go on alike.
pub(super) struct StoryClock {
    /// Days that it was behind at first.
    began: u32,
    /// Days that it is behind now.
    behind: AtomicU32,
}

impl StoryClock {
    /// The clock of a lifecycle that begins in the last month that may be closed, this many days after its end.
    pub(super) fn of_last_month(wait_days: i64) -> Result<Self> {
        let today = day_of(Timestamp::now());
        let began = first_day(today, wait_days).context("there is no month before this one")?;
        let behind = u32::try_from(today.since(began)?.get_days())?;
        Ok(Self {
            began: behind,
            behind: AtomicU32::new(behind),
        })
    }

    /// Lets a day pass, where it is behind; tells whether it was.
    pub(super) fn pass_day(&self) -> bool {
        let back = |behind: u32| behind.checked_sub(1);
        self.behind
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, back)
            .is_ok()
    }

    /// Lets all days pass until today.
    pub(super) fn reach_today(&self) {
        self.behind.store(0, Ordering::SeqCst);
    }

    fn behind(&self) -> u32 {
        self.behind.load(Ordering::SeqCst)
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        let behind = SignedDuration::from_secs(i64::from(self.behind()) * i64::from(DAY));
        Timestamp::now().saturating_sub(behind).unwrap_or(Timestamp::MIN)
    }

    fn elapsed(&self) -> Duration {
        let passed = self.began.saturating_sub(self.behind());
        gongshu_app::SystemClock.elapsed() + Duration::from_secs(u64::from(passed) * u64::from(DAY))
    }
}

/// The day on which a lifecycle begins whose month may be closed today.
fn first_day(today: Date, wait_days: i64) -> Option<Date> {
    let over = today.checked_sub(wait_days.days()).ok()?;
    let month = over.first_of_month().checked_sub(1.month()).ok()?;
    month.with().day(FIRST_DAY).build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifecycle_begins_in_the_last_month_that_may_be_closed() {
        for (today, began) in [
            ("2026-11-29", "2026-10-03"),
            ("2026-11-02", "2026-10-03"),
            ("2026-11-01", "2026-09-03"),
            ("2027-01-01", "2026-11-03"),
            ("2027-03-31", "2027-02-03"),
        ] {
            let told = first_day(today.parse().unwrap(), 1).unwrap();
            assert_eq!(told, began.parse::<Date>().unwrap(), "{today}");
        }
    }

    #[test]
    fn the_days_of_a_leap_have_passed() {
        let clock = StoryClock {
            began: 2,
            behind: AtomicU32::new(2),
        };
        let look = || (clock.now(), clock.elapsed());
        let before = look();
        assert!(clock.pass_day());
        let after = look();
        clock.reach_today();
        assert!(!clock.pass_day(), "it does not go ahead of the machine's");
        let shown = after.0.duration_since(before.0).as_secs();
        let passed = (after.1 - before.1).as_secs();
        assert!(
            shown.abs_diff(i64::from(DAY)) <= 1 && passed.abs_diff(u64::from(DAY)) <= 1,
            "{shown} {passed}"
        );
        assert!(look().0.duration_since(Timestamp::now()).as_secs().abs() <= 1);
    }
}
