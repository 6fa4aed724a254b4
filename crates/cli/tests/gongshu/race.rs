//! Things that happen at once: calls and freezes, two approvals, the last of a quota.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::served::{Client, Reply, Served, calls_path, example_call};

const CALLERS: usize = 8;
/// How often the scenario is frozen; `GONGSHU_TORTURE_ROUNDS` asks for more.
const FREEZES: u64 = 10;

#[tokio::test(flavor = "multi_thread")]
async fn no_call_is_recorded_after_the_freeze_that_it_fell_under() {
    let rounds = std::env::var("GONGSHU_TORTURE_ROUNDS")
        .ok()
        .and_then(|text| text.parse().ok());
    let served = Served::start();
    let machine = served.machine().await;
    let product = machine.named("products", "空气质量日均指标").await;
    let done = Arc::new(AtomicBool::new(false));
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| tokio::spawn(call_until(machine.clone(), product.clone(), done.clone())))
        .collect();
    let supervisor = served.person("supervisor").await;
    let scenario = json!({"scenario": product["scenario"]["id"]});
    for round in 0..rounds.unwrap_or(FREEZES) {
        let mut freeze = scenario.clone();
        freeze["reason"] = json!(format!("第 {round} 次抽查"));
        let frozen = supervisor.act("freeze_scenario", freeze).await.ok();
        // What is asked after the freeze is acknowledged is refused, whatever was under way.
        machine
            .post(&calls_path(&product), &example_call(&product))
            .await
            .refused_by(403, "chain.frozen");
        let thawed = supervisor.act("thaw_scenario", scenario.clone()).await.ok();
        assert!(thawed["receipt"]["index"].as_u64() > frozen["receipt"]["index"].as_u64());
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    done.store(true, Ordering::Relaxed);
    let mut answers = (0, 0);
    for caller in callers {
        let (answered, refused) = caller.await.unwrap();
        answers = (answers.0 + answered, answers.1 + refused);
    }
    check_order(&lines(&supervisor).await, &product);
    served.audit().unwrap();
    assert!(
        answers.0 > 0 && answers.1 > 0,
        "the race was run from both sides: {answers:?}"
    );
    println!(
        "{} calls answered, {} refused, none recorded within a freeze",
        answers.0, answers.1
    );
}

pub(crate) async fn call_until(client: Client, product: Value, done: Arc<AtomicBool>) -> (u64, u64) {
    let mut count = (0, 0);
    while !done.load(Ordering::Relaxed) {
        let reply = client.post(&calls_path(&product), &example_call(&product)).await;
        match reply.status.as_u16() {
            200 => count.0 += 1,
            403 => {
                // An answer that was computed before the refusal stays inside.
                let openings = &reply.json()["receipt"]["openings"];
                assert!(
                    openings["request"].is_object() && openings["answer"].is_null(),
                    "{reply:?}"
                );
                count.1 += 1;
            }
            _ => panic!("{reply:?}"),
        }
    }
    count
}

/// The whole ledger as the supervisor reads it, oldest first.
pub(crate) async fn lines(supervisor: &Client) -> Vec<Value> {
    let mut lines: Vec<Value> = Vec::new();
    let mut page = supervisor.get("feed").await.ok();
    loop {
        lines.extend(page["items"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next"].as_str() else { break };
        page = supervisor.get(&format!("feed?after={next}")).await.ok();
    }
    lines.reverse();
    lines
}

pub(crate) fn check_order(lines: &[Value], product: &Value) {
    let mut frozen = false;
    for line in lines {
        let ours = line["stream"] == product["scenario"]["id"];
        match line["act"].as_str() {
            Some("scenario.freeze") if ours => frozen = true,
            Some("scenario.thaw") if ours => frozen = false,
            _ if line["kind"] == "call" && line["product"] == product["name"] => {
                assert_eq!(line["outcome"] == "answered", !frozen, "{line}");
            }
            _ => {}
        }
    }
    assert!(
        lines.iter().any(|line| line["kind"] == "call"),
        "the feed has the calls"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_people_who_approve_at_once_one_is_told() {
    let served = Served::start();
    let operator = served.person("operator").await;
    let scenarios = operator.get("scenarios").await.ok();
    let known = &scenarios["items"][0];
    let grants: serde_json::Map<String, Value> = known["resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            (
                item["resource"]["id"].as_str().unwrap().to_owned(),
                item["fields"].clone(),
            )
        })
        .collect();
    let applied = operator
        .act(
            "apply_scenario",
            json!({
                "agreement": known["agreement"]["id"], "name": "第二个场景", "purpose": known["purpose"],
                "price_class": known["price_class"], "resources": grants, "consumer_class": known["consumer_class"],
                "technique": known["technique"], "output_form": known["output_form"],
                "quota_calls_max": 10, "term": known["term"],
            }),
        )
        .await
        .ok();
    operator.assess_risk(&applied["id"]).await;
    let (one, other) = (served.person("agency").await, served.person("agency").await);
    let (one, other) = tokio::join!(grant(&one, &applied), grant(&other, &applied));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{one:?} {other:?}");
    let loser = if one.status == 409 { &one } else { &other };
    loser.refused_by(409, "record.conflict");
}

async fn grant(agency: &Client, applied: &Value) -> Reply {
    let body = json!({"command": "grant_scenario", "of": {"scenario": applied["id"]}});
    let request = agency
        .request(reqwest::Method::POST, "acts")
        .header("if-match", "\"2\"")
        .json(&body);
    Reply::of(request.send().await.unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_of_three_answers_three_of_many_calls_at_once() {
    let served = Served::start();
    let bank = served.person("bank").await;
    let machine = served.machine().await;
    three_of_many(&bank, &[machine]).await;
    served.audit().unwrap();
}

/// Orders three calls, and makes 24 at once by these clients in turn: exactly three are answered.
pub(crate) async fn three_of_many(bank: &Client, clients: &[Client]) {
    let product = bank.named("products", "空气质量日均指标").await;
    let subscriptions = bank.get("subscriptions").await.ok();
    let open = subscriptions["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["product"]["id"] == product["id"]);
    bank.act("unsubscribe", json!({"subscription": open.unwrap()["id"]}))
        .await
        .ok();
    let order = json!({"product": product["id"], "purpose": product["scenario"]["purpose"], "quota_calls_max": 3});
    bank.act("subscribe", order).await.ok();
    let calls: Vec<_> = (clients.iter().cycle().take(24).cloned())
        .map(|client| {
            let product = product.clone();
            tokio::spawn(async move { client.post(&calls_path(&product), &example_call(&product)).await })
        })
        .collect();
    let mut answered = 0;
    for call in calls {
        let reply = call.await.unwrap();
        if reply.status.is_success() {
            answered += 1;
        } else {
            reply.refused_by(429, "chain.quota");
        }
    }
    assert_eq!(answered, 3);
}
