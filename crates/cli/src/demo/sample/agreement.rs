//! The agreement of the sample district.

use std::collections::{BTreeMap, BTreeSet};

use gongshu_app::governance::agreement::Amount;
use serde::Deserialize;

/// What agency and operator agree on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::demo) struct Agreement {
    pub(in crate::demo) title: String,
    /// Login of the operator.
    pub(in crate::demo) operator: String,
    pub(in crate::demo) years: i16,
    pub(in crate::demo) purposes: BTreeSet<String>,
    pub(in crate::demo) share: Vec<Share>,
    pub(in crate::demo) capacity: Vec<Amount>,
    pub(in crate::demo) clauses: BTreeMap<String, String>,
}

/// A party's part of every fee.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::demo) struct Share {
    /// Login of the party.
    pub(in crate::demo) party: String,
    pub(in crate::demo) basis_points: u32,
}
