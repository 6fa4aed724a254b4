//! Calling a product of a served district.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use serde_json::{Value, json};

use crate::remote::{Remote, word};
use crate::site::say;

/// What is called, and how.
#[derive(Args)]
pub(crate) struct Options {
    /// Id or name of the product.
    product: String,
    /// Parameters, such as `from=2014-01-01`.
    #[arg(value_parser = parameter)]
    parameters: Vec<(String, String)>,
    #[command(flatten)]
    remote: Remote,
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
    let product = product(options).await?;
    let purpose = options.purpose.as_deref().or(product["scenario"]["purpose"].as_str());
    let parameters: BTreeMap<&String, &String> = options.parameters.iter().map(|(name, value)| (name, value)).collect();
    let path = format!("products/{}/calls", product["id"].as_str().unwrap_or_default());
    let mut request = options
        .remote
        .post(&path)?
        .json(&json!({"purpose": purpose, "parameters": parameters}));
    if let Some(key) = &options.idempotency_key {
        request = request.header("idempotency-key", key);
    }
    let text = options.remote.send(request).await?;
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
async fn product(options: &Options) -> Result<Value> {
    let items = options.remote.list("products").await?;
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

fn print(response: &Value) {
    print_answer(&response["answer"]);
    say(&format!(
        "收据 receipt #{}，费用 fee {} 元",
        response["receipt"]["index"],
        word(&response["fee"])
    ));
}

/// The rows of an answer, a line each.
pub(crate) fn print_answer(answer: &Value) {
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
}
