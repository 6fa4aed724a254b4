//! A noisy aggregate over a million persons: ours, the same without noise in bare DataFusion, and SmartNoise SQL over the
//! same rows where `GONGSHU_BENCH_SMARTNOISE` names the Python that has it.
//!
//! `cargo bench --workspace --bench noisy`; `GONGSHU_BENCH_ROWS` sets the number of rows.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs::File;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use datafusion::arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field as Column, Float64Type, Schema};
use datafusion::datasource::MemTable;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::prelude::{SessionConfig, SessionContext};
use gongshu_engine::{Access, Config, Engine, FieldType, Table};
use gongshu_governance::resource::{AggregateFunction, Contribution, Field, NoiseDistribution, ReleaseRule};
use jiff::civil::date;
use mimalloc::MiMalloc;
use serde::Deserialize;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/noisy/smartnoise.py");
const ROWS: i64 = 1_000_000;
const ROUNDS: usize = 9;
const AREAS: i64 = 8;
/// Bounds of a wage.
const WAGES: (i64, i64) = (0, 100);
/// ρ of one result, in millionths; SmartNoise is given the ε that loses as much at its usual δ.
const RHO_MICRO: u64 = 50_000;
const SQL: &str = "SELECT area, count(*) AS persons, sum(wage) AS wages FROM workers GROUP BY area ORDER BY area";

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Times of one way to answer, and how far the noisiest of its sums was from the true one, as a share of it.
#[derive(Deserialize)]
struct Measured {
    seconds: f64,
    error: f64,
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let rows = std::env::var("GONGSHU_BENCH_ROWS")
        .ok()
        .and_then(|text| text.parse().ok());
    let rows = workers(rows.unwrap_or(ROWS))?;
    println!(
        "{} persons in {AREAS} areas, count and sum, median of {ROUNDS} runs",
        rows.num_rows()
    );
    let (plain, truth) = plain(&rows).await?;
    let noisy = noisy(&rows, &truth).await?;
    let mut lines = vec![("plain (DataFusion)", plain), ("noisy (discrete Gaussian)", noisy)];
    if let Ok(python) = std::env::var("GONGSHU_BENCH_SMARTNOISE") {
        lines.push(("noisy (SmartNoise SQL)", smartnoise(&python, &rows)?));
    }
    println!("{:<28} {:>12} {:>24}", "", "time", "largest error of a sum");
    for (name, Measured { seconds, error }) in lines {
        println!("{name:<28} {:>9.1} ms {:>22.4} %", seconds * 1e3, error * 100.0);
    }
    Ok(())
}

/// The answer without noise, and the true sums.
async fn plain(rows: &RecordBatch) -> Outcome<(Measured, Vec<f64>)> {
    let threads = std::thread::available_parallelism()?.get();
    let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(threads));
    let parts = MemTable::try_new(rows.schema(), vec![vec![rows.clone()]])?;
    context.register_table("workers", Arc::new(parts))?;
    let (mut times, mut truth) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let batches = context.sql(SQL).await?.collect().await?;
        times.push(begun.elapsed());
        truth = sums(&batches)?;
    }
    Ok((measured(times, 0.0), truth))
}

async fn noisy(rows: &RecordBatch, truth: &[f64]) -> Outcome<Measured> {
    let engine = Engine::new(Config::default())?;
    let columns = rows
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    let access = Access {
        resources: BTreeMap::from([("workers".to_owned(), columns)]),
        threshold: 10,
        ..Access::default()
    };
    let unique = BTreeSet::from(["person".to_owned()]);
    let subject = Some("person".to_owned());
    let (batches, schema) = (std::slice::from_ref(rows), rows.schema());
    let table = Table::in_memory("workers", "v1", fields(), subject, unique, batches, &schema)?;
    let checked = engine.check(SQL, &access, vec![table], &[]).await;
    let prepared = engine.prepare(checked.map_err(|refusal| refusal.message.en)?).await?;
    let (mut times, mut error) = (Vec::new(), 0.0_f64);
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let answer = prepared.execute(&[], date(2026, 1, 1)).await?;
        times.push(begun.elapsed());
        let noised = sums(answer.batches())?;
        if noised.len() != truth.len() {
            return Err("an area is missing".into());
        }
        let errors = noised
            .iter()
            .zip(truth)
            .map(|(noised, truth)| (noised / truth - 1.0).abs());
        error = errors.fold(error, f64::max);
    }
    Ok(measured(times, error))
}

fn smartnoise(python: &str, rows: &RecordBatch) -> Outcome<Measured> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("workers.parquet");
    let mut writer = ArrowWriter::try_new(File::create(&path)?, rows.schema(), None)?;
    writer.write(rows)?;
    writer.close()?;
    let rho = (RHO_MICRO as f64 / 1e6).to_string();
    let done = Command::new(python)
        .args([SCRIPT, path.to_str().ok_or("a path")?, &rho, &ROUNDS.to_string()])
        .stderr(Stdio::inherit())
        .output()?;
    if !done.status.success() {
        return Err("SmartNoise could not be measured".into());
    }
    Ok(serde_json::from_slice(&done.stdout)?)
}

/// The sums of an answer, by area.
fn sums(batches: &[RecordBatch]) -> Outcome<Vec<f64>> {
    let mut sums = Vec::new();
    for batch in batches {
        let column = cast(batch.column(2), &DataType::Float64)?;
        sums.extend(column.as_primitive::<Float64Type>().iter().flatten());
    }
    Ok(sums)
}

fn measured(mut times: Vec<Duration>, error: f64) -> Measured {
    times.sort_unstable();
    let seconds = times[times.len() / 2].as_secs_f64();
    Measured { seconds, error }
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
    let private = ReleaseRule::Private {
        functions: [AggregateFunction::Sum].into(),
        rho_micro: RHO_MICRO,
        low: WAGES.0,
        high: WAGES.1,
        noise: NoiseDistribution::default(),
        contribution: Contribution::default(),
    };
    vec![
        field("person", FieldType::Integer, ReleaseRule::Closed),
        field("area", FieldType::Text, ReleaseRule::Group),
        field("wage", FieldType::Integer, private),
    ]
}

/// One row a person.
fn workers(rows: i64) -> Outcome<RecordBatch> {
    let schema = Schema::new(vec![
        Column::new("person", DataType::Int64, false),
        Column::new("area", DataType::Utf8, false),
        Column::new("wage", DataType::Int64, true),
    ]);
    let area = |person: i64| format!("area {}", person % AREAS);
    let wage = |person: i64| person.wrapping_mul(7_919).rem_euclid(WAGES.1 + 1);
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from_iter_values(0..rows)),
        Arc::new(StringArray::from_iter_values((0..rows).map(area))),
        Arc::new(Int64Array::from_iter_values((0..rows).map(wage))),
    ];
    Ok(RecordBatch::try_new(Arc::new(schema), columns)?)
}
