//! One typed value.

use super::date::{format_day, parse_day};
use super::reason::Reason;
use crate::check::Check;
use crate::spec::{ColumnSpec, ColumnType};

/// The highest number of hundredths that the precision allows.
const DECIMAL_MAX: i128 = 999_999_999_999_999_999;

/// A value of a column.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(super) enum Cell<'a> {
    Null,
    Text(&'a str),
    Integer(i64),
    Float(f64),
    /// In hundredths.
    Decimal(i128),
    /// In days since 1970-01-01.
    Date(i32),
}

impl<'a> Cell<'a> {
    /// Types a value that is not missing, and checks it.
    pub(super) fn parse<'s>(column: &'s ColumnSpec, text: &'a str) -> Result<Self, Reason<'s>> {
        let cell = match column.column_type {
            ColumnType::Text => Self::Text(text),
            ColumnType::Integer => Self::Integer(text.parse().map_err(|_| Reason::NotInteger)?),
            ColumnType::Float => Self::Float(parse_float(text).ok_or(Reason::NotFloat)?),
            ColumnType::Decimal => Self::Decimal(parse_decimal(text).ok_or(Reason::NotDecimal)?),
            ColumnType::Date => Self::Date(parse_day(text).ok_or(Reason::NotDate)?),
        };
        match &column.check {
            Some(check) if !cell.passes(check) => Err(Reason::Check(check)),
            Some(_) | None => Ok(cell),
        }
    }

    fn passes(&self, check: &Check) -> bool {
        match (self, check) {
            (Self::Text(text), check) => check.accepts_text(text),
            (Self::Integer(value), Check::Between { min, max }) => (min..=max).contains(&value),
            (Self::Float(value), Check::Between { min, max }) => (*min as f64..=*max as f64).contains(value),
            (Self::Decimal(value), Check::Between { min, max }) => {
                (i128::from(*min) * 100..=i128::from(*max) * 100).contains(value)
            }
            (Self::Null, _) => true,
            (Self::Integer(_) | Self::Float(_) | Self::Decimal(_) | Self::Date(_), _) => false,
        }
    }

    /// The value, if it has an order that is worth a minimum and a maximum.
    pub(super) fn measure(&self) -> Option<Cell<'static>> {
        match *self {
            Self::Null | Self::Text(_) => None,
            Self::Integer(value) => Some(Cell::Integer(value)),
            Self::Float(value) => Some(Cell::Float(value)),
            Self::Decimal(value) => Some(Cell::Decimal(value)),
            Self::Date(value) => Some(Cell::Date(value)),
        }
    }

    /// Gives the bytes that stand for the value when values are compared; none for a missing one.
    pub(super) fn with_bytes<T>(&self, use_bytes: impl FnOnce(&[u8]) -> T) -> Option<T> {
        match self {
            Self::Null => None,
            Self::Text(text) => Some(use_bytes(text.as_bytes())),
            Self::Integer(value) => Some(use_bytes(&value.to_le_bytes())),
            // Adding zero makes one of the two zeros.
            Self::Float(value) => Some(use_bytes(&(value + 0.0).to_le_bytes())),
            Self::Decimal(value) => Some(use_bytes(&value.to_le_bytes())),
            Self::Date(value) => Some(use_bytes(&value.to_le_bytes())),
        }
    }
}

impl std::fmt::Display for Cell<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Text(text) => formatter.write_str(text),
            Self::Integer(value) => write!(formatter, "{value}"),
            Self::Float(value) => write!(formatter, "{value}"),
            Self::Decimal(value) => {
                let sign = if *value < 0 { "-" } else { "" };
                let hundredths = value.unsigned_abs();
                write!(formatter, "{sign}{}.{:02}", hundredths / 100, hundredths % 100)
            }
            Self::Date(days) => formatter.write_str(&format_day(*days)),
        }
    }
}

/// Numbers only: `NaN` and `inf`, which Rust would read, are names.
fn parse_float(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Hundredths, exactly; zeros beyond the second place are allowed.
fn parse_decimal(text: &str) -> Option<i128> {
    let (negative, body) = match text.strip_prefix(['-', '+']) {
        Some(body) => (text.starts_with('-'), body),
        None => (false, text),
    };
    let (whole, places) = body.split_once('.').unwrap_or((body, ""));
    let places = places.trim_end_matches('0');
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(places) || places.len() > 2 || body.ends_with('.') {
        return None;
    }
    let hundredths: i128 = format!("{whole}{places:0<2}").parse().ok()?;
    (hundredths <= DECIMAL_MAX).then_some(if negative { -hundredths } else { hundredths })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        for (text, hundredths) in [
            ("1", 100),
            ("-0.5", -50),
            ("12.34", 1234),
            ("1.200", 120),
            ("+7.00", 700),
        ] {
            assert_eq!(parse_decimal(text), Some(hundredths), "{text}");
        }
        for text in [
            "",
            ".5",
            "1.",
            "1.234",
            "1,000",
            "1e3",
            "--1",
            "9999999999999999999",
            "１",
        ] {
            assert_eq!(parse_decimal(text), None, "{text}");
        }
        assert_eq!(Cell::Decimal(-5).to_string(), "-0.05");
    }

    #[test]
    fn floats_are_finite() {
        assert_eq!(parse_float("1e3"), Some(1000.0));
        for text in ["NaN", "inf", "1e999", "1,5", ""] {
            assert_eq!(parse_float(text), None, "{text}");
        }
    }
}
