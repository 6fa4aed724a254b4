//! The end of an agreement, as those feel it who work under it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::race::{call_until, lines};
use crate::served::{Client, Served, calls_path, example_call};
use crate::sheets;

#[tokio::test(flavor = "multi_thread")]
async fn no_call_is_recorded_after_the_exit_and_no_asset_is_left_out() {
    let served = Served::start();
    let (machine, agency) = (served.machine().await, served.person("agency").await);
    let (operator, supervisor) = (served.person("operator").await, served.person("supervisor").await);
    let product = machine.named("products", "空气质量日均指标").await;
    machine.post(&calls_path(&product), &example_call(&product)).await.ok();
    let done = Arc::new(AtomicBool::new(false));
    let callers: Vec<_> = (0..4)
        .map(|_| tokio::spawn(call_until(machine.clone(), product.clone(), done.clone())))
        .collect();

    let exit = start(&agency, &operator).await;
    machine
        .post(&calls_path(&product), &example_call(&product))
        .await
        .refused_by(403, "chain.exit");
    done.store(true, Ordering::Relaxed);
    for caller in callers {
        caller.await.unwrap();
    }
    check_order(&lines(&supervisor).await);
    close(&agency, &exit, &product).await;
    let paper = format!("exits/{}/document", exit.as_str().unwrap());
    sheets::says(
        &agency,
        &paper,
        &["机构调整", "待处置", product["name"].as_str().unwrap()],
    )
    .await;
    machine.get(&paper).await.refused_by(404, "record.unknown");
    let report = dealt_with(&served, &agency).await;
    agency
        .act("close_exit", json!({"exit": exit, "report": report}))
        .await
        .ok();
    // What is dealt with is no asset any more, and is named all the same.
    let sold = format!(
        "{}（{}）",
        product["name"].as_str().unwrap(),
        machine.party["name"].as_str().unwrap()
    );
    let said = ["授权运营退出办结报告", "空气质量小时值", &sold, "退款", "凭证一"];
    sheets::says(&agency, &paper, &said).await;
    served.audit().unwrap();
}

/// Starts the exit that the operator may not start; gives its id.
async fn start(agency: &Client, operator: &Client) -> Value {
    let agreement = agency.get("agreements").await.ok()["items"][0]["id"].clone();
    let exit = json!({"agreement": agreement, "ground": "public_interest", "reason": "机构调整", "due": "2099-12-31"});
    operator
        .act("start_exit", exit.clone())
        .await
        .refused_by(403, "power.act");
    let started = agency.act("start_exit", exit.clone()).await.ok();
    agency.act("start_exit", exit).await.refused_by(409, "record.state");
    let tasks = agency.get("tasks").await.ok();
    let waits = |task: &&Value| task["act"] == "exit.close" && task["subject"]["id"] == started["id"];
    assert!(
        tasks["items"].as_array().unwrap().iter().any(|task| waits(&task)),
        "{tasks}"
    );
    started["id"].clone()
}

/// A report that says nothing is told what it leaves out; products that are sold as data are told what they are.
async fn close(agency: &Client, exit: &Value, product: &Value) {
    let empty = agency.act("close_exit", json!({"exit": exit, "report": []})).await;
    empty.refused_by(422, "exit.inventory");
    assert!(empty.text.contains(product["id"].as_str().unwrap()), "{empty:?}");
    let line = json!({"asset": product["id"], "outcome": "refunded", "evidence": "凭证一"});
    agency
        .act("close_exit", json!({"exit": exit, "report": [line]}))
        .await
        .refused_by(422, "exit.assets");
}

/// Has every version destroyed; gives what a closing report says of all assets.
async fn dealt_with(served: &Served, agency: &Client) -> Vec<Value> {
    let mut lines = Vec::new();
    let mut account = |asset: &Value, outcome: &str| {
        lines.push(json!({"asset": asset["id"], "outcome": outcome, "evidence": "凭证一"}));
    };
    for login in ["market", "ecology", "health", "statistics"] {
        let provider = served.person(login).await;
        let resources = provider.get("resources").await.ok();
        let own = |resource: &&Value| resource["provider"]["id"] == provider.party["id"];
        for resource in resources["items"].as_array().unwrap().iter().filter(own) {
            for version in resource["versions"].as_array().unwrap() {
                account(version, "destroyed");
                if version["status"]["state"] == "in_operation" {
                    let order = json!({"resource": resource["id"], "version": version["id"], "reason": "授权运营退出"});
                    provider.act("order_destruction", order).await.ok();
                }
            }
        }
    }
    for (list, outcome) in [
        ("products", "licensed"),
        ("models", "licensed"),
        ("subscriptions", "refunded"),
    ] {
        let items = agency.get(list).await.ok();
        items["items"]
            .as_array()
            .unwrap()
            .iter()
            .for_each(|item| account(item, outcome));
    }
    lines
}

fn check_order(lines: &[Value]) {
    let exit = lines.iter().position(|line| line["act"] == "exit.start").unwrap();
    let answered = |line: &Value| line["kind"] == "call" && line["outcome"] == "answered";
    assert!(lines[..exit].iter().any(answered), "calls were answered before");
    assert!(!lines[exit..].iter().any(answered), "none was answered after");
}
