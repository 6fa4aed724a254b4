//! Canonical JSON: the one spelling of a value that is hashed (RFC 8785, without fractions).

use serde_json::Value;
use thiserror::Error;

/// How deep values may nest.
pub const JSON_DEPTH_MAX: usize = 64;
/// The largest integer that every JSON reader keeps exact: 2⁵³ − 1.
const INTEGER_MAX: u64 = (1 << 53) - 1;

/// Why a value has no canonical form here.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum JsonError {
    /// A number has a fraction or exponent.
    #[error("the number `{0}` is no integer; write it as text")]
    NotInteger(String),
    /// An integer is too large for some readers.
    #[error("the number `{0}` is beyond 2^53 - 1; write it as text")]
    IntegerTooLarge(String),
    /// Arrays and objects nest too deep.
    #[error("values nest deeper than {JSON_DEPTH_MAX}")]
    TooDeep,
}

impl JsonError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotInteger(_) => "json.not-integer",
            Self::IntegerTooLarge(_) => "json.integer-too-large",
            Self::TooDeep => "json.too-deep",
        }
    }
}

/// The canonical bytes of `value`: keys sorted by their UTF-16 code units, no white space, integers only.
pub fn canonical_json(value: &Value) -> Result<Vec<u8>, JsonError> {
    let mut out = String::new();
    write_value(value, 0, &mut out)?;
    Ok(out.into_bytes())
}

fn write_value(value: &Value, depth: usize, out: &mut String) -> Result<(), JsonError> {
    if depth > JSON_DEPTH_MAX {
        return Err(JsonError::TooDeep);
    }
    match value {
        Value::Number(number) => write_integer(number, out)?,
        Value::Array(items) => write_list(items.iter(), ['[', ']'], out, |item, out| {
            write_value(item, depth + 1, out)
        })?,
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            write_list(sorted.into_iter(), ['{', '}'], out, |(key, value), out| {
                write_string(key, out);
                out.push(':');
                write_value(value, depth + 1, out)
            })?;
        }
        Value::String(text) => write_string(text, out),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Null => out.push_str("null"),
    }
    Ok(())
}

fn write_list<T>(
    items: impl Iterator<Item = T>,
    [open, close]: [char; 2],
    out: &mut String,
    mut write: impl FnMut(T, &mut String) -> Result<(), JsonError>,
) -> Result<(), JsonError> {
    out.push(open);
    for (position, item) in items.enumerate() {
        if position > 0 {
            out.push(',');
        }
        write(item, out)?;
    }
    out.push(close);
    Ok(())
}

fn write_integer(number: &serde_json::Number, out: &mut String) -> Result<(), JsonError> {
    let magnitude = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
    match magnitude {
        None => Err(JsonError::NotInteger(number.to_string())),
        Some(magnitude) if magnitude > INTEGER_MAX => Err(JsonError::IntegerTooLarge(number.to_string())),
        Some(_) => {
            out.push_str(&number.to_string());
            Ok(())
        }
    }
}

/// RFC 8785, section 3.2.2.2: the shortest escapes, and only where JSON asks for them.
fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if u32::from(c) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Whether two values say the same, however a reader on the way has spelled their numbers (`1`, `1.0`).
pub(crate) fn same_json(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || same_number(a, b),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_json(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            let same = |(key, value)| b.get(key).is_some_and(|other| same_json(value, other));
            a.len() == b.len() && a.iter().all(same)
        }
        (a, b) => a == b,
    }
}

/// Integers are compared exactly; with a fraction or exponent on either side, as the doubles that readers make.
fn same_number(a: &serde_json::Number, b: &serde_json::Number) -> bool {
    let integer = |n: &serde_json::Number| n.as_i64().map(i128::from).or_else(|| n.as_u64().map(i128::from));
    match (integer(a), integer(b)) {
        (Some(a), Some(b)) => a == b,
        (Some(n), None) | (None, Some(n)) if n.unsigned_abs() > u128::from(INTEGER_MAX) => false,
        _ => a.as_f64().is_some() && a.as_f64() == b.as_f64(),
    }
}
