//! Calls that fail while they read, over HTTP: on record, counted like an answer, free, and soon at an end for the day.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};

use crate::served::{Client, Reply, Served, calls_path};

/// Fails where the parameter is a number that is released, so that the error tells which numbers are.
const PROBED: &str = "SELECT education, persons, 1000 / (persons - $1) AS per FROM \
    (SELECT education, count(*) AS persons FROM census GROUP BY education) t ORDER BY persons DESC";
/// Takes longer than anybody waits.
const SLOW: &str = "SELECT count(*) AS n FROM air_quality a CROSS JOIN air_quality b CROSS JOIN air_quality c \
    WHERE a.hour + b.hour + c.hour > $1";
const FAILED_MAX: u64 = 3;
/// How often a record is looked for, and the pause between.
const LOOKS_MAX: usize = 600;
const PAUSE: Duration = Duration::from_millis(50);

/// A product whose error tells, sold for 1.80 a call with a quota.
async fn sold(served: &Served, quota: u64) -> Value {
    let people = ["agency", "operator", "operator-head", "bank"].map(|login| served.person(login));
    let [agency, operator, head, bank] = people;
    let (agency, operator, head, bank) = tokio::join!(agency, operator, head, bank);
    let known = bank.named("products", "收入结构统计").await;
    let request = json!({"scenario": known["scenario"]["id"], "name": "学历构成比", "summary": "各学历人数之比", "sql": PROBED,
        "parameters": [number("base")]});
    operator.post("products", &request).await.ok();
    let id = operator.named("products", "学历构成比").await["id"].clone();
    let ceiling = json!({"product": id, "ceiling": "2.00", "expected": 1_000, "basis": "测算"});
    agency.act("set_ceiling", ceiling).await.ok();
    operator
        .act("set_price", json!({"product": id, "price": "1.80"}))
        .await
        .ok();
    head.act("list_product", json!({"product": id})).await.ok();
    let order = json!({"product": id, "purpose": known["scenario"]["purpose"], "quota_calls_max": quota});
    bank.act("subscribe", order).await.ok();
    bank.named("products", "学历构成比").await
}

/// A product that never ends.
async fn slow(served: &Served) -> Value {
    let known = served.person("bank").await.named("products", "空气质量日均指标").await;
    let request = json!({"scenario": known["scenario"]["id"], "name": "时次组合", "summary": "时次组合数", "sql": SLOW,
        "parameters": [number("least")]});
    served
        .sells(request, known["scenario"]["purpose"].as_str().unwrap())
        .await
}

fn number(name: &str) -> Value {
    json!({"name": name, "type": "integer", "meaning": "整数", "example": "-1"})
}

/// The call with this number as its parameter.
fn asked(product: &Value, value: i64) -> Value {
    let name = &product["parameters"][0]["name"];
    json!({"purpose": product["scenario"]["purpose"], "parameters": {name.as_str().unwrap(): value}})
}

async fn call(client: &Client, product: &Value, value: i64, key: &str) -> Reply {
    let request = client.request(reqwest::Method::POST, &calls_path(product));
    let request = request.header("idempotency-key", key).json(&asked(product, value));
    Reply::of(request.send().await.unwrap()).await
}

async fn subscription(client: &Client, product: &Value) -> Value {
    let list = client.get("subscriptions").await.ok();
    let mut items = list["items"].as_array().unwrap().iter();
    items
        .find(|item| item["product"]["id"] == product["id"])
        .unwrap()
        .clone()
}

/// The figures of a subscription: answered, failed, failed today, charged.
async fn figures(client: &Client, product: &Value) -> Value {
    let of = subscription(client, product).await;
    json!([of["calls"], of["failed"], of["failed_today"], of["charged"]])
}

impl Reply {
    /// Asserts that it failed while it ran, and that this is on record; gives the entry.
    fn failed(&self, failure: &str) -> Value {
        let problem = self.json();
        assert_eq!(
            (self.status.as_u16(), &problem["code"]),
            (422, &json!("query.limit")),
            "{}",
            self.text
        );
        let openings = problem["receipt"]["openings"].as_object().unwrap();
        assert!(
            openings.contains_key("request") && !openings.contains_key("answer"),
            "{}",
            self.text
        );
        let entry = entry(&problem);
        let told = [&entry["outcome"], &entry["failure"], &entry["fee"], &entry["split"]];
        assert_eq!(
            told,
            [&json!("failed"), &json!(failure), &json!("0.00"), &json!({})],
            "{entry}"
        );
        assert!(entry["chain"]["subscription"].is_string(), "{entry}");
        problem
    }
}

