//! Parameters of files.

use std::collections::BTreeSet;

use super::error::PackError;
use super::parameters::Reader;
use super::rule::Rule;

/// What decisions about files read from the packs, each named after its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileParameters {
    /// `file.store`: media types that are taken.
    pub media_types: BTreeSet<String>,
    /// `file.store`: most bytes of a file.
    pub file_bytes_max: u64,
    /// `file.store`: most bytes of all files of a party.
    pub party_bytes_max: u64,
    /// `file.removal`: days for which a file stays that nothing names.
    pub removal_days_min: i64,
}

impl FileParameters {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, PackError> {
        Ok(Self {
            media_types: reader.set(Rule::FileStore, "media_types")?,
            file_bytes_max: reader.number(Rule::FileStore, "file_bytes_max")?,
            party_bytes_max: reader.number(Rule::FileStore, "party_bytes_max")?,
            removal_days_min: reader.days(Rule::FileRemoval, "days_min")?,
        })
    }

    pub(crate) fn list_of_types(&self) -> String {
        let types: Vec<&str> = self.media_types.iter().map(String::as_str).collect();
        types.join("、")
    }
}
