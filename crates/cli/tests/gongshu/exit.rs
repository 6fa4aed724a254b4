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
    check_plan(&served, &agency).await;
    let paper = format!("exits/{}/document", exit.as_str().unwrap());
    sheets::says(
        &agency,
        &paper,
        &["机构调整", "待处置", product["name"].as_str().unwrap()],
    )
    .await;
    machine.get(&paper).await.refused_by(404, "record.unknown");
    plan(&agency, &operator, &exit).await;
    destroy(&served).await;
    let head = served.person("agency-head").await;
    settle(&head, &operator, &exit).await;
    report(&head, &operator, &exit).await;
    let end = json!({"exit": exit, "text": "资产处置完毕，账目结清"});
    head.act("close_exit", end.clone()).await.refused_by(422, "exit.plan");
    let settlement = json!({"exit": exit, "step": "settlement", "report": [], "evidence": "结算单"});
    operator.act("report_exit_step", settlement).await.ok();
    agency
        .act("close_exit", end.clone())
        .await
        .refused_by(403, "power.four-eyes");
    head.act("close_exit", end).await.ok();
    // What is dealt with is no asset any more, and is named all the same.
    let sold = format!(
        "{}（{}）",
        product["name"].as_str().unwrap(),
        machine.party["name"].as_str().unwrap()
    );
    let said = [
        "授权运营退出办结报告",
        "空气质量小时值",
        &sold,
        "退款终止",
        "不泄露原始数据",
        "凭证一",
        "最终结算",
        "账目结清",
    ];
    sheets::says(&agency, &paper, &said).await;
    let closed = agency.get("exits").await.ok()["items"][0].clone();
    assert!(closed["closed_at"].is_string() && closed["late"] == false, "{closed}");
    let assets = closed["assets"].as_array().unwrap();
    assert!(
        !assets.is_empty() && assets.iter().all(|asset| asset["evidence"] == "凭证一"),
        "{closed}"
    );
    served.audit().unwrap();
}

/// Each asset names what it comes from and whose it is to deal with; a provider sees its own alone, a consumer none.
async fn check_plan(served: &Served, agency: &Client) {
    let exit = agency.get("exits").await.ok()["items"][0].clone();
    assert_eq!(
        (&exit["whole"], &exit["late"], &exit["closed_at"]),
        (&json!(true), &json!(false), &Value::Null)
    );
    let assets = exit["assets"].as_array().unwrap();
    let of = |class: &str| assets.iter().filter(|it| it["class"] == class).collect::<Vec<_>>();
    for class in [
        "raw_data",
        "product",
        "derived_model",
        "sealed_output",
        "open_subscription",
    ] {
        assert!(!of(class).is_empty(), "no {class} in {exit}");
    }
    let destroyed = of("raw_data")
        .into_iter()
        .find(|it| it["destroyed_at"].is_string())
        .unwrap();
    assert_eq!(
        (&destroyed["outcomes"], &destroyed["act"]),
        (&json!(["destroyed"]), &Value::Null)
    );
    let waiting = of("raw_data")
        .into_iter()
        .find(|it| it["destroyed_at"].is_null())
        .unwrap();
    assert_eq!(
        (&waiting["outcomes"], &waiting["act"]),
        (&json!([]), &json!("version.destroy"))
    );
    assert_ne!(exit["settlement"]["metered"], "0.00");
    assert_eq!(exit["settlement"]["final"], false);

    let ecology = served.person("ecology").await;
    let own = ecology.get("exits").await.ok()["items"][0].clone();
    let own_assets = own["assets"].as_array().unwrap();
    assert_eq!((&own["whole"], &own["settlement"]), (&json!(false), &Value::Null));
    assert!(!own_assets.is_empty());
    assert!(
        own_assets.iter().all(|it| it["owner"]["id"] == ecology.party["id"]),
        "{own}"
    );
    let bank = served.person("bank").await;
    assert_eq!(bank.get("exits").await.ok()["items"], json!([]));
}

