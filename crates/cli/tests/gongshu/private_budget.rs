//! The privacy budget of a resource over HTTP: all products share it, and no crash gives anything of it back.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use crate::account::rounds;
use crate::served::{Client, Served, calls_path, example_call};

const PURPOSE: &str = "收入结构研究";
/// What a resource may lose, by the national rule pack.
const BUDGET: u64 = 1_000_000;
/// How often the server is killed.
const ROUNDS: u64 = 4;
const CLIENTS: u64 = 8;
const ALL: &str = "SELECT avg(age) AS age FROM census";
const BY_SEX: &str = "SELECT sex, avg(age) AS age FROM census GROUP BY sex";
/// How often a record is looked for, and the pause between.
const LOOKS_MAX: usize = 1_200;
const PAUSE: Duration = Duration::from_millis(25);

/// Two products of one resource, each of whose answers loses `rho_micro`, subscribed to by the bank.
struct Noisy {
    products: [Value; 2],
    resource: String,
    scenario: String,
}

impl Noisy {
    async fn listed(served: &Served, rho_micro: u64) -> Self {
        let (scenario, resource) = granted(served, rho_micro).await;
        let all = sold(served, &scenario, "平均年龄", ALL).await;
        let by_sex = sold(served, &scenario, "分性别平均年龄", BY_SEX).await;
        Self {
            products: [all, by_sex],
            resource,
            scenario,
        }
    }

    /// The partner, who may work under the scenario from now on.
    async fn engaged(&self, served: &Served) -> Client {
        let (operator, partner) = (served.person("operator").await, served.person("partner").await);
        let engagement = json!({"engagement": {"partner": partner.party["id"], "scenarios": [self.scenario],
            "joint_liability_sha256": "5e".repeat(32)}});
        operator.act("engage_partner", engagement).await.ok();
        partner
    }

    /// Where its runs at the workbench are.
    fn runs(&self) -> String {
        format!("workbench/scenarios/{}/runs", self.scenario)
    }

    /// What is on record as lost.
    async fn spent(&self, client: &Client) -> u64 {
        let resource = client.get(&format!("resources/{}", self.resource)).await.ok();
        let budget = &resource["privacy"];
        if budget.is_null() {
            return 0;
        }
        assert_eq!(budget["rho_micro_max"], BUDGET);
        let spent = budget["rho_micro_spent"].as_u64().unwrap();
        assert_eq!(budget["rho_micro_left"], BUDGET - spent);
        spent
    }
}

/// A scenario over the census whose ages leave with noise alone, with everybody's approval.
async fn granted(served: &Served, rho_micro: u64) -> (String, String) {
    let (operator, agency) = (served.person("operator").await, served.person("agency").await);
    let known = operator.named("products", "收入结构统计").await;
    let name = known["scenario"]["name"].as_str().unwrap();
    let old = agency.named("scenarios", name).await;
    let resource = old["resources"][0]["resource"]["id"].as_str().unwrap().to_owned();
    let private = json!({"rule": "private", "functions": ["mean"], "rho_micro": rho_micro, "low": 0, "high": 100, "noise": "laplace"});
    let of = json!({"agreement": old["agreement"]["id"], "name": "年龄结构专题", "purpose": PURPOSE, "price_class": "industry",
        "resources": {resource.as_str(): ["age", "sex"]}, "tightened": {resource.as_str(): {"age": private}},
        "consumer_class": "研究机构与金融机构", "technique": "安全域内统计", "output_form": "统计表", "quota_calls_max": 1_000_000,
        "term": old["term"]});
    let applied = operator.act("apply_scenario", of).await.ok();
    let scenario = applied["id"].as_str().unwrap().to_owned();
    operator.assess_risk(&applied["id"]).await;
    agency.act("grant_scenario", json!({"scenario": scenario})).await.ok();
    let approval = json!({"scenario": scenario, "resource": resource});
    served
        .person("statistics")
        .await
        .act("approve_resource", approval)
        .await
        .ok();
    (scenario, resource)
}

