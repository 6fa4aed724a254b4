//! Callers that go on whatever fails, and what their calls must come to.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use gongshu_ledger::{Edge, Policy, Suite, verify_answer};
use sqlx::{AnyConnection, Connection};
use tokio::task::JoinHandle;

use crate::account::{Account, Received};
use crate::served::Served;

/// Callers at each server.
const CALLERS: usize = 6;
/// How long an answer is waited for, whatever each attempt takes, and the pause between.
const WAIT_MAX: Duration = Duration::from_secs(180);
const PAUSE: Duration = Duration::from_millis(20);

/// Calls under way.
pub(crate) struct Burst {
    account: Account,
    callers: Vec<JoinHandle<Received>>,
    ended: Arc<AtomicBool>,
    /// Calls of the test itself, between those of the callers.
    own: Received,
}

impl Burst {
    /// Begins to call at each of the servers.
    pub(crate) async fn begin(served: &Served, servers: &[String]) -> Self {
        served.consent().await;
        let account = Account::open(served).await;
        let ended = Arc::new(AtomicBool::new(false));
        let each = servers.iter().flat_map(|base| std::iter::repeat_n(base, CALLERS));
        let callers = each
            .enumerate()
            .map(|(caller, base)| tokio::spawn(account.call_through(base, caller, ended.clone())))
            .collect();
        Self {
            account,
            callers,
            ended,
            own: Received::new(),
        }
    }

    /// Calls until the answer is an outage of this code that says when to come again.
    pub(crate) async fn until_told(&mut self, base: &str, code: &str) {
        let begun = Instant::now();
        while begun.elapsed() < WAIT_MAX {
            let (key, outcome) = self.attempt(base).await;
            let told = outcome.as_ref().err().is_some_and(|problem| {
                assert!(
                    problem["detail"].as_str().is_some_and(|text| text.contains('；')),
                    "{problem}"
                );
                problem["code"] == code && problem["retry_after"].as_u64().is_some()
            });
            self.own.insert(key, outcome.ok());
            if told {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("no call was told `{code}`");
    }

    /// Calls until a call is answered; the same server, not started again.
    pub(crate) async fn until_answered(&mut self, base: &str) {
        let begun = Instant::now();
        while begun.elapsed() < WAIT_MAX {
            let (key, outcome) = self.attempt(base).await;
            let answered = outcome.is_ok();
            self.own.insert(key, outcome.ok());
            if answered {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("the server has not gone on within {WAIT_MAX:?}");
    }

    async fn attempt(&self, base: &str) -> (String, Result<String, serde_json::Value>) {
        let key = format!("own-{}", self.own.len());
        let outcome = self.account.attempt(base, &key).await;
        (key, outcome)
    }

    /// Ends the calls, and asserts that nothing is lost, charged twice or forked; gives the figures.
    pub(crate) async fn settle(self, served: &mut Served) -> String {
        self.ended.store(true, Ordering::Relaxed);
        let mut received = self.own;
        for caller in self.callers {
            received.extend(caller.await.unwrap());
        }
        let (known, unknown) = self.account.settle(served, &received).await;
        assert!(known > 0, "calls were acknowledged between the faults");
        one_log(served, &received).await;
        served.kill();
        served.audit().unwrap();
        format!("{known} calls acknowledged, {unknown} failed and repeated, 0 lost, 0 forks, 0 charged twice")
    }
}

/// Whatever server signed it, the root that each answer came with is that of the first entries of the one log.
async fn one_log(served: &Served, received: &Received) {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(&served.database()).await.unwrap();
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
