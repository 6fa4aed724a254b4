//! The small strict readers that the text formats share.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Bytes as standard padded base64.
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads standard base64 and nothing but its one canonical spelling.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Reads an ASCII decimal without sign, without leading zeroes.
pub(crate) fn from_decimal(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = text.len() > 1 && text.starts_with('0');
    (digits && !leading_zero).then(|| text.parse().ok())?
}

/// Whether `text` holds an ASCII control character other than newline.
pub(crate) fn has_controls(text: &str) -> bool {
    text.bytes().any(|byte| byte < 0x20 && byte != b'\n')
}
