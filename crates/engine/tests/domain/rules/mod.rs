//! The rules of the packs that no decision cites because the domain keeps them (`Rule::KEPT_BY_THE_DOMAIN`, the list that
//! the coverage of governance shares): for each what passes, and what is stopped in that rule's name, under the
//! parameters of the packs. A rule without a case fails, and so does a case without a rule.

mod flow;

use std::collections::{BTreeMap, BTreeSet};

use gongshu_engine::{Access, Config, Control, ControlParameters, Engine, FieldType, Guarding, ModelFormat, Table};
use gongshu_governance::resource::{
    AggregateFunction as F, Contribution, NoiseDistribution, OutputControl, ReleaseRule,
};
use gongshu_governance::rules::{Parameters, Rule, RuleBook, Rules};
use gongshu_privacy::accountant::{Budget, Rho};
use gongshu_privacy::cell_key::RecordSecret;
use serde_json::Value;

use crate::world::{self, table, texts, whole};

const PACKS: [&str; 2] = [
    include_str!("../../../../../rules/national.toml"),
    include_str!("../../../../../rules/calendar.toml"),
];
const DAY: jiff::civil::Date = jiff::civil::date(2026, 4, 1);

fn rules(packs: &[&str]) -> Rules {
    let book = RuleBook::load(packs).unwrap();
    book.at("2026-04-01T02:00:00Z".parse().unwrap()).as_ref().clone()
}

