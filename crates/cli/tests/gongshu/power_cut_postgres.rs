//! The power fails under PostgreSQL, at any write or sync of any of its processes, in bursts of calls and in recovery: what
//! a client received is in the one log, charged once. `power_cut_shared.c` plays the disk. (SQLite: `power_cut.rs`.)

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

use crate::account::{Account, index_of, rounds};
use crate::burst::Burst;
use crate::postgres::Postgres;
use crate::preload::Fault;
use crate::served::Served;

/// How often the power fails.
const ROUNDS: u64 = 4;
/// Writes and syncs of all processes until it fails, at most.
const OPERATIONS_MAX: u64 = 600;
const NONE: i64 = 0;

/// A disk whose power fails, under a server of several processes.
struct Disk {
    fault: Fault,
    /// What was there before unsynced writes.
    journal: TempDir,
}

impl Disk {
    fn new() -> Self {
        let journal = tempfile::tempdir().unwrap();
        // The server runs as another user.
        std::fs::set_permissions(journal.path(), Permissions::from_mode(0o777)).unwrap();
        Self {
            fault: Fault::new("power_cut_shared.c"),
            journal,
        }
    }

    fn environment_of(&self, data: &Path) -> Vec<(&'static str, String)> {
        let mut environment = self.fault.environment_of(data);
        environment.push(("POWER_CUT_FOLDER", self.journal.path().display().to_string()));
        environment
    }

    fn fails_after(&self, operations: u64) {
        self.fault.set(i64::try_from(operations).unwrap());
    }

    /// A cut that has begun is over.
    async fn is_still(&self) {
        self.fault.strikes(self.fault.own()).await;
    }
}

/// Starts the server again; every second time the power may fail once more before recovery is over.
async fn revive(postgres: &Postgres, disk: &Disk, round: u64) {
    let cuts = disk.fault.struck();
    postgres.halt();
    if round % 2 == 1 {
        disk.fails_after(1 + round * 7919 % 40);
    }
    let runs = postgres.revived(disk.environment_of(&postgres.data()));
    disk.fault.set(NONE);
    disk.is_still().await;
    // A process that was about to strike when the fault ended may do so after the count was looked at: what counts is whether
    // the database answers.
    if !runs || disk.fault.struck() > cuts || PgConnection::connect(&postgres.url).await.is_err() {
        disk.is_still().await;
        postgres.halt();
        let runs = postgres.revived(disk.environment_of(&postgres.data()));
        assert!(runs, "it does not recover: {}", postgres.notes());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_power_fails_under_postgresql_nothing_received_is_lost() {
    let disk = Disk::new();
    let Some(postgres) = Postgres::start(|data| disk.environment_of(data)) else {
        return;
    };
    let mut served = Served::start_on(Some(postgres.url.clone()));
    let base = served.base.clone();
    let mut burst = Burst::begin(&served, std::slice::from_ref(&base)).await;
    let rounds = rounds(ROUNDS);
    for round in 0..rounds {
        let cuts = disk.fault.struck();
        disk.fails_after(1 + round * 7919 % OPERATIONS_MAX);
        disk.fault.strikes(cuts + 1).await;
        revive(&postgres, &disk, round).await;
        burst.until_answered(&base).await;
    }
    let recovered = postgres.recoveries();
    assert!(recovered > 0, "it recovered from the cuts: {}", postgres.notes());
    let tally = burst.settle(&mut served).await;
    let cuts = disk.fault.struck();
    println!("power failed {cuts} times under PostgreSQL, which recovered {recovered} times: {tally}");
}

/// The test above can fail: on a drive that lies about its syncs calls are lost, and it shows.
#[tokio::test(flavor = "multi_thread")]
async fn a_drive_that_lies_to_postgresql_is_found_out() {
    let disk = Disk::new();
    let lying = |data: &Path| {
        let mut environment = disk.environment_of(data);
        environment.push(("POWER_CUT_DEAF", String::new()));
        environment
    };
    let Some(postgres) = Postgres::start(lying) else { return };
    let served = Served::start_on(Some(postgres.url.clone()));
    served.consent().await;
    let account = Account::open(&served).await;
    disk.fails_after(OPERATIONS_MAX);
    let ended = Arc::new(AtomicBool::new(false));
    let caller = tokio::spawn(account.call_through(&served.base, 0, ended.clone()));
    disk.fault.strikes(1).await;
    ended.store(true, Ordering::Relaxed);
    let received = caller.await.unwrap();
    postgres.halt();
    // What is left of the database may be no database.
    if !postgres.revived(disk.environment_of(&postgres.data())) {
        return;
    }
    let mut connection = PgConnection::connect(&postgres.url).await.unwrap();
    let text = "SELECT max(idx) FROM ledger_entries";
    let newest: i64 = sqlx::query_scalar(text).fetch_one(&mut connection).await.unwrap();
    let received = received.values().flatten();
    let last = received.map(|answer| index_of(answer).as_i64().unwrap()).max().unwrap();
    assert!(
        newest < last,
        "entry {last} was acknowledged, and is gone; {newest} is there"
    );
}
