//! Two servers on one PostgreSQL database: one order, one quota, and no call after its authorization ended anywhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, Executor};

use crate::race::{call_until, check_order, lines, three_of_many};
use crate::served::{Client, Served, calls_path, example_call};

const CALLERS: usize = 4;
const FREEZES: u64 = 8;

/// A database of this name, made anew, where PostgreSQL is at hand.
pub(crate) async fn database(name: &str) -> Option<String> {
    let Ok(url) = std::env::var("GONGSHU_TEST_POSTGRES_URL") else {
        println!("GONGSHU_TEST_POSTGRES_URL is not set: PostgreSQL was NOT tested");
        return None;
    };
    let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
    for text in [
        format!("DROP DATABASE IF EXISTS {name}"),
        format!("CREATE DATABASE {name}"),
    ] {
        connection.execute(AssertSqlSafe(text)).await.unwrap();
    }
    let (server, _) = url.rsplit_once('/').unwrap();
    Some(format!("{server}/{name}"))
}

/// The same client at another server.
fn at(client: &Client, base: &str) -> Client {
    Client {
        base: base.to_owned(),
        ..client.clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_freeze_at_one_server_stops_the_calls_at_the_other_at_once() {
    let Some(database) = database("gongshu_freeze").await else {
        return;
    };
    let mut served = Served::start_on(Some(database));
    let other = served.another();
    let here = served.machine().await;
    let there = at(&here, &other);
    let product = here.named("products", "空气质量日均指标").await;
    let done = Arc::new(AtomicBool::new(false));
    let callers = (0..CALLERS).flat_map(|_| [here.clone(), there.clone()]);
    let callers: Vec<_> = callers
        .map(|client| tokio::spawn(call_until(client, product.clone(), done.clone())))
        .collect();
    let supervisor = served.person("supervisor").await;
    let scenario = json!({"scenario": product["scenario"]["id"]});
    let call = |client: &Client| {
        let (client, product) = (client.clone(), product.clone());
        async move { client.post(&calls_path(&product), &example_call(&product)).await }
    };
    for round in 0..FREEZES {
        // In turn at one server and at the other; asked at the one that does not know of it yet.
        let (acts, asked) = if round % 2 == 0 {
            (&here, &there)
        } else {
            (&there, &here)
        };
        let supervisor = at(&supervisor, &acts.base);
        let mut freeze = scenario.clone();
        freeze["reason"] = json!(format!("第 {round} 次抽查"));
        supervisor.act("freeze_scenario", freeze).await.ok();
        call(asked).await.refused_by(403, "chain.frozen");
        supervisor.act("thaw_scenario", scenario.clone()).await.ok();
        let reply = call(asked).await;
        assert!(reply.status.is_success(), "{reply:?}");
    }
    done.store(true, Ordering::Relaxed);
    let mut answers = (0, 0);
    for caller in callers {
        let (answered, refused) = caller.await.unwrap();
        answers = (answers.0 + answered, answers.1 + refused);
    }
    check_order(&lines(&supervisor).await, &product);
    assert!(
        answers.0 > 0 && answers.1 > 0,
        "the race was run from both sides: {answers:?}"
    );
    both_say_the_same(&supervisor, &other).await;
    served.audit().unwrap();
    println!("{} calls answered by two servers, {} refused", answers.0, answers.1);
}

/// Within a moment an idle server has read what the other wrote.
async fn both_say_the_same(client: &Client, other: &str) {
    let log = |base: &str| format!("{}/checkpoint", base.replace("/api/v1", "/log"));
    let text = async |base: &str| reqwest::get(log(base)).await.unwrap().text().await.unwrap();
    // Either may be the one that is a moment behind.
    for _ in 0..600 {
        if text(other).await == text(&client.base).await {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(text(other).await, text(&client.base).await);
    assert_eq!(
        at(client, other).get("district").await.ok(),
        client.get("district").await.ok()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_share_one_quota_one_key_and_one_log_and_one_may_die() {
    let Some(database) = database("gongshu_quota").await else {
        return;
    };
    let mut served = Served::start_on(Some(database));
    let other = served.another();
    let bank = served.person("bank").await;
    let here = served.machine().await;
    let there = at(&here, &other);
    three_of_many(&bank, &[here.clone(), there.clone()]).await;

    // The first server dies; the other goes on, and remembers an idempotency key that the first one saw.
    let census = here.named("products", "收入结构统计").await;
    let keyed = |client: &Client| {
        let request = client.request(reqwest::Method::POST, &calls_path(&census));
        let request = request.header("idempotency-key", "once").json(&example_call(&census));
        async move { crate::served::Reply::of(request.send().await.unwrap()).await.ok() }
    };
    let first = keyed(&here).await;
    served.kill();
    let again = keyed(&there).await;
    let index = |answer: &Value| answer["receipt"]["index"].clone();
    assert_eq!(index(&again), index(&first));
    let survivor = at(&bank, &other);
    let open = survivor.get("subscriptions").await.ok();
    let items = open["items"].as_array().unwrap();
    let open = items.iter().find(|item| item["product"]["id"] == census["id"]).unwrap();
    survivor
        .act("unsubscribe", json!({"subscription": open["id"]}))
        .await
        .ok();
    served.audit().unwrap();
}
