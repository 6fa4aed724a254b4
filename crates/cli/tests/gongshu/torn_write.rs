//! PostgreSQL's processes die in the middle of their writes, in bursts of calls: what a client received is in the one
//! log, charged once. (Torn writes of SQLite: `power_cut.rs`.)

use crate::account::rounds;
use crate::burst::Burst;
use crate::postgres::Postgres;
use crate::preload::Fault;
use crate::served::Served;

/// How often a write is torn.
const ROUNDS: u64 = 8;
/// Writes of all processes until the next one is torn, at most.
const WRITES_MAX: u64 = 90;
const NONE: i64 = 0;

#[tokio::test(flavor = "multi_thread")]
async fn torn_writes_of_postgresql_lose_nothing() {
    let fault = Fault::new("torn_write.c");
    let Some(postgres) = Postgres::start(|data| fault.environment_of(data)) else {
        return;
    };
    let mut served = Served::start_on(Some(postgres.url.clone()));
    let base = served.base.clone();
    let mut burst = Burst::begin(&served, std::slice::from_ref(&base)).await;
    let rounds = rounds(ROUNDS);
    for round in 0..rounds {
        let before = fault.struck();
        fault.set(i64::try_from(1 + round * 7919 % WRITES_MAX).unwrap());
        fault.strikes(before + 1).await;
        fault.set(NONE);
        burst.until_answered(&base).await;
    }
    let recovered = postgres.recoveries();
    assert!(
        recovered > 0,
        "its processes recovered from what was torn: {}",
        postgres.notes()
    );
    let tally = burst.settle(&mut served).await;
    println!("{rounds} writes torn, PostgreSQL recovered {recovered} times: {tally}");
}