/// Starts the exit that the operator may not start; gives its id.
async fn start(agency: &Client, operator: &Client) -> Value {
    let agreement = agency.get("agreements").await.ok()["items"][0]["id"].clone();
    let exit = json!({"agreement": agreement, "ground": "public_interest", "reason": "机构调整", "due": "2099-12-31",
        "document_sha256": "e1".repeat(32)});
    operator
        .act("start_exit", exit.clone())
        .await
        .refused_by(403, "power.act");
    let started = agency.act("start_exit", exit.clone()).await.ok();
    agency.act("start_exit", exit).await.refused_by(409, "record.state");
    let tasks = agency.get("tasks").await.ok();
    let waits = |task: &&Value| task["act"] == "exit.plan" && task["subject"]["id"] == started["id"];
    assert!(
        tasks["items"].as_array().unwrap().iter().any(|task| waits(&task)),
        "{tasks}"
    );
    started["id"].clone()
}

/// The exit as the API shows it.
async fn shown(client: &Client, exit: &Value) -> Value {
    let exits = client.get("exits").await.ok();
    let exits = exits["items"].as_array().unwrap();
    exits.iter().find(|it| it["id"] == *exit).unwrap().clone()
}

/// Every step has its owner: all the operator, which sees what it answers for.
async fn plan(agency: &Client, operator: &Client, exit: &Value) {
    let steps = shown(agency, exit).await["steps"].clone();
    let steps = steps.as_array().unwrap();
    assert!(
        steps.len() >= 5 && steps.iter().all(|step| step["owner"].is_null()),
        "{steps:?}"
    );
    let planned = steps
        .iter()
        .map(|step| json!({"step": step["step"], "owner": operator.party["id"], "due": "2099-12-31"}));
    let planned: Vec<Value> = planned.collect();
    let report = json!({"exit": exit, "step": "hand_over", "report": [], "evidence": "移交清单"});
    operator
        .act("report_exit_step", report.clone())
        .await
        .refused_by(422, "exit.plan");
    agency
        .act("plan_exit", json!({"exit": exit, "steps": planned[1..]}))
        .await
        .refused_by(422, "exit.plan");
    // What is sold and open is refunded: nobody else has an agreement under which it could be continued.
    agency
        .act("plan_exit", json!({"exit": exit, "steps": planned}))
        .await
        .refused_by(422, "exit.run-out");
    let assets = shown(agency, exit).await["assets"].clone();
    let orders = assets.as_array().unwrap().iter();
    let orders = orders.filter(|asset| asset["class"] == "open_subscription");
    let run_outs: Vec<Value> = orders.map(|order| json!({"subscription": order["id"]})).collect();
    agency
        .act(
            "plan_exit",
            json!({"exit": exit, "steps": planned, "run_outs": run_outs}),
        )
        .await
        .ok();
    agency
        .act("report_exit_step", report.clone())
        .await
        .refused_by(403, "power.act");
    operator.act("report_exit_step", report).await.ok();
    let tasks = operator.get("tasks").await.ok();
    let own = tasks["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|task| task["act"] == "exit.step");
    assert_eq!(own.count(), steps.len() - 1, "{tasks}");
}

/// Has every version destroyed.
async fn destroy(served: &Served) {
    for login in ["market", "ecology", "health", "statistics"] {
        let provider = served.person(login).await;
        let resources = provider.get("resources").await.ok();
        let own = |resource: &&Value| resource["provider"]["id"] == provider.party["id"];
        for resource in resources["items"].as_array().unwrap().iter().filter(own) {
            for version in resource["versions"].as_array().unwrap() {
                if version["status"]["state"] == "in_operation" {
                    let order = json!({"resource": resource["id"], "version": version["id"], "reason": "授权运营退出"});
                    provider.act("order_destruction", order).await.ok();
                }
            }
        }
    }
}

/// Reports each step that deals with assets; one that leaves an asset out, or deals with it wrongly, is told so.
async fn report(head: &Client, operator: &Client, exit: &Value) {
    for step in ["raw_data", "models", "products", "subscriptions"] {
        let assets = shown(operator, exit).await["assets"].clone();
        let of_step = assets.as_array().unwrap().iter().filter(|asset| asset["step"] == step);
        let mut lines: Vec<Value> = of_step
            .map(|asset| json!({"asset": asset["id"], "outcome": asset["outcomes"][0], "evidence": "凭证一"}))
            .collect();
        if lines.is_empty() {
            continue;
        }
        let of = |lines: &[Value]| json!({"exit": exit, "step": step, "report": lines, "evidence": "移交清单"});
        let short = operator.act("report_exit_step", of(&lines[1..])).await;
        short.refused_by(422, "exit.inventory");
        assert!(short.text.contains(lines[0]["asset"].as_str().unwrap()), "{short:?}");
        let (right, wrong) = if step == "subscriptions" {
            ("refunded", "destroyed")
        } else {
            ("", "refunded")
        };
        assert!(right.is_empty() || lines[0]["outcome"] == right, "{lines:?}");
        let outcome = std::mem::replace(&mut lines[0]["outcome"], json!(wrong));
        operator
            .act("report_exit_step", of(&lines))
            .await
            .refused_by(422, "exit.assets");
        lines[0]["outcome"] = outcome;
        if step == "models" {
            state_models(operator, &mut lines, of).await;
        }
        operator.act("report_exit_step", of(&lines)).await.ok();
        let close = json!({"exit": exit, "text": "资产处置完毕"});
        head.act("close_exit", close).await.refused_by(422, "exit.plan");
    }
}

/// Models that are kept come with what an assessment found of them.
async fn state_models(operator: &Client, lines: &mut [Value], of: impl Fn(&[Value]) -> Value) {
    for reveals in [true, false] {
        for line in lines.iter_mut() {
            line["outcome"] = json!("licensed");
            line["statement"] = json!({"document_sha256": "e2".repeat(32), "reveals_raw_data": reveals});
        }
        if reveals {
            operator
                .act("report_exit_step", of(lines))
                .await
                .refused_by(422, "exit.models");
        }
    }
}

/// Closes the last months, which need not be over, takes every payment and pays every share.
async fn settle(agency: &Client, operator: &Client, exit: &Value) {
    let settlement = json!({"exit": exit, "step": "settlement", "report": [], "evidence": "结算单"});
    operator
        .act("report_exit_step", settlement)
        .await
        .refused_by(422, "exit.settlement");
    let seen = || async { operator.get("settlements").await.ok()["items"][0].clone() };
    while let Some(month) = seen().await["next_close"]["month"].as_str() {
        let close = json!({"agreement": seen().await["agreement"]["id"], "month": month});
        operator.act("close_period", close).await.ok();
    }
    let periods = operator.get("periods").await.ok();
    let periods = periods["items"].as_array().unwrap();
    for period in periods {
        for invoice in period["invoices"].as_array().unwrap() {
            let payment = json!({"period": period["id"], "subscription": invoice["subscription"],
                "amount": invoice["open"], "evidence": "回单"});
            operator.act("record_payment", payment).await.ok();
        }
    }
    let paid = seen().await;
    for balance in paid["parties"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["owed"] != "0.00")
    {
        let payout = json!({"period": periods[0]["id"], "party": balance["party"]["id"],
            "amount": balance["owed"], "evidence": "回单"});
        operator.act("pay_out", payout).await.ok();
    }
    let permits = agency.get("permitted-revenue").await.ok();
    for permit in permits["items"].as_array().unwrap() {
        let earned = permit["metered"].as_str().unwrap_or("0.00");
        let settlement = json!({"revenue": permit["id"], "earned": earned, "basis": "年度经营报告"});
        agency.act("settle_revenue", settlement).await.ok();
    }
    assert_eq!(seen().await["final"], true);
}

fn check_order(lines: &[Value]) {
    let exit = lines.iter().position(|line| line["act"] == "exit.start").unwrap();
    let answered = |line: &Value| line["kind"] == "call" && line["outcome"] == "answered";
    assert!(lines[..exit].iter().any(answered), "calls were answered before");
    assert!(!lines[exit..].iter().any(answered), "none was answered after");
}
