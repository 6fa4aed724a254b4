//! The list of products over HTTP: suspension, a higher price with notice, withdrawal.

use serde_json::json;

use crate::served::{Served, calls_path, example_call};

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_suspended_resumed_priced_with_notice_and_withdrawn_with_notice() {
    let served = Served::start();
    let (operator, supervisor) = (served.person("operator").await, served.person("supervisor").await);
    let bank = served.person("bank").await;
    let product = bank.named("products", "企业登记核验").await;
    let shown = [
        &product["form"],
        &product["status"],
        &product["charging"],
        &product["version"],
    ];
    assert_eq!(
        shown,
        [&json!("verification"), &json!("listed"), &json!("call"), &json!(1)]
    );
    served.consent().await;
    let (path, call) = (calls_path(&product), example_call(&product));
    let of = json!({"product": product["id"], "reason": "例行抽查"});
    bank.act("suspend_product", of.clone())
        .await
        .refused_by(403, "power.act");
    supervisor.act("suspend_product", of.clone()).await.ok();
    bank.post(&path, &call).await.refused_by(422, "product.suspended");
    let resume = json!({"product": product["id"]});
    operator
        .act("resume_product", resume.clone())
        .await
        .refused_by(422, "product.suspended");
    supervisor.act("resume_product", resume).await.ok();
    let before = bank.post(&path, &call).await.ok()["fee"].clone();
    assert_eq!(before, product["price"]);

    let ceiling = product["ceiling"].clone();
    let early = json!({"product": product["id"], "price": ceiling, "from": "2020-01-01"});
    operator.act("set_price", early).await.refused_by(422, "price.notice");
    operator
        .act("set_price", json!({"product": product["id"], "price": ceiling}))
        .await
        .ok();
    let priced = bank.named("products", "企业登记核验").await;
    assert_eq!(priced["price"], ceiling);
    assert!(
        priced["price_from"].is_string(),
        "who has subscribed pays it later: {priced}"
    );
    assert_eq!(bank.post(&path, &call).await.ok()["fee"], before);

    operator.act("withdraw_product", of).await.ok();
    let withdrawn = bank.named("products", "企业登记核验").await;
    assert_eq!(
        (&withdrawn["status"], withdrawn["served_until"].is_string()),
        (&json!("withdrawn"), true)
    );
    assert_eq!(
        bank.post(&path, &call).await.ok()["fee"],
        before,
        "it is served until then"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_is_seen_by_its_developer_and_who_oversees_until_it_is_listed() {
    let served = Served::start();
    let people = ["operator", "operator-head", "agency", "bank", "partner"].map(|login| served.person(login));
    let [operator, head, agency, bank, partner] = people;
    let (operator, head, agency) = tokio::join!(operator, head, agency);
    let (bank, partner) = tokio::join!(bank, partner);
    let known = bank.named("products", "空气质量日均指标").await;
    let request = json!({"scenario": known["scenario"]["id"], "name": "年度小时数", "summary": "有记录的小时数",
        "sql": "SELECT count(*) AS hours FROM air_quality"});
    let submitted = operator.post("products", &request).await.ok();
    let one = format!("products/{}", submitted["id"].as_str().unwrap());
    for sees in [&operator, &agency] {
        sees.get(&one).await.ok();
        sees.named("products", "年度小时数").await;
    }
    for other in [&bank, &partner] {
        other.get(&one).await.refused_by(404, "record.unknown");
        let list = other.get("products").await.ok();
        let names = list["items"].as_array().unwrap().iter().map(|item| &item["name"]);
        assert!(!names.into_iter().any(|name| name == "年度小时数"), "{list}");
    }
    head.act("list_product", json!({"product": submitted["id"]})).await.ok();
    bank.get(&one).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_that_one_side_proposes_waits_for_the_other() {
    let served = Served::start();
    let (operator, bank) = (served.person("operator").await, served.person("bank").await);
    let all = bank.get("subscriptions").await.ok();
    let mut items = all["items"].as_array().unwrap().iter();
    let of = items.find(|it| it["consumer"]["id"] == bank.party["id"] && it["open"] == true);
    let id = of.unwrap()["id"].clone();
    let waits = |tasks: serde_json::Value| {
        let mut items = tasks["items"].as_array().unwrap().clone().into_iter();
        items.any(|task| task["act"] == "subscription.quota" && task["subject"]["id"] == id)
    };
    let quota = json!({"subscription": id, "quota_calls_max": 4_321});
    bank.act("agree_quota", quota.clone()).await.ok();
    let shown = |list: serde_json::Value| {
        let mut items = list["items"].as_array().unwrap().clone().into_iter();
        items.find(|it| it["id"] == id).unwrap()
    };
    let proposed = shown(operator.get("subscriptions").await.ok())["proposed"].clone();
    assert_eq!(
        (&proposed["quota_calls_max"], &proposed["by"]["id"]),
        (&json!(4_321), &bank.party["id"])
    );
    assert!(waits(operator.get("tasks").await.ok()));
    assert!(!waits(bank.get("tasks").await.ok()), "it waits for the other side");
    operator.act("agree_quota", quota).await.ok();
    let agreed = shown(bank.get("subscriptions").await.ok());
    assert_eq!(
        (&agreed["quota_calls_max"], &agreed["proposed"]),
        (&json!(4_321), &json!(null))
    );
    assert!(!waits(operator.get("tasks").await.ok()));
}
