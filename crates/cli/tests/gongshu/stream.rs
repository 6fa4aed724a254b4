//! Live events, repeated calls, and the log as other people's tools read it.

use std::time::Duration;

use futures::StreamExt;
use serde_json::Value;

use crate::served::{Reply, Served, calls_path, example_call};

#[tokio::test(flavor = "multi_thread")]
async fn the_supervisor_sees_a_call_as_it_is_recorded_and_the_bank_may_not_watch() {
    let served = Served::start();
    let machine = served.machine().await;
    let supervisor = served.person("supervisor").await;
    assert_eq!(machine.get("feed/live").await.status, 403);
    let stream = supervisor
        .request(reqwest::Method::GET, "feed/live")
        .send()
        .await
        .unwrap();
    let mut stream = stream.bytes_stream();
    let product = machine.named("products", "空气质量日均指标").await;
    let answered = machine.post(&calls_path(&product), &example_call(&product)).await.ok();
    let mut seen = String::new();
    let watch = async {
        while let Some(bytes) = stream.next().await {
            seen.push_str(&String::from_utf8_lossy(&bytes.unwrap()));
            if seen.contains("\n\n") && seen.contains("data:") {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), watch).await.unwrap();
    let data = seen.lines().find_map(|line| line.strip_prefix("data:")).unwrap();
    let line: Value = serde_json::from_str(data.trim()).unwrap();
    assert_eq!(line["index"], answered["receipt"]["index"], "{seen}");
    assert_eq!(line["outcome"], "answered");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_is_answered_once_and_its_key_serves_no_other_request() {
    let served = Served::start();
    let machine = served.machine().await;
    let product = machine.named("products", "收入结构统计").await;
    let body = example_call(&product);
    let send = |body: Value| {
        let request = machine
            .request(reqwest::Method::POST, &calls_path(&product))
            .header("idempotency-key", "once");
        async move { Reply::of(request.json(&body).send().await.unwrap()).await }
    };
    let first = send(body.clone()).await.ok();
    let again = send(body.clone()).await.ok();
    assert_eq!(
        (&first["id"], &first["receipt"]["index"]),
        (&again["id"], &again["receipt"]["index"])
    );
    assert_eq!(first["answer"], again["answer"]);
    let mut other = body;
    other["purpose"] = Value::from("别的用途");
    assert_eq!(send(other).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn tiles_and_checkpoint_are_served_at_their_standard_paths() {
    let served = Served::start();
    let machine = served.machine().await;
    let root = served.base.replace("/api/v1", "/log");
    let checkpoint = reqwest::get(format!("{root}/checkpoint"))
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let size: u64 = checkpoint.lines().nth(1).unwrap().parse().unwrap();
    assert_eq!(size, machine.get("district").await.ok()["size"].as_u64().unwrap());
    let tile = reqwest::get(format!("{root}/tile/0/000.p/{size}")).await.unwrap();
    assert_eq!(tile.headers()["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(tile.bytes().await.unwrap().len() as u64, size * 32);
    let wrong = reqwest::get(format!("{root}/tile/0/x000")).await.unwrap();
    assert_eq!(wrong.status(), 400);
    let beyond = reqwest::get(format!("{root}/tile/0/x001/000")).await.unwrap();
    assert_eq!(beyond.status(), 404);
}
