//! The calculus pinned: a verdict for every kind of node and expression that the engine's SQL library has, and for
//! every function that a session registers. A newer library can't bring one in unseen.

mod expressions;
mod functions;
mod nodes;
mod stack;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{DataType, Field as Column, Schema};
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::SessionContext;
use gongshu_governance::resource::{AggregateFunction, Field, FieldType, Mask, ReleaseRule};

use super::FlowRefusal;
use crate::access::Access;
use crate::engine::{Config, Engine};
use crate::table::Table;

/// `persons`: a column of every rule, so that each use of each rule can be tried.
fn persons() -> Table {
    let mask = Mask::Partial { head: 3, tail: 4 };
    let functions = [AggregateFunction::Mean].into();
    let columns = [
        ("id", FieldType::Integer, DataType::Int64, ReleaseRule::Closed),
        ("area", FieldType::Text, DataType::Utf8, ReleaseRule::Group),
        (
            "income",
            FieldType::Integer,
            DataType::Int64,
            ReleaseRule::Aggregate { functions },
        ),
        ("phone", FieldType::Text, DataType::Utf8, ReleaseRule::Masked { mask }),
        ("note", FieldType::Text, DataType::Utf8, ReleaseRule::Open),
        ("year", FieldType::Integer, DataType::Int64, ReleaseRule::Open),
    ];
    table("persons", columns.into(), Some("id"))
}

/// `stations`: open rows.
fn stations() -> Table {
    let columns = [
        ("name", FieldType::Text, DataType::Utf8, ReleaseRule::Open),
        ("level", FieldType::Integer, DataType::Int64, ReleaseRule::Open),
    ];
    table("stations", columns.into(), None)
}

fn table(name: &str, columns: Vec<(&str, FieldType, DataType, ReleaseRule)>, subject: Option<&str>) -> Table {
    let schema = columns
        .iter()
        .map(|(name, _, data_type, _)| Column::new(*name, data_type.clone(), true));
    let schema = Arc::new(Schema::new(schema.collect::<Vec<_>>()));
    let field = |(name, field_type, _, release): (&str, FieldType, DataType, ReleaseRule)| Field {
        name: name.to_owned(),
        field_type,
        meaning: name.to_owned(),
        level: 3,
        release,
        nullable: true,
    };
    let fields = columns.into_iter().map(field).collect();
    let unique = subject.map(str::to_owned).into_iter().collect();
    let rows = RecordBatch::new_empty(schema.clone());
    Table::in_memory(name, "v1", fields, subject.map(str::to_owned), unique, &[rows], &schema).unwrap()
}

fn access() -> Access {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let persons = names(&["id", "area", "income", "phone", "note", "year"]);
    Access {
        resources: BTreeMap::from([
            ("persons".to_owned(), persons),
            ("stations".to_owned(), names(&["name", "level"])),
        ]),
        threshold: 5,
        ..Access::default()
    }
}

/// A session with both tables, as a check makes it.
fn session() -> SessionContext {
    let context = Engine::new(Config::default()).unwrap().session(1);
    for table in [persons(), stations()] {
        context.register_table(table.name(), table.provider(1)).unwrap();
    }
    context
}

/// The plan of a query, unoptimized.
async fn plan(sql: &str) -> LogicalPlan {
    let planned = session().state().create_logical_plan(sql).await;
    planned.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

fn verdict(plan: &LogicalPlan) -> &'static str {
    word(super::check(plan, &access(), &[persons(), stations()]).map(|_| ()))
}

fn word(outcome: Result<(), FlowRefusal>) -> &'static str {
    outcome.map_or_else(|refusal| refusal.rule, |()| "pass")
}
