//! The attack suite: hostile queries as data, a file a family, each with what must happen.
//!
//! Each attack of `attacks/*.toml` has `sql` and one of
//! `refused = "<rule>"` · `answers = [[…]]` (exactly these rows leave; `∅` is a missing value) · `fails = true` (it runs, and fails for
//! reasons that everyone may know). `told` is the number of groups said to be held back; absent, it must not be told
//! or be none. `because` says what the query is after.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gongshu_engine::{Config, Engine, FieldType, FlowRefusal, Param};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::world;

/// Fewest attacks in all: the suite grows, and never shrinks unseen.
const ATTACKS_MIN: usize = 150;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    tries: String,
    pub attack: Vec<Attack>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attack {
    pub sql: String,
    because: Option<String>,
    #[serde(default)]
    pub gated: bool,
    parameter: Option<String>,
    /// Firms whose consent covers the call.
    #[serde(default)]
    consenting: BTreeSet<String>,
    refused: Option<String>,
    answers: Option<Vec<Value>>,
    #[serde(default)]
    fails: bool,
    told: Option<u64>,
}

#[tokio::test]
async fn every_attack_meets_what_is_written() {
    let (mut counts, mut wrong) = (BTreeMap::new(), Vec::new());
    for (name, family) in families() {
        assert!(!family.tries.is_empty(), "{name} does not say what it tries");
        counts.insert(name.clone(), family.attack.len());
        for attack in &family.attack {
            if let Err(what) = outcome(attack).await {
                let because = attack.because.as_deref().unwrap_or(&family.tries);
                wrong.push(format!("{name}: {}\n    after: {because}\n    {what}", attack.sql));
            }
        }
    }
    for (name, count) in &counts {
        println!("{count:>4}  {name}");
    }
    let total: usize = counts.values().sum();
    println!("{total:>4}  attacks");
    assert!(
        wrong.is_empty(),
        "{} attacks went another way\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(total >= ATTACKS_MIN, "only {total} attacks");
}

/// Rules that speak of a column: their refusals name it and point at where the query does.
const OF_COLUMNS: [&str; 11] = [
    "flow.aggregate-argument",
    "flow.aggregate-only",
    "flow.closed",
    "flow.consent",
    "flow.group-only",
    "flow.join-only",
    "flow.masked-only",
    "flow.model-input",
    "flow.other-mask",
    "flow.parameter-choice",
    "flow.scored-only",
];

/// What is refused for a column has a place, unless the text does not name it: `*` and `NATURAL JOIN` do not.
fn placed(sql: &str, refusal: &FlowRefusal) -> Result<(), String> {
    let unnamed = sql.replace("count(*)", "").contains('*') || sql.contains("NATURAL");
    let named = refusal.column.is_some() && (refusal.location.is_some() || unnamed);
    match named || !OF_COLUMNS.contains(&refusal.rule) {
        true => Ok(()),
        false => Err(format!("refused at no place: {refusal}")),
    }
}

pub fn families() -> Vec<(String, Family)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attacks");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let read = |file: PathBuf| {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        let family = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, family)
    };
    files.into_iter().map(read).collect()
}

async fn outcome(attack: &Attack) -> Result<(), String> {
    let engine = Engine::new(Config::default()).unwrap();
    let tables = world::tables();
    let access = world::access(&tables, attack.gated);
    let checked = engine.check(&attack.sql, &access, tables, &[FieldType::Text]).await;
    let checked = match (checked, &attack.refused) {
        (Err(refusal), Some(rule)) if refusal.rule == rule => return placed(&attack.sql, &refusal),
        (Err(refusal), _) => return Err(format!("refused by {refusal}")),
        (Ok(_), Some(rule)) => return Err(format!("passed, instead of being refused by {rule}")),
        (Ok(checked), None) => checked,
    };
    let parameter = Param::Text(attack.parameter.clone().unwrap_or_default());
    let prepared = engine
        .prepare(checked)
        .await
        .map_err(|error| format!("cannot be prepared: {error}"))?;
    let consenting = BTreeMap::from([("firms".to_owned(), attack.consenting.clone())]);
    let day = jiff::civil::date(2026, 1, 1);
    let answer = prepared.execute_for(&[parameter], day, consenting).await;
    let answer = match answer {
        Ok(answer) => answer.to_json(),
        Err(_) if attack.fails => return Ok(()),
        Err(error) => return Err(format!("failed: {error:?}")),
    };
    // TOML has no null: `∅` stands for it.
    let text = json!(attack.answers).to_string().replace("\"∅\"", "null");
    let expected: Value = serde_json::from_str(&text).unwrap();
    let told = answer["suppressed"].as_u64().filter(|told| *told > 0);
    match answer["rows"] == expected && told == attack.told {
        true => Ok(()),
        false => Err(format!(
            "answered {} and told {told:?}, not {expected} and {:?}",
            answer["rows"], attack.told
        )),
    }
}
