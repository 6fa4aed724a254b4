//! The workbench over HTTP: who may work where, what a sample and a run tell, what is charged; and the way of an output
//! through its review.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::served::{Client, Served, calls_path};

const PURPOSE: &str = "收入结构研究";
const GROUPED: &str = "SELECT education, sex, income, count(*) AS persons, avg(hours_per_week) AS hours FROM census GROUP BY education, sex, income ORDER BY education, sex, income";
const COARSE: &str = "SELECT sex, count(*) AS persons FROM census GROUP BY sex ORDER BY sex";
/// Loses 0.4 of the budget of 1 each time.
const NOISY: &str = "SELECT avg(age) AS age FROM census";
const THRESHOLD: u64 = 10;
/// Answers with more rows than [`Bench::restrict`] allows.
const WIDE: &str = "SELECT education, sex, income, count(*) AS persons FROM census GROUP BY education, sex, income";
const ROWS_MAX: usize = 8;
const RUNS_MAX: u64 = 8;
const REFUSALS_MAX: u64 = 5;

/// A scenario over the census, in which the partner works, and everybody who has to do with it.
struct Bench {
    served: Served,
    partner: Client,
    operator: Client,
    agency: Client,
    supervisor: Client,
    scenario: String,
    resource: String,
    before: BTreeSet<PathBuf>,
}

impl Bench {
    /// Granted and approved; the partner is not engaged yet.
    async fn granted() -> Self {
        let served = Served::start();
        let partner = served.person("partner").await;
        let operator = served.person("operator").await;
        let agency = served.person("agency").await;
        let supervisor = served.person("supervisor").await;
        let bank = served.person("bank").await;
        let known = bank.named("products", "收入结构统计").await;
        let old = agency
            .named("scenarios", known["scenario"]["name"].as_str().unwrap())
            .await;
        let resource = old["resources"][0]["resource"]["id"].as_str().unwrap().to_owned();
        let of = json!({"agreement": old["agreement"]["id"], "name": "收入结构专题", "purpose": PURPOSE, "price_class": "public_welfare",
            "resources": {resource.as_str(): ["age", "education", "sex", "hours_per_week", "income"]},
            "tightened": {resource.as_str(): {"age": {"rule": "private", "functions": ["mean"], "rho_micro": 400_000, "low": 0, "high": 100}}},
            "consumer_class": "研究机构", "technique": "安全域内统计", "output_form": "统计表", "quota_calls_max": 1000, "term": old["term"]});
        let applied = operator.act("apply_scenario", of).await.ok();
        let scenario = applied["id"].as_str().unwrap().to_owned();
        operator.assess_risk(&applied["id"]).await;
        agency.act("grant_scenario", json!({"scenario": scenario})).await.ok();
        let provider = served.person("statistics").await;
        let approval = json!({"scenario": scenario, "resource": resource});
        provider.act("approve_resource", approval).await.ok();
        Self {
            before: kept(&served),
            served,
            partner,
            operator,
            agency,
            supervisor,
            scenario,
            resource,
        }
    }

    async fn open() -> Self {
        let bench = Self::granted().await;
        bench.engage().await;
        bench
    }

    async fn engage(&self) {
        let engagement = json!({"engagement": {"partner": self.partner.party["id"], "scenarios": [self.scenario],
            "joint_liability_sha256": "5e".repeat(32)}});
        self.operator.act("engage_partner", engagement).await.ok();
    }

    fn path(&self, what: &str) -> String {
        format!("workbench/scenarios/{}/{what}", self.scenario)
    }

    async fn run(&self, sql: &str) -> crate::served::Reply {
        self.partner.post(&self.path("runs"), &json!({"sql": sql})).await
    }

    async fn sample(&self, seed: u64) -> Value {
        let request = json!({"resource": self.resource, "rows": 50, "seed": seed});
        self.partner.post(&self.path("samples"), &request).await.ok()
    }

    async fn save(&self, sql: &str) -> Value {
        let request = json!({"scenario": self.scenario, "name": "教育与工时", "sql": sql});
        self.partner.post("workbench/queries", &request).await.ok()["id"].clone()
    }

    fn output(&self, kind: &str, query: &Value, previous: Option<&Value>) -> Value {
        json!({"kind": kind, "made_from": query, "title": "教育与工时统计", "justification": "供研究报告引用", "previous": previous})
    }

