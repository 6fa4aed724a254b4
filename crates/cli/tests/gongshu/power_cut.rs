//! The power fails at any write or sync of a burst of calls: what a client received is in the ledger, charged once.
//!
//! A kill leaves the operating system alive, which still writes what it was given. A power cut does not: unsynced bytes
//! are gone, or there in part. `power_cut.c`, preloaded into the server, plays the disk.

use crate::account::{Account, Received, index_of, rounds};
use crate::preload::Preload;
use crate::served::Served;

/// How often the power fails.
const ROUNDS: u64 = 8;
/// Writes and syncs after which it fails at the earliest and at the latest: from the first commits of a burst to those
/// that move the write-ahead log into the database.
const OPERATIONS: (u64, u64) = (100, 6_000);
/// With which `power_cut.c` ends the server.
const POWER_FAILED: Option<i32> = Some(137);

/// A disk whose power fails.
struct Disk(Preload);

impl Disk {
    fn new() -> Self {
        Self(Preload::compile("power_cut.c"))
    }

    /// The environment of a server whose power fails after some writes and syncs.
    fn failing(&self, served: &Served, after: u64, seed: u64) -> Vec<(&'static str, String)> {
        vec![
            self.0.variable(),
            ("POWER_CUT_FOLDER", served.data().display().to_string()),
            ("POWER_CUT_AFTER", after.to_string()),
            ("POWER_CUT_SEED", seed.to_string()),
        ]
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_power_fails_nothing_received_is_lost_and_nothing_is_charged_twice() {
    failing_in_bursts("power failed", &[]).await;
}

/// All before it is on the disk; of the last write, whichever it is, a part.
#[tokio::test(flavor = "multi_thread")]
async fn when_a_write_is_torn_nothing_received_is_lost_and_nothing_is_charged_twice() {
    failing_in_bursts("write torn", &[("POWER_CUT_TORN", String::new())]).await;
}

async fn failing_in_bursts(fault: &str, how: &[(&'static str, String)]) {
    let disk = Disk::new();
    let mut served = Served::start();
    let rounds = rounds(ROUNDS);
    served.consent().await;
    let account = Account::open(&served).await;
    let mut received = Received::new();
    for round in 0..rounds {
        served.kill();
        let (least, most) = OPERATIONS;
        let failing = disk.failing(&served, least + round * 7919 % (most - least), round);
        served.restart_under(&[failing, how.to_vec()].concat());
        received.extend(account.burst(&served, round).await);
        assert_eq!(served.ended(), POWER_FAILED);
        served.restart();
    }
    let (known, unknown) = account.settle(&served, &received).await;
    assert!(known > 0, "calls were acknowledged before the power failed");
    served.kill();
    served.audit().unwrap();
    println!(
        "{fault} {rounds} times on SQLite: {known} calls acknowledged, {unknown} cut off and repeated, 0 lost, 0 charged twice"
    );
}

/// The tests above can fail: on a drive that lies about its syncs, calls are lost, and it shows.
#[tokio::test(flavor = "multi_thread")]
async fn a_drive_that_lies_about_its_syncs_is_found_out() {
    let disk = Disk::new();
    let mut served = Served::start();
    served.consent().await;
    let account = Account::open(&served).await;
    served.kill();
    let mut lying = disk.failing(&served, OPERATIONS.0 * 6, 0);
    lying.push(("POWER_CUT_DEAF", String::new()));
    served.restart_under(&lying);
    let received = account.burst(&served, 0).await;
    assert_eq!(served.ended(), POWER_FAILED);
    // What is left of the database may be no database: then it is not served.
    if !served.restart_if_it_can() {
        return;
    }
    let log = reqwest::get(format!("{}/checkpoint", served.log())).await.unwrap();
    let checkpoint = log.text().await.unwrap();
    let size: u64 = checkpoint.lines().nth(1).unwrap().parse().unwrap();
    let received = received.values().flatten();
    let last = received.map(|answer| index_of(answer).as_u64().unwrap()).max().unwrap();
    assert!(
        size <= last,
        "entry {last} was acknowledged, and is gone from the {size}"
    );
}
