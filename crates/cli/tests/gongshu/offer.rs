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
