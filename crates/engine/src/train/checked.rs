//! A query of training data that has passed the check.

use std::collections::BTreeSet;

use gongshu_governance::model::TrainingTerms;

use crate::access::Access;
use crate::engine::{CheckedPlan, Engine};
use crate::flow::{self, Derivation, FlowRefusal};
use crate::table::Table;

/// A query whose rows may go into the trainer. There is no other way to make one, and its rows go nowhere else: it can't be
/// prepared from outside.
#[derive(Debug, Clone)]
pub struct CheckedTraining {
    rows: CheckedPlan,
    table: String,
    whole: u64,
    inputs: Vec<String>,
    label: BTreeSet<String>,
    terms: TrainingTerms,
}

impl CheckedTraining {
    /// Why its rows may be trained on.
    #[must_use]
    pub fn derivation(&self) -> &Derivation {
        self.rows.derivation()
    }

    /// The table that it reads.
    #[must_use]
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The columns that the model takes, in their order.
    #[must_use]
    pub fn inputs(&self) -> &[String] {
        &self.inputs
    }

    /// The columns of which the label is made.
    #[must_use]
    pub fn label(&self) -> &BTreeSet<String> {
        &self.label
    }

    pub(super) fn rows(&self) -> &CheckedPlan {
        &self.rows
    }

    /// How many subjects the table has.
    pub(super) fn whole(&self) -> u64 {
        self.whole
    }

    pub(super) fn terms(&self) -> &TrainingTerms {
        &self.terms
    }
}

impl Engine {
    /// Checks a query of training data: `SELECT inputs…, label FROM resource [WHERE …]`.
    ///
    /// # Errors
    /// Refuses what is no such query, and a column whose rule lets no model be trained on it; the refusal names rule,
    /// column and place.
    pub fn check_training(
        &self,
        sql: &str,
        access: &Access,
        tables: Vec<Table>,
        terms: TrainingTerms,
    ) -> Result<CheckedTraining, FlowRefusal> {
        let tables = access.tighten(tables)?;
        let checked = self.with_room(self.read(sql)?, |query| {
            let plan = self.plan(query, access, &tables, &[])?;
            flow::check_training(&plan, access, &tables, &terms)
        })?;
        let read = tables.iter().find(|table| table.name() == checked.table);
        let large = read.is_some_and(Table::is_large);
        Ok(CheckedTraining {
            rows: CheckedPlan::of_training(checked.rows, checked.derivation, large),
            table: checked.table,
            whole: read.map_or(0, |table| table.rows().count()),
            inputs: checked.inputs,
            label: checked.label,
            terms,
        })
    }
}
