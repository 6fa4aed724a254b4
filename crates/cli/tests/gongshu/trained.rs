//! Training inside the domain over HTTP: trained, reviewed, called within a product, ended with its source.

use serde_json::{Value, json};

use crate::desk;
use crate::served::{Client, Reply, Served, calls_path};

const PURPOSE: &str = "环境信息服务";
const TRAINING: &str = "SELECT rooms, area, late FROM dwellings";
const SCORED: &str = "SELECT block, score_arrears_v1(rooms, area) AS score FROM dwellings ORDER BY block";

/// 240 dwellings; the larger, the likelier its rent is late.
fn dwellings() -> String {
    let row = |number: u32| {
        let (rooms, area) = (1 + number % 5, 30 + (number * 7) % 90);
        let late = u32::from((number * 37) % 100 < 10 + 12 * rooms);
        format!("D{number},{number},{rooms},{area},{late},{}\n", number % 9)
    };
    let rows: String = (0..240).map(row).collect();
    format!("code,block,rooms,area,late,secret\n{rows}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_is_trained_inside_reviewed_called_and_ends_with_its_source() {
    let mut served = Served::start();
    let (operator, agency) = tokio::join!(served.person("operator"), served.person("agency"));
    let (bank, ecology) = tokio::join!(served.person("bank"), served.person("ecology"));
    let (resource, version) = ingested(&ecology).await;
    let scenario = scenario(&operator, &agency, &bank, &ecology, &resource).await;
    let path = format!("workbench/scenarios/{}/models", scenario.as_str().unwrap());
    let asked = |sql: &str| {
        json!({"name": "arrears", "summary": "欠租风险", "sql": sql,
            "algorithm": {"kind": "logistic_regression", "penalty_milli": 10, "rounds_max": 50}})
    };

    // What may not be trained on, and who may not train.
    for (sql, rule) in [
        ("SELECT rooms, secret FROM dwellings", "flow.closed"),
        (
            "SELECT rooms, CASE WHEN area > 60 THEN 1 ELSE 0 END FROM dwellings",
            "flow.train-label",
        ),
        (
            "SELECT rooms, CASE WHEN block = 7 THEN 1 ELSE 0 END FROM dwellings",
            "flow.train-label",
        ),
        ("SELECT rooms, code FROM dwellings", "flow.closed"),
    ] {
        operator.post(&path, &asked(sql)).await.refused_by(403, rule);
    }
    for sql in [
        "SELECT rooms, late FROM dwellings WHERE block = 7",
        "SELECT rooms, late FROM dwellings WHERE block <> 7",
        "SELECT rooms, CASE WHEN block < 1 THEN 1 ELSE 0 END FROM dwellings",
    ] {
        operator
            .post(&path, &asked(sql))
            .await
            .refused_by(422, "model.training");
    }
    bank.post(&path, &asked(TRAINING)).await.refused_by(403, "power.act");
    let own_request = operator.act("train_model", json!({"scenario": scenario})).await;
    assert_eq!(own_request.status, 400, "{own_request:?}");

    let reply = operator.post(&path, &asked(TRAINING)).await;
    assert!(
        !reply.text.contains("module\""),
        "weights are no answer: {}",
        reply.text
    );
    let trained = reply.ok();
    assert_eq!(trained["function"], "score_arrears_v1");
    assert_eq!(trained["fit"]["subjects"], 240);
    assert!(trained["recorded"]["receipt"]["index"].is_number(), "{trained}");
    // One more subject or one fewer would tell of that one; the same again is the same file.
    let without = asked("SELECT rooms, late FROM dwellings WHERE block < 239");
    operator.post(&path, &without).await.refused_by(422, "model.training");
    let again = operator.post(&path, &asked(TRAINING)).await.ok();
    assert_eq!(
        (&again["module_sha256"], &again["function"]),
        (&trained["module_sha256"], &json!("score_arrears_v2"))
    );

    // What was refused is on record with its query: by the check, and on the data.
    let attempts = agency
        .get(&format!("workbench/scenarios/{}/runs", scenario.as_str().unwrap()))
        .await
        .ok();
    let attempts = &attempts["items"][0];
    let refused = json!([{"control": "check", "count": 4}, {"control": "subjects", "count": 1},
        {"control": "rest", "count": 2}, {"control": "apart", "count": 1}]);
    assert_eq!(attempts["tally"]["refused"], refused, "{attempts}");
    assert_eq!(
        (&attempts["tally"]["answered"], &attempts["tally"]["open"]),
        (&json!(2), &json!(0))
    );
    assert_eq!(attempts["newest"][1]["refused"]["control"], "rest");
    assert_eq!(attempts["newest"][1]["training"]["sql"], without["sql"]);

    let model = format!("models/{}", trained["id"].as_str().unwrap());
    let shown = agency.get(&model).await.ok();
    assert_eq!(shown["module"], "", "the file stays inside");
    let lineage = &shown["model"]["lineage"];
    assert_eq!(
        (&lineage["sql"], &lineage["label"]),
        (&json!(TRAINING), &json!(["late"]))
    );
    assert_eq!(lineage["sources"][0]["version"], version);
    assert_eq!(lineage["sources"][0]["stands"], true);
    bank.get(&model).await.refused_by(404, "record.unknown");

    let check = json!({"scenario": scenario, "sql": SCORED});
    operator
        .post("queries/check", &check)
        .await
        .refused_by(403, "flow.model-unreviewed");
    review(&operator, &agency, &trained).await;
    let request = json!({"scenario": scenario, "name": "欠租风险评分", "summary": "逐户评分", "sql": SCORED});
    let product = served.sells(request, PURPOSE).await;
    let call = json!({"purpose": PURPOSE, "parameters": {}});
    let answered = bank.post(&calls_path(&product), &call).await.ok();
    let scores: Vec<f64> = answered["answer"]["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|row| row[1].as_f64())
        .collect();
    assert_eq!(scores.len(), 240);
    assert!(scores.iter().all(|score| (0.0..=1.0).contains(score)), "{answered}");
    assert!(
        scores[4] > scores[0] + 0.2,
        "five rooms are likelier late than one: {} {}",
        scores[4],
        scores[0]
    );

    // Weights do not leave through output review either.
    let output = json!({"kind": "model", "made_from": trained["id"], "title": "欠租模型", "justification": "移交"});
    operator
        .post("workbench/outputs", &output)
        .await
        .refused_by(422, "model.training");

    // The file is sealed, so it is there after a restart.
    served.kill();
    served.restart();
    let (bank, agency, ecology) =
        tokio::join!(served.person("bank"), served.person("agency"), served.person("ecology"));
    let again = bank.post(&calls_path(&product), &call).await.ok();
    assert_eq!(again["answer"], answered["answer"]);

    // The end of its source suspends it.
    let order = json!({"resource": resource, "version": version, "reason": "保存期限届满"});
    ecology.act("order_destruction", order).await.ok();
    let shown = agency.get(&model).await.ok();
    assert_eq!(shown["model"]["status"]["state"], "suspended", "{shown}");
    assert_eq!(shown["model"]["lineage"]["sources"][0]["stands"], false);
    let refused = bank.post(&calls_path(&product), &call).await;
    assert_eq!(refused.status, 403, "{refused:?}");
    let operator = served.person("operator").await;
    let withdrawal = json!({"model": trained["id"], "reason": "来源已销毁"});
    operator.act("withdraw_model", withdrawal).await.ok();
    let kept = served
        .data()
        .join("vault/.kept")
        .join(format!("{}.key", trained["id"].as_str().unwrap()));
    assert!(
        !kept.exists(),
        "the weights are destroyed with the model: {}",
        kept.display()
    );
    assert_eq!(served.audit().unwrap()["difference"], Value::Null);
}

/// Registers the resource and ingests its only version.
async fn ingested(ecology: &Client) -> (Value, Value) {
    let field = |name: &str, kind: &str, rule: &str, level: u8| json!({"name": name, "type": kind, "meaning": name, "level": level, "release": {"rule": rule}, "nullable": false});
    let column = |name: &str, kind: &str| json!({"name": name, "source": {"header": name}, "column_type": kind, "unique": name == "code"});
    let registered = ecology.act("register_resource", json!({
        "name": "保障住房", "table": "dwellings", "summary": "保障住房租赁", "field_of_application": "城市治理",
        "fields": [field("code", "text", "closed", 4), field("block", "integer", "open", 1), field("rooms", "integer", "scored", 3),
            field("area", "integer", "scored", 3), field("late", "integer", "scored", 3), field("secret", "integer", "closed", 4)],
        "subject_key": "code", "frequency": "每年", "boundary": "仅评分", "legal_basis": "法定职责", "contact": "示范联系人",
        "source": {"format": {"kind": "csv", "delimiter": ",", "header": true, "encoding": "utf8", "null_markers": [""], "trim": false},
            "columns": [column("code", "text"), column("block", "integer"), column("rooms", "integer"), column("area", "integer"),
                column("late", "integer"), column("secret", "integer")], "bad_rows": "reject"},
    })).await.ok();
    let path = format!("resources/{}/versions", registered["id"].as_str().unwrap());
    let request = ecology
        .request(reqwest::Method::POST, &path)
        .header("content-type", "application/octet-stream");
    let version = Reply::of(request.body(dwellings()).send().await.unwrap()).await.ok();
    assert_eq!(version["rows"], 240);
    let resource = ecology.named("resources", "保障住房").await;
    (registered["id"].clone(), resource["versions"][0]["id"].clone())
}

/// Takes the resource into the agreement, and has a scenario granted and approved that uses it.
async fn scenario(operator: &Client, agency: &Client, bank: &Client, ecology: &Client, resource: &Value) -> Value {
    let known = bank.named("products", "空气质量日均指标").await;
    let old = agency
        .named("scenarios", known["scenario"]["name"].as_str().unwrap())
        .await;
    let agreements = agency.get("agreements").await.ok();
    let mut listed = agreements["items"].as_array().unwrap().iter();
    let agreement = listed
        .find(|agreement| agreement["id"] == old["agreement"]["id"])
        .unwrap();
    let mut resources: Vec<Value> = agreement["resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|resource| resource["id"].clone())
        .collect();
    resources.push(resource.clone());
    let amendment = json!({"agreement": old["agreement"]["id"], "term": null, "resources": resources, "purposes": null,
        "clauses": {}, "shares": null, "reason": "增加资源"});
    agency.act("propose_amendment", amendment).await.ok();
    let agreement = desk::agreement(agency).await;
    operator
        .act(
            "accept_amendment",
            json!({"agreement": agreement["id"], "terms_sha256": agreement["proposed"]["terms_sha256"]}),
        )
        .await
        .ok();
    let of = json!({"agreement": old["agreement"]["id"], "name": "欠租风险评分", "purpose": PURPOSE, "price_class": "public_welfare",
        "resources": {resource.as_str().unwrap(): ["code", "block", "rooms", "area", "late", "secret"]}, "tightened": {},
        "consumer_class": "公共服务机构", "technique": "安全域内模型评分", "output_form": "评分", "quota_calls_max": 1_000_000, "term": old["term"]});
    let applied = operator.act("apply_scenario", of).await.ok();
    operator.assess_risk(&applied["id"]).await;
    let early = agency.act("grant_scenario", json!({"scenario": applied["id"]})).await;
    early.refused_by(422, "registration.required");
    ecology.registered_earlier(agency, resource, "440309-R-000777").await;
    agency
        .act("grant_scenario", json!({"scenario": applied["id"]}))
        .await
        .ok();
    let approval = json!({"scenario": applied["id"], "resource": resource});
    ecology.act("approve_resource", approval).await.ok();
    applied["id"].clone()
}

/// The one who trained a model does not review it.
async fn review(operator: &Client, agency: &Client, trained: &Value) {
    let review =
        json!({"model": trained["id"], "module_sha256": trained["module_sha256"], "report": "谱系与拟合指标在限内"});
    operator
        .act("review_model", review.clone())
        .await
        .refused_by(422, "model.review");
    agency.act("review_model", review).await.ok();
}
