//! Models: what a module may not ask for, and the error at each of its limits.

use std::time::Duration;

use gongshu_engine::{Config, Engine, ExecuteError, ModelError, ModelFormat, ModelLimits};

use crate::world::{self, RATIO, module};

fn engine(limit: impl FnOnce(&mut ModelLimits)) -> Engine {
    let mut config = Config::default();
    limit(&mut config.models);
    Engine::new(config).unwrap()
}

fn check(code: &str) -> Result<(), ModelError> {
    engine(|_| {}).check_model(ModelFormat::Wasm, code.as_bytes(), 2)
}

/// The error of a query that calls this model of the world.
async fn failed(limit: impl FnOnce(&mut ModelLimits), function: &str) -> ModelError {
    let (engine, tables) = (engine(limit), world::tables());
    let access = world::access(&tables, false);
    let sql = format!("SELECT {function}(debt, income) FROM borrowers");
    let checked = engine.check(&sql, &access, tables, &[]).await.unwrap();
    let prepared = engine.prepare(checked).await.unwrap();
    match prepared.execute(&[], jiff::civil::date(2026, 1, 1)).await {
        Err(ExecuteError::Model(error)) => error,
        other => panic!("{function}: {:?}", other.map(|answer| answer.to_json())),
    }
}

#[test]
fn whatever_a_module_imports_is_refused_by_name() {
    let cases = [
        (
            r#"(import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))"#,
            "wasi_snapshot_preview1.fd_write",
        ),
        (r#"(import "env" "now" (func (result i64)))"#, "env.now"),
        (r#"(import "env" "memory" (memory 1))"#, "env.memory"),
        (r#"(import "env" "seed" (global i64))"#, "env.seed"),
    ];
    for (import, name) in cases {
        assert_eq!(
            check(&format!("(module {import})")),
            Err(ModelError::Import(name.to_owned()))
        );
    }
}

#[test]
fn a_module_exports_what_the_specification_asks() {
    assert_eq!(check(RATIO), Ok(()));
    assert_eq!(check("(module)"), Err(ModelError::Export("memory")));
    let memory = r#"(memory (export "memory") 1)"#;
    assert_eq!(check(&format!("(module {memory})")), Err(ModelError::Export("alloc")));
    let alloc = r#"(func (export "alloc") (param i32) (result i32) (i32.const 0))"#;
    assert_eq!(
        check(&format!("(module {memory} {alloc})")),
        Err(ModelError::Export("score"))
    );
    let other = r#"(func (export "score") (param f64) (result f64) (local.get 0))"#;
    assert_eq!(
        check(&format!("(module {memory} {alloc} {other})")),
        Err(ModelError::Export("score"))
    );
    for text in [
        "not a module".to_owned(),
        format!("(module (func {}", "(block ".repeat(30_000)),
    ] {
        assert!(matches!(check(&text), Err(ModelError::Malformed(_))));
    }
}

#[test]
fn a_module_starts_within_its_limits() {
    let starting = |body: &str| format!("(module (func $start {body}) (start $start))");
    let limits = ModelLimits::default();
    assert_eq!(
        check(&starting("(loop $on (br $on))")),
        Err(ModelError::Fuel(limits.fuel_per_row))
    );
    assert_eq!(check(&starting("unreachable")), Err(ModelError::Failed));
    let large = r#"(module (memory (export "memory") 300))"#;
    assert_eq!(check(large), Err(ModelError::Memory(limits.memory_bytes)));
    let long = engine(|limits| limits.code_bytes = 10).check_model(ModelFormat::Wasm, RATIO.as_bytes(), 2);
    assert_eq!(long, Err(ModelError::Code(10)));
    assert_eq!(check(&module("(i32.const 0)")), Ok(()));
}

#[tokio::test]
async fn each_limit_has_its_error() {
    assert_eq!(failed(|_| {}, "score_loop_v1").await, ModelError::Fuel(100_000));
    assert_eq!(failed(|_| {}, "score_bomb_v1").await, ModelError::Memory(16 << 20));
    let (second, fuel) = (Duration::from_millis(50), u64::MAX);
    let slow = |limits: &mut ModelLimits| (limits.time, limits.fuel_per_row) = (second, fuel);
    assert_eq!(failed(slow, "score_loop_v1").await, ModelError::Time(second));
}

#[tokio::test]
async fn every_failure_of_a_model_itself_looks_alike() {
    for function in ["score_trap_v1", "score_status_v1"] {
        let error = failed(|_| {}, function).await;
        assert_eq!(error, ModelError::Failed, "{function}");
        assert_eq!(error.text().en, "the model failed; ask whoever registered it");
    }
}

#[tokio::test]
async fn the_derivation_names_the_model_by_its_hash() {
    let (engine, tables) = (engine(|_| {}), world::tables());
    let access = world::access(&tables, false);
    let sql = "SELECT number, score_ratio_v1(debt, income) AS score FROM borrowers";
    let derived = async |access| engine.check(sql, access, world::tables(), &[]).await.unwrap();
    let checked = derived(&access).await;
    let pinned = access.models["score_ratio_v1"].sha256.as_str();
    insta::assert_snapshot!(checked.derivation().text().en.replace(pinned, "<SHA-256>"));
    let mut other = access.clone();
    let changed = world::model("score_ratio_v1", "borrowers", &["debt", "income"], format!("{RATIO}\n"));
    other.models.insert(changed.function.clone(), changed);
    assert_ne!(derived(&other).await.derivation().hash(), checked.derivation().hash());
}
