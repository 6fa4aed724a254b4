//! Days as departments write them.

use jiff::civil::{Date, date};

const EPOCH: Date = date(1970, 1, 1);

/// The day as the number of days since 1970-01-01: `2020-01-31`, `2020/1/31`, `20200131` or `2020年1月31日`.
pub(super) fn parse_day(text: &str) -> Option<i32> {
    let (year, month, day) = parts(text)?;
    let date = Date::new(number(year, 4)?, number(month, 2)?, number(day, 2)?).ok()?;
    days_since_epoch(date)
}

/// The day as `2020-01-31`.
pub(super) fn format_day(days: i32) -> String {
    match EPOCH.checked_add(jiff::Span::new().days(days)) {
        Ok(date) => date.to_string(),
        Err(_) => days.to_string(),
    }
}

fn parts(text: &str) -> Option<(&str, &str, &str)> {
    if let Some(body) = text.strip_suffix('日') {
        let (year, rest) = body.split_once('年')?;
        let (month, day) = rest.split_once('月')?;
        return Some((year, month, day));
    }
    for separator in ['-', '/'] {
        if let Some((year, rest)) = text.split_once(separator) {
            let (month, day) = rest.split_once(separator)?;
            return Some((year, month, day));
        }
    }
    (text.len() == 8).then_some(())?;
    Some((text.get(..4)?, text.get(4..6)?, text.get(6..)?))
}

/// One to `digits` digits; a year has all four.
fn number<N: TryFrom<u16>>(text: &str, digits: usize) -> Option<N> {
    let length = if digits == 4 { 4..=4 } else { 1..=digits };
    let plain = length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let value: u16 = plain.then(|| text.parse().ok()).flatten()?;
    N::try_from(value).ok()
}

fn days_since_epoch(date: Date) -> Option<i32> {
    i32::try_from(date.duration_since(EPOCH).as_hours() / 24).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_four_ways() {
        for text in ["2020-01-31", "2020/1/31", "20200131", "2020年1月31日"] {
            assert_eq!(parse_day(text), Some(18292), "{text}");
        }
        assert_eq!(parse_day("1969-12-31"), Some(-1));
        assert_eq!(format_day(18292), "2020-01-31");
    }

    #[test]
    fn other_texts_are_not_days() {
        for text in [
            "",
            "2020-02-30",
            "2020-1",
            "31/1/2020",
            "+020-01-01",
            "2020-01-31 00:00",
            "2020013",
            "二〇二〇年一月一日",
        ] {
            assert_eq!(parse_day(text), None, "{text}");
        }
    }
}
