//! How the data of a resource stands: the last measure of each dimension.

use jiff::Timestamp;

use super::measure::timely;
use super::{Check, Dimension, Proportion};
use crate::identifier::VersionId;
use crate::resource::Resource;
use crate::rules::Rules;

/// The last measure of a dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing<'r> {
    /// The dimension.
    pub dimension: Dimension,
    /// What was measured.
    pub result: Proportion,
    /// Of which version.
    pub version: &'r VersionId,
    /// The check that found it; none where the platform measured it.
    pub check: Option<&'r Check>,
}

/// The last measure of each dimension that has one. Timeliness is of now: whether a version that came at this instant would
/// come in time.
#[must_use]
pub fn standing<'r>(resource: &'r Resource, at: Timestamp, rules: &Rules) -> Vec<Standing<'r>> {
    let mut found = Vec::new();
    let mut measured = resource.versions.iter().rev();
    if let Some((version, of)) = measured.find_map(|version| Some((&version.id, version.quality.as_ref()?))) {
        found.push((Dimension::Completeness, of.complete, version, None));
        found.push((Dimension::Conformity, of.conforming, version, None));
        found.extend(of.unique.map(|unique| (Dimension::Uniqueness, unique, version, None)));
    }
    if let (Some(timely), Some(version)) = (timely(resource, at, rules), resource.current()) {
        found.push((Dimension::Timeliness, timely, &version.id, None));
    }
    for dimension in [Dimension::Accuracy, Dimension::Consistency] {
        let last = resource
            .checks
            .iter()
            .rev()
            .find(|check| check.check.dimension == dimension);
        found.extend(last.map(|check| (dimension, check.check.result, &check.check.version, Some(check))));
    }
    let standing = |(dimension, result, version, check)| Standing {
        dimension,
        result,
        version,
        check,
    };
    found.into_iter().map(standing).collect()
}
