//! Properties over random data, rules and queries.
//!
//! *Non-interference*: changing one subject's value in a column that may not leave changes nothing that a passed query
//! answers. *Differential*: what is let out equals what bare DataFusion computes, less the groups that are too small.
//! *No panic*: whatever the text, the check answers in time. `GONGSHU_TORTURE_CASES` asks for more of each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Int64Array, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field as Column, Schema};
use datafusion::datasource::MemTable;
use datafusion::prelude::SessionContext;
use gongshu_engine::{Access, Config, Engine, FieldType, Table};
use gongshu_governance::resource::{AggregateFunction as F, Mask, ReleaseRule};
use proptest::prelude::*;
use serde_json::Value;

use crate::world::{self, table, whole};

pub fn cases(usual: u32) -> ProptestConfig {
    let torture = std::env::var("GONGSHU_TORTURE_CASES")
        .ok()
        .and_then(|text| text.parse().ok());
    ProptestConfig::with_cases(torture.unwrap_or(usual))
}

/// Rows of five small numbers; the subject is the position.
type Rows = Vec<[i64; 5]>;
const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

fn rows() -> impl Strategy<Value = Rows> {
    prop::collection::vec(prop::array::uniform5(0..4_i64), 1..60)
}

fn rule() -> impl Strategy<Value = ReleaseRule> {
    prop_oneof![
        6 => Just(ReleaseRule::Open),
        2 => Just(ReleaseRule::Group),
        1 => Just(ReleaseRule::Join),
        1 => Just(ReleaseRule::Closed),
        1 => Just(ReleaseRule::Scored),
        1 => Just(ReleaseRule::Masked {
            mask: Mask::Band { width: 2 }
        }),
        2 => Just(world::aggregate(&[F::Sum, F::Mean])),
        1 => Just(world::aggregate(&[F::Mean])),
    ]
}

/// Rules under which rows are free, so that models can score them.
fn free_rule() -> impl Strategy<Value = ReleaseRule> {
    prop_oneof![
        3 => Just(ReleaseRule::Open),
        1 => Just(ReleaseRule::Scored),
        1 => Just(ReleaseRule::Closed),
        1 => Just(ReleaseRule::Masked { mask: Mask::Band { width: 2 } }),
    ]
}

/// A query that makes use of the score of `e`.
fn scoring_query() -> impl Strategy<Value = String> {
    let column = prop::sample::select(NAMES.to_vec());
    let shape = prop::sample::select(vec![
        "SELECT SCORE AS v FROM people WHERE $x <= $n",
        "SELECT $x AS v FROM people WHERE SCORE <= $n",
        "SELECT $x AS v FROM people ORDER BY SCORE, $x LIMIT 3",
        "SELECT SCORE AS k, count(*) AS v FROM people GROUP BY SCORE",
        "SELECT max($x) AS v FROM people GROUP BY SCORE HAVING count(*) > $n",
        "SELECT CASE WHEN SCORE > $n THEN $x ELSE 0 END AS v FROM people",
        "SELECT rank() OVER (ORDER BY SCORE) AS v FROM people WHERE $x > $n",
        "SELECT $x AS v FROM people WHERE e > $n AND SCORE > 0",
        "SELECT s AS v FROM (SELECT SCORE AS s, e, $x FROM people) q WHERE s < $n",
    ]);
    (shape, column, 0..3_i64).prop_map(|(shape, column, n)| {
        shape
            .replace("$x", column)
            .replace("$n", &n.to_string())
            .replace("SCORE", "score_half_v1(e)")
    })
}

fn people(rows: &Rows, rules: &[ReleaseRule]) -> Table {
    let positions = || (0..rows.len()).map(|row| i64::try_from(row).unwrap());
    let mut columns = vec![("id", FieldType::Integer, ReleaseRule::Closed, whole(positions()))];
    for (index, (name, rule)) in NAMES.into_iter().zip(rules).enumerate() {
        columns.push((
            name,
            FieldType::Integer,
            rule.clone(),
            whole(rows.iter().map(|row| row[index])),
        ));
    }
    table("people", Some("id"), true, columns)
}

