//! Set queries over HTTP: an answer speaks of those who consent when it is recorded, and of nobody else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::served::{Client, Served, calls_path};

const CALLERS: usize = 4;
/// How often the firm gives its consent and withdraws it.
const ROUNDS: usize = 6;

#[tokio::test(flavor = "multi_thread")]
async fn a_row_leaves_while_its_subject_consents_and_not_after() {
    let served = Served::start();
    let (bank, firm) = (served.machine().await, served.person("firm").await);
    let product = listed(&served).await;
    let answered = bank.post(&calls_path(&product), &call()).await.ok();
    assert_eq!(answered["answer"]["rows"], json!([]), "nobody consents: {answered}");
    let (consent, _) = give(&firm, &bank).await;
    let answered = bank.post(&calls_path(&product), &call()).await.ok();
    assert_eq!(rows(&answered), 1, "one of all firms consents: {answered}");
    let opened = answered["receipt"]["openings"]["consents"]["value"].as_str().unwrap();
    assert!(opened.contains(&consent), "{opened} names {consent}");

    let done = Arc::new(AtomicBool::new(false));
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| tokio::spawn(call_until(bank.clone(), product.clone(), done.clone())))
        .collect();
    let acts = withdraw_and_give(&firm, &bank, consent).await;
    done.store(true, Ordering::Relaxed);
    let mut counts = [0, 0];
    for caller in callers {
        for (index, rows) in caller.await.unwrap() {
            let last = acts.iter().rev().find(|(act, _)| *act < index);
            let expected = usize::from(last.is_none_or(|(_, consents)| *consents));
            assert_eq!(rows, expected, "the call at {index} among the acts {acts:?}");
            counts[rows] += 1;
        }
    }
    assert!(counts.iter().all(|count| *count > 0), "run from both sides: {counts:?}");
    let report = served.audit().unwrap();
    assert_eq!(report["difference"], Value::Null);
}

/// A product that asks about all firms, submitted, priced, listed and subscribed to.
async fn listed(served: &Served) -> Value {
    let people = ["partner", "agency", "operator", "bank"].map(|login| served.person(login));
    let [partner, agency, operator, bank] = people;
    let (partner, agency, operator, bank) = tokio::join!(partner, agency, operator, bank);
    let known = bank.named("products", "企业登记核验").await;
    let request = json!({"scenario": known["scenario"]["id"], "name": "已同意企业名录", "summary": "已同意企业的代码、名称与状态",
        "sql": "SELECT code, name, status FROM firms WHERE name <> '' ORDER BY code"});
    partner.post("products", &request).await.ok();
    let product = partner.named("products", "已同意企业名录").await;
    let id = &product["id"];
    let ceiling = json!({"product": id, "ceiling": "2.00", "expected": 1_000, "basis": "测算"});
    agency.act("set_ceiling", ceiling).await.ok();
    let price = json!({"product": id, "price": "1.80"});
    operator.act("set_price", price).await.ok();
    operator.act("list_product", json!({"product": id})).await.ok();
    let order = json!({"product": id, "purpose": "信贷审核", "quota_calls_max": 1_000_000});
    bank.act("subscribe", order).await.ok();
    product
}

fn call() -> Value {
    json!({"purpose": "信贷审核", "parameters": {}})
}

fn rows(answered: &Value) -> usize {
    answered["answer"]["rows"].as_array().unwrap().len()
}

/// The firm consents as it did before; gives the consent's id and its place in the ledger.
async fn give(firm: &Client, bank: &Client) -> (String, u64) {
    let last = firm.get("consents").await.ok()["items"][0].clone();
    let of = json!({"consumer": bank.party["id"], "purpose": last["purpose"], "resource": last["resource"]["id"],
        "fields": last["fields"], "term": last["term"]});
    let given = firm.act("give_consent", of).await.ok();
    (
        given["id"].as_str().unwrap().to_owned(),
        given["receipt"]["index"].as_u64().unwrap(),
    )
}

/// The acts on the firm's consent in their order: the place in the ledger, and whether it consents from there on.
async fn withdraw_and_give(firm: &Client, bank: &Client, mut consent: String) -> Vec<(u64, bool)> {
    let mut acts = Vec::new();
    for _ in 0..ROUNDS {
        tokio::time::sleep(Duration::from_millis(30)).await;
        let withdrawn = firm.act("withdraw_consent", json!({"consent": consent})).await.ok();
        acts.push((withdrawn["receipt"]["index"].as_u64().unwrap(), false));
        tokio::time::sleep(Duration::from_millis(30)).await;
        let (given, index) = give(firm, bank).await;
        acts.push((index, true));
        consent = given;
    }
    acts
}

/// The answered calls: the place of each in the ledger, and how many rows it has.
async fn call_until(bank: Client, product: Value, done: Arc<AtomicBool>) -> Vec<(u64, usize)> {
    let mut seen = Vec::new();
    while !done.load(Ordering::Relaxed) {
        let answered = bank.post(&calls_path(&product), &call()).await.ok();
        seen.push((answered["receipt"]["index"].as_u64().unwrap(), rows(&answered)));
    }
    seen
}
