//! From bytes to text. What the encoding does not allow is an error with its place, never a replacement.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, GB18030};

use crate::spec::Encoding;

/// A byte that the encoding does not allow, and the text before it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed {
    /// The text up to it.
    pub(crate) before: String,
    /// The byte.
    pub(crate) byte: u8,
}

/// Decodes one line.
pub(crate) fn decode(encoding: Encoding, bytes: &[u8]) -> Result<Cow<'_, str>, Malformed> {
    match encoding {
        Encoding::Utf8 => decode_utf8(bytes),
        Encoding::Gbk => decode_gbk(bytes),
    }
}

fn decode_utf8(bytes: &[u8]) -> Result<Cow<'_, str>, Malformed> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        Malformed {
            before: String::from_utf8_lossy(good).into_owned(),
            byte: bytes.get(error.valid_up_to()).copied().unwrap_or_default(),
        }
    })
}

fn decode_gbk(bytes: &[u8]) -> Result<Cow<'_, str>, Malformed> {
    match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(text),
        None => Err(locate_gbk(bytes)),
    }
}

/// Decodes again, slowly, to say where the bad byte is.
fn locate_gbk(bytes: &[u8]) -> Malformed {
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let capacity = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
    let mut before = String::with_capacity(capacity.unwrap_or(bytes.len() * 4 + 16));
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut before, true);
    let place = match result {
        DecoderResult::Malformed(bad, after) => read.saturating_sub(usize::from(bad) + usize::from(after)),
        DecoderResult::InputEmpty | DecoderResult::OutputFull => read,
    };
    Malformed {
        before,
        byte: bytes.get(place).copied().unwrap_or_default(),
    }
}

/// Whether the text begins with the byte order mark of UTF-8.
pub(crate) fn begins_with_utf8_mark(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xEF\xBB\xBF")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gbk_and_its_four_byte_extension_are_read() {
        assert_eq!(decode(Encoding::Gbk, b"\xC9\xEE\xDB\xDA").unwrap(), "深圳");
        assert_eq!(decode(Encoding::Gbk, b"\x95\x32\x82\x36").unwrap(), "𠀀");
    }

    #[test]
    fn broken_bytes_are_found_where_they_are() {
        let check = |encoding, bytes: &[u8], before: &str, byte| {
            assert_eq!(
                decode(encoding, bytes),
                Err(Malformed {
                    before: before.into(),
                    byte
                })
            );
        };
        check(Encoding::Gbk, b"\xC9\xEE,\xFF,x", "深,", 0xFF);
        check(Encoding::Gbk, b"ab\xC9", "ab", 0xC9);
        check(Encoding::Gbk, b"a\x81,b", "a", 0x81);
        check(Encoding::Utf8, b"ab\xC9\xEE", "ab", 0xC9);
    }
}
