//! A served sample district, and people and machines that talk to it over HTTP.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

const GONGSHU: &str = env!("CARGO_BIN_EXE_gongshu");
const FIRMS: &str = "1000";
pub(crate) const PASSWORD: &str = "gongshu-demo";

/// A sample district that has lived its lifecycle; served until it is dropped.
pub(crate) struct Served {
    folder: TempDir,
    process: Child,
    /// The database, where it is not a file in the folder.
    store: Option<String>,
    /// What every command is given beside its own.
    environment: Vec<(String, String)>,
    /// Further servers on the same district.
    others: Vec<Child>,
    pub(crate) base: String,
    /// When the demo had lived its lifecycle: what is older is the demo's.
    pub(crate) began: std::time::SystemTime,
}

impl Served {
    pub(crate) fn start() -> Self {
        Self::start_on(None)
    }

    /// The same on a database of its own.
    pub(crate) fn start_on(store: Option<String>) -> Self {
        Self::start_with(store, &[], Vec::new())
    }

    /// The same, set up with another crypto suite.
    pub(crate) fn of_suite(suite: &str) -> Self {
        Self::start_with(None, &["--suite", suite], Vec::new())
    }

    /// The same with further options of the demo, in this environment.
    pub(crate) fn start_with(store: Option<String>, options: &[&str], environment: Vec<(String, String)>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("district");
        let demo = ["demo", "--once", "--one-day", "--firms", FIRMS, "--data"];
        let lived = Command::new(GONGSHU)
            .args(demo)
            .arg(&data)
            .args(at(&store))
            .args(options)
            .envs(environment.clone())
            .output()
            .unwrap();
        assert!(lived.status.success(), "{}", String::from_utf8_lossy(&lived.stderr));
        let began = std::time::SystemTime::now();
        let (process, base) = serve(&data, &store, &[], &environment);
        Self {
            folder,
            began,
            process,
            store,
            environment,
            others: Vec::new(),
            base,
        }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("district")
    }

    /// Ends the server without a chance to tidy up.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Lays a rule with these parameters over the national ones, from the next start on.
    pub(crate) fn overlay(&self, rule: &str, parameters: &str) {
        let folder = self.data().join("rules");
        std::fs::create_dir_all(&folder).unwrap();
        let pack = format!(
            "[pack]\nid = \"own\"\ntitle = \"本区补充\"\n[sources]\n\"平台\" = \"平台\"\n[rules.\"{rule}\"]\nsource = \"平台\"\n\
             article = \"本区\"\nconfidence = \"L\"\nzh = \"本区参数\"\nen = \"the district's own values\"\n\
             [rules.\"{rule}\".parameters]\n{parameters}"
        );
        std::fs::write(folder.join("own.toml"), pack).unwrap();
    }

    pub(crate) fn restart(&mut self) {
        self.restart_with(&[]);
    }

    pub(crate) fn restart_with(&mut self, options: &[&str]) {
        (self.process, self.base) = serve(&self.data(), &self.store, options, &self.environment);
    }

    /// Asserts that a product answers, and after a kill as before.
    pub(crate) async fn answers_alike_after_a_kill(&mut self, product: &str) {
        let before = self.machine().await.answer_of(product).await;
        assert!(!before.is_null());
        self.kill();
        self.restart();
        assert_eq!(self.machine().await.answer_of(product).await, before);
    }

    /// Starts it again, if what is left of it can be served.
    pub(crate) fn restart_if_it_can(&mut self) -> bool {
        let data = self.data();
        match try_serve(&data, &self.store, &[], &self.environment) {
            Ok(served) => {
                (self.process, self.base) = served;
                true
            }
            Err(refused) => {
                self.process = refused;
                assert_eq!(self.ended(), Some(1), "it says why, and ends");
                false
            }
        }
    }

    /// Starts it again with these environment variables.
    pub(crate) fn restart_under(&mut self, environment: &[(&str, String)]) {
        let added = environment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        let environment: Vec<_> = self.environment.iter().cloned().chain(added).collect();
        (self.process, self.base) = serve(&self.data(), &self.store, &[], &environment);
    }

    /// Waits for a server that ends by itself; gives its exit code.
    pub(crate) fn ended(&mut self) -> Option<i32> {
        self.process.wait().unwrap().code()
    }

