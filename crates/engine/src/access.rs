//! Access: what a query may use, as its scenario grants it.

use std::collections::{BTreeMap, BTreeSet};

/// What a query may use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Access {
    /// Granted columns by table.
    pub resources: BTreeMap<String, BTreeSet<String>>,
    /// Smallest number of distinct subjects in a cell that leaves.
    pub threshold: u64,
    /// The gate of consented columns, where a parameter names the subject.
    pub subject: Option<SubjectGate>,
}

/// Rows of `resource` are visible only where `column` equals a parameter of the call: the subject
/// whose consent was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectGate {
    /// The gated table.
    pub resource: String,
    /// Its subject key.
    pub column: String,
    /// Index of the parameter, from 0.
    pub parameter: usize,
}
