//! How a source is to be read. A specification is part of a resource's registration, so it is serializable
//! and says everything: nothing about a source is guessed but its compression.

mod build;
mod validate;

use serde::{Deserialize, Serialize};

use crate::check::Check;

pub use validate::SpecError;

/// How to read one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceSpec {
    /// The format of the file.
    pub format: Format,
    /// How it is compressed. A file that begins as gzip does is decompressed even under `None`.
    #[serde(default)]
    pub compression: Compression,
    /// The columns to store, in order. Columns of the file that are not named here are not stored.
    pub columns: Vec<ColumnSpec>,
    /// What happens to rows that break the specification.
    #[serde(default)]
    pub bad_rows: BadRows,
    /// The name of a column to add, with the number of the row in the source (from 1, blank lines and the
    /// header not counted, quarantined rows counted).
    #[serde(default)]
    pub row_id: Option<String>,
    /// Bounds on what is read.
    #[serde(default)]
    pub limits: Limits,
}

/// The format of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Format {
    /// Delimited text as RFC 4180 has it.
    Csv {
        /// What stands between fields: one ASCII character, not a letter, digit or quote.
        delimiter: char,
        /// Whether the first row has the names of the columns.
        header: bool,
        /// How the text is encoded.
        encoding: Encoding,
        /// The values that stand for "missing", compared after trimming.
        null_markers: Vec<String>,
        /// Whether white space around values is taken off.
        trim: bool,
    },
}

/// How text is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    #[default]
    Utf8,
    /// GB 18030, which contains GBK and GB 2312.
    Gbk,
}

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compression {
    /// Not at all, as far as the registration says.
    #[default]
    None,
    /// With gzip; a file that is not is refused.
    Gzip,
}

/// One column to store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnSpec {
    /// Its name in the vault and in SQL.
    pub name: String,
    /// Where it is in the file.
    pub source: ColumnSource,
    /// The type of its values.
    pub column_type: ColumnType,
    /// Whether values may be missing.
    #[serde(default)]
    pub nullable: bool,
    /// Whether no value may come twice. Missing values are not compared.
    #[serde(default)]
    pub unique: bool,
    /// A further check on its values.
    #[serde(default)]
    pub check: Option<Check>,
}

/// Where a column is in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ColumnSource {
    /// Under this name in the header.
    Header(String),
    /// At this place, from 1.
    Position(u32),
}

/// The type of a column's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ColumnType {
    /// Text.
    Text,
    /// A whole number of 64 bits.
    Integer,
    /// A finite number of double precision.
    Float,
    /// An exact number with two decimal places, up to 16 digits before the point.
    Decimal,
    /// A day: `2020-01-31`, `2020/1/31`, `20200131` or `2020年1月31日`.
    Date,
}

/// What happens to rows that break the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BadRows {
    /// One bad row refuses the file.
    #[default]
    Reject,
    /// Bad rows are set aside, encrypted, and the others are stored.
    Quarantine,
}

/// Bounds on what is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Rows in the file. A unique column costs about 50 bytes of memory a row while it is read.
    pub rows_max: u64,
    /// Bytes of the file, after decompression.
    pub bytes_max: u64,
    /// Bytes of one row.
    pub line_bytes_max: u64,
    /// Rows in quarantine, after which the file is refused.
    pub quarantine_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rows_max: 20_000_000,
            bytes_max: 8 << 30,
            line_bytes_max: 256 << 10,
            quarantine_max: 10_000,
        }
    }
}