    /// Stops the process where it is, as a machine that hangs.
    pub(crate) fn hang(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub(crate) fn wake(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill")
            .arg(signal)
            .arg(self.process.id().to_string())
            .status();
        assert!(sent.unwrap().success());
    }

    /// The address of its database.
    pub(crate) fn database(&self) -> String {
        let file = || format!("sqlite://{}/district.db", self.data().display());
        self.store.clone().unwrap_or_else(file)
    }

    /// Starts one more server on the same district; gives its address.
    pub(crate) fn another(&mut self) -> String {
        let (process, base) = serve(&self.data(), &self.store, &[], &self.environment);
        self.others.push(process);
        base
    }

    /// The log's prefix.
    pub(crate) fn log(&self) -> String {
        self.base.replace("/api/v1", "/log")
    }

    /// Replays the whole record; the server must be down, or idle.
    pub(crate) fn audit(&self) -> Result<Value, String> {
        let replayed = Command::new(GONGSHU)
            .args(["audit", "replay", "--json", "--data"])
            .arg(self.data())
            .args(at(&self.store))
            .output()
            .unwrap();
        if replayed.status.success() {
            Ok(serde_json::from_slice(&replayed.stdout).unwrap())
        } else {
            Err(String::from_utf8_lossy(&replayed.stderr).into_owned())
        }
    }

    pub(crate) fn log_key(&self) -> gongshu_ledger::VerifierKey {
        let secret = std::fs::read_to_string(self.data().join("log.key")).unwrap();
        let signer = gongshu_ledger::NoteSigner::from_secret_text(secret.trim()).unwrap();
        signer.verifier_key()
    }

    pub(crate) async fn person(&self, login: &str) -> Client {
        let http = reqwest::Client::builder().cookie_store(true).build().unwrap();
        let mut client = Client {
            http,
            base: self.base.clone(),
            key: None,
            party: Value::Null,
        };
        let session = client
            .post("session", &json!({"login": login, "password": PASSWORD}))
            .await;
        client.party = session.ok()["party"].clone();
        client
    }

    /// The bank's machine, by an API key of its own.
    pub(crate) async fn machine(&self) -> Client {
        let bank = self.person("bank").await;
        let issued = bank.post("keys", &json!({"label": "test"})).await.ok();
        Client {
            http: reqwest::Client::new(),
            base: self.base.clone(),
            key: Some(issued["key"].as_str().unwrap().to_owned()),
            party: bank.party,
        }
    }

    /// Has the operator submit this product, its head list it, and the bank subscribe to it; it is free.
    pub(crate) async fn sells(&self, request: Value, purpose: &str) -> Value {
        let (operator, head, bank) = tokio::join!(
            self.person("operator"),
            self.person("operator-head"),
            self.person("bank")
        );
        operator.post("products", &request).await.ok();
        let product = operator.named("products", request["name"].as_str().unwrap()).await;
        head.act("list_product", json!({"product": product["id"]})).await.ok();
        let order = json!({"product": product["id"], "purpose": purpose, "quota_calls_max": 1_000_000});
        bank.act("subscribe", order).await.ok();
        product
    }

    /// The demo's firm gives its consent again; gives its id.
    pub(crate) async fn consent(&self) -> String {
        let firm = self.person("firm").await;
        let bank = self.person("bank").await;
        let last = firm.get("consents").await.ok()["items"][0].clone();
        let of = json!({"consumer": bank.party["id"], "purpose": last["purpose"], "resource": last["resource"]["id"],
            "fields": last["fields"], "term": last["term"]});
        let given = firm.act("give_consent", of).await.ok();
        given["id"].as_str().unwrap().to_owned()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // One that has ended already needs no ending.
        for process in std::iter::once(&mut self.process).chain(&mut self.others) {
            drop(process.kill());
            drop(process.wait());
        }
    }
}

/// The option that names a database.
fn at(store: &Option<String>) -> Vec<&str> {
    store.iter().flat_map(|store| ["--store", store]).collect()
}

fn serve(
    data: &std::path::Path,
    store: &Option<String>,
    options: &[&str],
    environment: &[(String, String)],
) -> (Child, String) {
    try_serve(data, store, options, environment).unwrap()
}

/// The server and its address; the process alone where it ends without serving.
fn try_serve(
    data: &std::path::Path,
    store: &Option<String>,
    options: &[&str],
    environment: &[(String, String)],
) -> Result<(Child, String), Child> {
    let mut process = Command::new(GONGSHU)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .args(at(store))
        .args(options)
        .envs(environment.iter().cloned())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let address = lines
        .map_while(Result::ok)
        .find_map(|line| line.split_once("http://").map(|(_, address)| address.trim().to_owned()));
    match address {
        Some(address) => Ok((process, format!("http://{address}/api/v1"))),
        None => Err(process),
    }
}

/// Someone who sends requests.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) base: String,
    pub(crate) key: Option<String>,
    pub(crate) party: Value,
}

