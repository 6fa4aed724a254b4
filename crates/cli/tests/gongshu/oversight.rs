//! Around the operation, over HTTP: how the operator was selected, an assessment, an amendment, a dispute with its freeze.

use serde_json::{Value, json};

use crate::served::{Served, calls_path, example_call};
use crate::sheets;

fn first(list: &Value) -> Value {
    list["items"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_selection_is_read_by_all_and_a_new_one_may_not_limit_ownership() {
    let served = Served::start();
    let (agency, bank) = (served.person("agency").await, served.person("bank").await);
    let selection = first(&bank.get("selections").await.ok());
    assert_eq!(selection["selected"], selection["applicants"][0]["party"]);
    assert_eq!(selection["applicants"][0]["qualified"], json!(true));
    let total = selection["applicants"][0]["total"].as_u64().unwrap();
    assert!(
        (1..=500).contains(&total),
        "five members give up to a hundred each: {total}"
    );
    let agreement = first(&agency.get("agreements").await.ok());
    let of = json!({"plan": selection["plan"]["id"], "title": "另行遴选", "method": "negotiation", "mode": "by_field",
        "conditions": selection["conditions"], "notice": "区政府门户网站",
        "criteria": [{"name": "资本", "asks": "民营企业不得参加", "points": 100}], "term": agreement["term"]});
    let refused = agency.act("announce_selection", of.clone()).await;
    refused.refused_by(422, "selection.fair");
    let mut fair = of;
    fair["criteria"][0]["asks"] = json!("实缴资本与运营计划相称");
    let announced = agency.act("announce_selection", fair).await.ok();
    let apply = json!({"selection": announced["id"], "legal_person": true, "protection_level": 3, "last_blemish": null, "evidence": {}});
    let operator = served.person("operator").await;
    operator
        .act("apply_selection", apply)
        .await
        .refused_by(422, "selection.conditions");
    let same = json!({"title": "第二份协议", "operator": agreement["operator"]["id"], "selection": announced["id"],
        "term": agreement["term"], "resources": [], "purposes": [], "clauses": {}, "shares": []});
    agency
        .act("propose_agreement", same)
        .await
        .refused_by(422, "agreement.selected");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assessment_takes_what_the_record_says_and_ends_in_a_grade() {
    let served = Served::start();
    let (agency, assessor) = (served.person("agency").await, served.person("assessor").await);
    let agreement = first(&agency.get("agreements").await.ok());
    let year: i16 = agreement["term"]["from"].as_str().unwrap()[..4].parse().unwrap();
    let of = json!({"agreement": agreement["id"], "year": year, "assessor": assessor.party["id"], "due": agreement["term"]["until"]});
    let again = agency.act("open_assessment", of).await;
    again.refused_by(409, "record.duplicate");
    // The demo has opened that of the year, and what the record tells is assessed.
    let id = first(&assessor.get("assessments").await.ok())["id"].clone();
    assert_eq!(assessor.waits(&id).await.unwrap(), "assessment.indicate");
    let shown = first(&assessor.get("assessments").await.ok());
    let mut findings = serde_json::Map::new();
    for indicator in shown["indicators"].as_array().unwrap() {
        let document = indicator["figure"].is_null().then(|| "c3".repeat(32));
        let finding = json!({"points": indicator["weight"], "finding": "符合", "document_sha256": document});
        findings.insert(indicator["name"].as_str().unwrap().to_owned(), finding);
    }
    let products = shown["indicators"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["name"] == "产品与服务")
        .unwrap();
    let listed = agency.get("products").await.ok()["items"].as_array().unwrap().len();
    assert_eq!(
        products["figure"],
        json!(listed.to_string()),
        "the record tells, not the operator"
    );
    let indicate = json!({"assessment": id, "findings": findings});
    served
        .person("operator")
        .await
        .act("assess_indicators", indicate.clone())
        .await
        .refused_by(403, "power.act");
    assessor.act("assess_indicators", indicate).await.ok();
    let conclude = json!({"assessment": id, "experts": ["甲", "乙", "丙"], "conclusion": "运行良好"});
    assessor.act("conclude_assessment", conclude).await.ok();
    let shown = first(&agency.get("assessments").await.ok());
    assert_eq!((&shown["total"], &shown["grade"]), (&json!(100), &json!("excellent")));
    let bank = served.person("bank").await;
    assert_eq!(bank.get("assessments").await.ok()["items"], json!([]));
    let paper = format!("assessments/{}/document", id.as_str().unwrap());
    let title = format!("{year} 年度公共数据授权运营评估报告");
    sheets::says(&agency, &paper, &[&title, "运行良好", "符合"]).await;
    bank.get(&paper).await.refused_by(404, "record.unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_freezes_the_scenario_until_its_measure_is_lifted() {
    let mut served = Served::start();
    let (bank, operator) = (served.person("bank").await, served.person("operator").await);
    let supervisor = served.person("supervisor").await;
    let product = bank.named("products", "空气质量日均指标").await;
    let scenario = operator
        .named("scenarios", product["scenario"]["name"].as_str().unwrap())
        .await;
    let agreement = first(&operator.get("agreements").await.ok());
    let claim = json!({"agreement": agreement["id"], "title": "计费争议", "respondents": [operator.party["id"]],
        "scenarios": [scenario["id"]], "claims": "退还多收的费用", "facts": "服务中断期间仍计费", "forum": "arbitration"});
    bank.act("open_dispute", claim.clone())
        .await
        .refused_by(422, "dispute.forum");
    let mut claim = claim;
    claim["forum"] = json!("consultation");
    let id = bank.act("open_dispute", claim).await.ok()["id"].clone();
    assert_eq!(operator.waits(&id).await.unwrap(), "dispute.step");
    let call = || async { bank.post(&calls_path(&product), &example_call(&product)).await };
    call().await.ok();
    let order =
        json!({"dispute": id, "scenario": scenario["id"], "basis": "保全裁定", "document_sha256": "e5".repeat(32)});
    supervisor.act("order_measure", order).await.ok();
    call().await.refused_by(403, "chain.frozen");
    let thaw = json!({"scenario": scenario["id"]});
    supervisor
        .act("thaw_scenario", thaw)
        .await
        .refused_by(422, "dispute.measure");
    let shown = first(&bank.get("disputes").await.ok());
    assert_eq!(shown["frozen"][0]["id"], scenario["id"]);
    let turn: Vec<&Value> = shown["due_from"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["id"])
        .collect();
    assert_eq!(turn, [&operator.party["id"]], "the respondent's answer is due");
    let lift = json!({"dispute": id, "scenario": scenario["id"], "basis": "解除裁定"});
    supervisor.act("lift_measure", lift).await.ok();
    call().await.ok();
    let close = json!({"dispute": id, "ending": "withdrawn", "conclusion": "双方和解", "document_sha256": null});
    operator
        .act("close_dispute", close.clone())
        .await
        .refused_by(422, "dispute.party");
    bank.act("close_dispute", close).await.ok();
    let paper = format!("disputes/{}/document", id.as_str().unwrap());
    sheets::says(
        &bank,
        &paper,
        &["争议处理结果", "计费争议", "退还多收的费用", "双方和解"],
    )
    .await;
    assert_eq!(operator.waits(&id).await, None);
    served.kill();
    served.audit().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_proposes_an_amendment_and_the_agency_declines_it() {
    let mut served = Served::start();
    let (agency, operator) = (served.person("agency").await, served.person("operator").await);
    let bank = served.person("bank").await;
    let before = first(&agency.get("agreements").await.ok());
    let id = before["id"].clone();
    let amendment = json!({"agreement": id, "clauses": {"期限": "自签署之日起三年。"}, "reason": "缩短期限"});
    bank.act("propose_amendment", amendment.clone())
        .await
        .refused_by(403, "power.act");
    operator.act("propose_amendment", amendment.clone()).await.ok();
    assert_eq!(agency.waits(&id).await.unwrap(), "agreement.accept");
    assert_eq!(operator.waits(&id).await, None, "one's own waits for the other side");
    let waiting = first(&agency.get("agreements").await.ok())["proposed"].clone();
    assert_eq!(waiting["by"]["id"], before["operator"]["id"]);
    let decline = json!({"agreement": id, "terms_sha256": waiting["terms_sha256"], "reason": "期限以遴选公告为准"});
    operator
        .act("decline_amendment", decline.clone())
        .await
        .refused_by(422, "agreement.amendment");
    agency.act("decline_amendment", decline).await.ok();
    let after = first(&agency.get("agreements").await.ok());
    assert_eq!(
        (&after["proposed"], &after["clauses"]),
        (&json!(null), &before["clauses"])
    );
    let end = json!({"end": "declined", "reason": "期限以遴选公告为准"});
    assert_eq!(after["dropped"][0]["end"], end);
    operator.act("propose_amendment", amendment).await.ok();
    let withdrawal = json!({"agreement": id, "reason": "另行提出"});
    operator.act("withdraw_amendment", withdrawal).await.ok();
    assert_eq!(agency.waits(&id).await, None);
    served.kill();
    served.audit().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amendment_waits_for_the_operator_and_a_suspension_stops_the_calls() {
    let mut served = Served::start();
    let (agency, operator) = (served.person("agency").await, served.person("operator").await);
    let bank = served.person("bank").await;
    let product = bank.named("products", "空气质量日均指标").await;
    let agreement = first(&agency.get("agreements").await.ok());
    let mut purposes = agreement["purposes"].as_array().unwrap().clone();
    purposes.push(json!("商贸撮合"));
    let amendment = json!({"agreement": agreement["id"], "term": null, "resources": null, "purposes": purposes,
        "clauses": {}, "shares": null, "reason": "增加用途"});
    agency.act("propose_amendment", amendment).await.ok();
    assert_eq!(operator.waits(&agreement["id"]).await.unwrap(), "agreement.accept");
    let waiting = first(&agency.get("agreements").await.ok())["proposed"]["terms_sha256"].clone();
    operator
        .act(
            "accept_amendment",
            json!({"agreement": agreement["id"], "terms_sha256": waiting}),
        )
        .await
        .ok();
    let amended = first(&agency.get("agreements").await.ok());
    assert_eq!(amended["purposes"].as_array().unwrap().len(), purposes.len());
    assert_eq!(amended["amendments"][0]["reason"], "增加用途");
    let suspend = json!({"agreement": agreement["id"], "reason": "等级保护复测"});
    agency.act("suspend_agreement", suspend).await.ok();
    bank.post(&calls_path(&product), &example_call(&product))
        .await
        .refused_by(403, "chain.suspended");
    agency
        .act(
            "resume_agreement",
            json!({"agreement": agreement["id"], "reason": "复测通过"}),
        )
        .await
        .ok();
    bank.post(&calls_path(&product), &example_call(&product)).await.ok();
    served.kill();
    served.audit().unwrap();
}
