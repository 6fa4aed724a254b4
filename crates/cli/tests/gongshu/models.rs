//! Models over HTTP: registered, reviewed by a second person, called within a product while others suspend them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::race::{call_until, lines};
use crate::served::{Client, Served, calls_path};

#[path = "../../../engine/tests/models/onnx.rs"]
mod onnx;

/// A model that divides its first input by its second.
const RATIO: &str = include_str!("../../../engine/tests/models/ratio.wat");
const CALLERS: usize = 4;
/// How often the model is suspended and reviewed again.
const SUSPENSIONS: usize = 4;
const PURPOSE: &str = "环境信息服务";
const SQL: &str = "SELECT hour, score_burden_v1(pm2_5, temperature) AS score FROM air_quality WHERE year = 2013 AND month = 7 AND day = 1 ORDER BY hour";

#[tokio::test(flavor = "multi_thread")]
async fn a_score_leaves_while_its_model_is_in_force_and_not_after() {
    let served = Served::start();
    let people = ["operator", "agency", "supervisor", "bank"].map(|login| served.person(login));
    let [operator, agency, supervisor, bank] = people;
    let (operator, agency, supervisor, bank) = tokio::join!(operator, agency, supervisor, bank);
    let (scenario, resource) = scenario(&served, &operator, &agency, &bank).await;
    let check = |sql: &str| json!({"scenario": scenario, "sql": sql});

    // What the scenario tightened to `scored` leaves in no other way.
    let raw = check("SELECT hour, pm2_5 FROM air_quality");
    operator
        .post("queries/check", &raw)
        .await
        .refused_by(403, "flow.scored-only");
    let powerless = registration(&scenario, &resource, b"(module)");
    bank.act("register_model", powerless).await.refused_by(403, "power.act");
    let model = registered(&operator, &scenario, &resource).await;
    operator
        .post("queries/check", &check(SQL))
        .await
        .refused_by(403, "flow.model-unreviewed");
    review(&operator, &agency, &model, RATIO.as_bytes()).await;
    let swapped = SQL.replace("pm2_5, temperature", "temperature, pm2_5");
    operator
        .post("queries/check", &check(&swapped))
        .await
        .refused_by(403, "flow.model-input");
    let checked = operator.post("queries/check", &check(SQL)).await.ok();
    assert!(
        checked.to_string().contains(&sha256(RATIO.as_bytes())),
        "the derivation names the module: {checked}"
    );

    let request = json!({"scenario": scenario, "name": "污染负荷评分", "summary": "逐时污染负荷", "sql": SQL});
    let product = served.sells(request, PURPOSE).await;
    let answered = bank.post(&calls_path(&product), &call()).await.ok();
    let rows = answered["answer"]["rows"].as_array().unwrap().clone();
    assert!(
        rows.iter().any(|row| row[1].as_f64().is_some_and(|score| score > 0.0)),
        "{answered}"
    );

    let done = Arc::new(AtomicBool::new(false));
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| tokio::spawn(call_until(bank.clone(), product.clone(), done.clone())))
        .collect();
    let stop = json!({"model": model, "reason": "评分偏差"});
    for _ in 0..SUSPENSIONS {
        operator
            .act("suspend_model", stop.clone())
            .await
            .refused_by(403, "power.act");
        supervisor.act("suspend_model", stop.clone()).await.ok();
        bank.post(&calls_path(&product), &call())
            .await
            .refused_by(403, "chain.model");
        operator
            .post("queries/check", &check(SQL))
            .await
            .refused_by(403, "flow.model-stopped");
        review(&operator, &supervisor, &model, RATIO.as_bytes()).await;
        let again = bank.post(&calls_path(&product), &call()).await.ok();
        assert_eq!(again["answer"], answered["answer"], "the same scores for the same rows");
    }
    operator.act("withdraw_model", stop).await.ok();
    bank.post(&calls_path(&product), &call())
        .await
        .refused_by(403, "chain.model");
    done.store(true, Ordering::Relaxed);
    for caller in callers {
        caller.await.unwrap();
    }
    check_order(&lines(&supervisor).await, &product);
    assert_eq!(served.audit().unwrap()["difference"], Value::Null);
}

