//! Kill -9 at any moment of a burst of calls: what a client received is in the ledger, charged once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use gongshu_ledger::{Policy, verify_answer};
use serde_json::Value;

use crate::served::{Client, Served, calls_path, example_call};
use crate::two_servers::database;

const CLIENTS: u64 = 12;
/// How often the server is killed; `GONGSHU_TORTURE_ROUNDS` asks for more.
const ROUNDS: u64 = 8;
const SPARE_CALLS: u64 = 1_000_000;

/// Answers received, by the idempotency key of their call; none while the client does not know.
type Received = BTreeMap<String, Option<String>>;

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
    let rounds = std::env::var("GONGSHU_TORTURE_ROUNDS")
        .ok()
        .and_then(|text| text.parse().ok());
    let rounds = rounds.unwrap_or(ROUNDS);
    served.consent().await;
    let machine = served.machine().await;
    let product = machine.named("products", "企业登记核验").await;
    let before = subscription(&machine, &product).await;
    let mut received = Received::new();
    for round in 0..rounds {
        let client = Client {
            base: served.base.clone(),
            ..machine.clone()
        };
        let burst = tokio::spawn(burst(client, product.clone(), round));
        // Moments spread over the burst, the same in every run.
        tokio::time::sleep(Duration::from_millis(20 + round * 7919 % 380)).await;
        served.kill();
        received.extend(burst.await.unwrap());
        served.restart();
    }
    let client = Client {
        base: served.base.clone(),
        ..machine
    };
    let unknown = received.values().filter(|answer| answer.is_none()).count();
    let known: BTreeMap<_, _> = received
        .iter()
        .filter_map(|(key, answer)| Some((key, answer.as_ref()?)))
        .collect();
    let mut indices = BTreeSet::new();
    for (key, first) in &known {
        let again = call(&client, &product, key).await.unwrap();
        assert_eq!(
            index_of(first),
            index_of(&again),
            "a repeat is the recorded call, not another"
        );
        indices.insert(verified(&served, first));
    }
    assert_eq!(indices.len(), known.len(), "each call has an entry of its own");
    for (key, _) in received.iter().filter(|(_, answer)| answer.is_none()) {
        indices.insert(verified(&served, &call(&client, &product, key).await.unwrap()));
    }
    assert_eq!(indices.len(), received.len(), "each key is one call");
    let after = subscription(&client, &product).await;
    assert_eq!(after.0 - before.0, received.len() as u64, "each call is counted once");
    assert_eq!(
        after.1 - before.1,
        received.len() as u64 * 180,
        "each call is charged once"
    );
    served.kill();
    served.audit().unwrap();
    println!(
        "killed {rounds} times on {store}: {} calls acknowledged, {unknown} cut off and repeated, 0 lost, 0 charged twice",
        known.len()
    );
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
    let request = client
        .request(reqwest::Method::POST, &calls_path(product))
        .header("idempotency-key", key);
    let response = request.json(&example_call(product)).send().await.ok()?;
    let status = response.status();
    let text = response.text().await.ok()?;
    assert!(status.is_success(), "{status}: {text}");
    Some(text)
}

fn index_of(answer: &str) -> Value {
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
