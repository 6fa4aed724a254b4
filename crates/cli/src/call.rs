//! Calling a product of a served district.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::site::say;

/// What is called, and how.
#[derive(Args)]
pub(crate) struct Options {
    /// Id or name of the product.
    product: String,
    /// Parameters, such as `from=2014-01-01`.
    #[arg(value_parser = parameter)]
    parameters: Vec<(String, String)>,
    /// Address of the district, reached over plain HTTP: a server on this machine, or a TLS proxy beside it.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    server: String,
    /// API key; `POST /api/v1/keys` or the portal issues one.
    #[arg(long, env = "GONGSHU_KEY", hide_env_values = true)]
    key: String,
    /// Purpose of the use; the scenario's own where it is left out.
    #[arg(long)]
    purpose: Option<String>,
    /// Your own key for this call: a repeat with it is answered again and charged once.
    #[arg(long)]
    idempotency_key: Option<String>,
    /// Save answer and receipt here, as `gongshu verify` checks them.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Print the whole response.
    #[arg(long)]
    json: bool,
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("a parameter is written NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Calls, and prints the answer; a refusal is told with its rule, source and remedy.
pub(crate) async fn run(options: &Options) -> Result<()> {
    ensure!(
        options.server.starts_with("http://"),
        "`{}` is no plain HTTP address; put a TLS proxy on this machine in front of other servers",
        options.server
    );
    let client = Client::new();
    let base = format!("{}/api/v1", options.server.trim_end_matches('/'));
    let product = product(&client, &base, options).await?;
    let purpose = options.purpose.as_deref().or(product["scenario"]["purpose"].as_str());
    let parameters: BTreeMap<&String, &String> = options.parameters.iter().map(|(name, value)| (name, value)).collect();
    let path = format!("{base}/products/{}/calls", product["id"].as_str().unwrap_or_default());
    let mut request = client
        .post(path)
        .json(&json!({"purpose": purpose, "parameters": parameters}));
    if let Some(key) = &options.idempotency_key {
        request = request.header("idempotency-key", key);
    }
    let text = body(send(request, options).await?).await?;
    if let Some(out) = &options.out {
        // As it came: the receipt commits to the exact text.
        fs::write(out, &text).with_context(|| format!("{} cannot be written", out.display()))?;
    }
    if options.json {
        say(&text);
    } else {
        print(&serde_json::from_str(&text)?);
    }
    Ok(())
}

/// The product of this id or name.
async fn product(client: &Client, base: &str, options: &Options) -> Result<Value> {
    let list = body(send(client.get(format!("{base}/products")), options).await?).await?;
    let list: Value = serde_json::from_str(&list)?;
    let items = list["items"].as_array().cloned().unwrap_or_default();
    let wanted = |item: &&Value| item["id"] == *options.product || item["name"] == *options.product;
    let found = items.iter().find(wanted).cloned();
    found.with_context(|| {
        let names: Vec<&str> = items.iter().filter_map(|item| item["name"].as_str()).collect();
        format!(
            "there is no product `{}`; there are: {}",
            options.product,
            names.join("、")
        )
    })
}

async fn send(request: RequestBuilder, options: &Options) -> Result<Response> {
    let sent = request.bearer_auth(&options.key).send().await;
    sent.with_context(|| format!("{} cannot be reached", options.server))
}

/// The body of a success; a problem becomes an error that says what to do.
async fn body(response: Response) -> Result<String> {
    let status = response.status();
    let text = response.text().await?;
    if status.is_success() {
        return Ok(text);
    }
    let problem: Value = serde_json::from_str(&text).unwrap_or_default();
    let refusal = &problem["refusal"];
    match refusal["rule"].as_str() {
        Some(rule) => bail!(
            "拒绝 refused [{rule}] {} / {}\n依据 source: {} {}\n处理 remedy: {} / {}",
            word(&refusal["message"]["zh"]),
            word(&refusal["message"]["en"]),
            word(&refusal["source"]),
            word(&refusal["article"]),
            word(&refusal["remedy"]["zh"]),
            word(&refusal["remedy"]["en"]),
        ),
        None => bail!("{status}: {}", problem["detail"].as_str().unwrap_or(&text)),
    }
}

fn print(response: &Value) {
    let answer = &response["answer"];
    let none = Vec::new();
    let columns = answer["columns"].as_array().unwrap_or(&none).iter();
    say(&columns
        .map(|column| word(&column["name"]))
        .collect::<Vec<_>>()
        .join("\t"));
    for row in answer["rows"].as_array().unwrap_or(&none) {
        let cells = row.as_array().unwrap_or(&none).iter();
        say(&cells.map(word).collect::<Vec<_>>().join("\t"));
    }
    say(&format!(
        "收据 receipt #{}，费用 fee {} 元",
        response["receipt"]["index"],
        word(&response["fee"])
    ));
}

/// A value without the quotes of a text.
fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
