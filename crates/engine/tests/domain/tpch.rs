//! TPC-H under control: all 22 queries pass where their columns are open, and answer what DataFusion answers alone; of
//! guarded columns, what their rules let out is what DataFusion finds, less the cells of few subjects.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::util::display::array_value_to_string;
use datafusion::datasource::MemTable;
use datafusion::prelude::SessionContext;
use gongshu_engine::{Access, Config, Engine, Table};
use gongshu_governance::resource::{AggregateFunction, Field, ReleaseRule};
use jiff::civil::date;

use crate::tpch_tables::{Generated, QUERIES, tables};

/// About 60,000 lines of orders.
const SCALE: f64 = 0.01;

/// The measures of Q1 that leave as they stand: a sum of products is no sum of a column.
const GUARDED: &str = "SELECT l_returnflag, l_linestatus, l_shipmode, sum(l_quantity) AS sum_qty, \
                       sum(l_extendedprice) AS sum_base_price, avg(l_quantity) AS avg_qty, avg(l_discount) AS avg_disc, \
                       count(*) AS count_order FROM lineitem WHERE l_shipdate <= DATE '1992-01-25' \
                       GROUP BY l_returnflag, l_linestatus, l_shipmode";
const THRESHOLD: u64 = 10;

fn governed(
    generated: &[Generated],
    rule: impl Fn(&str) -> ReleaseRule,
    subject: Option<&str>,
) -> (Vec<Table>, Access) {
    let table = |table: &Generated| {
        let fields = table.fields.iter().map(|(name, field_type)| Field {
            name: (*name).to_owned(),
            field_type: *field_type,
            meaning: (*name).to_owned(),
            level: 2,
            release: rule(name),
            nullable: true,
        });
        let subject = subject.filter(|_| table.name == "lineitem").map(str::to_owned);
        let rows = std::slice::from_ref(&table.rows);
        let schema = table.rows.schema();
        Table::in_memory(table.name, "v1", fields.collect(), subject, [].into(), rows, &schema).unwrap()
    };
    let columns = |table: &Generated| table.fields.iter().map(|(name, _)| (*name).to_owned()).collect();
    let resources: BTreeMap<_, _> = generated
        .iter()
        .map(|table| (table.name.to_owned(), columns(table)))
        .collect();
    let access = Access {
        resources,
        threshold: THRESHOLD,
        ..Access::default()
    };
    (generated.iter().map(table).collect(), access)
}

fn bare(generated: &[Generated]) -> SessionContext {
    let context = SessionContext::new();
    for table in generated {
        let rows = MemTable::try_new(table.rows.schema(), vec![vec![table.rows.clone()]]).unwrap();
        context.register_table(table.name, Arc::new(rows)).unwrap();
    }
    context
}

async fn answered(sql: &str, (tables, access): (Vec<Table>, Access)) -> Vec<Vec<String>> {
    let engine = Engine::new(Config::default()).unwrap();
    let checked = engine.check(sql, &access, tables, &[]).await;
    let checked = checked.unwrap_or_else(|refusal| panic!("{sql}: {}", refusal.message.en));
    let prepared = engine.prepare(checked).await.unwrap();
    cells(prepared.execute(&[], date(2026, 1, 1)).await.unwrap().batches())
}

/// The rows as text, in order of the text: rows that tie may come in any order.
fn cells(batches: &[RecordBatch]) -> Vec<Vec<String>> {
    let row = |batch: &RecordBatch, row| {
        let cells = batch.columns().iter();
        cells
            .map(|column| array_value_to_string(column, row).unwrap())
            .collect()
    };
    let mut rows: Vec<Vec<String>> = batches
        .iter()
        .flat_map(|batch| (0..batch.num_rows()).map(|number| row(batch, number)))
        .collect();
    rows.sort();
    rows
}

#[tokio::test]
async fn all_queries_answer_what_datafusion_answers() {
    let generated = tables(SCALE);
    let context = bare(&generated);
    let mut found = 0;
    for (name, sql) in QUERIES {
        let ours = answered(sql, governed(&generated, |_| ReleaseRule::Open, None)).await;
        let theirs = context.sql(sql).await.unwrap().collect().await.unwrap();
        assert_eq!(ours, cells(&theirs), "{name}");
        found += usize::from(!ours.is_empty());
    }
    assert!(found >= 20, "{found} of the answers have rows");
}

#[tokio::test]
async fn guarded_measures_are_those_of_datafusion_less_the_cells_of_few_orders() {
    let generated = tables(SCALE);
    let functions = || [AggregateFunction::Sum, AggregateFunction::Mean].into();
    let rule = |column: &str| match column {
        "l_orderkey" => ReleaseRule::Closed,
        "l_returnflag" | "l_linestatus" | "l_shipmode" | "l_shipdate" => ReleaseRule::Group,
        _ if column.starts_with("l_") => ReleaseRule::Aggregate { functions: functions() },
        _ => ReleaseRule::Open,
    };
    let ours = answered(GUARDED, governed(&generated, rule, Some("l_orderkey"))).await;
    let with_orders = GUARDED.replace(
        "count(*) AS count_order",
        "count(*) AS count_order, count(DISTINCT l_orderkey)",
    );
    let theirs = bare(&generated)
        .sql(&with_orders)
        .await
        .unwrap()
        .collect()
        .await
        .unwrap();
    let theirs = cells(&theirs);
    let orders = |row: &[String]| row.last().unwrap().parse::<u64>().unwrap();
    let (kept, held_back): (Vec<_>, Vec<_>) = theirs.into_iter().partition(|row| orders(row) >= THRESHOLD);
    let kept: Vec<Vec<String>> = kept.into_iter().map(|row| row[..row.len() - 1].to_vec()).collect();
    assert!(
        !kept.is_empty() && !held_back.is_empty(),
        "{} kept, {} held back",
        kept.len(),
        held_back.len()
    );
    assert_eq!(ours, kept);
}