/// A query from a small grammar that reaches projections, filters, groups, sorts, subqueries and functions.
fn query() -> BoxedStrategy<String> {
    let column = || prop::sample::select(NAMES.to_vec());
    let plain = || {
        prop_oneof![
            column().prop_map(str::to_owned),
            column().prop_map(|name| format!("mask_band({name}, 2)")),
            column().prop_map(|name| format!("score_half_v1({name})")),
            (column(), column()).prop_map(|(x, y)| format!("CASE WHEN {x} > 1 THEN {y} ELSE 0 END")),
            (column(), column()).prop_map(|(x, y)| format!("coalesce({x}, {y})")),
            (column(), column()).prop_map(|(x, y)| format!("{x} + {y}")),
            column().prop_map(|name| format!("CAST({name} AS DOUBLE)")),
            Just("1".to_owned()),
        ]
    };
    // Masks whose width is not a number that stands there, and subqueries.
    let odd = || {
        prop_oneof![
            (column(), column()).prop_map(|(x, y)| format!("mask_band({x}, {y})")),
            (column(), 1..4_i64, 0..3_i64).prop_map(|(x, n, m)| format!("mask_band({x}, {n} + {m})")),
            (column(), column()).prop_map(|(x, y)| format!("mask_band({x}, CASE WHEN {y} > 1 THEN 2 ELSE 4 END)")),
            column().prop_map(|x| format!("mask_band({x}, (SELECT max({x}) FROM people) + 1)")),
            column().prop_map(|x| format!("(SELECT max({x}) FROM people)")),
            (column(), column()).prop_map(|(x, y)| format!("(SELECT sum(p.{x}) FROM people p WHERE p.a = people.{y})")),
            (column(), column()).prop_map(|(x, y)| format!("abs({x} - {y})")),
            column().prop_map(|x| format!("sum({x}) OVER (ORDER BY {x})")),
        ]
    };
    let value = || prop_oneof![6 => plain(), 1 => odd()];
    let call = || {
        prop_oneof![
            3 => Just("count(*)".to_owned()),
            6 => (prop::sample::select(vec!["sum", "avg", "count", "min", "max"]), value())
                .prop_map(|(f, x)| format!("{f}({x})")),
            1 => column().prop_map(|x| format!("count(DISTINCT {x})")),
            1 => (column(), column()).prop_map(|(x, y)| format!("sum({x}) FILTER (WHERE {y} > 1)")),
        ]
    };
    let filter = || {
        prop_oneof![
            3 => Just(String::new()),
            2 => (value(), 0..4_i64).prop_map(|(x, n)| format!(" WHERE {x} <= {n}")),
            1 => (column(), column()).prop_map(|(x, y)| format!(" WHERE {x} = {y} OR {x} IS NULL")),
            1 => column().prop_map(|x| format!(" WHERE id IN (SELECT {x} FROM people)")),
            1 => (column(), column())
                .prop_map(|(x, y)| format!(" WHERE EXISTS (SELECT 1 FROM people p WHERE p.{x} = people.{y})")),
        ]
    };
    let having = || {
        prop_oneof![
            Just(String::new()),
            (0..9_i64).prop_map(|n| format!(" HAVING count(*) > {n}"))
        ]
    };
    prop_oneof![
        (value(), filter()).prop_map(|(x, w)| format!("SELECT {x} AS v FROM people{w}")),
        (value(), value(), filter()).prop_map(|(x, y, w)| format!("SELECT {x} AS v FROM people{w} ORDER BY {y}")),
        (value(), call(), filter(), having())
            .prop_map(|(x, f, w, h)| format!("SELECT {x} AS k, {f} AS v FROM people{w} GROUP BY {x}{h}")),
        (column(), column(), call(), call(), filter()).prop_map(|(x, y, f, g, w)| format!(
            "SELECT {x}, {y}, {f} AS v, {g} AS w FROM people{w} GROUP BY {x}, {y}"
        )),
        (call(), filter()).prop_map(|(f, w)| format!("SELECT {f} AS v FROM people{w}")),
        (column(), column(), call(), prop::sample::select(vec!["ROLLUP", "CUBE"]))
            .prop_map(|(x, y, f, sets)| format!("SELECT {x}, {y}, {f} AS v FROM people GROUP BY {sets} ({x}, {y})")),
        (value(), call()).prop_map(|(x, f)| format!(
            "SELECT max(v) AS m FROM (SELECT {x} AS k, {f} AS v FROM people GROUP BY {x}) t"
        )),
        (column(), call()).prop_map(|(x, f)| format!(
            "SELECT q.k, rank() OVER (ORDER BY v) AS r FROM (SELECT {x} AS k, {f} AS v FROM people GROUP BY {x}) q"
        )),
        (value(), filter()).prop_map(|(x, w)| format!("SELECT DISTINCT {x} AS v FROM people{w} LIMIT 3")),
        // Groups of groups, joins, unions and named queries.
        (column(), column(), call(), filter(), prop::sample::select(vec!["sum(v)", "max(v)", "count(*)"])).prop_map(
            |(x, y, f, w, g)| format!(
                "SELECT k, {g} AS v FROM (SELECT {x} AS k, {y} AS l, {f} AS v FROM people{w} GROUP BY {x}, {y}) t GROUP BY k"
            )
        ),
        (column(), column(), column(), column()).prop_map(|(x, y, on, to)| format!(
            "SELECT p.{x} AS v, q.{y} AS w FROM people p JOIN people q ON p.{on} = q.{to}"
        )),
        (value(), value(), filter()).prop_map(|(x, y, w)| format!(
            "SELECT {x} AS v FROM people UNION SELECT {y} AS v FROM people{w}"
        )),
        (column(), column(), call()).prop_map(|(x, y, f)| format!(
            "WITH t AS (SELECT {x} AS k, {f} AS v FROM people GROUP BY {x}) SELECT v FROM t WHERE v > (SELECT min({y}) FROM people)"
        )),
    ]
    .boxed()
}

