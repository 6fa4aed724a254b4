//! Rules, for people to read: what a rule says and where from, where two packs differ, and what a proposed pack would
//! have decided otherwise.

mod what_if;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use gongshu_app::governance::rules::{Confidence, Difference, Explanation, Pack, Rule, Rules, Value, diff, explain};
use serde_json::json;

use crate::site::{PACKS, say};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Say what a rule of the packs in force says, from which source, how sure, with which parameters.
    Explain {
        /// Id of the rule, such as `agreement.term`; every id where it is left out.
        id: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Tell where two rule packs differ. The exit code is 1 where they do.
    Diff {
        /// The earlier pack.
        before: PathBuf,
        /// The later pack.
        after: PathBuf,
    },
    /// Ask a proposed pack about the recorded history: which decisions would change. It stands in for the pack in force
    /// of the same id, or comes on top. The exit code is 1 where decisions would change.
    WhatIf {
        /// The proposed pack.
        pack: PathBuf,
        /// Folder of the district.
        #[arg(long, default_value = "gongshu-data")]
        data: PathBuf,
        /// Where state and ledger are, if not in the folder.
        #[arg(long)]
        store: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command; whether all is well.
pub(crate) async fn run(command: &Command) -> Result<bool> {
    match command {
        Command::Explain { id: Some(id), json } => explained(id, *json).map(|()| true),
        Command::Explain { id: None, .. } => {
            for rule in Rule::ALL {
                say(rule.id());
            }
            Ok(true)
        }
        Command::Diff { before, after } => differences(before, after),
        Command::WhatIf {
            pack,
            data,
            store,
            json,
        } => what_if::run(pack, data, store.as_deref(), *json).await,
    }
}

fn explained(id: &str, json: bool) -> Result<()> {
    let rules = Rules::load(&PACKS)?;
    let Some(found) = explain(&rules, id) else {
        bail!("there is no rule `{id}`; `gongshu rules explain` lists the ids");
    };
    if json {
        say(&serde_json::to_string_pretty(&document(&found))?);
        return Ok(());
    }
    say(&format!("{}\n  {}\n  {}", found.id, found.text.zh, found.text.en));
    say(&format!("  依据 source: {} {}", found.source, found.text.article));
    say(&format!("  可信度 confidence: {}", sure(found.text.confidence)));
    for (name, value) in &found.text.parameters {
        say(&format!("  {name} = {}", shown(value)));
    }
    Ok(())
}

fn document(found: &Explanation<'_>) -> serde_json::Value {
    let text = found.text;
    let parameters = text
        .parameters
        .iter()
        .map(|(name, value)| (name.clone(), shown(value).into()));
    let parameters: serde_json::Map<_, _> = parameters.collect();
    json!({"rule": found.id, "source": found.source, "article": text.article, "zh": text.zh, "en": text.en,
        "confidence": format!("{:?}", text.confidence), "parameters": parameters})
}

fn sure(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::H => "H 已核对或众所周知 checked or well known",
        Confidence::M => "M 已知未复核 known, not read again",
        Confidence::L => "L 合理推定，待确认 plausible, to be confirmed",
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::List(names) => names.join("、"),
    }
}

fn differences(before: &Path, after: &Path) -> Result<bool> {
    let found = diff(&read(before)?, &read(after)?);
    for difference in &found {
        say(&match difference {
            Difference::Added(id) => format!("+ {id}"),
            Difference::Removed(id) => format!("- {id}"),
            Difference::Changed(id, members) => format!("~ {id}: {}", members.join(", ")),
        });
    }
    Ok(found.is_empty())
}

fn read(path: &Path) -> Result<Pack> {
    let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    Pack::read(&text).with_context(|| format!("{} is no rule pack", path.display()))
}
