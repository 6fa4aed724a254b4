//! The check alone, over tables of hardly any rows: it looks at no row.
//!
//! What counts as the check is all that `Engine::check` does: limits of the text, parsing, planning, type coercion, the
//! flow of labels with the controls it puts in, the derivation, and whether correlated subqueries become joins. Beside it
//! stands what bare DataFusion takes for its part of that: parsing, planning and type coercion in a session that is there.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use datafusion::datasource::MemTable;
use datafusion::prelude::SessionContext;
use gongshu_engine::{Config, Engine};

use crate::Outcome;
use crate::ours::{access, median, open};
use crate::tables::{QUERIES, tables};

const ROUNDS: usize = 301;
const SCALE: f64 = 0.001;

/// Prints the times of every query in microseconds, or of the one of this name.
pub(crate) async fn print(only: &str) -> Outcome<()> {
    let generated = tables(SCALE);
    let (engine, context) = (Engine::new(Config::default())?, SessionContext::new());
    let mut governed = Vec::new();
    for table in &generated {
        let rows = MemTable::try_new(table.rows.schema(), vec![vec![table.rows.clone()]])?;
        context.register_table(table.name, Arc::new(rows))?;
        governed.push(open(table)?);
    }
    let (access, state) = (access(&generated), context.state());
    println!(
        "{:<6}{:>10}{:>14}  microseconds, medians of {ROUNDS}",
        "", "check", "bare planning"
    );
    let mut slowest = (Duration::ZERO, "");
    let named = |(name, _): &(&str, &str)| *name == only || !QUERIES.iter().any(|(name, _)| *name == only);
    for (name, sql) in QUERIES.into_iter().filter(named) {
        let (mut checks, mut plans) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            let checked = engine.check(sql, &access, governed.clone(), &[]).await;
            black_box(checked.map_err(|refusal| refusal.message.en)?);
            checks.push(begun.elapsed());
            let begun = Instant::now();
            let plan = state.create_logical_plan(sql).await?;
            black_box(
                state
                    .analyzer()
                    .execute_and_check(plan, state.config_options(), |_, _| {})?,
            );
            plans.push(begun.elapsed());
        }
        let (check, plan) = (median(checks), median(plans));
        slowest = slowest.max((check, name));
        println!("{name:<6}{:>10}{:>14}", check.as_micros(), plan.as_micros());
    }
    println!("slowest: {} at {} µs", slowest.1, slowest.0.as_micros());
    Ok(())
}
