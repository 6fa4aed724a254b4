//! Parameters of the output review.

use std::collections::BTreeSet;

use super::error::PackError;
use super::parameters::Reader;
use super::rule::Rule;

/// What the output review reads from the packs, each named after its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputReviewParameters {
    /// `output.review`: kinds of output that two persons review.
    pub two_reviewers: BTreeSet<String>,
    /// `output.checks`: largest share of unique combinations, in basis points.
    pub unique_share_max: u64,
    /// `output.checks`: most rows.
    pub rows_max: u64,
    /// `output.checks`: largest size in bytes.
    pub bytes_max: u64,
}

impl OutputReviewParameters {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, PackError> {
        Ok(Self {
            two_reviewers: reader.set(Rule::OutputReview, "two_reviewers")?,
            unique_share_max: reader.number(Rule::OutputChecks, "unique_basis_points_max")?,
            rows_max: reader.number(Rule::OutputChecks, "rows_max")?,
            bytes_max: reader.number(Rule::OutputChecks, "bytes_max")?,
        })
    }
}
