//! The sample district, served by the binary as anyone runs it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::load::Target;

const GONGSHU: &str = env!("CARGO_BIN_EXE_gongshu");
const FIRMS: &str = "20000";

/// A running district; killed when dropped.
pub(crate) struct District {
    process: Child,
    folder: PathBuf,
    pub(crate) call: Target,
    pub(crate) others: Vec<(String, Target)>,
}

impl Drop for District {
    fn drop(&mut self) {
        // A server that has ended already needs no ending.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl District {
    pub(crate) async fn start(folder: &Path) -> Result<Self> {
        let folder = folder.join("district");
        let lived = Command::new(GONGSHU)
            .args(["demo", "--once", "--firms", FIRMS, "--data"])
            .arg(&folder)
            .stdout(Stdio::null())
            .status()?;
        ensure!(lived.success(), "the sample district's lifecycle failed");
        let mut process = Command::new(GONGSHU)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(&folder)
            .stdout(Stdio::piped())
            .spawn()?;
        let output = BufReader::new(process.stdout.take().context("no output")?);
        let address = output
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.split_once("http://").map(|(_, address)| address.trim().to_owned()));
        let address: SocketAddr = address.context("the server did not say where it is")?.parse()?;
        let (call, others) = targets(address).await?;
        Ok(Self {
            process,
            folder,
            call,
            others,
        })
    }

    /// Kills the server and replays its whole record.
    pub(crate) fn stop_and_audit(mut self) -> Result<String> {
        self.process.kill()?;
        self.process.wait()?;
        let audit = Command::new(GONGSHU)
            .args(["audit", "replay", "--data"])
            .arg(&self.folder)
            .output()?;
        let said = String::from_utf8_lossy(&audit.stdout).trim().to_owned();
        if !audit.status.success() {
            bail!(
                "the audit after the run failed: {said}{}",
                String::from_utf8_lossy(&audit.stderr)
            );
        }
        Ok(said)
    }
}

async fn targets(address: SocketAddr) -> Result<(Target, Vec<(String, Target)>)> {
    let bank = Client::sign_in(address, "bank").await?;
    let products = bank.get("products").await?;
    let product = |name: &str| {
        let found = products["items"]
            .as_array()
            .and_then(|items| items.iter().find(|item| item["name"] == name));
        found.cloned().with_context(|| format!("no product {name}"))
    };
    let verification = product("企业登记核验")?;
    let parameters = verification["parameters"].as_array().context("no parameters")?;
    let parameters: serde_json::Map<String, Value> = parameters
        .iter()
        .filter_map(|parameter| Some((parameter["name"].as_str()?.to_owned(), parameter["example"].clone())))
        .collect();
    consent(address, &bank).await?;
    let key = bank.post("keys", &json!({"label": "bench"})).await?;
    let key = key["key"].as_str().context("no key")?;
    let target = |product: &Value, purpose: &str, parameters: Value| Target {
        address,
        path: format!("/api/v1/products/{}/calls", product["id"].as_str().unwrap_or_default()),
        headers: vec![("authorization", format!("Bearer {key}"))],
        body: json!({"purpose": purpose, "parameters": parameters}).to_string(),
    };
    let call = target(&verification, "信贷审核", Value::Object(parameters));
    let days = json!({"from": "2014-01-01", "until": "2014-01-07"});
    let daily = target(&product("空气质量日均指标")?, "环境信息服务", days);
    let income = target(&product("收入结构统计")?, "收入结构研究", json!({}));
    let others = vec![
        ("7-day air quality".to_owned(), daily),
        ("census statistics".to_owned(), income),
    ];
    Ok((call, others))
}

/// The sample's lifecycle ended with the consent withdrawn: the firm gives it again.
async fn consent(address: SocketAddr, bank: &Client) -> Result<()> {
    let firm = Client::sign_in(address, "firm").await?;
    let given = firm.get("consents").await?;
    let last = &given["items"][0];
    let command = json!({"command": "give_consent", "of": {
        "consumer": bank.party, "purpose": last["purpose"], "resource": last["resource"]["id"],
        "fields": last["fields"], "term": last["term"],
    }});
    firm.post("acts", &command).await?;
    Ok(())
}

/// A signed-in person.
struct Client {
    http: reqwest::Client,
    base: String,
    party: String,
}

impl Client {
    async fn sign_in(address: SocketAddr, login: &str) -> Result<Self> {
        let mut client = Self {
            http: reqwest::Client::builder().cookie_store(true).build()?,
            base: format!("http://{address}/api/v1"),
            party: String::new(),
        };
        let who = client
            .post("session", &json!({"login": login, "password": "gongshu-demo"}))
            .await?;
        client.party = who["party"]["id"]
            .as_str()
            .context("a session has no party")?
            .to_owned();
        Ok(client)
    }

    async fn get(&self, path: &str) -> Result<Value> {
        Ok(self
            .http
            .get(format!("{}/{path}", self.base))
            .send()
            .await?
            .json()
            .await?)
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let request = self
            .http
            .post(format!("{}/{path}", self.base))
            .header("x-gongshu", "1")
            .json(body);
        let response = request.send().await?;
        let (status, body) = (response.status(), response.json::<Value>().await?);
        ensure!(status.is_success(), "{path}: {status}: {body}");
        Ok(body)
    }
}
