//! The account of bad rows.

use serde::{Deserialize, Serialize};

use super::error::IngestError;
use super::row_error::RowError;
use crate::spec::{BadRows, SourceSpec};

/// How many errors a report has; the counts go on.
pub const ROW_ERRORS_REPORTED_MAX: usize = 100;
/// Bytes of bad rows held in memory, after which the file is refused.
const QUARANTINE_BYTES_MAX: usize = 64 << 20;

/// A row in quarantine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantinedRow {
    /// The line where it begins.
    pub line: u64,
    /// All that is wrong with it.
    pub errors: Vec<RowError>,
    /// Its bytes as they came, cut at the row limit.
    #[serde(with = "base64_bytes")]
    pub raw: Vec<u8>,
}

/// Gathers bad rows.
pub(super) struct Rejects {
    bad_rows: BadRows,
    quarantine_max: u64,
    /// The first errors.
    pub(super) reported: Vec<RowError>,
    pub(super) errors: u64,
    pub(super) rows: u64,
    /// The rows to set aside; none when the file is to be refused.
    pub(super) held: Vec<QuarantinedRow>,
    held_bytes: usize,
}

impl Rejects {
    pub(super) fn new(spec: &SourceSpec) -> Self {
        Self {
            bad_rows: spec.bad_rows,
            quarantine_max: spec.limits.quarantine_max,
            reported: Vec::new(),
            errors: 0,
            rows: 0,
            held: Vec::new(),
            held_bytes: 0,
        }
    }

    /// Whether the file is refused already, so that nothing more needs to be written.
    pub(super) fn refused(&self) -> bool {
        self.bad_rows == BadRows::Reject && self.rows > 0
    }

    pub(super) fn add(&mut self, line: u64, raw: &[u8], errors: Vec<RowError>) -> Result<(), IngestError> {
        self.rows += 1;
        self.errors += errors.len() as u64;
        let room = ROW_ERRORS_REPORTED_MAX.saturating_sub(self.reported.len());
        self.reported.extend(errors.iter().take(room).cloned());
        match self.bad_rows {
            BadRows::Reject => Ok(()),
            BadRows::Quarantine => self.hold(QuarantinedRow {
                line,
                errors,
                raw: raw.to_vec(),
            }),
        }
    }

    fn hold(&mut self, row: QuarantinedRow) -> Result<(), IngestError> {
        self.held_bytes += row.raw.len();
        if self.rows > self.quarantine_max || self.held_bytes > QUARANTINE_BYTES_MAX {
            let errors = std::mem::take(&mut self.reported);
            return Err(IngestError::QuarantineFull {
                max: self.quarantine_max,
                errors,
            });
        }
        self.held.push(row);
        Ok(())
    }
}

/// Bytes as Base64 in JSON.
mod base64_bytes {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        STANDARD
            .decode(String::deserialize(deserializer)?)
            .map_err(D::Error::custom)
    }
}
