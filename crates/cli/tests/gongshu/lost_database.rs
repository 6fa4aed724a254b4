//! The database goes away in bursts of calls: connections end at any moment of a commit, and PostgreSQL itself crashes.
//! What a client received is in the one log, charged once.

use std::time::Duration;

use sqlx::{Connection, PgConnection};

use crate::account::rounds;
use crate::burst::Burst;
use crate::postgres::Postgres;
use crate::served::Served;
use crate::two_servers::database;

/// Faults of a run.
const ROUNDS: u64 = 8;

#[tokio::test(flavor = "multi_thread")]
async fn connections_ended_in_mid_commit_lose_nothing_of_two_servers() {
    let Some(database) = database("gongshu_lost").await else {
        return;
    };
    let mut served = Served::start_on(Some(database.clone()));
    let servers = [served.base.clone(), served.another()];
    // The ends of connections come faster than crashes could.
    let faults = rounds(ROUNDS) * 4;
    let burst = Burst::begin(&served, &servers).await;
    let mut connection = PgConnection::connect(&database).await.unwrap();
    let mut connections = 0;
    for fault in 0..faults {
        tokio::time::sleep(Duration::from_millis(30 + fault * 7919 % 170)).await;
        let text = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                    WHERE datname = current_database() AND pid <> pg_backend_pid()";
        connections += sqlx::query(text).fetch_all(&mut connection).await.unwrap().len();
    }
    let tally = burst.settle(&mut served).await;
    assert!(connections > 0);
    println!("{connections} connections ended in {faults} strokes, two servers on PostgreSQL: {tally}");
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_crashing_in_bursts_of_calls_loses_nothing() {
    let Some(postgres) = Postgres::start(|_| Vec::new()) else {
        return;
    };
    let mut served = Served::start_on(Some(postgres.url.clone()));
    let servers = [served.base.clone()];
    let faults = rounds(ROUNDS);
    let burst = Burst::begin(&served, &servers).await;
    for fault in 0..faults {
        tokio::time::sleep(Duration::from_millis(100 + fault * 7919 % 900)).await;
        postgres.crash();
    }
    let tally = burst.settle(&mut served).await;
    println!("PostgreSQL crashed {faults} times: {tally}");
}
