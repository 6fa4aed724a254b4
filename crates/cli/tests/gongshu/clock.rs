//! The machine's clock jumps ahead and back in bursts of calls: nothing is recorded under a wrong time, and the server
//! goes on by itself once the clock is right.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::{Connection, SqliteConnection};

use crate::account::rounds;
use crate::burst::Burst;
use crate::preload::Fault;
use crate::served::Served;

/// How often the clock jumps.
const ROUNDS: u64 = 8;
/// By how many seconds, in turn: a day, an hour, ten years ahead, and as much back.
const JUMPS: [i64; 6] = [86_400, -86_400, 3_600, -3_600, 315_360_000, -315_360_000];
const RIGHT: i64 = 0;

#[tokio::test(flavor = "multi_thread")]
async fn no_time_of_a_clock_that_jumped_gets_on_record() {
    let fault = Fault::new("clock.c");
    let mut served = Served::start();
    served.kill();
    served.restart_under(&fault.environment(&served));
    let base = served.base.clone();
    let mut burst = Burst::begin(&served, std::slice::from_ref(&base)).await;
    let rounds = rounds(ROUNDS);
    for jump in JUMPS.into_iter().cycle().take(usize::try_from(rounds).unwrap()) {
        tokio::time::sleep(Duration::from_millis(50)).await;
        fault.set(jump);
        burst.until_told(&base, "clock.jumped").await;
        fault.set(RIGHT);
        burst.until_answered(&base).await;
    }
    let tally = burst.settle(&mut served).await;
    let times = times(&served).await;
    assert!(times.is_sorted(), "the times of the record never go back");
    let newest = times.last().unwrap();
    assert!(*newest <= Timestamp::now(), "{newest} is a time to come");
    assert!(fault.struck() > 0);
    println!("clock jumped {rounds} times on SQLite: {tally}");
}

/// A restart does not make a wrong clock right: behind the record nothing is recorded.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_started_with_a_clock_behind_the_record_waits_for_it() {
    let fault = Fault::new("clock.c");
    let mut served = Served::start();
    served.kill();
    fault.set(-86_400);
    served.restart_under(&fault.environment(&served));
    let supervisor = served.person("supervisor").await;
    let product = supervisor.named("products", "空气质量日均指标").await;
    let of = serde_json::json!({"scenario": product["scenario"]["id"], "reason": "抽查"});
    let told = supervisor.act("freeze_scenario", of).await;
    assert_eq!(told.status, 503, "{}", told.text);
    assert_eq!(told.json()["code"], "clock.behind-record", "{}", told.text);
}

/// The times of all calls, in the order of the ledger.
async fn times(served: &Served) -> Vec<Timestamp> {
    let mut connection = SqliteConnection::connect(&served.database()).await.unwrap();
    let texts = sqlx::query_scalar("SELECT at FROM calls ORDER BY idx");
    let texts: Vec<String> = texts.fetch_all(&mut connection).await.unwrap();
    texts.iter().map(|text| text.parse().unwrap()).collect()
}
