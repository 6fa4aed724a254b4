//! Scans: where labels begin, and what may be mentioned at all.

use std::sync::Arc;

use datafusion::arrow::datatypes::Fields;
use datafusion::logical_expr::TableScan;

use super::derivation::{Control, Read};
use super::label::{Flow, Guard, Kind, Label, Source, Treatment};
use super::node::Checker;
use super::refusal::FlowRefusal;
use super::rule::FlowRule;
use super::uses::{consent_mixed, not_granted};
use crate::table::Table;

impl Checker<'_> {
    pub(super) fn scan(&mut self, scan: &TableScan) -> Result<Flow, FlowRefusal> {
        let name = scan.table_name.table();
        let granted = self.access.resources.contains_key(name);
        let Some(table) = self.table(name).filter(|_| granted) else {
            return Err(not_granted(name));
        };
        if !scan.filters.is_empty() || scan.fetch.is_some() {
            return Err(FlowRefusal::unsupported("已下推的条件 (a condition inside a scan)"));
        }
        *self.scans.entry(name.to_owned()).or_default() += 1;
        let named = self.gates(name);
        let set = !named && self.consenting.contains(name);
        let gated = named || set;
        let shared: Arc<str> = name.into();
        let label = |column: &str| {
            let kind = table
                .field(column)
                .map_or(Kind::Closed, |field| Kind::from(&field.release));
            let treatment = if kind == Kind::Consented && gated {
                Treatment::Consented
            } else {
                Treatment::Raw
            };
            Label::of(Source {
                table: shared.clone(),
                column: column.into(),
                kind,
                treatment,
            })
        };
        let fields = scan.projected_schema.fields();
        let columns = fields.iter().map(|field| label(field.name())).collect();
        if named {
            self.note_gate();
        }
        if set {
            self.controls.insert(Control::ConsentSet {
                table: name.to_owned(),
                column: table.subject().unwrap_or_default().to_owned(),
            });
        }
        Ok(Flow {
            columns,
            guards: guard(table, fields).into_iter().filter(|_| !set).collect(),
            ..Flow::default()
        })
    }

    fn gates(&self, table: &str) -> bool {
        self.access.subject.as_ref().is_some_and(|gate| gate.resource == table)
    }

    fn note_gate(&mut self) {
        if let Some(gate) = &self.access.subject {
            self.controls.insert(Control::ConsentGate {
                table: gate.resource.clone(),
                column: gate.column.clone(),
                parameter: gate.parameter + 1,
            });
        }
    }

    /// Notes a read, or refuses the mention.
    pub(super) fn note_read(&mut self, source: &Source) -> Result<(), FlowRefusal> {
        if self.noted.contains(source) {
            return Ok(());
        }
        let Source {
            table,
            column,
            kind,
            treatment,
        } = source;
        if !self
            .access
            .resources
            .get(&**table)
            .is_some_and(|columns| columns.contains(&**column))
        {
            return Err(not_granted(&format!("{table}.{column}")));
        }
        if *kind == Kind::Closed {
            return Err(FlowRefusal::new(
                FlowRule::Closed,
                (
                    format!("字段 `{table}.{column}` 不放行，查询中不得出现"),
                    format!("`{table}.{column}` is closed and cannot be mentioned"),
                ),
                (
                    "请从查询中去掉该字段；不要使用 SELECT *",
                    "take the column out; name columns instead of SELECT *",
                ),
            ));
        }
        if self.consenting.contains(&**table) && is_grouped(*kind) {
            return Err(consent_mixed(table, column));
        }
        if *kind == Kind::Consented && *treatment == Treatment::Raw {
            let has_subject = self.table(table).is_some_and(|table| table.subject().is_some());
            self.needs_consent = has_subject.then(|| (**table).to_owned());
            return Err(FlowRefusal::new(
                FlowRule::Consent,
                (
                    format!("字段 `{table}.{column}` 须经数据主体同意"),
                    format!("`{table}.{column}` needs the consent of the data subject"),
                ),
                (
                    "资源须登记主体标识字段，方能按同意放行",
                    "the resource needs a subject key before anything of it leaves by consent",
                ),
            ));
        }
        let rule = self
            .rule_of(source)
            .map_or_else(String::new, |rule| rule.word().to_owned());
        self.reads.insert(Read {
            table: (**table).to_owned(),
            column: (**column).to_owned(),
            rule,
        });
        self.noted.insert(source.clone());
        Ok(())
    }
}

/// A table with columns that leave in groups only, or that join resources, guards its rows.
fn guard(table: &Table, columns: &Fields) -> Option<Guard> {
    let mut kinds = table.fields().iter().map(|field| Kind::from(&field.release));
    kinds.any(is_grouped).then(|| Guard {
        table: table.name().to_owned(),
        subject: columns
            .iter()
            .position(|column| Some(column.name().as_str()) == table.subject()),
        single: table.one_row_a_subject(),
        chosen: false,
    })
}

/// Whether a column leaves in groups only, or joins resources.
fn is_grouped(kind: Kind) -> bool {
    match kind {
        Kind::Join | Kind::Group | Kind::Aggregate | Kind::Private => true,
        Kind::Open | Kind::Masked | Kind::Consented | Kind::Scored | Kind::Closed => false,
    }
}
