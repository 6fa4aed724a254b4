//! Papers of what is on record, over HTTP: what stands on them is what the record says, for those who may read it.

use std::io::Write;
use std::process::{Command, Stdio};

use reqwest::Method;
use serde_json::{Value, json};

use crate::served::{Client, Served, calls_path, example_call};

/// The paper, as whoever asks gets it.
async fn paper(client: &Client, path: &str) -> Vec<u8> {
    let reply = client.request(Method::GET, path).send().await.unwrap();
    assert!(reply.status().is_success(), "{path}: {}", reply.status());
    reply.bytes().await.unwrap().to_vec()
}

/// The text of a PDF, cell by cell, without spaces and line ends.
fn text_of(pdf: &[u8]) -> String {
    assert!(pdf.starts_with(b"%PDF-"), "it is no PDF");
    let mut command = Command::new("pdftotext");
    command
        .args(["-raw", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut reading = command.spawn().unwrap();
    let mut input = reading.stdin.take().unwrap();
    let pdf = pdf.to_vec();
    let writing = std::thread::spawn(move || input.write_all(&pdf).unwrap());
    let output = reading.wait_with_output().unwrap();
    writing.join().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// All of this stands on a PDF.
pub(crate) fn bears(pdf: &[u8], said: &[&str]) {
    let text = text_of(pdf);
    for said in said {
        let said: String = said.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(text.contains(&said), "`{said}` is not on the paper:\n{text}");
    }
}

/// The paper says all of this, and is the same once more.
pub(crate) async fn says(client: &Client, path: &str, said: &[&str]) {
    let pdf = paper(client, path).await;
    bears(&pdf, said);
    assert!(paper(client, path).await == pdf, "{path} is the same once more");
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

async fn first(client: &Client, list: &str) -> Value {
    client.get(list).await.ok()["items"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn plan_selection_and_scenario_have_their_papers() {
    let served = Served::start();
    let (agency, bank) = (served.person("agency").await, served.person("bank").await);
    let plan = first(&agency, "plans").await;
    let opinions = plan["opinions"].as_array().unwrap();
    let total = format!("共 {} 条意见", opinions.len());
    let path = format!("plans/{}/document", word(&plan["id"]));
    let said = [
        word(&plan["title"]),
        &total,
        "专家论证意见采纳情况表",
        word(&opinions[0]["text"]),
    ];
    says(&agency, &path, &said).await;

    let selection = first(&agency, "selections").await;
    let path = format!("selections/{}/document", word(&selection["id"]));
    let points = selection["applicants"][0]["total"].to_string();
    let said = ["运营机构遴选结果公告", word(&selection["selected"]["name"]), &points];
    says(&bank, &path, &said).await;

    let scenario = first(&agency, "scenarios").await;
    let path = format!("scenarios/{}/document", word(&scenario["id"]));
    let resource = word(&scenario["resources"][0]["resource"]["name"]);
    says(
        &bank,
        &path,
        &["场景授权决定书", word(&scenario["name"]), resource, "账本条目"],
    )
    .await;
    bank.get("scenarios/scn_none/document")
        .await
        .refused_by(404, "record.unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_is_reported_on_paper_to_those_who_may_see_it() {
    let served = Served::start();
    let (operator, bank) = (served.person("operator").await, served.person("bank").await);
    let of = json!({"title": "接口异常访问", "level": "general", "system": "other_operator",
        "discovered": jiff::Timestamp::now().to_string(), "personal_information": false, "facts": "发现批量异常调用。"});
    let incident = operator.act("report_incident", of).await.ok();
    let path = format!("incidents/{}/document", word(&incident["id"]));
    let said = [
        "网络和数据安全事件报告",
        "接口异常访问",
        "发现批量异常调用",
        "一般",
        "未办理",
    ];
    says(&operator, &path, &said).await;
    bank.get(&path).await.refused_by(404, "record.unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_is_its_partys_own() {
    let served = Served::start();
    let (operator, bank) = (served.person("operator").await, served.person("bank").await);
    let product = bank.named("products", "空气质量日均指标").await;
    bank.post(&calls_path(&product), &example_call(&product)).await.ok();
    let own = format!("parties/{}/statement/document", word(&bank.party["id"]));
    says(&bank, &own, &["对账单", word(&bank.party["name"])]).await;
    says(&operator, &own, &["对账单"]).await;
    let others = format!("parties/{}/statement/document", word(&operator.party["id"]));
    bank.get(&others).await.refused_by(403, "power.act");
}

/// The path of the notice of an act that was just done.
fn notice(done: &Value) -> String {
    format!("acts/{}/document", done["receipt"]["index"])
}

/// The indices of a thing's notices, as they are listed for a party.
async fn listed(reader: &Client, path: &str) -> Vec<Value> {
    let found = reader.get(path).await.ok();
    let items = found["items"].as_array().cloned().unwrap_or_default();
    assert!(
        items
            .iter()
            .all(|it| it["title"]["zh"] != "" && it["title"]["en"] != ""),
        "{items:?}"
    );
    items.into_iter().map(|it| it["index"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_has_its_notice_for_those_whom_it_concerns() {
    let served = Served::start();
    let (agency, operator) = (served.person("agency").await, served.person("operator").await);
    let (bank, supervisor) = (served.person("bank").await, served.person("supervisor").await);
    let agreement = first(&agency, "agreements").await;
    let of = json!({"agreement": agreement["id"], "reason": "等级保护复测"});
    let suspended = agency.act("suspend_agreement", of).await.ok();
    assert_eq!(suspended["notice"], true);
    let said = [
        "授权协议暂停通知书",
        word(&agreement["title"]),
        "等级保护复测",
        "送达",
        "账本条目",
    ];
    for reader in [&operator, &bank, &supervisor] {
        says(reader, &notice(&suspended), &said).await;
    }
    let of = json!({"agreement": agreement["id"], "reason": "复测通过"});
    let resumed = agency.act("resume_agreement", of).await.ok();
    says(&bank, &notice(&resumed), &["授权协议恢复通知书", "复测通过"]).await;
    // They are found again from the agreement, and only from there.
    let thing = format!("notices?thing={}", word(&agreement["id"]));
    let found = listed(&bank, &thing).await;
    let [suspension, resumption] = [&suspended, &resumed].map(|done| done["receipt"]["index"].clone());
    assert_eq!(found, [resumption.clone(), suspension.clone()]);
    assert_eq!(
        listed(&bank, &format!("{thing}&after={resumption}")).await,
        [suspension]
    );
    assert_eq!(listed(&bank, "notices?thing=agr_nobody_knows").await, [Value::Null; 0]);

    let product = bank.named("products", "空气质量日均指标").await;
    let of = json!({"product": product["id"], "reason": "数据源更换"});
    let withdrawn = operator.act("withdraw_product", of).await.ok();
    says(
        &bank,
        &notice(&withdrawn),
        &["数据产品撤回公告", "服务截止日", "数据源更换"],
    )
    .await;

    // A consent is its subject's and its receiver's matter, and the supervisor's.
    let firm = served.person("firm").await;
    let last = first(&firm, "consents").await;
    let of = json!({"consumer": bank.party["id"], "purpose": last["purpose"], "resource": last["resource"]["id"],
        "fields": last["fields"], "term": last["term"]});
    let consented = firm.act("give_consent", of).await.ok();
    let said = ["数据授权同意书", word(&firm.party["name"]), word(&last["purpose"])];
    says(&bank, &notice(&consented), &said).await;
    let given = firm
        .act("withdraw_consent", json!({"consent": consented["id"]}))
        .await
        .ok();
    for reader in [&firm, &bank, &supervisor] {
        says(
            reader,
            &notice(&given),
            &["数据授权同意撤回通知书", word(&firm.party["name"])],
        )
        .await;
    }
    let thing = format!("notices?thing={}", word(&consented["id"]));
    assert_eq!(listed(&bank, &thing).await.len(), 2);
    for stranger in [&agency, &operator] {
        assert!(listed(stranger, &thing).await.is_empty());
        stranger.get(&notice(&given)).await.refused_by(404, "record.unknown");
    }
    // An act that changes nothing for anybody else has none, nor has an entry that is not there.
    bank.get("acts/0/document").await.refused_by(404, "record.unknown");
    bank.get("acts/99999999/document")
        .await
        .refused_by(404, "record.unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engagement_is_seen_and_filed_and_with_its_end_the_partners_product_stops() {
    let served = Served::start();
    let (agency, operator) = (served.person("agency").await, served.person("operator").await);
    let (partner, bank) = (served.person("partner").await, served.person("bank").await);
    let engaged = first(&agency, "engagements").await;
    assert_eq!(first(&partner, "engagements").await, engaged);
    assert_eq!(bank.get("engagements").await.ok()["items"], json!([]));
    assert_eq!(
        (&engaged["status"], &engaged["operator"]["id"]),
        (&json!("in_force"), &operator.party["id"])
    );
    let product = bank.named("products", "企业登记核验").await;
    assert_eq!(engaged["products"][0]["id"], product["id"]);
    let path = format!("engagements/{}/document", word(&engaged["id"]));
    let said = [
        "合作方引入备案表",
        word(&partner.party["name"]),
        "企业登记核验",
        "未终止",
    ];
    for reader in [&partner, &operator] {
        says(reader, &path, &said).await;
    }
    bank.get(&path).await.refused_by(404, "record.unknown");
    let part = first(&operator, "agreements").await["development"].clone();
    assert_eq!(
        (&part["by_partners"], &part["partner_percent_max"]),
        (&json!(1), &json!(100))
    );
    assert!(part["listed"].as_u64().unwrap() > 1, "{part}");

    let (calls, example) = (calls_path(&product), example_call(&product));
    served.consent().await;
    bank.post(&calls, &example).await.ok();
    let of = json!({"engagement": engaged["id"], "reason": "合作期满"});
    partner
        .act("end_engagement", of.clone())
        .await
        .refused_by(403, "power.act");
    let ended = agency.act("end_engagement", of).await.ok();
    bank.post(&calls, &example)
        .await
        .refused_by(422, "partner.joint-liability");
    says(&partner, &notice(&ended), &["合作终止通知书", "合作期满"]).await;
    bank.get(&notice(&ended)).await.refused_by(404, "record.unknown");
    let after = first(&operator, "engagements").await;
    assert_eq!(
        (&after["status"], &after["ended"]["reason"]),
        (&json!("ended"), &json!("合作期满"))
    );
    bears(&paper(&operator, &path).await, &["终止：合作期满"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn permitted_revenue_a_delegation_and_a_destruction_have_their_papers() {
    let served = Served::start();
    let (agency, operator) = (served.person("agency").await, served.person("operator").await);
    let (market, bank) = (served.person("market").await, served.person("bank").await);
    let revenue = first(&agency, "permitted-revenue").await;
    let path = format!("permitted-revenue/{}/document", word(&revenue["id"]));
    let said = ["最高准许收入核定书", word(&revenue["maximum"]), word(&revenue["basis"])];
    says(&operator, &path, &said).await;
    bank.get(&path).await.refused_by(404, "record.unknown");
    let thing = format!("notices?thing={}", word(&revenue["id"]));
    assert!(!listed(&operator, &thing).await.is_empty());

    let posts = market.get("posts").await.ok();
    let mut posts = posts["items"].as_array().unwrap().iter();
    let given = posts.find_map(|post| post["delegations"].get(0)).unwrap();
    let thing = format!("notices?thing={}", word(&given["id"]));
    let [index] = &listed(&market, &thing).await[..] else {
        panic!("a delegation has one notice");
    };
    let path = format!("acts/{index}/document");
    let said = ["授权委托书", word(&given["to"]["name"]), word(&given["reason"])];
    for reader in [&market, &agency] {
        says(reader, &path, &said).await;
    }
    assert!(listed(&bank, &thing).await.is_empty());
    bank.get(&path).await.refused_by(404, "record.unknown");

    let resources = bank.get("resources").await.ok();
    let mut resources = resources["items"].as_array().unwrap().iter();
    let gone = resources
        .find(|resource| resource["versions"][0]["status"]["state"] == "destroyed")
        .unwrap();
    let found = listed(&bank, &format!("notices?thing={}", word(&gone["id"]))).await;
    let certificate = &gone["versions"][0]["status"]["certificate"];
    let said = [
        "数据版本销毁证明",
        word(&gone["name"]),
        word(&gone["versions"][0]["id"]),
        word(&certificate["key_id"]),
    ];
    says(&bank, &format!("acts/{}/document", found[0]), &said).await;
    bears(
        &paper(&bank, &format!("acts/{}/document", found[1])).await,
        &["数据版本销毁决定书"],
    );
}
