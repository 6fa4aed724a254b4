//! A party that leaves the register over HTTP: what it had in hand ends with it.

use serde_json::json;

use crate::served::{Client, PASSWORD, Served};

#[tokio::test(flavor = "multi_thread")]
async fn who_has_left_is_told_so_and_reads_and_does_nothing_more() {
    let served = Served::start();
    let (agency, assessor, firm) = tokio::join!(
        served.person("agency"),
        served.person("assessor"),
        served.person("firm2")
    );
    let leave =
        |party: &Client| json!({"party": party.party["id"], "reason": "机构注销", "evidence_sha256": "e1".repeat(32)});
    let held = agency.act("deregister_party", leave(&assessor)).await;
    held.refused_by(422, "party.leave");
    assert!(held.text.contains("未办结的年度评估"), "{}", held.text);
    let id = &firm.party["id"];
    firm.get("tasks").await.ok();
    agency.act("deregister_party", leave(&firm)).await.ok();
    assert_eq!(firm.get("tasks").await.status, 401, "its session ends");
    let again = json!({"login": "firm2", "password": PASSWORD});
    firm.post("session", &again).await.refused_by(409, "record.state");
    let parties = agency.get("parties").await.ok();
    let mut items = parties["items"].as_array().unwrap().iter();
    let shown = items.find(|party| party["id"] == *id).unwrap();
    assert_eq!(shown["left"]["reason"], "机构注销");
}
