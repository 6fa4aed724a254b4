//! The storage of the data goes away under a server and comes back: calls meanwhile are told so, are on record and free,
//! and nothing has to be started again.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::failed::entry;
use crate::served::{Client, Reply, Served, calls_path, example_call};
use crate::store::{PLACE, Server, Store};

const PRODUCT: &str = "空气质量日均指标";
/// A caller is told within this time: well below the time that a query may take.
const TOLD_WITHIN: Duration = Duration::from_secs(20);

async fn call(machine: &Client) -> Reply {
    let product = machine.named("products", PRODUCT).await;
    machine.post(&calls_path(&product), &example_call(&product)).await
}

/// Calls of the product's subscription: answered, failed, charged.
async fn figures(served: &Served) -> [Value; 3] {
    let bank = served.person("bank").await;
    let product = bank.named("products", PRODUCT).await;
    let list = bank.get("subscriptions").await.ok();
    let mut items = list["items"].as_array().unwrap().iter();
    let of = items.find(|item| item["product"]["id"] == product["id"]).unwrap();
    ["calls", "failed", "charged"].map(|name| of[name].clone())
}

/// Asserts that the caller was told that the storage is away; gives the problem.
fn told(reply: &Reply) -> Value {
    let problem = reply.json();
    let told = (reply.status.as_u16(), &problem["code"]);
    assert_eq!(told, (503, &json!("storage.unavailable")), "{}", reply.text);
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("数据存储") && detail.contains("稍后重试"), "{detail}");
    problem
}

/// Asserts that the server audits clean, with so many calls that failed.
fn audited(served: &mut Served, failed: u64) {
    served.kill();
    let report = served.audit().unwrap();
    assert_eq!(
        (&report["difference"], &report["failed"]),
        (&Value::Null, &json!(failed))
    );
}

fn more(count: &Value) -> Value {
    json!(count.as_u64().unwrap() + 1)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_whose_data_can_not_be_opened_has_read_nothing_and_leaves_nothing() {
    let mut store = Server::start(Store::Good);
    let mut served = Served::start_with(None, &["--vault", PLACE], store.settings());
    // What an earlier call read is kept in memory: this server has read nothing yet.
    served.kill();
    served.restart();
    let machine = served.machine().await;
    let before = figures(&served).await;
    store.stop();
    let begun = Instant::now();
    let problem = told(&call(&machine).await);
    assert!(problem["receipt"].is_null(), "{problem}");
    assert!(begun.elapsed() < TOLD_WITHIN, "told after {:?}", begun.elapsed());
    assert_eq!(figures(&served).await, before);

    store.go_on();
    call(&machine).await.ok();
    // What is in memory needs no storage.
    store.stop();
    call(&machine).await.ok();
    audited(&mut served, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_whose_data_go_away_while_it_reads_is_on_record_and_free() {
    let mut store = Server::start(Store::Good);
    let mut served = Served::start_with(None, &["--vault", PLACE], store.settings());
    served.kill();
    // Every query reads anew.
    std::fs::write(
        served.data().join("limits.toml"),
        "[query]\nheld_version_bytes_max = 0\n",
    )
    .unwrap();
    served.restart();
    let machine = served.machine().await;
    call(&machine).await.ok();
    let [calls, failed, charged] = figures(&served).await;
    store.stop();
    let begun = Instant::now();
    let problem = told(&call(&machine).await);
    assert!(begun.elapsed() < TOLD_WITHIN, "told after {:?}", begun.elapsed());
    let entry = entry(&problem);
    let outcome = [&entry["outcome"], &entry["failure"], &entry["fee"]];
    assert_eq!(
        outcome,
        [&json!("failed"), &json!("unreachable"), &json!("0.00")],
        "{entry}"
    );
    assert_eq!(figures(&served).await, [calls.clone(), more(&failed), charged]);

    store.go_on();
    call(&machine).await.ok();
    assert_eq!(figures(&served).await[..2], [more(&calls), more(&failed)]);
    audited(&mut served, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_folder_that_is_away_for_a_while_is_an_outage() {
    let mut served = Served::start();
    served.kill();
    served.restart();
    let machine = served.machine().await;
    let (vault, away) = (served.data().join("vault"), served.data().join("unmounted"));
    std::fs::rename(&vault, &away).unwrap();
    told(&call(&machine).await);
    std::fs::rename(&away, &vault).unwrap();
    call(&machine).await.ok();
    audited(&mut served, 0);
}
