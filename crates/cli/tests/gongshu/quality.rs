//! Data quality over HTTP: how the data of a resource stands, and a work order from its opening to its end.

use serde_json::{Value, json};

use crate::served::{Client, Served, calls_path, example_call};
use crate::sheets::says;

async fn orders(client: &Client, asked: &str) -> Vec<Value> {
    let list = client.get(&format!("work-orders{asked}")).await.ok();
    list["items"].as_array().unwrap().clone()
}

fn measure<'m>(resource: &'m Value, dimension: &str) -> &'m Value {
    let mut all = resource["quality"].as_array().unwrap().iter();
    all.find(|measure| measure["dimension"] == dimension)
        .unwrap_or(&Value::Null)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_below_the_threshold_opens_a_work_order_which_is_answered_and_closed() {
    let served = Served::start();
    let [agency, holder, other, bank]: [Client; 4] =
        futures::future::join_all(["agency", "ecology", "market", "bank"].map(|login| served.person(login)))
            .await
            .try_into()
            .ok()
            .unwrap();
    let resource = agency.named("resources", "空气质量小时值").await;
    let complete = measure(&resource, "completeness");
    assert!(complete["basis_points"].as_u64().unwrap() > 9_000, "{resource}");
    assert!(complete["check"].is_null() && resource["updated"].is_string());
    assert!(measure(&resource, "accuracy").is_null());
    let before = orders(&agency, "").await.len();

    let version = resource["versions"].as_array().unwrap().last().unwrap()["id"].clone();
    let checked = json!({"resource": resource["id"], "version": version, "dimension": "accuracy",
        "method": "与监测站原始记录逐条比对", "result": {"held": 80, "of": 100}, "document_sha256": "ab".repeat(32)});
    let done = agency.act("record_quality_check", checked).await.ok();
    let resource = agency.named("resources", "空气质量小时值").await;
    let accuracy = measure(&resource, "accuracy");
    assert_eq!(
        (&accuracy["held"], &accuracy["basis_points"]),
        (&json!(80), &json!(8_000))
    );
    assert!(accuracy["basis_points_min"].as_u64().unwrap() > 8_000, "{accuracy}");
    assert_eq!(accuracy["check"]["by"]["id"], agency.party["id"]);

    let open = orders(&holder, "?state=open").await;
    let order = open
        .iter()
        .find(|order| order["dimension"] == "accuracy")
        .unwrap()
        .clone();
    assert_eq!(
        (&order["holder"]["id"], &order["late"]),
        (&holder.party["id"], &json!(false))
    );
    assert_eq!(orders(&agency, "").await.len(), before + 1);
    let of_holder = format!("?holder={}", holder.party["id"].as_str().unwrap());
    assert!(orders(&agency, &of_holder).await.contains(&order));
    assert!(orders(&bank, "").await.is_empty());
    assert!(
        !orders(&other, "").await.contains(&order),
        "another department's is not shown"
    );
    let paper = format!("acts/{}/document", done["receipt"]["index"]);
    says(&holder, &paper, &["数据质量工单", "准确性", "答复时限"]).await;
    bank.get(&paper).await.refused_by(404, "record.unknown");

    let answer = json!({"order": order["id"], "how": "已重新校准并补录"});
    holder.act("answer_work_order", answer).await.ok();
    let back = json!({"order": order["id"], "accepted": false, "reason": "补录不全"});
    agency.act("close_work_order", back).await.ok();
    let answer = json!({"order": order["id"], "how": "补录完成"});
    holder.act("answer_work_order", answer).await.ok();
    assert_eq!(orders(&holder, "?state=answered").await.len(), 1);
    let close = json!({"order": order["id"], "accepted": true, "reason": "复核相符"});
    agency.act("close_work_order", close).await.ok();
    let closed = orders(&holder, "?state=closed").await;
    assert_eq!(closed.len(), 1);
    assert_eq!(
        (
            &closed[0]["closed"]["reason"],
            closed[0]["answers"].as_array().unwrap().len()
        ),
        (&json!("复核相符"), 2)
    );
    let thing = format!("notices?thing={}", order["id"].as_str().unwrap());
    let listed = holder.get(&thing).await.ok();
    let titles: Vec<&str> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["title"]["zh"].as_str().unwrap())
        .collect();
    assert_eq!(
        titles,
        ["数据质量工单办结通知书", "数据质量工单退回通知书", "数据质量工单"]
    );
}

/// Where the packs ask for it, what a check finds wanting does not answer until the agency lets it go.
#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_is_held_back_answers_again_once_the_agency_lets_it_go() {
    let mut served = Served::start();
    let dimensions = [
        "completeness",
        "conformity",
        "uniqueness",
        "timeliness",
        "accuracy",
        "consistency",
    ];
    let parameters =
        dimensions.map(|name| format!("{name}_min = 9000\n{name}_holds = {}\n", u8::from(name == "accuracy")));
    served.overlay("quality.measure", &(parameters.concat() + "periods = [\"每日=1\"]\n"));
    served.restart();
    let [agency, holder, bank]: [Client; 3] =
        futures::future::join_all(["agency", "ecology", "bank"].map(|login| served.person(login)))
            .await
            .try_into()
            .ok()
            .unwrap();
    let before = bank.answer_of("空气质量日均指标").await;
    let resource = agency.named("resources", "空气质量小时值").await;
    let version = resource["versions"].as_array().unwrap().last().unwrap()["id"].clone();
    let checked = json!({"resource": resource["id"], "version": version, "dimension": "accuracy",
        "method": "与监测站原始记录逐条比对", "result": {"held": 80, "of": 100}, "document_sha256": "ab".repeat(32)});
    agency.act("record_quality_check", checked).await.ok();
    let resource = agency.named("resources", "空气质量小时值").await;
    assert_eq!(resource["versions"][0]["status"]["state"], "held_back");
    let product = bank.named("products", "空气质量日均指标").await;
    let refused = bank.post(&calls_path(&product), &example_call(&product)).await;
    refused.refused_by(410, "version.available");
    let order = orders(&holder, "?state=open").await;
    let order = order.iter().find(|order| order["held_back"] == true).unwrap();
    let answer = json!({"order": order["id"], "how": "偏差来自监测站停电时段，已在说明中注明"});
    holder.act("answer_work_order", answer).await.ok();
    let close = json!({"order": order["id"], "accepted": true, "reason": "可以使用", "put_into_operation": true});
    agency.act("close_work_order", close).await.ok();
    assert_eq!(bank.answer_of("空气质量日均指标").await, before);
    served.audit().unwrap();
}
