//! Kill -9 at any moment of a burst of calls: what a client received is in the ledger, charged once.

use std::time::Duration;

use crate::account::{Account, Received, rounds};
use crate::served::Served;
use crate::two_servers::database;

/// How often the server is killed.
const ROUNDS: u64 = 8;

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_bursts_of_calls_nothing_received_is_lost_and_nothing_is_charged_twice() {
    killed_in_bursts(Served::start(), "SQLite").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_holds_on_postgresql() {
    if let Some(database) = database("gongshu_kill").await {
        killed_in_bursts(Served::start_on(Some(database)), "PostgreSQL").await;
    }
}

async fn killed_in_bursts(mut served: Served, store: &str) {
    let rounds = rounds(ROUNDS);
    served.consent().await;
    let account = Account::open(&served).await;
    let mut received = Received::new();
    for round in 0..rounds {
        let burst = tokio::spawn(account.burst(&served, round));
        // Moments spread over the burst, the same in every run.
        tokio::time::sleep(Duration::from_millis(20 + round * 7919 % 380)).await;
        served.kill();
        received.extend(burst.await.unwrap());
        served.restart();
    }
    let (known, unknown) = account.settle(&served, &received).await;
    served.kill();
    served.audit().unwrap();
    println!(
        "killed {rounds} times on {store}: {known} calls acknowledged, {unknown} cut off and repeated, 0 lost, 0 charged twice"
    );
}
