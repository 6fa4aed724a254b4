//! A registration over HTTP: steps by their parties, the public register, a query without sign-in.

use serde_json::{Value, json};

use crate::served::{Client, Served};

/// The application for a resource that is not registered: no product of the district uses it.
async fn application(provider: &Client) -> Value {
    let items = provider.get("resources").await.ok()["items"].clone();
    let unused = |item: &&Value| item["table"] == "credit_sample";
    let resource = items.as_array().unwrap().iter().find(unused).unwrap()["id"].clone();
    json!({"thing": {"kind": "resource", "resource": resource}, "registration_type": "modification", "reason": "字段含义更新",
        "materials": [{"name": "来源合法性说明", "document_sha256": "ab".repeat(32)}]})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resource_is_registered_step_by_step_and_shown_to_anybody() {
    let served = Served::start();
    let (provider, agency) = (served.person("statistics").await, served.person("agency").await);
    let anybody = Client {
        http: reqwest::Client::new(),
        base: served.base.clone(),
        key: None,
        party: Value::Null,
    };
    let mut of = application(&provider).await;
    let change = provider.act("apply_registration", of.clone()).await;
    change.refused_by(422, "registration.type");
    of["registration_type"] = json!("first");
    let bank = served.person("bank").await;
    bank.act("apply_registration", of.clone())
        .await
        .refused_by(403, "power.act");
    let before = anybody.get("register").await.ok()["items"].as_array().unwrap().len();
    let applied = provider.act("apply_registration", of).await.ok();
    let id = applied["id"].as_str().unwrap().to_owned();

    let tasks = agency.get("tasks").await.ok();
    let task = tasks["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|task| task["subject"]["id"] == id.as_str());
    assert_eq!(task.unwrap()["act"], "registration.accept");
    let step = json!({"registration": id, "passed": true, "notice": "区政府门户网站"});
    agency
        .act("review_registration", step.clone())
        .await
        .refused_by(409, "record.state");
    agency
        .act("accept_registration", json!({"registration": id, "passed": true}))
        .await
        .ok();
    assert_eq!(
        anybody.get("register").await.ok()["items"].as_array().unwrap().len(),
        before
    );
    agency.act("review_registration", step).await.ok();

    let shown = anybody.get("register").await.ok();
    let shown = shown["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["id"] == id.as_str())
        .unwrap();
    assert_eq!(
        (&shown["status"], &shown["certificate"]),
        (&json!("publicized"), &Value::Null)
    );
    let late: Vec<&Value> = shown["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| &step["late"])
        .collect();
    assert_eq!(late, [false, false, false]);
    let assign = json!({"registration": id, "code": "440309-R-000001"});
    agency
        .act("assign_code", assign.clone())
        .await
        .refused_by(422, "registration.steps");
    let objection = json!({"registration": id, "text": "频率不符", "evidence": "接口日志"});
    bank.act("object_to_registration", objection).await.ok();
    agency
        .act("assign_code", assign)
        .await
        .refused_by(422, "registration.objection");

    anybody
        .get("register/0000000000000000")
        .await
        .refused_by(404, "record.unknown");
    assert_eq!(anybody.get("registrations").await.status.as_u16(), 401);
    let file = anybody.get("register.csv").await;
    assert!(file.text.starts_with("\u{feff}登记编码,查询码,"), "{}", file.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_registered_before_the_platform_is_shown_with_its_papers_to_those_who_review() {
    let served = Served::start();
    let (provider, agency) = (served.person("market").await, served.person("agency").await);
    let bank = served.person("bank").await;
    let register = bank.get("register").await.ok();
    let items = register["items"].as_array().unwrap();
    let shown = items.iter().find(|it| it["applicant"]["id"] == provider.party["id"]);
    let shown = shown.expect("the register has the provider's resource");
    assert_eq!(shown["status"], "registered");
    assert!(shown["earlier"]["registrar"].as_str().unwrap().contains("登记机构"));
    assert_eq!(shown["earlier"]["code"], shown["certificate"]["code"]);
    assert_eq!(shown["materials"], json!([]), "papers are not for the public");
    let reviewed = agency.get("registrations").await.ok();
    let reviewed = reviewed["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["id"] == shown["id"]);
    let papers: Vec<&Value> = reviewed.unwrap()["materials"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["name"])
        .collect();
    assert_eq!(papers, ["来源合法性说明", "原登记证书", "原公示文件"]);
    let found = bank
        .get(&format!(
            "register/{}",
            shown["certificate"]["query_code"].as_str().unwrap()
        ))
        .await
        .ok();
    assert_eq!(found["id"], shown["id"]);
}
