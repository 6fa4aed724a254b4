//! Governance acts at a served district: which there are, what each asks for, and doing one.

use std::fs;
use std::io::{Read, stdin};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use serde_json::{Map, Value, json};

use crate::remote::{Remote, word};
use crate::site::say;

/// Which act, and what it carries.
#[derive(Args)]
pub(crate) struct Options {
    /// Name of the command, such as `grant_scenario`; without one, all are listed.
    command: Option<String>,
    /// What it carries, such as `scenario=scn_…`; anything but text is written as JSON.
    #[arg(value_parser = member, value_name = "NAME=VALUE")]
    members: Vec<(String, String)>,
    /// What it carries as a JSON file, `-` for standard input; members given beside it come over it.
    #[arg(long, value_name = "FILE")]
    of: Option<PathBuf>,
    /// Show what the command asks for, and do nothing.
    #[arg(long)]
    form: bool,
    /// Revision of the thing that you saw: another's act in between is told.
    #[arg(long)]
    seen: Option<u64>,
    #[command(flatten)]
    remote: Remote,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

fn member(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("a member is written NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Lists, shows or does.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let forms = options.remote.list("acts").await?;
    let Some(command) = &options.command else {
        return list(&forms, options.json);
    };
    let Some(form) = forms.iter().find(|form| form["command"] == **command) else {
        bail!(
            "没有命令 `{command}`；`gongshu act` 列出全部 / there is no command `{command}`; `gongshu act` lists them"
        );
    };
    if options.form {
        return show(form, options.json);
    }
    if let Some(request) = form["request"].as_str() {
        bail!("`{command}` 请通过 {request} 办理 / `{command}` has a request of its own: {request}");
    }
    let mut request = options.remote.post("acts")?;
    if let Some(revision) = options.seen {
        request = request.header("if-match", format!("\"{revision}\""));
    }
    let of = carried(form, options)?;
    let text = options
        .remote
        .send(request.json(&json!({"command": command, "of": of})))
        .await?;
    if options.json {
        say(&text);
        return Ok(());
    }
    let done: Value = serde_json::from_str(&text)?;
    say(&format!(
        "{} {}，收据 receipt #{}",
        word(&form["name"]["zh"]),
        word(&done["id"]),
        done["receipt"]["index"]
    ));
    Ok(())
}

fn list(forms: &[Value], json: bool) -> Result<()> {
    if json {
        say(&serde_json::to_string_pretty(forms)?);
        return Ok(());
    }
    for form in forms {
        let roles: Vec<String> = form["roles"].as_array().into_iter().flatten().map(word).collect();
        say(&format!(
            "{:<24} {} {}（{}）",
            word(&form["command"]),
            word(&form["name"]["zh"]),
            word(&form["name"]["en"]),
            roles.join(", ")
        ));
    }
    Ok(())
}

fn show(form: &Value, json: bool) -> Result<()> {
    if json {
        say(&serde_json::to_string_pretty(&form["schema"])?);
        return Ok(());
    }
    say(&format!("{} {}", word(&form["name"]["zh"]), word(&form["name"]["en"])));
    say(meaning(&form["schema"]));
    let required = form["schema"]["required"].as_array().cloned().unwrap_or_default();
    // The id of a new thing is the server's to make.
    for (name, schema) in members(form).into_iter().flatten().filter(|(name, _)| *name != "id") {
        let need = if required.contains(&json!(name)) {
            "必填 required"
        } else {
            "可空 optional"
        };
        say(&format!(
            "  {name}\t{} {}\t{need}\t{}",
            word(&schema["title"]),
            word(&schema["x-title-en"]),
            meaning(schema)
        ));
    }
    Ok(())
}

fn meaning(schema: &Value) -> &str {
    schema["description"].as_str().unwrap_or_default()
}

fn members(form: &Value) -> Option<&Map<String, Value>> {
    form["schema"]["properties"].as_object()
}

/// What the command carries: the file, and over it each member in the type that the form asks for.
fn carried(form: &Value, options: &Options) -> Result<Map<String, Value>> {
    let mut of = options.of.as_deref().map_or_else(|| Ok(Map::new()), read)?;
    for (name, text) in &options.members {
        let Some(schema) = members(form).and_then(|members| members.get(name)) else {
            let known: Vec<&String> = members(form).into_iter().flat_map(Map::keys).collect();
            bail!("命令没有 `{name}` 一项 / the command has no member `{name}`; it has: {known:?}");
        };
        of.insert(name.clone(), typed(schema, name, text)?);
    }
    Ok(of)
}

/// A text as it stands where one is asked for; otherwise JSON.
fn typed(schema: &Value, name: &str, text: &str) -> Result<Value> {
    match serde_json::from_str::<Value>(text) {
        _ if is_text(schema) => Ok(json!(text)),
        Ok(value) => Ok(value),
        // A choice is written as its word.
        Err(_) if schema["type"].is_null() => Ok(json!(text)),
        Err(error) => bail!("`{name}` 须写为 JSON / `{name}` is written as JSON: {error}"),
    }
}

fn is_text(schema: &Value) -> bool {
    let text = |kind: &Value| *kind == "string";
    text(&schema["type"]) || schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(text))
}

fn read(path: &Path) -> Result<Map<String, Value>> {
    let mut text = String::new();
    if path == Path::new("-") {
        stdin().read_to_string(&mut text)?;
    } else {
        text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    }
    let value: Value = serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))?;
    ensure!(value.is_object(), "{} holds no JSON object", path.display());
    Ok(value.as_object().cloned().unwrap_or_default())
}
