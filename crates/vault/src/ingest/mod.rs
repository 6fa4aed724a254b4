//! From a source to a stored version: read every row, check and type it, write the good ones encrypted,
//! account for the others.

mod cell;
mod commit;
mod date;
mod error;
mod layout;
mod load;
mod profile;
mod reason;
mod rejects;
mod row_error;
mod rows;
mod table;
mod unique;

use datafusion::arrow::datatypes::SchemaRef;

pub use error::IngestError;
pub use profile::ColumnProfile;
pub use rejects::{QuarantinedRow, ROW_ERRORS_REPORTED_MAX};
pub use row_error::{Message, RowError};

pub(crate) use commit::{Target, ingest};

/// What became of a source.
#[derive(Debug, Clone)]
pub struct Ingested {
    /// Rows stored.
    pub rows: u64,
    /// Rows read: those stored and those in quarantine.
    pub rows_read: u64,
    /// Rows in quarantine.
    pub quarantined_rows: u64,
    /// What was wrong with them, the first [`ROW_ERRORS_REPORTED_MAX`] errors; a row may have several.
    pub quarantined: Vec<RowError>,
    /// How many errors there were in all.
    pub quarantined_errors: u64,
    /// Lines without a character, such as one at the end.
    pub blank_lines: u64,
    /// Columns of the file that the specification does not name and that were not stored.
    pub columns_ignored: Vec<String>,
    /// SHA-256 of the bytes as they came, compressed if they were, in hexadecimal.
    pub source_sha256: String,
    /// SHA-256 of the encrypted file, in hexadecimal.
    pub stored_sha256: String,
    /// The id of the data key.
    pub key_id: String,
    /// The columns as they are stored.
    pub schema: SchemaRef,
    /// What the values are like, column by column.
    pub profile: Vec<ColumnProfile>,
}
