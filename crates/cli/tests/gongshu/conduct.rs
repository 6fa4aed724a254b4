//! Over HTTP: what waits of a plan, a complaint about the operator from its filing to its end, the yearly operating report.

use serde_json::{Value, json};

use crate::served::{Client, Served};
use crate::sheets::says;

#[tokio::test(flavor = "multi_thread")]
async fn the_next_step_of_a_plan_waits_for_its_agency() {
    let served = Served::start();
    let agency = served.person("agency").await;
    let plans = agency.get("plans").await.ok();
    let plan = &plans["items"][0];
    assert_eq!(agency.waits(&plan["id"]).await, None, "it is public");
    let sections = plan["sections"].as_array().unwrap().iter();
    let sections: serde_json::Map<String, Value> = sections
        .map(|section| (section["name"].as_str().unwrap().to_owned(), section["text"].clone()))
        .collect();
    let drafted = agency
        .act("draft_plan", json!({"title": "下一轮实施方案", "sections": sections}))
        .await
        .ok();
    let id = drafted["id"].clone();
    assert_eq!(agency.waits(&id).await.as_deref(), Some("plan.panel"));
    let panel = &plan["panel"];
    let formed = json!({"plan": id, "experts": panel["experts"], "leader": panel["leader"]});
    agency.act("form_panel", formed).await.ok();
    assert_eq!(agency.waits(&id).await.as_deref(), Some("plan.comment"));
    let opinion = json!({"plan": id, "opinion": 1, "expert": panel["leader"], "section": null, "text": "量化运营条件"});
    agency.act("record_opinion", opinion).await.ok();
    assert_eq!(agency.waits(&id).await.as_deref(), Some("plan.answer"));
    assert_eq!(served.person("operator").await.waits(&id).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_about_the_operator_is_answered_decided_and_put_right() {
    let served = Served::start();
    let [bank, other, operator, supervisor, agency]: [Client; 5] = futures::future::join_all(
        ["bank", "bank-hk", "operator", "supervisor", "agency"].map(|login| served.person(login)),
    )
    .await
    .try_into()
    .ok()
    .unwrap();
    let agreement = agency.get("agreements").await.ok()["items"][0]["id"].clone();
    let of = json!({"agreement": agreement, "conduct": "差别待遇", "facts": "服务水平与其他银行不同"});
    let mut wrong = of.clone();
    wrong["conduct"] = json!("态度不好");
    bank.act("file_complaint", wrong)
        .await
        .refused_by(422, "operator.conduct");
    let filed = bank.act("file_complaint", of).await.ok();
    let id = filed["id"].clone();
    says(
        &operator,
        &format!("acts/{}/document", filed["receipt"]["index"]),
        &["投诉答辩通知书", "差别待遇"],
    )
    .await;
    assert_eq!(operator.waits(&id).await.as_deref(), Some("complaint.answer"));
    assert_eq!(supervisor.waits(&id).await, None, "the operator is heard first");
    let early = json!({"complaint": id, "upheld": false, "basis": "查无实据"});
    supervisor
        .act("decide_complaint", early)
        .await
        .refused_by(422, "operator.conduct");
    let answer = json!({"complaint": id, "how": "接口版本不同"});
    operator.act("answer_complaint", answer).await.ok();
    for decides in [&supervisor, &agency] {
        assert_eq!(decides.waits(&id).await.as_deref(), Some("complaint.decide"));
    }
    let due = "2099-12-31";
    let decide = json!({"complaint": id, "upheld": true, "basis": "产品清单", "demands": "统一服务水平", "due": due});
    bank.act("decide_complaint", decide.clone())
        .await
        .refused_by(403, "power.act");
    let decided = supervisor.act("decide_complaint", decide).await.ok();
    let paper = format!("acts/{}/document", decided["receipt"]["index"]);
    says(&bank, &paper, &["投诉处理决定书", "成立", "统一服务水平", due]).await;
    other.get(&paper).await.refused_by(404, "record.unknown");
    assert_eq!(operator.waits(&id).await.as_deref(), Some("complaint.rectify"));
    let rectify = json!({"complaint": id, "how": "已统一", "document_sha256": "c2".repeat(32)});
    operator.act("rectify_complaint", rectify).await.ok();
    let close = json!({"complaint": id, "accepted": true, "reason": "核验一致"});
    agency.act("close_complaint", close).await.ok();
    for (sees, count) in [(&bank, 1), (&operator, 1), (&agency, 1), (&other, 0)] {
        let list = sees.get("complaints").await.ok();
        assert_eq!(list["items"].as_array().unwrap().len(), count);
    }
    let shown = bank.get("complaints").await.ok()["items"][0].clone();
    assert_eq!(
        (&shown["status"], &shown["finding"]["text"]),
        (&json!("closed"), &json!("核验一致"))
    );
    served.audit().unwrap();
}

/// The demo's year goes on, so that no report is owed, and one that comes too early is told when it can.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_of_a_year_that_goes_on_is_refused_and_none_is_owed() {
    let served = Served::start();
    let (operator, agency) = (served.person("operator").await, served.person("agency").await);
    let agreement = agency.get("agreements").await.ok()["items"][0].clone();
    let year: i16 = agreement["term"]["from"].as_str().unwrap()[..4].parse().unwrap();
    let of = json!({"agreement": agreement["id"], "year": year, "summary": "平稳", "cost": "1.00", "taxes": "0.00",
        "document_sha256": "9c".repeat(32)});
    operator
        .act("submit_report", of.clone())
        .await
        .refused_by(422, "report.yearly");
    agency.act("submit_report", of).await.refused_by(403, "power.act");
    for reads in [&operator, &agency] {
        assert_eq!(reads.get("reports").await.ok()["items"], json!([]));
    }
}