    /// Submits an output; what was measured of it is not opened to its submitter.
    async fn submit(&self, kind: &str, query: &Value, previous: Option<&Value>) -> Value {
        let output = self.output(kind, query, previous);
        let submitted = self.partner.post("workbench/outputs", &output).await.ok();
        assert_eq!(submitted["receipt"]["openings"], json!({}), "{submitted}");
        submitted["id"].clone()
    }

    /// Starts the server again with narrow limits, so that a control refuses on the data and a day is soon over.
    async fn restrict(&mut self) {
        self.served.kill();
        let data = self.served.data();
        fs::write(data.join("limits.toml"), format!("[query]\nrows_max = {ROWS_MAX}\n")).unwrap();
        let most = format!(
            "runs_per_day_max = {RUNS_MAX}\nrefusals_per_day_max = {REFUSALS_MAX}\nanswer_interval_millis = 0\n"
        );
        self.served.overlay("workbench.run", &most);
        self.served.restart();
        self.partner = self.served.person("partner").await;
        self.operator = self.served.person("operator").await;
        self.agency = self.served.person("agency").await;
        self.supervisor = self.served.person("supervisor").await;
    }

    /// The attempts that somebody is shown, of the partner.
    async fn attempts(&self, client: &Client) -> Value {
        let shown = client.get(&self.path("runs")).await.ok();
        let mut of = shown["items"].as_array().unwrap().iter();
        let partner = of.find(|of| of["party"]["id"] == self.partner.party["id"]);
        partner.cloned().unwrap_or_default()
    }

    /// The names of what waits in the domain, but what the sample district keeps.
    fn kept(&self) -> Vec<PathBuf> {
        let files = kept(&self.served).into_iter();
        files.filter(|file| !self.before.contains(file)).collect()
    }
}

fn kept(served: &Served) -> BTreeSet<PathBuf> {
    let folder = served.data().join("vault/.kept");
    let files = fs::read_dir(folder).into_iter().flatten();
    files.map(|file| file.unwrap().path()).collect()
}

