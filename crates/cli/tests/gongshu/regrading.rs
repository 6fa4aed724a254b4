//! A department grades its columns anew while products over them are sold.

use serde_json::{Value, json};

use crate::served::{Client, Served, calls_path, example_call};

#[tokio::test(flavor = "multi_thread")]
async fn a_product_over_a_tightened_column_is_refused_at_its_next_call_until_it_is_reviewed_again() {
    let served = Served::start();
    let (machine, ecology) = (served.machine().await, served.person("ecology").await);
    let (agency, operator) = (served.person("agency").await, served.person("operator").await);
    let daily = machine.named("products", "空气质量日均指标").await;
    machine.post(&calls_path(&daily), &example_call(&daily)).await.ok();
    let air = ecology.named("resources", "空气质量小时值").await;
    let masked = json!({"rule": "masked", "mask": {"mask": "band", "width": 10}});
    ecology.act("regrade_resource", regrade(&air, 2, &masked)).await.ok();
    let refused = machine.post(&calls_path(&daily), &example_call(&daily)).await;
    refused.refused_by(422, "product.reviewed");
    assert!(refused.text.contains("提交新版本"), "{}", refused.text);
    let shown = machine.named("products", "空气质量日均指标").await;
    assert_eq!(shown["available"], false, "{shown}");
    assert_eq!(field(&ecology, &air).await, (json!(2), masked));
    // What it read cannot be asked for as before.
    let scenario = daily["scenario"]["id"].clone();
    let next = |name: &str, sql: &str| json!({"scenario": scenario, "name": name, "summary": "日均", "sql": sql});
    let raw = next("日均值", "SELECT day, avg(pm2_5) AS mean FROM air_quality GROUP BY day");
    assert!(!operator.post("products", &raw).await.status.is_success());
    let hours = next("小时数", "SELECT day, count(*) AS hours FROM air_quality GROUP BY day");
    operator.post("products", &hours).await.ok();
    // Back to what it was takes the agency.
    let open = json!({"rule": "open"});
    ecology.act("regrade_resource", regrade(&air, 1, &open)).await.ok();
    assert_eq!(field(&ecology, &air).await.0, json!(2), "it waits");
    let decision = json!({"resource": air["id"], "approved": true, "reason": "经复核可以公开"});
    ecology
        .act("decide_regrading", decision.clone())
        .await
        .refused_by(403, "power.act");
    let tasks = agency.get("tasks").await.ok();
    let waits = |task: &Value| task["act"] == "regrading.decide" && task["subject"]["id"] == air["id"];
    assert!(tasks["items"].as_array().unwrap().iter().any(waits), "{tasks}");
    // What is tighter is to be registered by a day. What is being registered stays as it was applied for; to say no is always
    // possible.
    let due = ecology.named("resources", "空气质量小时值").await["change_due"].clone();
    assert_eq!(
        (&due["changed"], &due["late"]),
        (&json!("grades"), &json!(false)),
        "{due}"
    );
    let tasks = ecology.get("tasks").await.ok();
    let applies = |task: &Value| {
        let said = task["text"]["zh"].as_str().unwrap_or_default();
        task["act"] == "registration.apply"
            && said.contains("申请变更登记")
            && said.contains(due["due"].as_str().unwrap())
    };
    assert!(tasks["items"].as_array().unwrap().iter().any(applies), "{tasks}");
    let application = json!({"thing": {"kind": "resource", "resource": air["id"]}, "registration_type": "modification",
        "reason": "年度分级复核", "materials": [{"name": "分级目录", "document_sha256": "c2".repeat(32)}]});
    ecology.act("apply_registration", application).await.ok();
    let under_way = ecology.named("resources", "空气质量小时值").await;
    assert!(under_way["change_due"].is_null(), "{under_way}");
    agency
        .act("decide_regrading", decision)
        .await
        .refused_by(422, "resource.change");
    let declined = json!({"resource": air["id"], "approved": false, "reason": "登记公示期内不予放宽"});
    agency.act("decide_regrading", declined).await.ok();
    assert_eq!(field(&ecology, &air).await.0, json!(2));
    machine
        .post(&calls_path(&daily), &example_call(&daily))
        .await
        .refused_by(422, "product.reviewed");
    assert!(!operator.post("products", &raw).await.status.is_success());
    served.audit().unwrap();
}

fn regrade(resource: &Value, level: u8, release: &Value) -> Value {
    json!({"resource": resource["id"], "grades": {"pm2_5": {"level": level, "release": release}}, "reason": "年度分级复核",
        "basis": "数据分类分级目录", "document_sha256": "c2".repeat(32)})
}

async fn field(client: &Client, resource: &Value) -> (Value, Value) {
    let resource = client.named("resources", resource["name"].as_str().unwrap()).await;
    let fields = resource["fields"].as_array().unwrap();
    let field = fields.iter().find(|field| field["name"] == "pm2_5").unwrap();
    (field["level"].clone(), field["release"].clone())
}