fn access(people: &Table) -> Access {
    world::access(std::slice::from_ref(people), false)
}

/// The answer, its rows sorted; nothing where the query is refused.
async fn answered(sql: &str, people: Table) -> Option<Result<Value, String>> {
    let engine = Engine::new(Config::default()).unwrap();
    let checked = engine.check(sql, &access(&people), vec![people], &[]).await.ok()?;
    let prepared = engine.prepare(checked).await.unwrap();
    let answer = prepared.execute(&[], jiff::civil::date(2026, 1, 1)).await;
    Some(
        answer
            .map(|answer| sorted(answer.to_json()))
            .map_err(|error| error.to_string()),
    )
}

pub fn sorted(mut answer: Value) -> Value {
    if let Some(rows) = answer["rows"].as_array_mut() {
        rows.sort_by_key(Value::to_string);
    }
    answer
}

/// Runs on a stack that the frames of an unoptimized build fit.
pub fn run<T: Send>(future: impl Future<Output = T> + Send) -> T {
    let poll = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap()
            .block_on(future)
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(64 << 20)
            .spawn_scoped(scope, poll);
        thread.unwrap().join().unwrap()
    })
}

proptest! {
    #![proptest_config(cases(150))]

    /// Of closed columns nothing depends on the value at all, of join columns nothing where nothing is joined, and of
    /// scored columns nothing where no model takes them: `score_half_v1` takes `e`.
    #[test]
    fn what_may_not_leave_does_not(rows in rows(), rules in prop::collection::vec(rule(), 5), sql in query(), victim: prop::sample::Index, change in 1..4_i64) {
        let mut other = rows.clone();
        let victim = victim.index(rows.len());
        let hidden = |index: usize, rule: &ReleaseRule| match rule {
            ReleaseRule::Closed | ReleaseRule::Join => true,
            ReleaseRule::Scored => NAMES[index] != "e",
            _ => false,
        };
        for (index, _) in rules.iter().enumerate().filter(|(index, rule)| hidden(*index, rule)) {
            other[victim][index] = (other[victim][index] + change) % 4;
        }
        let (one, two) = run(async { (answered(&sql, people(&rows, &rules)).await, answered(&sql, people(&other, &rules)).await) });
        prop_assert_eq!(one, two, "{} under {:?}", sql, rules);
    }

    /// Of a column that is masked into bands, nothing depends on where in its band a value lies.
    #[test]
    fn within_a_band_all_values_are_alike(rows in rows(), rules in prop::collection::vec(rule(), 5), sql in query(), victim: prop::sample::Index) {
        let mut other = rows.clone();
        let victim = victim.index(rows.len());
        for (index, _) in rules.iter().enumerate().filter(|(_, rule)| matches!(rule, ReleaseRule::Masked { .. })) {
            other[victim][index] ^= 1;
        }
        let (one, two) = run(async { (answered(&sql, people(&rows, &rules)).await, answered(&sql, people(&other, &rules)).await) });
        prop_assert_eq!(one, two, "{} under {:?}", sql, rules);
    }

    /// Of a column that leaves as a score, nothing depends on more than its score: half of it.
    #[test]
    fn of_one_score_all_values_are_alike(rows in rows(), rules in prop::collection::vec(free_rule(), 4), sql in scoring_query(), victim: prop::sample::Index) {
        let rules = [rules, vec![ReleaseRule::Scored]].concat();
        let mut other = rows.clone();
        let victim = victim.index(rows.len());
        for (index, _) in rules.iter().enumerate().filter(|(_, rule)| **rule == ReleaseRule::Scored) {
            other[victim][index] ^= 1;
        }
        let (one, two) = run(async { (answered(&sql, people(&rows, &rules)).await, answered(&sql, people(&other, &rules)).await) });
        prop_assert_eq!(one, two, "{} under {:?}", sql, rules);
    }

    /// Below the threshold of subjects, nothing that leaves in groups depends on anybody.
    #[test]
    fn few_subjects_answer_nothing_of_groups(rows in prop::collection::vec(prop::array::uniform5(0..4_i64), 1..5), rules in prop::collection::vec(rule(), 5), sql in query(), change in 1..4_i64) {
        let mut other = rows.clone();
        let grouped = |rule: &ReleaseRule| matches!(rule, ReleaseRule::Group | ReleaseRule::Aggregate { .. } | ReleaseRule::Closed | ReleaseRule::Join);
        for row in &mut other {
            for (index, _) in rules.iter().enumerate().filter(|(_, rule)| grouped(rule)) {
                row[index] = (row[index] + change) % 4;
            }
        }
        let (one, two) = run(async { (answered(&sql, people(&rows, &rules)).await, answered(&sql, people(&other, &rules)).await) });
        let rows_of = |answer: Option<Result<Value, String>>| answer.map(|answer| answer.map(|answer| answer["rows"].clone()));
        prop_assert_eq!(rows_of(one), rows_of(two), "{} under {:?}", sql, rules);
    }

    /// Governed groups are bare DataFusion's groups of at least the threshold, value by value.
    #[test]
    fn governed_groups_equal_bare_ones_of_enough_subjects(rows in rows(), keys in prop::sample::subsequence(vec!["a", "b", "c"], 0..3), below in 0..5_i64) {
        let open = |name: &str| name == "e";
        let rules: Vec<_> = NAMES.iter().map(|name| match *name {
            "d" => world::aggregate(&[F::Sum, F::Mean]),
            name if open(name) => ReleaseRule::Open,
            _ => ReleaseRule::Group,
        }).collect();
        let list = keys.iter().map(|key| format!("{key}, ")).collect::<String>();
        let group = if keys.is_empty() { String::new() } else { format!(" GROUP BY {}", keys.join(", ")) };
        let select = format!("SELECT {list}count(*) AS n, sum(d) AS s, avg(d) AS m FROM people WHERE e < {below}{group}");
        let bare = format!("{select} HAVING count(*) >= {}", world::THRESHOLD);
        let (governed, bare) = run(async { (answered(&select, people(&rows, &rules)).await, bare_answer(&bare, &rows).await) });
        prop_assert_eq!(&governed.unwrap().unwrap()["rows"], &bare["rows"], "{}", select);
    }

    /// Whatever stands in a text, the check answers.
    #[test]
    fn no_text_breaks_the_check(sql in query(), cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), "[-+*/()\\[\\],.;'\"`$%a-c0-9 \u{4e2d}\u{0}]{0,4}|(SELECT|FROM|WHERE|CASE|NULL|UNION|OVER|IN|NOT|people) "), 1..6)) {
        let mut text: Vec<char> = sql.chars().collect();
        for (from, until, part) in cuts {
            let (from, until) = (from.index(text.len() + 1), until.index(text.len() + 1));
            text.splice(from.min(until)..from.max(until).min(from.min(until) + 6), part.chars());
        }
        let text: String = text.into_iter().collect();
        let rules = vec![ReleaseRule::Group, ReleaseRule::Open, ReleaseRule::Closed, world::aggregate(&[F::Mean]), ReleaseRule::Open];
        let people = people(&vec![[1; 5]; 6], &rules);
        let begun = std::time::Instant::now();
        let engine = Engine::new(Config::default()).unwrap();
        let checked = run(engine.check(&text, &access(&people), vec![people], &[]));
        if let Err(refusal) = checked {
            prop_assert!(!refusal.message.en.is_empty() && refusal.rule.starts_with("flow."));
        }
        prop_assert!(begun.elapsed().as_secs() < 5, "{} took {:?}", text, begun.elapsed());
    }
}

