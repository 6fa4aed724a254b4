//! Kill -9 at any moment of a burst of calls: what a client received is in the ledger, charged once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use gongshu_ledger::{Policy, verify_answer};
use reqwest::StatusCode;
use serde_json::Value;

use crate::served::{Client, Served, calls_path, example_call};
use crate::two_servers::database;

const CLIENTS: u64 = 12;
/// How often the server is killed.
const ROUNDS: u64 = 8;
/// How long a caller waits after a failure.
const PAUSE: Duration = Duration::from_millis(20);
const SPARE_CALLS: u64 = 1_000_000;

/// Answers received, by the idempotency key of their call; none while the client does not know.
pub(crate) type Received = BTreeMap<String, Option<String>>;

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

/// How many rounds; `GONGSHU_TORTURE_ROUNDS` asks for more than the usual number.
pub(crate) fn rounds(usual: u64) -> u64 {
    let asked = std::env::var("GONGSHU_TORTURE_ROUNDS").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// What a consumer's calls of one product came to before the faults, to compare with what they come to after.
pub(crate) struct Account {
    machine: Client,
    product: Value,
    before: (u64, u64),
}

impl Account {
    pub(crate) async fn open(served: &Served) -> Self {
        let machine = served.machine().await;
        let product = machine.named("products", "企业登记核验").await;
        let before = subscription(&machine, &product).await;
        Self {
            machine,
            product,
            before,
        }
    }

    fn client(&self, served: &Served) -> Client {
        Client {
            base: served.base.clone(),
            ..self.machine.clone()
        }
    }

    /// Calls with keys of this round, until the server is gone.
    pub(crate) fn burst(&self, served: &Served, round: u64) -> impl Future<Output = Received> + use<> {
        burst(self.client(served), self.product.clone(), round)
    }

    /// Calls at one server with keys of this caller, though calls fail, until told that the faults have ended.
    pub(crate) fn call_through(
        &self,
        base: &str,
        caller: usize,
        ended: Arc<AtomicBool>,
    ) -> impl Future<Output = Received> + use<> {
        let client = Client {
            base: base.to_owned(),
            ..self.machine.clone()
        };
        let product = self.product.clone();
        async move {
            let mut received = Received::new();
            while !ended.load(Ordering::Relaxed) {
                let key = format!("{caller}-{}", received.len());
                let answer = attempt(&client, &product, &key).await;
                let failed = answer.as_ref().is_none_or(|(status, _)| status.is_server_error());
                if failed {
                    tokio::time::sleep(PAUSE).await;
                }
                let answer = answer.filter(|_| !failed).map(|(status, text)| {
                    assert!(status.is_success(), "{status}: {text}");
                    text
                });
                received.insert(key, answer);
            }
            received
        }
    }

    /// Asserts that all that was received is in the ledger, and each call charged once; gives how many calls were
    /// acknowledged, and how many were cut off and are repeated here.
    pub(crate) async fn settle(&self, served: &Served, received: &Received) -> (usize, usize) {
        let client = self.client(served);
        let mut indices = BTreeSet::new();
        let known = received
            .iter()
            .filter_map(|(key, answer)| Some((key, answer.as_ref()?)));
        for (key, first) in known.clone() {
            let again = call(&client, &self.product, key).await.unwrap();
            assert_eq!(
                index_of(first),
                index_of(&again),
                "a repeat is the recorded call, not another"
            );
            indices.insert(verified(served, first));
        }
        let known = known.count();
        assert_eq!(indices.len(), known, "each call has an entry of its own");
        for (key, _) in received.iter().filter(|(_, answer)| answer.is_none()) {
            let answer = call(&client, &self.product, key).await.unwrap();
            indices.insert(verified(served, &answer));
        }
        let all = received.len() as u64;
        assert_eq!(indices.len() as u64, all, "each key is one call");
        let after = subscription(&client, &self.product).await;
        assert_eq!(after.0 - self.before.0, all, "each call is counted once");
        assert_eq!(after.1 - self.before.1, all * 180, "each call is charged once");
        (known, received.len() - known)
    }
}

/// Clients that call until the server is gone.
async fn burst(client: Client, product: Value, round: u64) -> Received {
    let gone = Arc::new(AtomicBool::new(false));
    let number = Arc::new(AtomicU64::new(0));
    let workers: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (client, product, gone, number) = (client.clone(), product.clone(), gone.clone(), number.clone());
            tokio::spawn(async move {
                let mut received = Received::new();
                while !gone.load(Ordering::Relaxed) && received.len() < SPARE_CALLS as usize {
                    let key = format!("{round}-{}", number.fetch_add(1, Ordering::Relaxed));
                    let answer = call(&client, &product, &key).await;
                    if answer.is_none() {
                        gone.store(true, Ordering::Relaxed);
                    }
                    received.insert(key, answer);
                }
                received
            })
        })
        .collect();
    let mut received = Received::new();
    for worker in workers {
        received.extend(worker.await.unwrap());
    }
    received
}

/// The whole answer, or none where the connection broke before it was there.
async fn call(client: &Client, product: &Value, key: &str) -> Option<String> {
    let (status, text) = attempt(client, product, key).await?;
    assert!(status.is_success(), "{status}: {text}");
    Some(text)
}

/// The whole response, whatever it says.
async fn attempt(client: &Client, product: &Value, key: &str) -> Option<(StatusCode, String)> {
    let request = client
        .request(reqwest::Method::POST, &calls_path(product))
        .header("idempotency-key", key);
    let response = request.json(&example_call(product)).send().await.ok()?;
    Some((response.status(), response.text().await.ok()?))
}

pub(crate) fn index_of(answer: &str) -> Value {
    serde_json::from_str::<Value>(answer).unwrap()["receipt"]["index"].clone()
}

/// Verifies an answer as a stranger would; gives its index.
fn verified(served: &Served, answer: &str) -> u64 {
    let policy = Policy::new(served.log_key()).unwrap();
    verify_answer(answer, &policy).unwrap().receipt.index
}

/// Calls and fen charged of the subscription to the product.
async fn subscription(client: &Client, product: &Value) -> (u64, u64) {
    let list = client.get("subscriptions").await.ok();
    let found = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["product"]["id"] == product["id"]);
    let found = found.unwrap();
    let fen = found["charged"].as_str().unwrap().replace('.', "").parse().unwrap();
    (found["calls"].as_u64().unwrap(), fen)
}
