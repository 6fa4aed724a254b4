//! SQL up to the check's answer: no panic, bounded time and memory; what a refusal proposes passes itself.
#![no_main]

#[path = "../../crates/engine/tests/domain/world.rs"]
#[allow(dead_code)]
mod world;

use std::sync::LazyLock;

use gongshu_engine::{Config, Engine, FieldType, PLANNING_THREAD};
use libfuzzer_sys::fuzz_target;
use tokio::runtime::{Builder, Runtime};

static ENGINE: LazyLock<(Engine, Runtime)> = LazyLock::new(|| {
    // The engine turns a panic of the planning thread into an error; here it ends the process.
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        usual(panic);
        if std::thread::current().name() == Some(PLANNING_THREAD) {
            std::process::abort();
        }
    }));
    (Engine::new(Config::default()).unwrap(), Builder::new_current_thread().build().unwrap())
});

fuzz_target!(|bytes: &[u8]| {
    let Ok(sql) = std::str::from_utf8(bytes) else { return };
    let (engine, runtime) = &*ENGINE;
    let access = world::access(&world::tables(), false);
    let check = |sql: &str| runtime.block_on(engine.check(sql, &access, world::tables(), &[FieldType::Text]));
    if let Err(refusal) = check(sql)
        && let Some(proposal) = refusal.proposal
    {
        assert!(check(&proposal).is_ok(), "{proposal} was proposed for {sql}");
    }
});
