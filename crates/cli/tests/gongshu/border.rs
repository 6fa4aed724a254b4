//! What goes abroad over HTTP: a document is recorded, seen, ended; answers that are passed on abroad are counted.

use serde_json::json;

use crate::served::{Served, calls_path, example_call};

#[tokio::test(flavor = "multi_thread")]
async fn a_document_of_a_path_is_recorded_and_ended_and_what_crosses_is_counted_and_replayed() {
    let mut served = Served::start();
    let (operator, bank) = (served.person("operator").await, served.person("bank").await);
    let agreement = operator.get("agreements").await.ok()["items"][0]["id"].clone();
    let of = json!({"agreement": agreement, "consumer": bank.party["id"], "path": "standard_contract",
        "document_number": "粤标备〔2026〕1号", "document_sha256": "ab".repeat(32),
        "term": {"from": "2026-01-01", "until": "2028-12-31"}});
    bank.act("record_export", of.clone()).await.refused_by(403, "power.act");
    let mut inside = of.clone();
    inside["path"] = json!("bay_area_contract");
    operator
        .act("record_export", inside)
        .await
        .refused_by(422, "border.document");
    operator.act("record_export", of).await.ok();
    let seen = bank.get("exports").await.ok()["items"][0].clone();
    assert_eq!(
        (&seen["path"], &seen["valid"]),
        (&json!("standard_contract"), &json!(true))
    );

    let product = bank.named("products", "企业登记核验").await;
    let subscriptions = bank.get("subscriptions").await.ok();
    let open = subscriptions["items"].as_array().unwrap().iter();
    let open = open
        .clone()
        .find(|it| it["product"]["id"] == product["id"] && it["open"] == true)
        .unwrap();
    bank.act("unsubscribe", json!({"subscription": open["id"]})).await.ok();
    let order = json!({"product": product["id"], "purpose": open["purpose"], "quota_calls_max": 10, "onward": true});
    bank.act("subscribe", order).await.ok();
    served.consent().await;
    bank.post(&calls_path(&product), &example_call(&product)).await.ok();
    let counted = operator.get("exports/counts").await.ok()["items"][0].clone();
    // One person was asked for by the bank abroad; this call spoke of a firm, and a firm is no person.
    assert_eq!((&counted["persons"], &counted["sensitive"]), (&json!(1), &json!(0)));
    assert_eq!(counted["contract_persons"], 100_000);
    assert_eq!(bank.get("exports/counts").await.ok()["items"], json!([]));

    let supervisor = served.person("supervisor").await;
    let end = json!({"export": seen["id"], "reason": "合同解除"});
    supervisor.act("end_export", end).await.ok();
    assert_eq!(bank.get("exports").await.ok()["items"][0]["ended"], "合同解除");
    let loan = json!({"product": product["id"], "entry": null, "amount": "500000.00", "granted_on": "2020-01-01",
        "document_sha256": "cd".repeat(32)});
    bank.act("report_loan", loan).await.refused_by(422, "statistics.loan");
    served.kill();
    served.audit().unwrap();
}
