//! What can be wrong with the shape of a row, before its values are looked at.

/// What is wrong with the shape of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Bytes that the encoding does not allow, at this character of the line, from 1.
    Malformed { character: u64, byte: u8 },
    /// The row is longer than allowed.
    TooLong { bytes_max: u64 },
    /// A quote opens a value and none closes it.
    OpenQuote,
    /// Text follows a closing quote.
    TextAfterQuote,
}

/// A fault, and the line (from 1) and field (from 1) where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Located {
    pub(crate) line: u64,
    pub(crate) column: u32,
    pub(crate) fault: Fault,
}