/// A product that is priced, listed and subscribed to.
async fn sold(served: &Served, scenario: &str, name: &str, sql: &str) -> Value {
    let people = ["agency", "operator", "bank"].map(|login| served.person(login));
    let [agency, operator, bank] = people;
    let (agency, operator, bank) = tokio::join!(agency, operator, bank);
    let request = json!({"scenario": scenario, "name": name, "summary": "带噪声的平均年龄", "sql": sql});
    operator.post("products", &request).await.ok();
    let product = operator.named("products", name).await;
    let ceiling = json!({"product": product["id"], "ceiling": "2.00", "expected": 1_000, "basis": "测算"});
    agency.act("set_ceiling", ceiling).await.ok();
    let price = json!({"product": product["id"], "price": "1.80"});
    operator.act("set_price", price).await.ok();
    let listing = json!({"product": product["id"]});
    let head = served.person("operator-head").await;
    head.act("list_product", listing).await.ok();
    let order = json!({"product": product["id"], "purpose": PURPOSE, "quota_calls_max": 1_000_000});
    bank.act("subscribe", order).await.ok();
    product
}

#[tokio::test(flavor = "multi_thread")]
async fn two_products_share_a_budget_that_is_refused_when_spent() {
    let mut served = Served::start();
    let noisy = Noisy::listed(&served, 400_000).await;
    let (machine, operator) = (served.machine().await, served.person("operator").await);
    let call = |product: &Value| machine.clone().called(product.clone());
    for product in &noisy.products {
        let rows = call(product).await.ok()["answer"]["rows"].clone();
        assert!(!rows.as_array().unwrap().is_empty(), "{rows}");
    }
    assert_eq!(noisy.spent(&operator).await, 800_000);
    for product in &noisy.products {
        call(product).await.refused_by(422, "output.private");
    }
    assert_eq!(noisy.spent(&operator).await, 800_000, "what is refused costs nothing");
    served.kill();
    served.restart();
    let machine = Client {
        base: served.base.clone(),
        ..machine
    };
    for product in &noisy.products {
        let refused = machine.clone().called(product.clone()).await;
        refused.refused_by(422, "output.private");
    }
    assert_eq!(served.audit().unwrap()["difference"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_bursts_no_answer_goes_uncharged() {
    let mut served = Served::start();
    let rho_micro = 10;
    let noisy = Noisy::listed(&served, rho_micro).await;
    let machine = served.machine().await;
    let (rounds, mut received, mut asked) = (rounds(ROUNDS), 0, 0);
    for round in 0..rounds {
        let at = |client: &Client, served: &Served| Client {
            base: served.base.clone(),
            ..client.clone()
        };
        // One is answered in any case, however busy the machine is.
        at(&machine, &served).called(noisy.products[0].clone()).await.ok();
        (received, asked) = (received + 1, asked + 1);
        let bursts: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let product = noisy.products[usize::from(number % 2 == 0)].clone();
                tokio::spawn(burst(
                    at(&machine, &served),
                    calls_path(&product),
                    example_call(&product),
                ))
            })
            .collect();
        let (answers, calls) = cut_off(&mut served, round, bursts).await;
        (received, asked) = (received + answers, asked + calls);
        let operator = served.person("operator").await;
        let spent = noisy.spent(&operator).await;
        assert!(
            spent >= received * rho_micro,
            "{received} answers left, but {spent} is charged"
        );
        assert!(spent <= asked * rho_micro, "{asked} calls, but {spent} is charged");
    }
    let operator = served.person("operator").await;
    let spent = noisy.spent(&operator).await;
    assert_eq!(served.audit().unwrap()["difference"], Value::Null);
    println!(
        "killed {rounds} times: {received} answers received of {asked} asked for, {} charged",
        spent / rho_micro
    );
}

/// The record is durable before the answer leaves, so whatever the client got of it, it is charged.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_a_kill_cut_off_is_charged_and_given_again_for_nothing() {
    let mut served = Served::start();
    let rho_micro = 100_000;
    let noisy = Noisy::listed(&served, rho_micro).await;
    let product = &noisy.products[0];
    let machine = served.machine().await;
    for round in 1..=ROUNDS {
        let key = format!("cut off {round}");
        let operator = served.person("operator").await;
        // Asks, and never reads.
        let connection = asked(&machine, &served, product, &key).await;
        for looks in 0.. {
            assert!(looks < LOOKS_MAX, "the call is not on record");
            if noisy.spent(&operator).await == round * rho_micro {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        served.kill();
        drop(connection);
        served.restart();
        let operator = served.person("operator").await;
        assert_eq!(
            noisy.spent(&operator).await,
            round * rho_micro,
            "no crash gives anything back"
        );
        let client = Client {
            base: served.base.clone(),
            ..machine.clone()
        };
        let again = client.request(reqwest::Method::POST, &calls_path(product));
        let again = again.header("idempotency-key", &key).json(&example_call(product));
        let again = crate::served::Reply::of(again.send().await.unwrap()).await.ok();
        assert!(again["answer"]["rows"][0][0].is_number(), "{again}");
        assert_eq!(
            noisy.spent(&operator).await,
            round * rho_micro,
            "a repeat costs nothing"
        );
    }
    served.kill();
    assert_eq!(served.audit().unwrap()["difference"], Value::Null);
}

/// A request on a connection of its own, of whose answer nothing is read.
async fn asked(machine: &Client, served: &Served, product: &Value, key: &str) -> TcpStream {
    let client = Client {
        base: served.base.clone(),
        ..machine.clone()
    };
    let request = client.request(reqwest::Method::POST, &calls_path(product));
    let request = request
        .header("idempotency-key", key)
        .json(&example_call(product))
        .build()
        .unwrap();
    let (url, body) = (request.url(), request.body().unwrap().as_bytes().unwrap());
    let address = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let mut head = format!(
        "POST {} HTTP/1.1\r\nhost: {address}\r\ncontent-length: {}\r\n",
        url.path(),
        body.len()
    );
    for (name, value) in request.headers() {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    let mut connection = TcpStream::connect(&address).await.unwrap();
    connection.write_all(format!("{head}\r\n").as_bytes()).await.unwrap();
    connection.write_all(body).await.unwrap();
    connection
}

/// A failure is charged like an answer: too much, and never too little.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_fails_stays_charged() {
    let mut served = Served::start();
    let rho_micro = 100_000;
    let noisy = Noisy::listed(&served, rho_micro).await;
    served.kill();
    std::fs::write(served.data().join("limits.toml"), "[query]\nrows_max = 1\n").unwrap();
    served.restart();
    let by_sex = &noisy.products[1];
    let failed = served.machine().await.called(by_sex.clone()).await;
    assert_eq!(
        (failed.status.as_u16(), &failed.json()["code"]),
        (422, &json!("query.limit")),
        "{}",
        failed.text
    );
    assert!(failed.json()["receipt"]["index"].is_number(), "{}", failed.text);
    assert_eq!(noisy.spent(&served.person("operator").await).await, rho_micro);
    // So does a run at the workbench that fails.
    let partner = noisy.engaged(&served).await;
    let run = partner.post(&noisy.runs(), &json!({"sql": BY_SEX})).await;
    assert_eq!(run.json()["code"], "query.limit", "{}", run.text);
    assert_eq!(noisy.spent(&served.person("operator").await).await, 2 * rho_micro);
    // Whether a noisy value makes a call fail is an answer too: once the budget is spent, nothing tells.
    for _ in 2..BUDGET / rho_micro {
        let failed = served.machine().await.called(by_sex.clone()).await;
        assert_eq!(failed.json()["code"], "query.limit", "{}", failed.text);
    }
    served
        .machine()
        .await
        .called(by_sex.clone())
        .await
        .refused_by(422, "output.private");
    partner
        .post(&noisy.runs(), &json!({"sql": BY_SEX}))
        .await
        .refused_by(422, "output.private");
    served.kill();
    let report = served.audit().unwrap();
    let calls = BUDGET / rho_micro - 1;
    assert_eq!(
        (&report["difference"], &report["failed"]),
        (&Value::Null, &json!(calls))
    );
    served.restart();
    assert_eq!(noisy.spent(&served.person("operator").await).await, BUDGET);
}

/// Runs of the workbench are charged when they begin, before anything is read; what began and did not end is on record,
/// and stays charged.
#[tokio::test(flavor = "multi_thread")]
async fn killed_in_bursts_of_runs_no_attempt_is_lost_and_no_answer_goes_uncharged() {
    let mut served = Served::start();
    let rho_micro = 10;
    let noisy = Noisy::listed(&served, rho_micro).await;
    noisy.engaged(&served).await;
    served.kill();
    served.overlay(
        "workbench.run",
        "runs_per_day_max = 1000000\nrefusals_per_day_max = 100\nanswer_interval_millis = 0\n",
    );
    served.restart();
    let (path, query) = (noisy.runs(), json!({"sql": ALL}));
    let (rounds, mut received, mut asked) = (rounds(ROUNDS), 0, 0);
    for round in 0..rounds {
        let partner = served.person("partner").await;
        // One is answered in any case, however busy the machine is.
        partner.post(&path, &query).await.ok();
        (received, asked) = (received + 1, asked + 1);
        let bursts: Vec<_> = (0..CLIENTS)
            .map(|_| tokio::spawn(burst(partner.clone(), path.clone(), query.clone())))
            .collect();
        let (answers, runs) = cut_off(&mut served, round, bursts).await;
        (received, asked) = (received + answers, asked + runs);
        let operator = served.person("operator").await;
        let items = operator.get(&path).await.ok()["items"].clone();
        let mut shown = items.as_array().unwrap().iter();
        let shown = shown.find(|of| of["party"]["id"] == partner.party["id"]).unwrap();
        let number = |value: &Value| value.as_u64().unwrap();
        let (attempts, answered) = (number(&shown["tally"]["attempts"]), number(&shown["tally"]["answered"]));
        assert!(
            received <= answered,
            "{received} answers left, but {answered} are on record"
        );
        assert!(answered <= attempts && attempts <= asked, "{asked} runs, {shown}");
        assert_eq!(number(&shown["today"]["runs"]), attempts, "each counts");
        assert_eq!(number(&shown["tally"]["open"]), attempts - answered);
        // What began was charged before it read.
        assert_eq!(noisy.spent(&operator).await, attempts * rho_micro);
    }
    served.kill();
    assert_eq!(served.audit().unwrap()["difference"], Value::Null);
    println!("killed {rounds} times: {received} answers received of {asked} runs asked for, none uncharged");
}

/// Kills the server in the middle of bursts and starts it again; gives how many answers came whole, and how many were asked
/// for.
async fn cut_off(served: &mut Served, round: u64, bursts: Vec<JoinHandle<(u64, u64)>>) -> (u64, u64) {
    // Moments spread over the burst, the same in every run.
    tokio::time::sleep(Duration::from_millis(150 + round * 7919 % 380)).await;
    served.kill();
    let (mut received, mut asked) = (0, 0);
    for burst in bursts {
        let (answers, requests) = burst.await.unwrap();
        (received, asked) = (received + answers, asked + requests);
    }
    served.restart();
    (received, asked)
}

/// Asks until the server is gone; gives how many answers came whole, and how many were asked for.
async fn burst(client: Client, path: String, body: Value) -> (u64, u64) {
    let (mut received, mut asked) = (0, 0);
    loop {
        asked += 1;
        let request = client.request(reqwest::Method::POST, &path);
        let Ok(response) = request.json(&body).send().await else {
            return (received, asked);
        };
        let status = response.status();
        let Ok(text) = response.text().await else {
            return (received, asked);
        };
        assert!(status.is_success(), "{status}: {text}");
        received += 1;
    }
}

impl Client {
    async fn called(self, product: Value) -> crate::served::Reply {
        self.post(&calls_path(&product), &example_call(&product)).await
    }
}
