//! Governed and bare, in turn.

use std::sync::Arc;
use std::time::{Duration, Instant};

use datafusion::arrow::array::RecordBatch;
use datafusion::datasource::MemTable;
use datafusion::physical_plan::collect;
use datafusion::physical_plan::execution_plan::reset_plan_states;
use datafusion::prelude::{SessionConfig, SessionContext};
use gongshu_engine::{Access, Config, Engine, Table};
use gongshu_governance::resource::{Field, ReleaseRule};
use jiff::civil::date;

use crate::Outcome;
use crate::tables::{Generated, QUERIES};

const ROUNDS: usize = 5;
const MEMORY_BYTES: usize = 8 << 30;
const SCAN_BATCH_ROWS: usize = 8_192;

/// Medians.
pub(crate) struct Times {
    pub(crate) governed: Duration,
    pub(crate) bare: Duration,
    pub(crate) check: Duration,
}

/// Every query, in order.
pub(crate) async fn run(generated: &[Generated]) -> Outcome<Vec<(&'static str, Times)>> {
    let threads = std::thread::available_parallelism()?.get();
    // Joins of millions of rows take room.
    let mut config = Config {
        memory_bytes: MEMORY_BYTES,
        ..Config::default()
    };
    config.limits.memory_bytes = MEMORY_BYTES;
    let engine = Engine::new(config)?;
    let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(threads));
    let mut governed = Vec::new();
    for table in generated {
        let parts = partitions(&table.rows, threads);
        context.register_table(table.name, Arc::new(MemTable::try_new(table.rows.schema(), parts)?))?;
        governed.push(open(table)?);
    }
    let access = access(generated);
    let mut all = Vec::new();
    for (name, sql) in QUERIES {
        all.push((name, compare(&engine, &context, &governed, &access, sql).await?));
    }
    Ok(all)
}

/// Access to all columns.
pub(crate) fn access(generated: &[Generated]) -> Access {
    let columns = |table: &Generated| table.fields.iter().map(|(name, _)| (*name).to_owned()).collect();
    let resources = generated.iter().map(|table| (table.name.to_owned(), columns(table)));
    Access {
        resources: resources.collect(),
        ..Access::default()
    }
}

async fn compare(
    engine: &Engine,
    context: &SessionContext,
    tables: &[Table],
    access: &Access,
    sql: &str,
) -> Outcome<Times> {
    let mut times: [Vec<Duration>; 3] = Default::default();
    let mut checked = None;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let plan = engine.check(sql, access, tables.to_vec(), &[]).await;
        checked = Some(plan.map_err(|refusal| refusal.message.en)?);
        times[2].push(begun.elapsed());
    }
    let prepared = engine.prepare(checked.ok_or("no rounds")?).await?;
    let mut plan = context.sql(sql).await?.create_physical_plan().await?;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let answer = prepared.execute(&[], date(2026, 1, 1)).await?;
        times[0].push(begun.elapsed());
        let begun = Instant::now();
        let batches = collect(plan.clone(), context.task_ctx()).await?;
        // As a prepared plan does before it answers: the tables of its joins are dropped, so that it can run again.
        plan = reset_plan_states(plan)?;
        times[1].push(begun.elapsed());
        let count = |batches: &[RecordBatch]| batches.iter().map(RecordBatch::num_rows).sum::<usize>();
        if count(answer.batches()) != count(&batches) {
            return Err("governed and bare answers differ".into());
        }
    }
    let [governed, bare, check] = times.map(median);
    Ok(Times { governed, bare, check })
}

pub(crate) fn open(table: &Generated) -> Outcome<Table> {
    let fields = table.fields.iter().map(|(name, field_type)| Field {
        name: (*name).to_owned(),
        field_type: *field_type,
        meaning: (*name).to_owned(),
        level: 1,
        release: ReleaseRule::Open,
        nullable: true,
    });
    let rows = std::slice::from_ref(&table.rows);
    let schema = table.rows.schema();
    Ok(Table::in_memory(
        table.name,
        "v1",
        fields.collect(),
        None,
        [].into(),
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

pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