/// A response, read whole.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) async fn of(response: Response) -> Self {
        let status = response.status();
        Self {
            status,
            text: response.text().await.unwrap(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// What was asked for; anything else fails the test.
    pub(crate) fn ok(&self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text);
        self.json()
    }

    /// Asserts that a rule refused, with all that a refusal owes its reader.
    pub(crate) fn refused_by(&self, status: u16, rule: &str) {
        let problem = self.json();
        assert_eq!(
            (self.status.as_u16(), problem["code"].as_str()),
            (status, Some(rule)),
            "{}",
            self.text
        );
        for member in ["rule", "source", "article"] {
            assert!(
                problem["refusal"][member].as_str().is_some_and(|text| !text.is_empty()),
                "{}",
                self.text
            );
        }
        for text in ["message", "remedy"] {
            for language in ["zh", "en"] {
                let text = problem["refusal"][text][language].as_str();
                assert!(text.is_some_and(|text| !text.is_empty()), "{}", self.text);
            }
        }
    }
}

impl Client {
    pub(crate) fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        let request = self
            .http
            .request(method, format!("{}/{path}", self.base))
            .header("x-gongshu", "1");
        match &self.key {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        Reply::of(self.request(reqwest::Method::GET, path).send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        Reply::of(
            self.request(reqwest::Method::POST, path)
                .json(body)
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    /// Assesses the risks of a scenario, as low as they go.
    pub(crate) async fn assess_risk(&self, scenario: &Value) {
        let finding = json!({"likelihood": 1, "impact": 2, "measure": "安全域内受控查询"});
        let names = ["涉及个人信息的调用", "涉及商业秘密的调用", "异常访问", "大批量调用"];
        let risks: serde_json::Map<String, Value> = names
            .map(|name| (name.to_owned(), finding.clone()))
            .into_iter()
            .collect();
        let of = json!({"scenario": scenario, "risks": risks, "document_sha256": "a1".repeat(32)});
        self.act("assess_risk", of).await.ok();
    }

    /// Has a resource of its own on record as one that was registered before the platform.
    pub(crate) async fn registered_earlier(&self, agency: &Client, resource: &Value, code: &str) {
        let of = json!({"thing": {"kind": "resource", "resource": resource}, "registration_type": "first", "reason": "存量补录",
            "materials": [{"name": "来源合法性说明", "document_sha256": "ab".repeat(32)}],
            "earlier": {"registrar": "市登记机构", "code": code, "registered_sha256": "e1".repeat(32),
                "publicized_sha256": "e2".repeat(32), "publicity": {"from": "2026-01-05", "until": "2026-01-16"},
                "valid": {"from": "2026-01-19", "until": "2029-01-18"}}});
        let applied = self.act("apply_registration", of).await.ok();
        for command in ["accept_registration", "review_registration"] {
            let step = json!({"registration": applied["id"], "passed": true});
            agency.act(command, step).await.ok();
        }
    }

    pub(crate) async fn act(&self, command: &str, of: Value) -> Reply {
        self.post("acts", &json!({"command": command, "of": of})).await
    }

    /// The act that waits for the party on this thing.
    pub(crate) async fn waits(&self, id: &Value) -> Option<String> {
        let tasks = self.get("tasks").await.ok();
        let mut items = tasks["items"].as_array().unwrap().iter();
        let found = items.find(|task| task["subject"]["id"] == *id)?;
        Some(found["act"].as_str().unwrap().to_owned())
    }

    /// What a product of this name answers to its example.
    pub(crate) async fn answer_of(&self, product: &str) -> Value {
        let product = self.named("products", product).await;
        let called = self.post(&calls_path(&product), &example_call(&product)).await.ok();
        called["answer"].clone()
    }

    /// The item of a list with this name.
    pub(crate) async fn named(&self, list: &str, name: &str) -> Value {
        let items = self.get(list).await.ok()["items"].clone();
        let found = items.as_array().unwrap().iter().find(|item| item["name"] == name);
        found.unwrap_or_else(|| panic!("no {name} in {list}")).clone()
    }
}

/// The call of a product with the example of each of its parameters.
pub(crate) fn example_call(product: &Value) -> Value {
    let parameters = product["parameters"].as_array().unwrap().iter();
    let parameters: serde_json::Map<String, Value> = parameters
        .map(|parameter| {
            (
                parameter["name"].as_str().unwrap().to_owned(),
                parameter["example"].clone(),
            )
        })
        .collect();
    json!({"purpose": product["scenario"]["purpose"], "parameters": parameters})
}

pub(crate) fn calls_path(product: &Value) -> String {
    format!("products/{}/calls", product["id"].as_str().unwrap())
}
