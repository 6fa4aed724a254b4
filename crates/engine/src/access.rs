//! Access: what a query may use, as its scenario grants it.

use std::collections::{BTreeMap, BTreeSet};

use gongshu_governance::resource::ReleaseRule;

use crate::control::{ControlParameters, Guarding};
use crate::flow::FlowRefusal;
use crate::model::Model;
use crate::table::Table;

/// What a query may use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Access {
    /// Granted columns by table.
    pub resources: BTreeMap<String, BTreeSet<String>>,
    /// Smallest number of distinct subjects in a cell that leaves.
    pub threshold: u64,
    /// What guarded answers pass beside the threshold, by table.
    pub guarding: BTreeMap<String, Guarding>,
    /// Parameters of the controls.
    pub parameters: ControlParameters,
    /// Rules that the grant tightens, by table and column. A rule is never widened.
    pub tightened: BTreeMap<String, BTreeMap<String, ReleaseRule>>,
    /// The models of the scenario by their function, in force or not.
    pub models: BTreeMap<String, Model>,
    /// The gate of consented columns, where a parameter names the subject.
    pub subject: Option<SubjectGate>,
}

impl Access {
    /// The tables under the rules of this grant.
    pub(crate) fn tighten(&self, tables: Vec<Table>) -> Result<Vec<Table>, FlowRefusal> {
        let tighten = |table: Table| match self.tightened.get(table.name()) {
            Some(rules) => table.tightened(rules),
            None => Ok(table),
        };
        tables.into_iter().map(tighten).collect()
    }
}

/// Codes of the subjects whose consent covers a call, by table: whose rows a set query sees.
pub type Consenting = BTreeMap<String, BTreeSet<String>>;

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
