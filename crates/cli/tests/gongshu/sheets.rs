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
