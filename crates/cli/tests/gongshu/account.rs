//! What a consumer's calls of one product come to, before faults and after.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use gongshu_ledger::{Policy, verify_answer};
use reqwest::StatusCode;
use reqwest::header::RETRY_AFTER;
use serde_json::{Value, json};

use crate::served::{Client, Served, calls_path, example_call};

const CLIENTS: u64 = 12;
/// How long a caller waits after a failure.
const PAUSE: Duration = Duration::from_millis(20);
const SPARE_CALLS: u64 = 1_000_000;

/// Answers received, by the idempotency key of their call; none while the client does not know.
pub(crate) type Received = BTreeMap<String, Option<String>>;

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

    /// Calls once at a server. What is no answer is an outage, whose problem says more, and with its `Retry-After`.
    pub(crate) async fn attempt(&self, base: &str, key: &str) -> Result<String, Value> {
        let client = Client {
            base: base.to_owned(),
            ..self.machine.clone()
        };
        let request = client.request(reqwest::Method::POST, &calls_path(&self.product));
        let request = request
            .header("idempotency-key", key)
            .json(&example_call(&self.product));
        let response = request.send().await.unwrap();
        let after = response.headers().get(RETRY_AFTER).cloned();
        let (status, text) = (response.status(), response.text().await.unwrap());
        if status.is_success() {
            return Ok(text);
        }
        let mut problem: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{problem}");
        let seconds = after.and_then(|after| after.to_str().ok()?.parse::<u64>().ok());
        problem["retry_after"] = json!(seconds);
        Err(problem)
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
