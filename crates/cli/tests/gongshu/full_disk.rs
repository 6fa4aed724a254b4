//! The disk fills up in bursts of calls: calls are refused in plain words, nothing received is lost, and the server goes
//! on by itself once there is room.

use std::time::Duration;

use crate::account::rounds;
use crate::burst::Burst;
use crate::postgres::Postgres;
use crate::preload::Fault;
use crate::served::Served;

/// How often the disk fills up.
const ROUNDS: u64 = 6;
const FULL: i64 = 1;
const ROOM: i64 = 0;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_stops_recording_in_plain_words_until_there_is_room() {
    let fault = Fault::new("full_disk.c");
    let mut served = Served::start();
    served.kill();
    served.restart_under(&fault.environment(&served));
    let (struck, tally) = fill_in_bursts(&fault, &mut served, || {}).await;
    println!("disk full on SQLite, {struck} writes refused: {tally}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_of_postgresql_loses_nothing() {
    let fault = Fault::new("full_disk.c");
    let mut environment = Vec::new();
    let postgres = Postgres::start(|data| {
        environment = fault.environment_of(data);
        environment.clone()
    });
    let Some(postgres) = postgres else {
        return;
    };
    let mut served = Served::start_on(Some(postgres.url.clone()));
    // It goes on by itself, unless it was writing what it can't do without.
    let revive = || assert!(postgres.revived(environment.clone()));
    let (struck, tally) = fill_in_bursts(&fault, &mut served, revive).await;
    println!("disk full on PostgreSQL, {struck} writes refused: {tally}");
}

/// Fills the disk again and again while calls are made; `roomy` is done once there is room. How many writes were
/// refused, and what the calls came to.
async fn fill_in_bursts(fault: &Fault, served: &mut Served, roomy: impl Fn()) -> (i64, String) {
    let base = served.base.clone();
    let mut burst = Burst::begin(served, std::slice::from_ref(&base)).await;
    let rounds = rounds(ROUNDS);
    for round in 0..rounds {
        tokio::time::sleep(Duration::from_millis(20 + round * 7919 % 180)).await;
        fault.set(FULL);
        burst.until_told(&base, "store.full").await;
        fault.set(ROOM);
        roomy();
        burst.until_answered(&base).await;
    }
    let struck = fault.struck();
    assert!(struck >= i64::try_from(rounds).unwrap());
    (struck, format!("{rounds} times; {}", burst.settle(served).await))
}
