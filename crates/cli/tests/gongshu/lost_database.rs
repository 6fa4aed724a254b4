//! The database goes away in bursts of calls: connections end at any moment of a commit, and PostgreSQL itself crashes.
//! What a client received is in the one log, charged once.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gongshu_ledger::{Edge, Policy, Suite, verify_answer};
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

use crate::kill::{Account, Received, rounds};
use crate::served::Served;
use crate::two_servers::database;

/// Faults of a run.
const ROUNDS: u64 = 8;
const CALLERS: usize = 6;

#[tokio::test(flavor = "multi_thread")]
async fn connections_ended_in_mid_commit_lose_nothing_of_two_servers() {
    let Some(database) = database("gongshu_lost").await else {
        return;
    };
    let mut served = Served::start_on(Some(database.clone()));
    let servers = [served.base.clone(), served.another()];
    // The ends of connections come faster than crashes could.
    let faults = rounds(ROUNDS) * 4;
    let ended = Arc::new(AtomicBool::new(false));
    let (account, callers) = call_at(&mut served, &servers, &ended).await;
    let mut connection = PgConnection::connect(&database).await.unwrap();
    let mut connections = 0;
    for fault in 0..faults {
        tokio::time::sleep(Duration::from_millis(30 + fault * 7919 % 170)).await;
        let text = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                    WHERE datname = current_database() AND pid <> pg_backend_pid()";
        connections += sqlx::query(text).fetch_all(&mut connection).await.unwrap().len();
    }
    ended.store(true, Ordering::Relaxed);
    let tally = settle(&mut served, &database, &account, callers).await;
    assert!(connections > 0);
    println!("{connections} connections ended in {faults} strokes, two servers on PostgreSQL: {tally}");
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_crashing_in_bursts_of_calls_loses_nothing() {
    if std::env::var_os("GONGSHU_TEST_POSTGRES_URL").is_none() {
        println!("GONGSHU_TEST_POSTGRES_URL is not set: PostgreSQL was NOT tested");
        return;
    }
    let cluster = Cluster::start();
    let mut served = Served::start_on(Some(cluster.url.clone()));
    let servers = [served.base.clone()];
    let faults = rounds(ROUNDS);
    let ended = Arc::new(AtomicBool::new(false));
    let (account, callers) = call_at(&mut served, &servers, &ended).await;
    for fault in 0..faults {
        tokio::time::sleep(Duration::from_millis(100 + fault * 7919 % 900)).await;
        cluster.crash();
    }
    ended.store(true, Ordering::Relaxed);
    let tally = settle(&mut served, &cluster.url, &account, callers).await;
    println!("PostgreSQL crashed {faults} times: {tally}");
}

/// A PostgreSQL of the test's own, since it crashes.
struct Cluster {
    folder: TempDir,
    url: String,
}

impl Cluster {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Its server runs as another user.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let url = postgres("start", &folder);
        Self { folder, url }
    }

    /// Ends it without a shutdown, as a crash would, and starts it again.
    fn crash(&self) {
        postgres("crash", &self.folder);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        postgres("stop", &self.folder);
    }
}

fn postgres(what: &str, folder: &TempDir) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/postgres.sh");
    let done = Command::new("bash")
        .args([script, what])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}

type Callers = Vec<tokio::task::JoinHandle<Received>>;

/// Callers at each of the servers, until told that it has ended.
async fn call_at(served: &mut Served, servers: &[String], ended: &Arc<AtomicBool>) -> (Account, Callers) {
    served.consent().await;
    let account = Account::open(served).await;
    let each = servers.iter().flat_map(|base| std::iter::repeat_n(base, CALLERS));
    let callers = each
        .enumerate()
        .map(|(caller, base)| tokio::spawn(account.call_through(base, caller, ended.clone())))
        .collect();
    (account, callers)
}

/// Waits for the callers, and asserts that nothing is lost, charged twice or forked; gives the figures.
async fn settle(served: &mut Served, database: &str, account: &Account, callers: Callers) -> String {
    let mut received = Received::new();
    for caller in callers {
        received.extend(caller.await.unwrap());
    }
    let (known, unknown) = account.settle(served, &received).await;
    assert!(known > 0, "calls were acknowledged between the faults");
    one_log(served, database, &received).await;
    served.kill();
    served.audit().unwrap();
    format!("{known} calls acknowledged, {unknown} failed and repeated, 0 lost, 0 forks, 0 charged twice")
}

/// Whatever server signed it, the root that each answer came with is that of the first entries of the one log.
async fn one_log(served: &Served, database: &str, received: &Received) {
    let mut connection = PgConnection::connect(database).await.unwrap();
    let text = "SELECT entry FROM ledger_entries ORDER BY idx";
    let entries: Vec<Vec<u8>> = sqlx::query_scalar(text).fetch_all(&mut connection).await.unwrap();
    let mut edge = Edge::new(Suite::International);
    let roots = entries.iter().map(|entry| {
        edge = edge.append(&[edge.suite().hash_leaf(entry)]).into_edge();
        (edge.size(), edge.root())
    });
    let roots: BTreeMap<_, _> = roots.collect();
    let policy = Policy::new(served.log_key()).unwrap();
    for answer in received.values().flatten() {
        let receipt = verify_answer(answer, &policy).unwrap().receipt;
        assert_eq!(
            roots.get(&receipt.size),
            Some(&receipt.root),
            "{} entries",
            receipt.size
        );
    }
}