/// A network: pm2_5 over a hundred, held between 0 and 1, less a thousandth of the temperature.
fn network() -> Vec<u8> {
    let nodes = [
        onnx::node("Mul", &["measured", "scale"], "scaled", &[]),
        onnx::node("Clip", &["scaled", "low", "high"], "held", &[]),
        onnx::node("MatMul", &["held", "weights"], "score", &[]),
    ];
    let constants = [
        onnx::floats("scale", &[2], &[0.01, 0.001]),
        onnx::floats("low", &[], &[0.0]),
        onnx::floats("high", &[], &[1.0]),
        onnx::floats("weights", &[2, 1], &[1.0, -1.0]),
    ];
    onnx::model(&[("measured", 2)], &nodes, &constants)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_onnx_model_scores_each_row_and_one_that_mixes_rows_is_not_registered() {
    let served = Served::start();
    let people = ["operator", "agency", "bank"].map(|login| served.person(login));
    let [operator, agency, bank] = people;
    let (operator, agency, bank) = tokio::join!(operator, agency, bank);
    let (scenario, resource) = scenario(&served, &operator, &agency, &bank).await;
    let of = |code: &[u8]| {
        let mut registration = registration(&scenario, &resource, code);
        registration["format"] = json!("onnx");
        registration
    };
    let mean = onnx::node("ReduceMax", &["measured"], "score", &[onnx::ints("axes", &[0])]);
    let mixing = onnx::model(&[("measured", 2)], &[mean], &[]);
    let refused = operator.act("register_model", of(&mixing)).await;
    refused.refused_by(422, "model.module");
    assert!(refused.text.contains("ReduceMax"), "{}", refused.text);
    let code = network();
    // A network is no module, whatever it is called.
    let module = registration(&scenario, &resource, &code);
    operator
        .act("register_model", module)
        .await
        .refused_by(422, "model.module");
    let model = operator.act("register_model", of(&code)).await.ok()["id"].clone();
    review(&operator, &agency, &model, &code).await;
    let shown = agency.get(&format!("models/{}", model.as_str().unwrap())).await.ok();
    assert_eq!(shown["model"]["format"], "onnx");

    let request = json!({"scenario": scenario, "name": "污染负荷评分", "summary": "逐时污染负荷", "sql": SQL});
    let product = served.sells(request, PURPOSE).await;
    let answered = bank.post(&calls_path(&product), &call()).await.ok();
    let rows = answered["answer"]["rows"].as_array().unwrap();
    let scores = rows.iter().filter_map(|row| row[1].as_f64()).collect::<Vec<_>>();
    assert!(
        !scores.is_empty() && scores.iter().all(|score| (-0.04..=1.0).contains(score)),
        "{answered}"
    );
    assert!(scores.iter().any(|score| *score > 0.5), "{answered}");
    assert_eq!(served.audit().unwrap()["difference"], Value::Null);
}

/// In the one order of the record, a call of the product is answered exactly while its model is in force.
fn check_order(lines: &[Value], product: &Value) {
    let (mut in_force, mut met) = (false, [0, 0]);
    for line in lines {
        match line["act"].as_str() {
            Some("model.review") => in_force = true,
            Some("model.suspend" | "model.withdraw") => in_force = false,
            _ if line["kind"] == "call" && line["product"] == product["name"] => {
                assert_eq!(line["outcome"] == "answered", in_force, "{line}");
                met[usize::from(in_force)] += 1;
            }
            _ => {}
        }
    }
    assert!(
        met.iter().all(|calls| *calls > SUSPENSIONS),
        "run from both sides: {met:?}"
    );
}

/// A granted scenario in which measured values leave as scores only.
async fn scenario(served: &Served, operator: &Client, agency: &Client, bank: &Client) -> (Value, Value) {
    let known = bank.named("products", "空气质量日均指标").await;
    let old = agency
        .named("scenarios", known["scenario"]["name"].as_str().unwrap())
        .await;
    let resource = old["resources"][0]["resource"]["id"].clone();
    let of = json!({"agreement": old["agreement"]["id"], "name": "污染负荷评分", "purpose": PURPOSE, "price_class": "public_welfare",
        "resources": {resource.as_str().unwrap(): ["year", "month", "day", "hour", "pm2_5", "temperature"]},
        "tightened": {resource.as_str().unwrap(): {"pm2_5": {"rule": "scored"}, "temperature": {"rule": "scored"}}},
        "consumer_class": "公共服务机构", "technique": "安全域内模型评分", "output_form": "评分", "quota_calls_max": 1_000_000,
        "term": old["term"]});
    let applied = operator.act("apply_scenario", of).await.ok();
    operator.assess_risk(&applied["id"]).await;
    agency
        .act("grant_scenario", json!({"scenario": applied["id"]}))
        .await
        .ok();
    let provider = served.person("ecology").await;
    let approval = json!({"scenario": applied["id"], "resource": resource});
    provider.act("approve_resource", approval).await.ok();
    (applied["id"].clone(), resource)
}

/// Registers the model; modules that reach outside, or are not the one stated, are refused first.
async fn registered(operator: &Client, scenario: &Value, resource: &Value) -> Value {
    let outside =
        r#"(module (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32))))"#;
    let reply = operator
        .act("register_model", registration(scenario, resource, outside.as_bytes()))
        .await;
    reply.refused_by(422, "model.module");
    assert!(reply.text.contains("fd_write"), "{}", reply.text);
    let mut other = registration(scenario, resource, RATIO.as_bytes());
    other["module_sha256"] = json!(sha256(b"(module)"));
    operator
        .act("register_model", other)
        .await
        .refused_by(422, "record.input");
    let mut outside = registration(scenario, resource, RATIO.as_bytes());
    outside["input"]["fields"] = json!(["pm2_5", "pressure"]);
    operator
        .act("register_model", outside)
        .await
        .refused_by(403, "chain.link-exceeds");
    operator
        .act("register_model", registration(scenario, resource, RATIO.as_bytes()))
        .await
        .ok()["id"]
        .clone()
}

fn registration(scenario: &Value, resource: &Value, module: &[u8]) -> Value {
    let encoded = STANDARD.encode(module);
    json!({"scenario": scenario, "name": "burden", "number": 1, "summary": "PM2.5 与气温之比",
        "input": {"resource": resource, "fields": ["pm2_5", "temperature"]}, "module": encoded, "module_sha256": sha256(module)})
}

/// The one who registered a model does not review it; the agency does, and can read what it reviews.
async fn review(operator: &Client, agency: &Client, model: &Value, file: &[u8]) {
    let review = json!({"model": model, "module_sha256": sha256(file), "report": "逐行计算，无跨记录状态"});
    operator
        .act("review_model", review.clone())
        .await
        .refused_by(422, "model.review");
    let path = format!("models/{}", model.as_str().unwrap());
    let shown = agency.get(&path).await.ok();
    let module = STANDARD.decode(shown["module"].as_str().unwrap()).unwrap();
    assert_eq!(module, file);
    agency.act("review_model", review).await.ok();
    let shown = agency.get(&path).await.ok();
    assert_eq!(shown["model"]["status"]["state"], "in_force", "{shown}");
}

fn call() -> Value {
    json!({"purpose": PURPOSE, "parameters": {}})
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
