//! A party that leaves the register over HTTP: what it had in hand ends with it.

use serde_json::json;

use crate::served::{PASSWORD, Served};

#[tokio::test(flavor = "multi_thread")]
async fn who_has_left_is_told_so_and_reads_and_does_nothing_more() {
    let served = Served::start();
    let (agency, assessor) = (served.person("agency").await, served.person("assessor").await);
    let id = &assessor.party["id"];
    assessor.get("tasks").await.ok();
    let leave = json!({"party": id, "reason": "机构注销", "evidence_sha256": "e1".repeat(32)});
    agency.act("deregister_party", leave).await.ok();
    assert_eq!(assessor.get("tasks").await.status, 401, "its session ends");
    let again = json!({"login": "assessor", "password": PASSWORD});
    assessor.post("session", &again).await.refused_by(409, "record.state");
    let parties = agency.get("parties").await.ok();
    let mut items = parties["items"].as_array().unwrap().iter();
    let shown = items.find(|party| party["id"] == *id).unwrap();
    assert_eq!(shown["left"]["reason"], "机构注销");
}
