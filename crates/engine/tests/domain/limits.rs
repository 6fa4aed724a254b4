//! Limits of a query: each has a name, a clear word, and none is passed by a crash.

use std::time::Duration;

use gongshu_engine::{Config, Engine, ExecuteError, FlowRefusal, Limits, Prepared};

use crate::world;

fn config(limit: impl FnOnce(&mut Limits)) -> Config {
    let mut config = Config::default();
    limit(&mut config.limits);
    config
}

async fn prepared(config: Config, sql: &str) -> Result<Prepared, FlowRefusal> {
    let tables = world::tables();
    let access = world::access(&tables, false);
    let engine = Engine::new(config).unwrap();
    let checked = engine.check(sql, &access, tables, &[]).await?;
    Ok(engine.prepare(checked).await.unwrap())
}

async fn refused(sql: &str) -> &'static str {
    prepared(Config::default(), sql)
        .await
        .map_or_else(|refusal| refusal.rule, |_| "pass")
}

/// The check's word alone.
async fn verdict(sql: &str) -> &'static str {
    let tables = world::tables();
    let access = world::access(&tables, false);
    let checked = Engine::new(Config::default())
        .unwrap()
        .check(sql, &access, tables, &[])
        .await;
    checked.map_or_else(|refusal| refusal.rule, |_| "pass")
}

async fn failed(config: Config, sql: &str) -> ExecuteError {
    let prepared = prepared(config, sql)
        .await
        .unwrap_or_else(|refusal| panic!("{sql}: {refusal}"));
    prepared.execute(&[], jiff::civil::date(2026, 1, 1)).await.unwrap_err()
}

fn repeated(part: &str, times: usize, between: &str) -> String {
    vec![part; times].join(between)
}

#[tokio::test]
async fn a_text_too_long_too_deep_or_too_complex_is_refused_before_it_is_parsed() {
    let long = format!("SELECT '{}'", "x".repeat(70_000));
    assert_eq!(refused(&long).await, "flow.too-long");
    let many = 1_000;
    for sql in [
        format!(
            "SELECT level FROM stations WHERE level = {}",
            repeated("1", many, " + ")
        ),
        format!(
            "SELECT level FROM stations WHERE {}",
            repeated("level = 1", many, " OR ")
        ),
        format!("SELECT level FROM stations WHERE {} true", "NOT ".repeat(many)),
        format!("SELECT {} 1", "- ".repeat(many)),
        format!(
            "SELECT {} 1 {}",
            "CASE WHEN true THEN ".repeat(many),
            "END ".repeat(many)
        ),
        repeated("SELECT 1", many, " UNION ALL "),
        format!("SELECT 1 FROM {}", repeated("stations", many, " CROSS JOIN ")),
        format!("SELECT 1 FROM {}", repeated("stations", many, ", ")),
        format!(
            "WITH a AS (SELECT level FROM stations) SELECT (SELECT 1 FROM (SELECT 2) t, {} WHERE true)",
            repeated("a", many, ", ")
        ),
        format!("SELECT {}", repeated("1", many, "::int::")),
    ] {
        assert_eq!(refused(&sql).await, "flow.too-complex", "{}", &sql[..40]);
    }
    for sql in [
        format!("SELECT {}1{}", "(".repeat(200), ")".repeat(200)),
        format!("SELECT {}1{}", "abs(".repeat(200), ")".repeat(200)),
        format!("SELECT {}1{}", "[".repeat(200), "]".repeat(200)),
    ] {
        assert_eq!(refused(&sql).await, "flow.too-deep", "{}", &sql[..40]);
    }
}

#[tokio::test]
async fn what_is_just_within_the_limits_does_not_overflow_the_stack() {
    for sql in [
        format!("SELECT level FROM stations WHERE level = {}", repeated("1", 490, " + ")),
        format!(
            "SELECT level FROM stations WHERE {}",
            repeated("level = 1", 120, " OR ")
        ),
        format!("SELECT level FROM stations WHERE {} true", "NOT ".repeat(45)),
        repeated("SELECT level FROM stations", 80, " UNION ALL "),
        repeated("SELECT level FROM stations", 80, " EXCEPT "),
        format!("SELECT {} 1 {}", "CASE WHEN true THEN ".repeat(40), "END ".repeat(40)),
    ] {
        match prepared(Config::default(), &sql).await {
            Ok(prepared) => drop(prepared.execute(&[], jiff::civil::date(2026, 1, 1)).await),
            Err(refusal) => assert_eq!(refusal.rule, "flow.not-a-query", "{}: {refusal}", &sql[..40]),
        }
    }
    let list = (0..5_000)
        .map(|number| number.to_string())
        .collect::<Vec<_>>()
        .join(", ");
    assert_eq!(
        refused(&format!("SELECT level FROM stations WHERE level IN ({list})")).await,
        "pass"
    );
}

