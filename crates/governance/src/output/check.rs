//! The automatic checks: what the platform measured, against the rule pack.

use serde::{Deserialize, Serialize};

use super::{OutputKind, SubmitOutput};
use crate::rules::Parameters;

/// A whole in basis points.
const WHOLE: u64 = 10_000;

/// Disclosure-risk figures of an output, measured by the platform while it computed the content.
///
/// A combination is a cell of the query's groups over guarded rows, held-back cells included; where rows of guarded
/// tables leave without groups, it is a row. It is unique where one subject stands behind it, or one row has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Figures {
    /// Rows of the content.
    pub rows: u64,
    /// Combinations; none where nothing guarded was read.
    pub combinations: u64,
    /// Of these, the unique ones.
    pub unique: u64,
    /// Cells that were held back.
    pub suppressed: u64,
    /// Fewest distinct subjects of a cell that leaves; none without such cells.
    pub smallest: Option<u64>,
    /// Distinct subjects, added up over the cells that leave.
    pub subjects: u64,
}

impl Figures {
    /// Share of unique combinations, in basis points, rounded up.
    #[must_use]
    pub fn unique_share(&self) -> u64 {
        match self.combinations {
            0 => 0,
            combinations => self.unique.saturating_mul(WHOLE).div_ceil(combinations),
        }
    }

    /// Whether they can be figures of anything.
    pub(super) fn add_up(&self) -> bool {
        self.unique <= self.combinations && self.suppressed <= self.combinations
    }
}

/// What a check looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// The fewest subjects of a cell.
    SmallestCell,
    /// The share of unique combinations, in basis points.
    UniqueShare,
    /// The number of rows.
    Rows,
    /// The size of the content, in bytes.
    Bytes,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What it looked at.
    pub kind: CheckKind,
    /// Whether it is passed.
    pub passed: bool,
    /// What was measured; none where there is nothing to measure.
    pub measured: Option<u64>,
    /// The bound of the rule pack.
    pub bound: u64,
}

/// All checks of a submission, in order.
pub(super) fn checks(submission: &SubmitOutput, parameters: &Parameters) -> Vec<Check> {
    let figures = &submission.figures;
    let at_least = |kind, measured: Option<u64>, bound| Check {
        kind,
        passed: measured.is_none_or(|measured| measured >= bound),
        measured,
        bound,
    };
    let at_most = |kind, measured, bound| Check {
        kind,
        passed: measured <= bound,
        measured: Some(measured),
        bound,
    };
    let size = at_most(
        CheckKind::Bytes,
        submission.content.bytes,
        parameters.output_review.bytes_max,
    );
    match submission.kind {
        OutputKind::ProductQuery | OutputKind::Model => vec![size],
        OutputKind::Report | OutputKind::DataSet => vec![
            at_least(
                CheckKind::SmallestCell,
                figures.smallest,
                parameters.threshold_subjects_min,
            ),
            at_most(
                CheckKind::UniqueShare,
                figures.unique_share(),
                parameters.output_review.unique_share_max,
            ),
            at_most(CheckKind::Rows, figures.rows, parameters.output_review.rows_max),
            size,
        ],
    }
}
