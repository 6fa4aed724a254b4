//! Rules, for people to read: what a rule says and where from, where two packs differ, and what a proposed pack would
//! have decided otherwise.

mod what_if;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use gongshu_app::governance::calendar::day_of;
use gongshu_app::governance::rules::{
    Confidence, Difference, Explanation, InForce, Pack, Rule, RuleBook, Span, Value, diff, explain,
};
use gongshu_app::{Clock, SystemClock};
use jiff::civil::Date;
use serde_json::json;

use crate::site::{PACKS, pack, packs, say};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Say what a rule says on a day: from which layer, since when and until when, from which source, how sure, with
    /// which parameters.
    Explain {
        /// Id of the rule, such as `agreement.term`; every id where it is left out.
        id: Option<String>,
        /// The day; today where it is left out.
        #[arg(long)]
        on: Option<Date>,
        /// Folder of a district: its own packs are read too. Without it, the packs that come with the program.
        #[arg(long)]
        data: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Load rule packs, national first, as a district would, and say what to mend. Those that come with the program where
    /// none is given.
    Check {
        /// The packs.
        packs: Vec<PathBuf>,
        /// Folder of a district: the packs are laid over those that it has, as if they were in its folder `rules`.
        #[arg(long)]
        data: Option<PathBuf>,
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
        Command::Explain {
            id: Some(id),
            on,
            data,
            json,
        } => explained(id, *on, data.as_deref(), *json).map(|()| true),
        Command::Explain { id: None, .. } => {
            for rule in Rule::ALL {
                say(rule.id());
            }
            Ok(true)
        }
        Command::Check { packs, data } => checked(packs, data.as_deref()).map(|()| true),
        Command::Diff { before, after } => differences(before, after),
        Command::WhatIf {
            pack,
            data,
            store,
            json,
        } => what_if::run(pack, data, store.as_deref(), *json).await,
    }
}

fn explained(id: &str, on: Option<Date>, data: Option<&Path>, json: bool) -> Result<()> {
    let book = read_book(data)?;
    let day = on.unwrap_or_else(|| day_of(SystemClock.now()));
    let Some(found) = explain(book.on(day), id) else {
        bail!("there is no rule `{id}`; `gongshu rules explain` lists the ids");
    };
    if json {
        say(&serde_json::to_string_pretty(&document(&found))?);
        return Ok(());
    }
    let InForce {
        text,
        source,
        pack,
        span,
        sources: _,
    } = found.held;
    say(&format!("{}\n  {}\n  {}", found.id, text.zh, text.en));
    say(&format!("  依据 source: {source} {}", text.article));
    say(&format!("  层级 layer: {} {}", pack.title, pack.id));
    say(&format!("  施行 in force: {}", days(*span)));
    say(&format!("  可信度 confidence: {}", sure(text.confidence)));
    if text.binding {
        say("  下级规则只可从严 lower layers may only tighten it");
    }
    for (name, value) in &text.parameters {
        say(&format!("  {name} = {}", shown(value)));
        if text.basis.contains_key(name) {
            let cited = found.held.basis_of(name);
            let (source, article) = (cited.source, cited.article);
            say(&format!(
                "    依据 source: {source} {article}\n    可信度 confidence: {}",
                sure(cited.confidence)
            ));
        }
    }
    if data.is_none() {
        say("  所示为程序自带的规则包，本区的请加 --data of the program's packs; --data reads a district's");
    }
    Ok(())
}

/// The packs of a district, or those that come with the program.
fn read_book(data: Option<&Path>) -> Result<RuleBook> {
    let Some(data) = data else {
        return Ok(RuleBook::load(&PACKS)?);
    };
    let texts = packs(data)?;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    Ok(RuleBook::load(&texts)?)
}

fn checked(files: &[PathBuf], data: Option<&Path>) -> Result<()> {
    let mut texts = data.map_or_else(|| Ok(Vec::new()), packs)?;
    for file in files {
        texts.push(pack(file)?);
    }
    let given: Vec<&str> = texts.iter().map(String::as_str).collect();
    let book = RuleBook::load(if given.is_empty() { &PACKS } else { &given })?;
    say(&format!("规则包可用，摘要 usable, hash: {}", book.hash()));
    let years = book.at(SystemClock.now()).working_days().arranged();
    let years: Vec<String> = years.map(|year| year.to_string()).collect();
    say(&format!(
        "  已安排工作日历的年份 years of the calendar: {}",
        years.join(", ")
    ));
    for rules in book.editions() {
        say(&format!("  {}", days(rules.span())));
    }
    Ok(())
}

/// Days for people.
fn days(span: Span) -> String {
    let zh = match (span.from, span.until) {
        (None, None) => "始终".to_owned(),
        (Some(from), None) => format!("{from} 起"),
        (None, Some(until)) => format!("至 {until}"),
        (Some(from), Some(until)) => format!("{from} 至 {until}"),
    };
    format!("{zh} {span}")
}

fn document(found: &Explanation<'_>) -> serde_json::Value {
    let InForce {
        text,
        source,
        pack,
        span,
        sources: _,
    } = found.held;
    let basis = text.basis.keys().map(|name| {
        let cited = found.held.basis_of(name);
        let confidence = format!("{:?}", cited.confidence);
        let own = json!({"source": cited.source, "article": cited.article, "confidence": confidence});
        (name.clone(), own)
    });
    let basis: serde_json::Map<_, _> = basis.collect();
    let parameters = text
        .parameters
        .iter()
        .map(|(name, value)| (name.clone(), shown(value).into()));
    let parameters: serde_json::Map<_, _> = parameters.collect();
    json!({"rule": found.id, "source": source, "article": text.article, "zh": text.zh, "en": text.en,
        "layer": pack.id, "from": span.from, "until": span.until, "binding": text.binding, "confidence": format!("{:?}", text.confidence), "parameters": parameters, "basis": basis})
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