/// The same in bare DataFusion.
async fn bare_answer(sql: &str, rows: &Rows) -> Value {
    let schema = Arc::new(Schema::new(
        NAMES.map(|name| Column::new(name, DataType::Int64, true)).to_vec(),
    ));
    let column = |index: usize| Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row[index]))) as ArrayRef;
    let batch = RecordBatch::try_new(schema.clone(), (0..NAMES.len()).map(column).collect()).unwrap();
    let context = SessionContext::new();
    context
        .register_table(
            "people",
            Arc::new(MemTable::try_new(schema, vec![vec![batch]]).unwrap()),
        )
        .unwrap();
    let batches = context.sql(sql).await.unwrap().collect().await.unwrap();
    let mut found = Vec::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            let cell = |column: &ArrayRef| {
                let text = datafusion::arrow::util::display::array_value_to_string(column, row).unwrap();
                let whole = text.parse::<i64>().map(Value::from);
                whole.or(text.parse::<f64>().map(Value::from)).unwrap_or(Value::Null)
            };
            found.push(Value::Array(batch.columns().iter().map(cell).collect()));
        }
    }
    sorted(serde_json::json!({ "rows": found }))
}

/// The generator reaches what it is for: enough of its queries pass and enough are refused.
#[test]
fn the_generator_meets_both_verdicts() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut verdicts = BTreeMap::new();
    let mut rules_met = BTreeSet::new();
    for _ in 0..300 {
        let sql = query().new_tree(&mut runner).unwrap().current();
        let rules = prop::collection::vec(rule(), 5)
            .new_tree(&mut runner)
            .unwrap()
            .current();
        let people = people(&vec![[1; 5]; 9], &rules);
        let engine = Engine::new(Config::default()).unwrap();
        let checked = run(engine.check(&sql, &access(&people), vec![people], &[]));
        *verdicts.entry(checked.is_ok()).or_insert(0) += 1;
        rules_met.extend(checked.err().map(|refusal| refusal.rule));
    }
    println!("{verdicts:?} by {rules_met:?}");
    assert!(
        verdicts[&true] >= 20 && verdicts[&false] >= 20 && rules_met.len() >= 5,
        "{verdicts:?} {rules_met:?}"
    );
}
