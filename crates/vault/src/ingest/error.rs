//! Why a source was refused. Whatever the reason, nothing of it is left on disk.

use std::io;

use super::row_error::RowError;
use crate::error::VaultError;
use crate::source::{InputError, classify};
use crate::spec::{Limits, SpecError};

/// Why a source was refused.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The specification makes no sense.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// Rows break the specification, which asks to refuse the file then.
    #[error("{bad_rows} of {rows} rows break the specification; mend them and send the file again")]
    Refused {
        /// What is wrong, the first hundred errors.
        errors: Vec<RowError>,
        /// How many rows are bad.
        bad_rows: u64,
        /// How many rows there are.
        rows: u64,
    },
    /// More rows are bad than quarantine takes.
    #[error("more than {max} rows (or 64 MiB of them) break the specification; check that it fits the file")]
    QuarantineFull {
        /// How many quarantine takes.
        max: u64,
        /// What is wrong, the first hundred errors.
        errors: Vec<RowError>,
    },
    /// The file has no header because it has nothing.
    #[error("the file is empty, but the specification asks for a header")]
    Empty,
    /// The header cannot be read.
    #[error("the header cannot be read: {}", .0.message.en)]
    HeaderUnreadable(RowError),
    /// The header lacks columns.
    #[error("the header has {found} columns, and `{}` is not among them; check the header and the delimiter", missing.join("`, `"))]
    ColumnsMissing {
        /// The names or `#positions` that are not there.
        missing: Vec<String>,
        /// How many columns the header has.
        found: usize,
    },
    /// The header has a name twice that the specification uses.
    #[error("the header has `{0}` more than once; rename one, or register the column by its position")]
    HeaderAmbiguous(String),
    /// The file says that it is UTF-8.
    #[error("the file begins with the mark of UTF-8, but is registered as GBK; register it as UTF-8")]
    EncodingMismatch,
    /// The file has too many rows.
    #[error("the file has more than {max} rows; split it or raise the limit")]
    TooManyRows {
        /// The limit.
        max: u64,
    },
    /// The file is too large.
    #[error("the file has more than {max} bytes after decompression; split it or raise the limit")]
    TooLarge {
        /// The limit.
        max: u64,
    },
    /// The file is not compressed as registered.
    #[error("the file is registered as gzip, but is not")]
    NotGzip,
    /// The file broke off or its compression is damaged.
    #[error("the source cannot be read to its end: {0}")]
    Unreadable(#[source] io::Error),
    /// The vault could not store it.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl IngestError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Spec(spec) => spec.code(),
            Self::Refused { .. } => "ingest.rows-refused",
            Self::QuarantineFull { .. } => "ingest.quarantine-full",
            Self::Empty => "ingest.file-empty",
            Self::HeaderUnreadable(_) => "ingest.header-unreadable",
            Self::ColumnsMissing { .. } => "ingest.columns-missing",
            Self::HeaderAmbiguous(_) => "ingest.header-ambiguous",
            Self::EncodingMismatch => "ingest.encoding-mismatch",
            Self::TooManyRows { .. } => "ingest.too-many-rows",
            Self::TooLarge { .. } => "ingest.too-large",
            Self::NotGzip => "ingest.not-gzip",
            Self::Unreadable(_) => "ingest.source-unreadable",
            Self::Vault(vault) => vault.code(),
        }
    }

    /// The errors of single rows, where these are the reason.
    pub fn row_errors(&self) -> &[RowError] {
        match self {
            Self::Refused { errors, .. } | Self::QuarantineFull { errors, .. } => errors,
            Self::HeaderUnreadable(error) => std::slice::from_ref(error),
            Self::Spec(_)
            | Self::Empty
            | Self::ColumnsMissing { .. }
            | Self::HeaderAmbiguous(_)
            | Self::EncodingMismatch
            | Self::TooManyRows { .. }
            | Self::TooLarge { .. }
            | Self::NotGzip
            | Self::Unreadable(_)
            | Self::Vault(_) => &[],
        }
    }

    /// Makes the error of a read; for `map_err`.
    pub(super) fn reading(limits: &Limits) -> impl Fn(io::Error) -> Self {
        let max = limits.bytes_max;
        move |error| match classify(&error) {
            Some(InputError::TooLarge) => Self::TooLarge { max },
            Some(InputError::NotGzip) => Self::NotGzip,
            None => Self::Unreadable(error),
        }
    }
}
