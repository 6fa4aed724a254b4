//! Scans: where labels begin, and what may be mentioned at all.

use datafusion::arrow::datatypes::Fields;
use datafusion::logical_expr::TableScan;

use super::derivation::{Control, Read};
use super::label::{Flow, Guard, Kind, Label, Source, Treatment};
use super::node::Checker;
use super::refusal::FlowRefusal;
use super::uses::not_granted;
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
        let gated = self.gates(name);
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
                table: name.to_owned(),
                column: column.to_owned(),
                kind,
                treatment,
            })
        };
        let fields = scan.projected_schema.fields();
        let columns = fields.iter().map(|field| label(field.name())).collect();
        if gated {
            self.note_gate();
        }
        Ok(Flow {
            columns,
            guards: guard(table, fields).into_iter().collect(),
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
        let Source {
            table,
            column,
            kind,
            treatment,
        } = source;
        if !self
            .access
            .resources
            .get(table)
            .is_some_and(|columns| columns.contains(column))
        {
            return Err(not_granted(&format!("{table}.{column}")));
        }
        if *kind == Kind::Closed {
            return Err(FlowRefusal::new(
                "flow.closed",
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
        if *kind == Kind::Consented && *treatment == Treatment::Raw {
            return Err(FlowRefusal::new(
                "flow.consent",
                (
                    format!("字段 `{table}.{column}` 须经数据主体同意"),
                    format!("`{table}.{column}` needs the consent of the data subject"),
                ),
                (
                    "请指明哪个参数标识数据主体",
                    "say which parameter names the data subject",
                ),
            ));
        }
        let rule = self
            .rule_of(source)
            .map_or_else(String::new, |rule| rule.word().to_owned());
        self.reads.insert(Read {
            table: table.clone(),
            column: column.clone(),
            rule,
        });
        Ok(())
    }
}

/// A table with columns that leave in groups only, or that join resources, guards its rows.
fn guard(table: &Table, columns: &Fields) -> Option<Guard> {
    let grouped = |kind: Kind| matches!(kind, Kind::Join | Kind::Group | Kind::Aggregate | Kind::Private);
    let mut kinds = table.fields().iter().map(|field| Kind::from(&field.release));
    kinds.any(grouped).then(|| Guard {
        table: table.name().to_owned(),
        subject: columns
            .iter()
            .position(|column| Some(column.name().as_str()) == table.subject()),
        single: table.one_row_a_subject(),
    })
}
