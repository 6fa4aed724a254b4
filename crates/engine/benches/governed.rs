//! A governed aggregate over ten million rows beside the same SQL in bare DataFusion, over the same rows in memory.
//!
//! `cargo bench --workspace --bench governed`; `GONGSHU_BENCH_ROWS` sets the number of rows.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use datafusion::arrow::array::{Float64Array, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field as Column, Schema, SchemaRef};
use datafusion::datasource::MemTable;
use datafusion::physical_plan::collect;
use datafusion::physical_plan::execution_plan::reset_plan_states;
use datafusion::prelude::{SessionConfig, SessionContext};
use gongshu_engine::{Access, Config, Engine, FieldType, Table};
use gongshu_governance::resource::{AggregateFunction, Field, ReleaseRule};
use jiff::civil::date;

const ROWS: i64 = 10_000_000;
const ROUNDS: usize = 15;
const SCAN_BATCH_ROWS: usize = 8_192;
const SQL: [(&str, &str); 2] = [
    (
        "education × sex, count and mean",
        "SELECT education, sex, count(*) AS persons, avg(hours) AS hours FROM census GROUP BY education, sex",
    ),
    (
        "education × sex × 64 areas, three aggregates",
        "SELECT education, sex, area, count(*) AS persons, avg(hours) AS hours, sum(hours) AS total FROM census \
         GROUP BY education, sex, area",
    ),
];

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let rows = std::env::var("GONGSHU_BENCH_ROWS")
        .ok()
        .and_then(|text| text.parse().ok());
    let rows = census(rows.unwrap_or(ROWS))?;
    let threads = std::thread::available_parallelism()?.get();
    println!(
        "{} rows, {threads} threads, median of {ROUNDS} runs in turn",
        rows.num_rows()
    );
    println!("{:<40} {:>12} {:>12} {:>8}", "", "governed", "bare", "ratio");
    for (name, sql) in SQL {
        let (governed, bare) = compare(&rows, sql, threads).await?;
        let ratio = governed.as_secs_f64() / bare.as_secs_f64();
        println!(
            "{name:<40} {:>9.1} ms {:>9.1} ms {ratio:>8.3}",
            millis(governed),
            millis(bare)
        );
    }
    Ok(())
}

/// Runs both in turn, so that what the machine does besides falls on both.
async fn compare(rows: &RecordBatch, sql: &str, threads: usize) -> Outcome<(Duration, Duration)> {
    let engine = Engine::new(Config::default())?;
    let unique = BTreeSet::from(["person".to_owned()]);
    let table = Table::in_memory(
        "census",
        "v1",
        fields(),
        Some("person".to_owned()),
        unique,
        std::slice::from_ref(rows),
        &rows.schema(),
    )?;
    let all = rows
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    let access = Access {
        resources: BTreeMap::from([("census".to_owned(), all)]),
        threshold: 10,
        ..Access::default()
    };
    let checked = engine
        .check(sql, &access, vec![table], &[])
        .await
        .map_err(|refusal| refusal.message.en)?;
    let prepared = engine.prepare(checked).await?;
    let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(threads));
    context.register_table(
        "census",
        Arc::new(MemTable::try_new(rows.schema(), partitions(rows, threads))?),
    )?;
    let mut plan = context.sql(sql).await?.create_physical_plan().await?;
    let (mut governed, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let answer = prepared.execute(&[], date(2026, 1, 1)).await?;
        governed.push(begun.elapsed());
        let begun = Instant::now();
        let batches = collect(plan.clone(), context.task_ctx()).await?;
        bare.push(begun.elapsed());
        plan = reset_plan_states(plan)?;
        let count = |batches: &[RecordBatch]| batches.iter().map(RecordBatch::num_rows).sum::<usize>();
        if count(answer.batches()) != count(&batches) {
            return Err("governed and bare answers differ".into());
        }
    }
    Ok((median(governed), median(bare)))
}

fn partitions(rows: &RecordBatch, threads: usize) -> Vec<Vec<RecordBatch>> {
    let mut parts = vec![Vec::new(); threads];
    for (number, start) in (0..rows.num_rows()).step_by(SCAN_BATCH_ROWS).enumerate() {
        let length = SCAN_BATCH_ROWS.min(rows.num_rows() - start);
        parts[number % threads].push(rows.slice(start, length));
    }
    parts
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn fields() -> Vec<Field> {
    let field = |name: &str, field_type, release| Field {
        name: name.to_owned(),
        field_type,
        meaning: name.to_owned(),
        level: 3,
        release,
        nullable: true,
    };
    let functions = [AggregateFunction::Mean, AggregateFunction::Sum].into();
    vec![
        field("person", FieldType::Integer, ReleaseRule::Closed),
        field("education", FieldType::Text, ReleaseRule::Group),
        field("sex", FieldType::Text, ReleaseRule::Group),
        field("area", FieldType::Integer, ReleaseRule::Group),
        field("hours", FieldType::Float, ReleaseRule::Aggregate { functions }),
    ]
}

/// Rows spread by a multiplicative hash: the same in every run.
fn census(rows: i64) -> Outcome<RecordBatch> {
    let schema: SchemaRef = Arc::new(Schema::new(vec![
        Column::new("person", DataType::Int64, false),
        Column::new("education", DataType::Utf8, false),
        Column::new("sex", DataType::Utf8, false),
        Column::new("area", DataType::Int64, false),
        Column::new("hours", DataType::Float64, false),
    ]));
    let spread = |person: i64| person.wrapping_mul(0x9E37_79B9_7F4A_7C15_u64 as i64) as u64 >> 32;
    let education =
        |person: i64| ["小学", "初中", "高中", "中专", "大专", "本科", "硕士", "博士"][(spread(person) % 8) as usize];
    let sex = |person: i64| if spread(person) % 16 < 8 { "男" } else { "女" };
    let columns: Vec<datafusion::arrow::array::ArrayRef> = vec![
        Arc::new(Int64Array::from_iter_values(0..rows)),
        Arc::new(StringArray::from_iter_values((0..rows).map(education))),
        Arc::new(StringArray::from_iter_values((0..rows).map(sex))),
        Arc::new(Int64Array::from_iter_values(
            (0..rows).map(|person| (spread(person) >> 5) as i64 % 64),
        )),
        Arc::new(Float64Array::from_iter_values(
            (0..rows).map(|person| (spread(person) % 60) as f64),
        )),
    ];
    Ok(RecordBatch::try_new(schema, columns)?)
}
