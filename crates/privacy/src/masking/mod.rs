//! Masking (GB/T 37964-2019): what is kept of a value. The guarantee is in `guarantee.md`.

#[cfg(test)]
mod tests;

/// Keeps the first `head` and last `tail` characters; every other character becomes `*`. A value
/// too short to hide anything between them is hidden whole.
#[must_use]
pub fn partial(value: &str, head: usize, tail: usize) -> String {
    let length = value.chars().count();
    let hidden = head.saturating_add(tail) >= length;
    let shown = |index: usize| !hidden && (index < head || index >= length - tail);
    value
        .chars()
        .enumerate()
        .map(|(index, character)| if shown(index) { character } else { '*' })
        .collect()
}

/// Rounds down to a multiple of `width`; a width under 1 counts as 1.
#[must_use]
pub fn band(value: i64, width: i64) -> i64 {
    let width = width.max(1);
    value.div_euclid(width).saturating_mul(width)
}

/// The year of a day counted from 1970-01-01 in the proleptic Gregorian calendar.
#[must_use]
pub fn year_of_day(day: i32) -> i64 {
    // Days since 0000-03-01, in eras of 400 years (146,097 days).
    let shifted = i64::from(day) + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let after_december = day_of_year >= 306;
    era * 400 + year_of_era + i64::from(after_december)
}
