//! Working days over the years of the calendar that comes with the program.

use gongshu_governance::rules::{Difference, Pack, RuleBook, diff};
use gongshu_governance::working_days::{WorkingDays, WorkingDaysError};
use jiff::civil::{Date, date};

use crate::district::{CALENDAR, NATIONAL, rules, rules_of};

fn calendar() -> &'static WorkingDays {
    rules().working_days()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn holidays_and_make_up_days_of_a_year_are_told_from_weekends() {
    let table = [
        ("2026-01-01", false),
        ("2026-01-02", false),
        ("2026-01-04", true),
        ("2026-01-05", true),
        ("2026-01-10", false),
        ("2026-02-14", true),
        ("2026-02-15", false),
        ("2026-02-23", false),
        ("2026-02-24", true),
        ("2026-02-28", true),
        ("2026-04-06", false),
        ("2026-04-07", true),
        ("2026-05-05", false),
        ("2026-05-06", true),
        ("2026-05-09", true),
        ("2026-06-19", false),
        ("2026-09-20", true),
        ("2026-09-25", false),
        ("2026-09-28", true),
        ("2026-10-07", false),
        ("2026-10-08", true),
        ("2026-10-10", true),
        ("2026-10-11", false),
        ("2026-12-31", true),
    ];
    for (text, working) in table {
        assert_eq!(calendar().is_working(day(text)), Ok(working), "{text}");
    }
}

/// 365 days less weekends and 13 days of statutory holidays that fall or are moved to working days.
#[test]
fn both_years_have_248_working_days() {
    for year in [2025, 2026] {
        let first = date(year, 1, 1);
        let days = first.series(jiff::Span::new().days(1)).take(365);
        let working = days.filter(|day| calendar().is_working(*day).unwrap()).count();
        assert_eq!(working, 248, "{year}");
    }
}

#[test]
fn a_deadline_counts_working_days_only() {
    let table = [
        ("2026-03-02", 0, "2026-03-02"),
        ("2026-03-02", 3, "2026-03-05"),
        ("2026-03-05", 3, "2026-03-10"),
        // Over the spring festival, with a make-up Saturday on either side.
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-02-26", 2, "2026-02-28"),
        ("2026-02-26", 3, "2026-03-02"),
        // Over the national day.
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-09-30", 10, "2026-10-20"),
        // From a day off, and over the end of a year.
        ("2026-05-02", 1, "2026-05-06"),
        ("2025-12-31", 1, "2026-01-04"),
    ];
    for (from, count, expected) in table {
        let after = calendar().working_days_after(day(from), count);
        assert_eq!(after, Ok(day(expected)), "{count} after {from}");
    }
}

#[test]
fn a_year_that_is_not_arranged_is_not_guessed() {
    let after = calendar().working_days_after(date(2026, 12, 31), 1);
    assert_eq!(after, Err(WorkingDaysError::NoYear(2027)));
    let after = calendar().working_days_after(date(2025, 1, 1), 1_001);
    assert_eq!(after, Err(WorkingDaysError::TooMany(1_001)));
}

#[test]
fn a_broken_calendar_says_what_to_mend() {
    let year = |holiday: &str, make_up: &str| {
        format!(
            "[pack]\nid=\"x\"\ntitle=\"x\"\n[[years]]\nyear=2026\nsource=\"x\"\nconfidence=\"H\"\nholidays=[{holiday}]\nmake_up=[{make_up}]\n"
        )
    };
    let table = [
        (
            "[pack]\nid=\"x\"\ntitle=\"x\"\n[[years]]\nyear=1".to_owned(),
            "cannot be read",
        ),
        (
            year("{name=\"x\",from=\"2026-05-02\",until=\"2026-05-01\"}", ""),
            "2026-05-01",
        ),
        (
            year("{name=\"x\",from=\"2025-05-01\",until=\"2025-05-01\"}", ""),
            "not in the year",
        ),
        (year("", "\"2026-01-05\""), "weekend day"),
        (year("", "\"2025-01-04\""), "not in the year"),
        (
            year("", "") + "[[years]]\nyear=2026\nsource=\"x\"\nconfidence=\"H\"\nholidays=[]\nmake_up=[]\n",
            "2026 twice",
        ),
    ];
    for (text, word) in table {
        let error = RuleBook::load(&[NATIONAL, &text]).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn a_later_pack_replaces_a_year_and_the_difference_is_told() {
    let year = "[pack]\nid=\"district\"\ntitle=\"x\"\n[[years]]\nyear=2026\nsource=\"区通知\"\nconfidence=\"H\"\nholidays=[]\nmake_up=[]\n";
    let new_year = date(2026, 1, 1);
    let replaced = rules_of(&[NATIONAL, CALENDAR, year]);
    assert_ne!(replaced.hash(), rules().hash());
    assert_eq!(replaced.working_days().is_working(new_year), Ok(true));
    assert_eq!(replaced.working_days().is_working(date(2025, 1, 1)), Ok(false));
    let told = diff(&Pack::read(CALENDAR).unwrap(), &Pack::read(year).unwrap());
    let changed = ["source", "confidence", "holidays", "make_up"].map(str::to_owned);
    let expected = [
        Difference::Removed("years.2025".to_owned()),
        Difference::Changed("years.2026".to_owned(), changed.to_vec()),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_record_without_a_calendar_is_replayed_with_the_present_one() {
    let earlier = RuleBook::load(&[NATIONAL]).unwrap();
    let new_year = date(2026, 1, 1);
    let unknown = earlier.on(new_year).working_days().is_working(new_year);
    assert_eq!(unknown, Err(WorkingDaysError::NoYear(2026)));
    let present = RuleBook::load(&[NATIONAL, CALENDAR]).unwrap();
    let of_record = RuleBook::of_record(&[NATIONAL], &present).unwrap();
    assert_eq!(of_record.hash(), earlier.hash());
    assert_eq!(of_record.on(new_year).working_days(), calendar());
}