/// How a rule is shown to hold.
enum Case {
    /// Of this measure the cell of one trade leaves and that of another does not, by a control that a resource asks for.
    Cells(Option<OutputControl>, &'static str),
    /// What leaves of every cell is another number than without the control.
    Changed(OutputControl, &'static str),
    /// What all guarded answers pass is what the pack says.
    Every,
    /// Answers are charged until nothing is left.
    Budget,
    /// Files that can be run as models, and such as cannot.
    Modules,
    /// The check, rule by rule.
    Flow,
}

fn case(rule: Rule) -> Option<Case> {
    Some(match rule {
        Rule::Threshold => Case::Cells(None, "count(*)"),
        Rule::Dominance => Case::Cells(Some(OutputControl::Dominance), "sum(amount)"),
        Rule::PPercent => Case::Cells(Some(OutputControl::PPercent), "sum(amount)"),
        Rule::CellKey => Case::Changed(OutputControl::CellKey, "sum(amount)"),
        Rule::Rounding => Case::Changed(OutputControl::Rounding, "count(*)"),
        Rule::Controls => Case::Every,
        Rule::PrivacyBudget => Case::Budget,
        Rule::ModelModule => Case::Modules,
        Rule::Flow => Case::Flow,
        _ => return None,
    })
}

#[tokio::test]
async fn every_rule_that_the_domain_keeps_passes_something_and_stops_something() {
    let rules = rules(&PACKS);
    for rule in Rule::ALL {
        let is_kept = Rule::KEPT_BY_THE_DOMAIN.contains(rule);
        assert_eq!(case(*rule).is_some(), is_kept, "{} and its case", rule.id());
    }
    for rule in Rule::KEPT_BY_THE_DOMAIN {
        assert!(rules.in_force(*rule).is_some(), "{} is in no pack", rule.id());
        match case(*rule).unwrap() {
            Case::Cells(control, measure) => cells(*rule, control, measure, rules.parameters()).await,
            Case::Changed(control, measure) => changed(*rule, control, measure, rules.parameters()).await,
            Case::Every => every(&rules).await,
            Case::Budget => budget(rules.parameters()).await,
            Case::Modules => modules(),
            Case::Flow => flow::every_rule_passes_and_refuses().await,
        }
    }
}

/// Payments of three trades: 33 weavers, fishers of whom there is one too few, and 33 miners of whom one has nearly all.
fn payments(threshold: u64) -> Table {
    let few = i64::try_from(threshold).unwrap() - 1;
    let trades = [("weaving", 33), ("fishing", few), ("mining", 33)];
    let firms: Vec<&str> = trades
        .iter()
        .flat_map(|(trade, firms)| (0..*firms).map(move |_| *trade))
        .collect();
    let count = i64::try_from(firms.len()).unwrap();
    let amount = |firm: i64| if firm == count - 1 { 1_000_000 } else { 100 + firm };
    let private = ReleaseRule::Private {
        functions: [F::Sum].into(),
        rho_micro: 400_000,
        low: 0,
        high: 1_000,
        noise: NoiseDistribution::default(),
        contribution: Contribution::default(),
    };
    let columns = vec![
        ("firm", FieldType::Integer, ReleaseRule::Closed, whole(0..count)),
        (
            "trade",
            FieldType::Text,
            ReleaseRule::Group,
            texts(firms.iter().map(|trade| (*trade).to_owned())),
        ),
        (
            "amount",
            FieldType::Integer,
            world::aggregate(&[F::Sum]),
            whole((0..count).map(amount)),
        ),
        ("noisy", FieldType::Integer, private, whole((0..count).map(amount))),
    ];
    table("payments", Some("firm"), true, columns)
}

/// Access under the parameters of a pack, and these controls.
fn access(table: &Table, parameters: &Parameters, controls: BTreeSet<OutputControl>) -> Access {
    let guarding = Guarding {
        controls,
        secret: RecordSecret::new([3; 16]),
    };
    Access {
        threshold: parameters.threshold_subjects_min,
        parameters: ControlParameters::from(&parameters.output),
        guarding: BTreeMap::from([(table.name().to_owned(), guarding)]),
        ..world::access(std::slice::from_ref(table), false)
    }
}

/// The cells that leave, the rules that the derivation says are kept, and what one answer costs.
async fn asked(measure: &str, table: &Table, access: &Access) -> (BTreeMap<String, Value>, BTreeSet<Rule>, u64) {
    let sql = format!("SELECT trade, {measure} FROM payments GROUP BY trade");
    let engine = Engine::new(Config::default()).unwrap();
    let checked = engine.check(&sql, access, vec![table.clone()], &[]).await;
    let checked = checked.unwrap_or_else(|refusal| panic!("{sql}: {refusal}"));
    let kept = checked.derivation().controls.iter().map(Control::rule).collect();
    let loss = checked.derivation().losses.values().sum();
    let answer = engine.prepare(checked).await.unwrap().execute(&[], DAY).await;
    let answer = answer.unwrap().to_json();
    let row = |row: &Value| (row[0].as_str().unwrap().to_owned(), row[1].clone());
    (answer["rows"].as_array().unwrap().iter().map(row).collect(), kept, loss)
}

async fn cells(rule: Rule, control: Option<OutputControl>, measure: &str, parameters: &Parameters) {
    let table = payments(parameters.threshold_subjects_min);
    let controlled = access(&table, parameters, control.into_iter().collect());
    let free = Access {
        threshold: 0,
        ..access(&table, parameters, BTreeSet::new())
    };
    let (all, none, _) = asked(measure, &table, &free).await;
    let (found, kept, _) = asked(measure, &table, &controlled).await;
    let stopped = if control.is_some() { "mining" } else { "fishing" };
    let is_there = |cells: &BTreeMap<String, Value>, trade: &str| cells.get(trade).is_some_and(Value::is_number);
    assert!(is_there(&all, stopped), "{}: {all:?}", rule.id());
    assert!(is_there(&found, "weaving"), "{} holds back all: {found:?}", rule.id());
    assert!(
        !is_there(&found, stopped),
        "{} holds nothing back: {found:?}",
        rule.id()
    );
    assert!(kept.contains(&rule), "{} is not said to be kept: {kept:?}", rule.id());
    assert!(
        control.is_none() || !none.contains(&rule),
        "{} is kept by nobody's wish",
        rule.id()
    );
}

async fn changed(rule: Rule, control: OutputControl, measure: &str, parameters: &Parameters) {
    let table = payments(parameters.threshold_subjects_min);
    let (exact, none, _) = asked(measure, &table, &access(&table, parameters, BTreeSet::new())).await;
    let controlled = access(&table, parameters, [control].into());
    let (found, kept, _) = asked(measure, &table, &controlled).await;
    assert!(!none.contains(&rule) && kept.contains(&rule), "{}: {kept:?}", rule.id());
    for trade in ["weaving", "mining"] {
        let (before, after) = (&exact[trade], &found[trade]);
        assert!(
            after.is_number() && before != after,
            "{}: {trade} is {after}",
            rule.id()
        );
    }
    assert_eq!(
        asked(measure, &table, &controlled).await.0,
        found,
        "{}: once more",
        rule.id()
    );
}

/// A pack over the national one that says which controls all answers pass: what it names they pass, and nothing else.
async fn every(national: &Rules) {
    for control in OutputControl::ALL {
        let pack = format!(
            "[pack]\nid = \"every\"\ntitle = \"every\"\n[rules.\"output.controls\"]\nsource = \"区县\"\narticle = \"取值\"\n\
             confidence = \"L\"\nzh = \"控制\"\nen = \"controls\"\n[rules.\"output.controls\".parameters]\nevery = [\"{}\"]\n",
            control.word()
        );
        let rules = rules(&[PACKS[0], PACKS[1], &pack]);
        let [with, without] = [&rules, national].map(|rules| rules.parameters().output.every.clone());
        assert!(with == [control].into() && without.is_empty(), "{with:?}");
        let table = payments(rules.parameters().threshold_subjects_min);
        let measure = "count(*), sum(amount)";
        let (.., kept_with, _) = asked(measure, &table, &access(&table, rules.parameters(), with)).await;
        let (.., kept_without, _) = asked(measure, &table, &access(&table, national.parameters(), without)).await;
        let more: Vec<Rule> = kept_with.difference(&kept_without).copied().collect();
        let word = format!("output.{}", control.word().replace('_', "-"));
        assert_eq!(more.iter().map(|rule| rule.id()).collect::<Vec<_>>(), [word]);
    }
}

/// Of a budget of ρ = 1 two answers of 0.4 are afforded, and a third is not.
async fn budget(parameters: &Parameters) {
    let table = payments(parameters.threshold_subjects_min);
    let access = access(&table, parameters, BTreeSet::new());
    let (found, kept, loss) = asked("sum(noisy)", &table, &access).await;
    assert!(
        found["weaving"].is_number() && !found.contains_key("fishing"),
        "{found:?}"
    );
    assert!(kept.contains(&Rule::PrivacyBudget), "{kept:?}");
    let whole = Budget {
        limit: Rho::from_micro(parameters.output.privacy_rho_micro_max),
        spent: Rho::default(),
    };
    let (mut left, mut afforded) = (whole, 0);
    while let Ok(charged) = left.charge(Rho::from_micro(loss)) {
        (left, afforded) = (charged, afforded + 1);
    }
    assert_eq!(afforded, parameters.output.privacy_rho_micro_max / 400_000);
    let (_, _, exact) = asked("sum(amount)", &table, &access).await;
    assert!(exact == 0 && left.charge(Rho::from_micro(exact)).is_ok());
}

/// What cannot be run, or asks for something outside itself, is no model.
fn modules() {
    let engine = Engine::new(Config::default()).unwrap();
    let check = |format, code: &[u8], columns| engine.check_model(format, code, columns);
    assert_eq!(check(ModelFormat::Wasm, world::RATIO.as_bytes(), 2), Ok(()));
    assert_eq!(check(ModelFormat::Onnx, &world::logistic(), 2), Ok(()));
    let asking = world::module("(i32.const 0)").replacen(
        "(module",
        "(module (import \"wasi_snapshot_preview1\" \"fd_write\" (func (param i32 i32 i32 i32) (result i32)))",
        1,
    );
    let stopped: [(ModelFormat, &[u8], usize); 5] = [
        (ModelFormat::Wasm, asking.as_bytes(), 2),
        (ModelFormat::Wasm, b"(module)", 2),
        (ModelFormat::Wasm, b"no module", 2),
        (ModelFormat::Onnx, b"no network", 2),
        (ModelFormat::Onnx, &world::logistic(), 3),
    ];
    for (format, code, columns) in stopped {
        let error = check(format, code, columns).unwrap_err();
        assert!(!error.text().zh.is_ascii() && !error.text().en.is_empty(), "{error}");
    }
}
