//! A server loses its turn in the middle of a commit: it hangs, the database gives the turn to the other server, and it
//! wakes up. What it had not committed it can't publish; it learns what the other wrote, and goes on.

use std::time::Duration;

use sqlx::{Connection, PgConnection};

use crate::account::rounds;
use crate::burst::Burst;
use crate::served::Served;
use crate::two_servers::database;

/// How often a server loses its turn.
const ROUNDS: u64 = 6;
/// Most attempts to stop a server within its turn, a fault.
const ATTEMPTS_MAX: usize = 200;
/// How long the other server may need to find itself waiting.
const SETTLING: Duration = Duration::from_millis(60);

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_loses_its_turn_in_mid_commit_publishes_nothing() {
    let Some(database) = database("gongshu_turn").await else {
        return;
    };
    let mut served = Served::start_on(Some(database.clone()));
    let other = served.another();
    let burst = Burst::begin(&served, &[served.base.clone(), other.clone()]).await;
    let mut connection = PgConnection::connect(&database).await.unwrap();
    let rounds = rounds(ROUNDS);
    let mut turns = 0;
    for round in 0..rounds {
        for _ in 0..ATTEMPTS_MAX {
            tokio::time::sleep(Duration::from_millis(5 + round * 7919 % 40)).await;
            served.hang();
            tokio::time::sleep(SETTLING).await;
            // As the database does after `idle_in_transaction_session_timeout`, which would be ten seconds.
            let text = "SELECT pg_terminate_backend(holder) FROM (SELECT DISTINCT unnest(pg_blocking_pids(pid)) AS holder \
                        FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') AS holders \
                        WHERE holder NOT IN (SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock')";
            let lost = sqlx::query(text).fetch_all(&mut connection).await.unwrap().len();
            tokio::time::sleep(SETTLING).await;
            served.wake();
            turns += lost;
            if lost > 0 {
                break;
            }
        }
    }
    assert!(turns as u64 >= rounds, "each time a turn was lost: {turns}");
    let tally = burst.settle(&mut served).await;
    println!("turn lost in mid-commit {turns} times, two servers on PostgreSQL: {tally}");
}
