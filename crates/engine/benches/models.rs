//! Models over ten million rows beside the same expression written in SQL and run by bare DataFusion, over the same rows
//! in memory: a WebAssembly module that divides, and an ONNX network that is a logistic regression.
//!
//! `cargo bench --workspace --bench models`; `GONGSHU_BENCH_ROWS` sets the number of rows.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::unwrap_used, reason = "the writer of networks is shared with the tests")]

#[path = "../tests/models/onnx.rs"]
mod onnx;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Float64Array, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field as Column, Float64Type, Schema};
use datafusion::datasource::MemTable;
use datafusion::prelude::{SessionConfig, SessionContext};
use gongshu_engine::{Access, Config, Engine, FieldType, Model, ModelFormat, Standing, Table};
use gongshu_governance::resource::{Field, ReleaseRule};
use jiff::civil::date;
use mimalloc::MiMalloc;
use sha2::{Digest, Sha256};

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const ROWS: u32 = 10_000_000;
const ROUNDS: usize = 5;
const SCAN_BATCH_ROWS: usize = 8_192;
/// How far two sums may differ, since a network computes with 32-bit floats.
const SUMS_DIFFER_MAX: f64 = 1e-4;
const RATIO: &str = include_str!("../tests/models/ratio.wat");
const COLUMNS: [&str; 2] = ["debt", "income"];

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A model beside what it computes, in SQL.
struct Case {
    name: &'static str,
    model: Model,
    native: &'static str,
}

fn cases() -> [Case; 2] {
    let weights = [
        onnx::floats("weights", &[2, 1], &[0.1, -0.2]),
        onnx::floats("bias", &[1], &[0.5]),
    ];
    let nodes = [
        onnx::node("Gemm", &["rows", "weights", "bias"], "sum", &[]),
        onnx::node("Sigmoid", &["sum"], "score", &[]),
    ];
    let network = onnx::model(&[("rows", 2)], &nodes, &weights);
    [
        Case {
            name: "WebAssembly: debt / income",
            model: model("score_ratio_v1", ModelFormat::Wasm, RATIO.as_bytes()),
            native: "debt / income",
        },
        Case {
            name: "ONNX: logistic regression",
            model: model("score_logistic_v1", ModelFormat::Onnx, &network),
            native: "1 / (1 + exp(-(0.1 * debt - 0.2 * income + 0.5)))",
        },
    ]
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let rows = std::env::var("GONGSHU_BENCH_ROWS")
        .ok()
        .and_then(|text| text.parse().ok());
    let rows = borrowers(rows.unwrap_or(ROWS))?;
    let threads = std::thread::available_parallelism()?.get();
    println!(
        "{} rows, {threads} threads, median of {ROUNDS} runs in turn",
        rows.num_rows()
    );
    println!(
        "{:<32} {:>12} {:>12} {:>8} {:>16}",
        "", "model", "native SQL", "ratio", "rows/s by model"
    );
    for case in cases() {
        let (model, native) = compare(&rows, &case, threads).await?;
        let ratio = model.as_secs_f64() / native.as_secs_f64();
        let speed = rows.num_rows() as f64 / model.as_secs_f64();
        let (model, native) = (millis(model), millis(native));
        println!(
            "{:<32} {model:>9.1} ms {native:>9.1} ms {ratio:>8.2} {speed:>16.3e}",
            case.name
        );
    }
    Ok(())
}

/// Runs both in turn, so that what the machine does besides falls on both.
async fn compare(rows: &RecordBatch, case: &Case, threads: usize) -> Outcome<(Duration, Duration)> {
    let function = &case.model.function;
    let engine = Engine::new(Config::default())?;
    let access = Access {
        resources: BTreeMap::from([("borrowers".to_owned(), COLUMNS.map(str::to_owned).into())]),
        models: BTreeMap::from([(function.clone(), case.model.clone())]),
        ..Access::default()
    };
    let sql = format!("SELECT sum({function}(debt, income)) AS s FROM borrowers");
    let checked = engine.check(&sql, &access, vec![table(rows)?], &[]).await;
    let prepared = engine.prepare(checked.map_err(|refusal| refusal.message.en)?).await?;
    let bare = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(threads));
    let parts = MemTable::try_new(rows.schema(), partitions(rows, threads))?;
    bare.register_table("borrowers", Arc::new(parts))?;
    let native = format!("SELECT sum({}) AS s FROM borrowers", case.native);
    let (mut by_model, mut by_sql) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let answer = prepared.execute(&[], date(2026, 1, 1)).await?;
        by_model.push(begun.elapsed());
        let begun = Instant::now();
        let batches = bare.sql(&native).await?.collect().await?;
        by_sql.push(begun.elapsed());
        let (ours, theirs) = (sum(answer.batches())?, sum(&batches)?);
        if (ours - theirs).abs() > SUMS_DIFFER_MAX * theirs.abs() {
            return Err(format!("{function} sums up to {ours}, its expression to {theirs}").into());
        }
    }
    Ok((median(by_model), median(by_sql)))
}

fn model(function: &str, format: ModelFormat, code: &[u8]) -> Model {
    Model {
        function: function.to_owned(),
        format,
        sha256: hex::encode(Sha256::digest(code)),
        table: "borrowers".to_owned(),
        inputs: COLUMNS.map(str::to_owned).to_vec(),
        standing: Standing::InForce,
        code: code.into(),
    }
}

fn table(rows: &RecordBatch) -> Outcome<Table> {
    let field = |name: &str| Field {
        name: name.to_owned(),
        field_type: FieldType::Float,
        meaning: name.to_owned(),
        level: 3,
        release: ReleaseRule::Scored,
        nullable: true,
    };
    let fields = COLUMNS.iter().map(|name| field(name)).collect();
    let (rows, schema) = (std::slice::from_ref(rows), rows.schema());
    Ok(Table::in_memory(
        "borrowers",
        "v1",
        fields,
        None,
        BTreeSet::new(),
        rows,
        &schema,
    )?)
}

fn partitions(rows: &RecordBatch, threads: usize) -> Vec<Vec<RecordBatch>> {
    let mut parts = vec![Vec::new(); threads];
    for (number, start) in (0..rows.num_rows()).step_by(SCAN_BATCH_ROWS).enumerate() {
        let length = SCAN_BATCH_ROWS.min(rows.num_rows() - start);
        parts[number % threads].push(rows.slice(start, length));
    }
    parts
}

fn sum(batches: &[RecordBatch]) -> Outcome<f64> {
    let batch = batches.iter().find(|batch| batch.num_rows() == 1).ok_or("no sum")?;
    let sums = batch.column(0).as_primitive::<Float64Type>();
    if sums.is_null(0) {
        Err("no sum".into())
    } else {
        Ok(sums.value(0))
    }
}

fn borrowers(rows: u32) -> Outcome<RecordBatch> {
    let columns = COLUMNS.map(|name| Column::new(name, DataType::Float64, true));
    let spread = |row: u32, by: u32| f64::from(row.wrapping_mul(by) % 1_000) / 25.0;
    let values = |by: u32, from: f64| -> ArrayRef {
        Arc::new(Float64Array::from_iter_values(
            (0..rows).map(|row| from + spread(row, by)),
        ))
    };
    let arrays = vec![values(2_654_435_761, 0.0), values(40_503, 1.0)];
    Ok(RecordBatch::try_new(Arc::new(Schema::new(columns.to_vec())), arrays)?)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
