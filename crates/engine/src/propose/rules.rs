//! The release rules of the columns that a query may name.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{ObjectNamePart, Statement, visit_relations};
use gongshu_governance::resource::ReleaseRule;

use crate::access::Access;
use crate::table::Table;

/// Rules by column, of the granted columns of the tables that a query reads.
pub(super) struct Rules<'t> {
    /// `None` where two tables have the name under different rules.
    by_column: BTreeMap<&'t str, Option<&'t ReleaseRule>>,
    /// The same columns in the order of their tables.
    columns: Vec<&'t str>,
}

impl<'t> Rules<'t> {
    pub(super) fn of(statement: &Statement, access: &Access, tables: &'t [Table]) -> Self {
        let mut rules = Self {
            by_column: BTreeMap::new(),
            columns: vec![],
        };
        for table in tables.iter().filter(|table| reads(statement, table.name())) {
            let granted = access.resources.get(table.name());
            let fields = table.fields().iter();
            for field in fields.filter(|field| granted.is_some_and(|granted| granted.contains(&field.name))) {
                rules.note(&field.name, &field.release);
            }
        }
        rules
    }

    fn note(&mut self, column: &'t str, rule: &'t ReleaseRule) {
        let known = self.by_column.entry(column).or_insert(Some(rule));
        if *known != Some(rule) {
            *known = None;
        }
        if !self.columns.contains(&column) {
            self.columns.push(column);
        }
    }

    /// The rule of a column, where there is one of the name.
    pub(super) fn rule(&self, column: &str) -> Option<&'t ReleaseRule> {
        self.by_column.get(column).copied().flatten()
    }

    /// Whether rows may have to be grouped before they leave.
    pub(super) fn ask_for_groups(&self) -> bool {
        let guards = |rule: &&ReleaseRule| match rule {
            ReleaseRule::Group | ReleaseRule::Aggregate { .. } | ReleaseRule::Private { .. } => true,
            ReleaseRule::Open
            | ReleaseRule::Masked { .. }
            | ReleaseRule::Join
            | ReleaseRule::Consented
            | ReleaseRule::Scored
            | ReleaseRule::Closed => false,
        };
        self.by_column.values().flatten().any(guards)
    }

    /// The columns, in the order of their tables.
    pub(super) fn columns(&self) -> impl Iterator<Item = &'t str> {
        self.columns.iter().copied()
    }
}

fn reads(statement: &Statement, table: &str) -> bool {
    let named = visit_relations(statement, |name| match name.0.last() {
        Some(ObjectNamePart::Identifier(last)) if last.value == table => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    named.is_break()
}