/// However soon a run is done, its answer waits for the whole interval; what is refused before data is read does not.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_waits_for_a_whole_interval() {
    const INTERVAL: Duration = Duration::from_secs(8);
    let mut bench = Bench::open().await;
    bench.served.kill();
    let paced = format!(
        "runs_per_day_max = 9\nrefusals_per_day_max = 9\nanswer_interval_millis = {}\n",
        INTERVAL.as_millis()
    );
    bench.served.overlay("workbench.run", &paced);
    bench.served.restart();
    bench.partner = bench.served.person("partner").await;
    let asked = Instant::now();
    bench
        .run("SELECT hours_per_week FROM census")
        .await
        .refused_by(403, "flow.aggregate-only");
    assert!(asked.elapsed() < INTERVAL, "nothing was read");
    let asked = Instant::now();
    bench.run(GROUPED).await.ok();
    assert!(asked.elapsed() >= INTERVAL, "{:?}", asked.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_works_where_it_is_engaged_and_while_the_scenario_stands() {
    let bench = Bench::granted().await;
    bench.run(COARSE).await.refused_by(422, "partner.joint-liability");
    let bank = bench.served.person("bank").await;
    bank.post(&bench.path("runs"), &json!({"sql": COARSE}))
        .await
        .refused_by(403, "power.act");
    bench.engage().await;
    let listed = bench.partner.get(&bench.path("resources")).await.ok();
    let fields = listed["items"][0]["fields"].as_array().unwrap();
    let rules: Vec<(&str, &str)> = fields
        .iter()
        .map(|field| (text(&field["name"]), text(&field["release"]["rule"])))
        .collect();
    let narrowed = [
        ("age", "private"),
        ("education", "group"),
        ("sex", "group"),
        ("hours_per_week", "aggregate"),
        ("income", "group"),
    ];
    assert_eq!(rules, narrowed, "what the grant leaves of the resource");

    let freeze = json!({"scenario": bench.scenario, "reason": "异常访问"});
    bench.supervisor.act("freeze_scenario", freeze).await.ok();
    bench.run(COARSE).await.refused_by(403, "chain.frozen");
    let thaw = json!({"scenario": bench.scenario});
    bench.supervisor.act("thaw_scenario", thaw).await.ok();
    bench.run(COARSE).await.ok();
    assert_eq!(bench.served.audit().unwrap()["difference"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_tells_what_a_product_would_and_commits_to_what_it_asked() {
    let bench = Bench::open().await;
    let first = bench.run(GROUPED).await.ok();
    let again = bench.run(GROUPED).await.ok();
    assert_eq!(first["answer"], again["answer"], "the same query over the same data");
    let rows = first["answer"]["rows"].as_array().unwrap();
    assert!(rows.len() > 10 && rows.iter().all(|row| row[3].as_u64().unwrap() >= THRESHOLD));
    assert_eq!(first["recorded"]["act"], "query.run");
    let events = text(&first["recorded"]["receipt"]["openings"]["events"]["value"]);
    assert!(events.contains(text(&first["check"]["derivation_sha256"])), "{events}");
    assert!(!events.contains("SELECT"), "the record does not hold the SQL: {events}");
    check_commitment(&first["sql_opening"], events);

    let closed = bench
        .run("SELECT occupation, count(*) FROM census GROUP BY occupation")
        .await;
    let raw = bench.run("SELECT hours_per_week FROM census").await;
    for refused in [&closed, &raw] {
        let problem = refused.json();
        assert_eq!(refused.status.as_u16(), 403, "{}", refused.text);
        assert!(text(&problem["code"]).starts_with("flow."), "{}", refused.text);
    }
    assert_eq!(closed.json()["location"], json!({"line": 1, "column": 50}));
    assert!(
        raw.text.contains("avg(hours_per_week)"),
        "a rewrite is proposed: {}",
        raw.text
    );

    // The query of a product tells its developer what it tells its consumer.
    let bank = bench.served.person("bank").await;
    let product = bank.named("products", "收入结构统计").await;
    let call = json!({"purpose": PURPOSE, "parameters": {}});
    let called = bank.post(&calls_path(&product), &call).await.ok();
    let path = format!("workbench/scenarios/{}/runs", text(&product["scenario"]["id"]));
    let asked = json!({"sql": product["sql"]});
    let run = bench.operator.post(&path, &asked).await.ok();
    assert_eq!(run["answer"], called["answer"]);
    let elsewhere = bench.partner.post(&path, &asked).await;
    elsewhere.refused_by(422, "partner.joint-liability");
    assert_eq!(bench.served.audit().unwrap()["difference"], Value::Null);
}

/// What the developer got opens what the record commits to.
fn check_commitment(opening: &Value, events: &str) {
    check_opening(opening, GROUPED, events);
}

fn check_opening(opening: &Value, sql: &str, events: &str) {
    let mut salt = [0; 16];
    hex::decode_to_slice(text(&opening["salt"]), &mut salt).unwrap();
    assert_eq!(opening["value"], sql);
    let commitment =
        gongshu_ledger::Commitment::new(gongshu_ledger::Suite::International, &salt, sql.as_bytes()).to_string();
    assert!(events.contains(&commitment), "{events}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_binds_parameters_as_a_call_of_its_product_does() {
    let bench = Bench::open().await;
    let of_sex =
        "SELECT education, count(*) AS persons FROM census WHERE sex = $1 GROUP BY education ORDER BY education";
    let literal = of_sex.replace("$1", "'Female'");
    let stated = json!([{"name": "sex", "type": "text", "meaning": "性别", "example": "Female"}]);
    let run = |values: Value| {
        let request = json!({"sql": of_sex, "parameters": stated, "values": values});
        let (partner, path) = (&bench.partner, bench.path("runs"));
        async move { partner.post(&path, &request).await }
    };
    let bound = run(json!({"sex": "Female"})).await.ok();
    assert_eq!(bound["answer"], bench.run(&literal).await.ok()["answer"]);
    // A value is no SQL, and the check knows nothing of it: one derivation for all values.
    let hostile = run(json!({"sex": "x' OR '1' = '1"})).await.ok();
    assert_eq!(hostile["answer"]["rows"], json!([]));
    assert_eq!(
        hostile["check"]["derivation_sha256"],
        bound["check"]["derivation_sha256"]
    );
    let events = text(&bound["recorded"]["receipt"]["openings"]["events"]["value"]);
    assert!(!events.contains("Female"), "{events}");
    let opened: Value = serde_json::from_str(text(&bound["sql_opening"]["value"])).unwrap();
    assert_eq!(opened, json!({"sql": of_sex, "values": {"sex": "Female"}}));
    check_opening(&bound["sql_opening"], text(&bound["sql_opening"]["value"]), events);
    for values in [json!({}), json!({"sex": 7.5, "age": 1}), json!({"sex": ["Female"]})] {
        run(values).await.refused_by(422, "record.input");
    }
    bench.run(of_sex).await.refused_by(403, "flow.not-a-query");

    // Saved with its parameters, its output is made with values, which the reviewer sees.
    let request = json!({"scenario": bench.scenario, "name": "按性别", "sql": of_sex, "parameters": stated});
    let saved = bench.partner.post("workbench/queries", &request).await.ok()["id"].clone();
    assert_eq!(
        bench.partner.get("workbench/queries").await.ok()["items"][0]["parameters"],
        stated
    );
    let mut output = bench.output("report", &saved, None);
    let refused = bench.partner.post("workbench/outputs", &output).await;
    refused.refused_by(422, "record.input");
    output["values"] = json!({"sex": "Female"});
    let output = bench.partner.post("workbench/outputs", &output).await.ok()["id"].clone();
    let shown = bench.agency.get(&review_of(&output)).await.ok();
    assert_eq!(shown["values"], json!({"sex": "Female"}));
    let content = String::from_utf8(STANDARD.decode(text(&shown["content"])).unwrap()).unwrap();
    assert!(content.contains("- sex = Female"), "{content}");
    assert_eq!(bench.served.audit().unwrap()["difference"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_on_record_and_shown_to_developer_reviewer_and_supervisor() {
    let mut bench = Bench::open().await;
    bench.restrict().await;
    // Refused by the check: rule, column and place, and nothing of the query but what commits to it.
    let closed = bench
        .run("SELECT occupation, 'zq' AS n, count(*) FROM census GROUP BY occupation")
        .await;
    closed.refused_by(403, "flow.not-granted");
    let problem = closed.json();
    let events = text(&problem["receipt"]["openings"]["events"]["value"]);
    assert!(
        events.contains("\"flow.not-granted\"") && events.contains("occupation"),
        "{events}"
    );
    assert!(!events.contains("SELECT") && !events.contains("zq"), "{events}");
    let opening = &problem["sql_opening"];
    check_opening(opening, text(&opening["value"]), events);
    // Refused on the data: how many groups there are is more than may be told.
    let wide = bench.run(WIDE).await;
    assert_eq!(
        (wide.status.as_u16(), &wide.json()["code"]),
        (422, &json!("query.limit"))
    );
    assert!(wide.json()["receipt"]["index"].is_number(), "{}", wide.text);
    bench.run(COARSE).await.ok();
    let saved = bench.save(WIDE).await;
    let output = bench.output("report", &saved, None);
    let refused = bench.partner.post("workbench/outputs", &output).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);
    assert!(bench.kept().is_empty());

    for client in [&bench.partner, &bench.operator, &bench.agency, &bench.supervisor] {
        let shown = bench.attempts(client).await;
        let tally = json!({"attempts": 4, "answered": 1, "open": 0, "refused_on_data": 2,
            "refused": [{"control": "check", "count": 1}, {"control": "rows", "count": 2}]});
        assert_eq!(shown["tally"], tally);
        let told: Vec<(&str, &str, &str)> = shown["newest"]
            .as_array()
            .unwrap()
            .iter()
            .map(|run| {
                (
                    text(&run["kind"]),
                    text(&run["state"]),
                    run["refused"]["control"].as_str().unwrap_or(""),
                )
            })
            .collect();
        let expected = [
            ("output", "refused", "rows"),
            ("query", "answered", ""),
            ("query", "refused", "rows"),
            ("query", "refused", "check"),
        ];
        assert_eq!(told, expected);
        assert_eq!(
            shown["newest"][3]["refused"]["location"],
            json!({"line": 1, "column": 61})
        );
        assert_eq!(shown["newest"][3]["refused"]["column"], "census.occupation");
    }
    let bank = bench.served.person("bank").await;
    assert_eq!(bank.get(&bench.path("runs")).await.ok()["items"], json!([]));

    // What has been attempted stands beside the figures of an output.
    let coarse = bench.save(COARSE).await;
    let output = bench.submit("report", &coarse, None).await;
    let shown = bench.agency.get(&review_of(&output)).await.ok();
    assert_eq!(shown["attempts"]["attempts"], 5);
    assert_eq!(shown["attempts"]["refused_on_data"], 2);
    assert_eq!(bench.served.audit().unwrap()["difference"], Value::Null);
    // The saved state and the record say the same after a crash.
    let before = bench.attempts(&bench.partner).await;
    bench.served.kill();
    bench.served.restart();
    bench.partner = bench.served.person("partner").await;
    assert_eq!(bench.attempts(&bench.partner).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn probing_by_refusals_comes_to_an_end() {
    let mut bench = Bench::open().await;
    bench.restrict().await;
    // Many at once, so that none slips through between its beginning and its record.
    let probes = (0..3 * RUNS_MAX).map(|number| {
        let sql = format!("{WIDE} -- {number}");
        let bench = &bench;
        async move { bench.run(&sql).await }
    });
    let replies = futures::future::join_all(probes).await;
    let told = |code: &str| replies.iter().filter(|reply| reply.json()["code"] == code).count() as u64;
    assert_eq!(told("query.limit"), RUNS_MAX, "{replies:?}");
    assert_eq!(told("workbench.run"), 2 * RUNS_MAX);
    bench.run(COARSE).await.refused_by(422, "workbench.run");
    let shown = bench.attempts(&bench.supervisor).await;
    assert_eq!(shown["today"]["runs"], RUNS_MAX);
    assert_eq!(shown["tally"]["refused_on_data"], RUNS_MAX);
    assert_eq!(
        shown["today"]["refusals"], REFUSALS_MAX,
        "the record of refusals is bounded too"
    );
    assert_eq!(shown["tally"]["attempts"], RUNS_MAX + REFUSALS_MAX);
    assert_eq!(bench.served.audit().unwrap()["difference"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn samples_are_synthetic_and_noise_is_charged_until_the_budget_is_spent() {
    let bench = Bench::open().await;
    let (sample, same, other) = (bench.sample(7).await, bench.sample(7).await, bench.sample(8).await);
    assert_eq!(sample["synthetic"], true);
    assert_eq!(sample["rows"], same["rows"]);
    assert_ne!(sample["rows"], other["rows"]);
    let columns = sample["columns"].as_array().unwrap();
    let drawn: Vec<(&str, &str)> = columns
        .iter()
        .map(|column| (text(&column["name"]), text(&column["drawn_from"])))
        .collect();
    let expected = [
        ("age", "placeholder"),
        ("education", "counts"),
        ("sex", "counts"),
        ("hours_per_week", "mean"),
        ("income", "counts"),
    ];
    assert_eq!(drawn, expected, "what costs a budget is not asked");
    let sexes = bench.run(COARSE).await.ok();
    let known: Vec<&Value> = sexes["answer"]["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row[0])
        .collect();
    for row in sample["rows"].as_array().unwrap() {
        assert!(known.contains(&&row[2]), "{row}");
        let hours = row[3].as_f64().unwrap();
        assert!((15.0..65.0).contains(&hours), "around the mean: {row}");
    }

    for _ in 0..2 {
        bench.run(NOISY).await.ok();
    }
    bench.run(NOISY).await.refused_by(422, "output.private");
    let query = bench.save(NOISY).await;
    let output = bench.output("report", &query, None);
    bench
        .partner
        .post("workbench/outputs", &output)
        .await
        .refused_by(422, "output.private");
    assert!(bench.kept().is_empty(), "nothing is kept of what was refused");
    assert_eq!(bench.served.audit().unwrap()["difference"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_returned_output_is_destroyed_and_its_next_version_leaves_after_two_reviews() {
    let bench = Bench::open().await;
    let fine = bench.save(GROUPED).await;
    let first = bench.submit("data_set", &fine, None).await;
    bench
        .partner
        .get(&review_of(&first))
        .await
        .refused_by(404, "record.unknown");
    let own = bench.partner.get("workbench/outputs").await.ok();
    assert_eq!(own["items"][0]["checks"][0]["measured"], Value::Null, "{own}");
    assert_eq!(own["items"][0]["checks"][0]["passed"], true, "{own}");
    let tasks = bench.agency.get("tasks").await.ok();
    assert!(tasks.to_string().contains("output.review"), "{tasks}");

    let shown = bench.agency.get(&review_of(&first)).await.ok();
    let content = String::from_utf8(STANDARD.decode(text(&shown["content"])).unwrap()).unwrap();
    assert!(content.starts_with("education,sex,income,persons,hours\n"), "{content}");
    assert!(shown["figures"]["smallest"].as_u64().unwrap() >= THRESHOLD, "{shown}");
    assert!(shown["figures"]["suppressed"].as_u64().unwrap() > 0, "{shown}");
    let derivation = (&shown["derivation_as_recorded"], &shown["changes"]);
    assert_eq!(derivation, (&json!(true), &Value::Null));
    for file in bench.kept() {
        let bytes = fs::read(file).unwrap();
        assert!(
            !bytes.windows(9).any(|window| window == b"education"),
            "kept in the clear"
        );
    }
    bench.agency.act("review_output", decided(&shown, "change")).await.ok();
    assert!(bench.kept().is_empty(), "what is returned is destroyed");

    let coarse = bench.save(COARSE).await;
    let second = bench.submit("data_set", &coarse, Some(&first)).await;
    let shown = bench.agency.get(&review_of(&second)).await.ok();
    let changes = shown["changes"].to_string();
    assert!(changes.contains("- ") && changes.contains("education"), "{changes}");
    assert_eq!(shown["output"]["number"], 2);
    let early = bench.partner.post(&collection_of(&second), &json!({})).await;
    early.refused_by(409, "record.state");
    let release = decided(&shown, "release");
    bench.agency.act("review_output", release.clone()).await.ok();
    let alone = bench.agency.act("review_output", release.clone()).await;
    alone.refused_by(422, "output.review");
    bench.operator.act("review_output", release).await.ok();
    let collected = bench.partner.post(&collection_of(&second), &json!({})).await.ok();
    assert_eq!(
        collected["content"], shown["content"],
        "what leaves is what was reviewed"
    );
    assert_eq!(collected["recorded"]["act"], "output.collect");
    let stranger = bench.operator.post(&collection_of(&second), &json!({})).await;
    stranger.refused_by(403, "power.act");
    assert_eq!(bench.served.audit().unwrap()["difference"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_content_and_what_a_crash_left_are_destroyed_and_released_content_stays() {
    let mut bench = Bench::open().await;
    let coarse = bench.save(COARSE).await;
    let [refused, released] = [
        bench.submit("report", &coarse, None).await,
        bench.submit("report", &coarse, None).await,
    ];
    for (output, decision) in [(&refused, "refuse"), (&released, "release")] {
        let shown = bench.operator.get(&review_of(output)).await.ok();
        let decided = decided(&shown, decision);
        bench.operator.act("review_output", decided).await.ok();
    }
    let gone = bench.operator.get(&review_of(&refused)).await;
    gone.refused_by(404, "record.unknown");
    assert_eq!(bench.kept().len(), 2, "the key and the content of what was released");

    bench.served.kill();
    let leftover = bench.served.data().join("vault/.kept/out_leftover.sealed");
    fs::write(&leftover, b"sealed").unwrap();
    bench.served.restart();
    assert!(!leftover.exists());
    let partner = bench.served.person("partner").await;
    let collected = partner.post(&collection_of(&released), &json!({})).await.ok();
    let content = String::from_utf8(STANDARD.decode(text(&collected["content"])).unwrap()).unwrap();
    assert!(content.starts_with("# 教育与工时统计\n"), "{content}");
    let withdrawal = json!({"output": released, "reason": "已领取"});
    partner.act("withdraw_output", withdrawal).await.ok();
    assert!(bench.kept().is_empty());
    assert_eq!(bench.served.audit().unwrap()["difference"], Value::Null);
}

fn review_of(output: &Value) -> String {
    format!("workbench/outputs/{}/review", text(output))
}

fn collection_of(output: &Value) -> String {
    format!("workbench/outputs/{}/collection", text(output))
}

/// A decision on what a reviewer was shown.
fn decided(shown: &Value, decision: &str) -> Value {
    json!({"output": shown["output"]["id"], "content_sha256": shown["output"]["content_sha256"],
        "decision": decision, "reason": "已核对推导与指标"})
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