/// What goes down one level more for each of these takes no longer than one step more.
#[tokio::test]
async fn a_check_takes_one_step_for_each_part_of_a_text() {
    let within = Duration::from_secs(20);
    for sql in [
        format!("SELECT {} FROM stations", repeated("'a'", 200, " || ")),
        format!(
            "SELECT {}name{} FROM stations",
            "concat('a', ".repeat(30),
            ")".repeat(30)
        ),
        format!(
            "SELECT {}name{} FROM stations",
            "mask_partial(".repeat(30),
            ", 1, 1)".repeat(30)
        ),
        format!(
            "SELECT {}name{} FROM stations",
            "replace(".repeat(30),
            ", 'a', 'b')".repeat(30)
        ),
    ] {
        let (tell, told) = std::sync::mpsc::channel();
        let text = sql.clone();
        // A check gives way to nobody, so it is waited for from outside.
        std::thread::spawn(move || tell.send(futures::executor::block_on(verdict(&text))));
        let verdict = told.recv_timeout(within).expect(&sql);
        assert!(["pass", "flow.text-growth"].contains(&verdict), "{verdict}: {sql}");
    }
}

#[tokio::test]
async fn a_text_that_doubles_and_doubles_is_refused() {
    let mut sql = "SELECT name AS c FROM stations".to_owned();
    for _ in 0..12 {
        sql = format!("SELECT c || c AS c FROM ({sql}) t");
    }
    assert_eq!(refused(&sql).await, "flow.text-growth");
    let long = "x".repeat(1_000);
    let sql = format!("SELECT replace(replace(name, 's', '{long}'), 'x', '{long}') FROM stations");
    assert_eq!(refused(&sql).await, "flow.text-growth");
    assert_eq!(
        refused("SELECT name || '，' || name || concat(name, name) FROM stations").await,
        "pass"
    );
}

const CROSS: &str = "SELECT count(*) FROM stations a CROSS JOIN stations b CROSS JOIN stations c CROSS JOIN stations d CROSS JOIN stations e CROSS JOIN stations f CROSS JOIN stations g CROSS JOIN stations h CROSS JOIN stations i CROSS JOIN stations j CROSS JOIN stations k CROSS JOIN stations l WHERE a.level + b.level + c.level + d.level + e.level + f.level + g.level + h.level + i.level + j.level = 77";

#[tokio::test]
async fn each_limit_of_a_run_has_its_word() {
    let time = failed(config(|limits| limits.time = Duration::from_millis(20)), CROSS).await;
    assert!(matches!(time, ExecuteError::Time(_)), "{time:?}");
    let rows = failed(config(|limits| limits.rows = 3), "SELECT name FROM stations").await;
    assert!(matches!(rows, ExecuteError::Rows(3)), "{rows:?}");
    let bytes = failed(config(|limits| limits.bytes = 10), "SELECT name FROM stations").await;
    assert!(matches!(bytes, ExecuteError::Bytes(10)), "{bytes:?}");
    let memory = failed(
        config(|limits| limits.memory_bytes = 100),
        "SELECT name FROM stations ORDER BY name",
    )
    .await;
    assert!(matches!(memory, ExecuteError::Memory), "{memory:?}");
    for error in [time, rows, bytes, memory] {
        assert!(!error.text().zh.is_empty() && error.text().en.len() > 20);
    }
}

#[tokio::test]
async fn a_call_that_ran_out_of_memory_leaves_it_to_the_next() {
    let prepared = prepared(
        config(|limits| limits.memory_bytes = 1 << 20),
        "SELECT name FROM stations ORDER BY name",
    );
    let prepared = prepared.await.unwrap();
    for _ in 0..50 {
        prepared.execute(&[], jiff::civil::date(2026, 1, 1)).await.unwrap();
    }
}