/// The entry that a receipt proves.
pub(crate) fn entry(problem: &Value) -> Value {
    use base64::Engine as _;
    let proof = problem["receipt"]["proof"].as_str().unwrap();
    let line = proof.lines().find_map(|line| line.strip_prefix("extra ")).unwrap();
    let bytes = base64::engine::general_purpose::STANDARD.decode(line).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// Verifies a problem's receipt as a stranger would.
fn verify(served: &Served, problem: &Value) {
    let file = json!({"receipt": {"proof": problem["receipt"]["proof"], "openings": problem["receipt"]["openings"]}});
    let policy = gongshu_ledger::Policy::new(served.log_key()).unwrap();
    gongshu_ledger::verify_answer(&file.to_string(), &policy).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_that_depends_on_a_parameter_is_on_record_free_and_counted() {
    let mut served = Served::start();
    let product = sold(&served, 4).await;
    let machine = served.machine().await;
    let answered = call(&machine, &product, -1, "first").await.ok();
    let persons = answered["answer"]["rows"][0][1].as_i64().unwrap();
    let (supervisor, bank) = (served.person("supervisor").await, served.person("bank").await);
    assert_eq!(figures(&bank, &product).await, json!([1, 0, 0, "1.80"]));

    let problem = call(&machine, &product, persons, "probe").await.failed("execution");
    verify(&served, &problem);
    let detail = problem["detail"].as_str().unwrap();
    assert!(!detail.contains(&persons.to_string()), "{detail}");
    let entry = entry(&problem).to_string();
    assert!(!entry.contains(&format!("{persons}")), "a value is in {entry}");
    // The same key is the same call: told again, and counted once.
    let again = call(&machine, &product, persons, "probe").await.failed("execution");
    assert_eq!(again["receipt"]["index"], problem["receipt"]["index"]);
    let other = call(&machine, &product, persons + 1, "probe").await;
    assert_eq!(other.json()["code"], "call.key-reused", "{}", other.text);
    for client in [&bank, &supervisor] {
        assert_eq!(figures(client, &product).await, json!([1, 1, 1, "1.80"]));
    }

    let feed = supervisor.get("feed").await.ok();
    let line = &feed["items"][0];
    let told = [&line["kind"], &line["outcome"], &line["failure"], &line["fee"]];
    let expected = [&json!("call"), &json!("failed"), &json!("execution"), &json!("0.00")];
    assert_eq!(told, expected, "{line}");
    assert!(line["refused_by"].is_null(), "{line}");

    // It used up the quota: of four calls two are left.
    call(&machine, &product, persons, "third").await.failed("execution");
    call(&machine, &product, -1, "fourth").await.ok();
    call(&machine, &product, -1, "fifth")
        .await
        .refused_by(429, "chain.quota");
    let before = figures(&bank, &product).await;
    assert_eq!(before, json!([2, 2, 2, "3.60"]));

    served.kill();
    let report = served.audit().unwrap();
    assert_eq!((&report["difference"], &report["failed"]), (&Value::Null, &json!(2)));
    served.restart();
    let bank = served.person("bank").await;
    assert_eq!(figures(&bank, &product).await, before, "a restart forgives nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn probing_by_errors_comes_to_an_end_for_the_day() {
    let mut served = Served::start();
    let product = sold(&served, 1_000).await;
    served.kill();
    served.overlay("chain.failures", &format!("failed_calls_per_day_max = {FAILED_MAX}\n"));
    served.restart();
    let machine = served.machine().await;
    let answered = call(&machine, &product, -1, "first").await.ok();
    let persons = answered["answer"]["rows"][0][1].as_i64().unwrap();
    // Many at once, so that none slips through between its error and its record.
    let calls = (0..24).map(|number| {
        let (machine, product) = (machine.clone(), product.clone());
        async move { call(&machine, &product, persons, &format!("probe {number}")).await }
    });
    let mut failed = 0;
    for reply in futures::future::join_all(calls).await {
        if reply.json()["code"] == "query.limit" {
            reply.failed("execution");
            failed += 1;
        } else {
            reply.refused_by(429, "chain.failures");
        }
    }
    assert_eq!(failed, FAILED_MAX);
    let after = call(&machine, &product, -1, "after").await;
    after.refused_by(429, "chain.failures");
    let of = subscription(&served.person("supervisor").await, &product).await;
    assert_eq!(
        (&of["failed_today"], &of["failed_today_max"]),
        (&json!(FAILED_MAX), &json!(FAILED_MAX))
    );
    served.kill();
    assert_eq!(served.audit().unwrap()["difference"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_runs_into_the_time_or_goes_away_leaves_a_record() {
    let mut served = Served::start();
    let product = slow(&served).await;
    let bank = served.person("bank").await;
    // A caller who goes away: the key is free, since nobody knows of an answer.
    let hasty = Client {
        http: reqwest::Client::builder()
            .cookie_store(true)
            .timeout(Duration::from_millis(500))
            .build()
            .unwrap(),
        ..served.machine().await
    };
    let request = hasty.request(reqwest::Method::POST, &calls_path(&product));
    let request = request.header("idempotency-key", "same").json(&asked(&product, 7));
    assert!(request.send().await.unwrap_err().is_timeout());
    recorded(&bank, &product, 1).await;
    let supervisor = served.person("supervisor").await;
    let line = supervisor.get("feed").await.ok()["items"][0].clone();
    assert_eq!(
        (&line["outcome"], &line["failure"]),
        (&json!("failed"), &json!("abandoned")),
        "{line}"
    );

    served.kill();
    fs::write(served.data().join("limits.toml"), "[query]\nseconds_max = 1\n").unwrap();
    served.restart();
    let machine = served.machine().await;
    let first = call(&machine, &product, 7, "same").await.failed("time");
    let again = call(&machine, &product, 7, "same").await.failed("time");
    assert_eq!(first["receipt"]["index"], again["receipt"]["index"]);
    let bank = served.person("bank").await;
    assert_eq!(figures(&bank, &product).await, json!([0, 2, 2, "0.00"]));
    served.kill();
    let report = served.audit().unwrap();
    assert_eq!((&report["difference"], &report["failed"]), (&Value::Null, &json!(2)));
}

/// Waits until so many failures are on record.
async fn recorded(client: &Client, product: &Value, failed: u64) {
    for _ in 0..LOOKS_MAX {
        if subscription(client, product).await["failed"] == failed {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
    panic!("no record of {failed} failures");
}
