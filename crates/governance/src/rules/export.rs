//! Parameters of what goes abroad.

use super::error::PackError;
use super::parameters::Reader;
use super::rule::Rule;

/// `border.*`: from how many persons a year which path is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportParameters {
    /// `border.path`: persons from which an assessment is needed, by information that is not sensitive.
    pub assessment_persons: u64,
    /// `border.path`: the same by sensitive information.
    pub assessment_sensitive: u64,
    /// `border.path`: persons from which a contract or a certification is needed.
    pub contract_persons: u64,
    /// `border.path`: the same by sensitive information.
    pub contract_sensitive: u64,
    /// `border.path`: whether an operator's persons are counted over all of its agreements, as those of one data handler.
    pub by_operator: bool,
    /// `border.path`: whether those to whom a consumer passes answers on, and developers abroad, are receivers as well.
    pub every_receiver: bool,
    /// `border.document`: years for which an assessment is valid.
    pub assessment_years: i16,
}

impl ExportParameters {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, PackError> {
        let persons = |name| reader.number(Rule::ExportPath, name);
        Ok(Self {
            assessment_persons: persons("assessment_persons")?,
            assessment_sensitive: persons("assessment_sensitive")?,
            contract_persons: persons("contract_persons")?,
            contract_sensitive: persons("contract_sensitive")?,
            by_operator: reader.yes(Rule::ExportPath, "per_operator")?,
            every_receiver: reader.yes(Rule::ExportPath, "every_receiver")?,
            assessment_years: reader.number(Rule::ExportDocument, "assessment_years")?,
        })
    }
}
