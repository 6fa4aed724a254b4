//! Joins of guarded resources: however rows multiply, a cell leaves only with enough distinct subjects of each.

use std::collections::{BTreeMap, BTreeSet};

use crate::world::{self, table, texts, whole};
use gongshu_engine::{Access, Config, Engine, FieldType, Table};
use gongshu_governance::resource::ReleaseRule;
use proptest::prelude::*;

/// A table of (subject, key, group).
fn pairs(name: &str, rows: &[(i64, i64, i64)]) -> Table {
    let text = |prefix: &'static str, pick: fn(&(i64, i64, i64)) -> i64| {
        texts(
            rows.iter()
                .map(move |row| format!("{prefix}{}", pick(row)))
                .collect::<Vec<_>>(),
        )
    };
    let columns = vec![
        (
            "subject",
            FieldType::Integer,
            ReleaseRule::Closed,
            whole(rows.iter().map(|row| row.0)),
        ),
        ("link", FieldType::Text, ReleaseRule::Join, text("key ", |row| row.1)),
        ("part", FieldType::Text, ReleaseRule::Group, text("part ", |row| row.2)),
    ];
    table(name, Some("subject"), false, columns)
}

/// Parts of `left`, each with the distinct subjects of both sides that meet in it.
fn subjects(left: &[(i64, i64, i64)], right: &[(i64, i64, i64)]) -> BTreeMap<String, [BTreeSet<i64>; 2]> {
    let mut parts: BTreeMap<String, [BTreeSet<i64>; 2]> = BTreeMap::new();
    for (a, key, part) in left {
        for (b, ..) in right.iter().filter(|(_, other, _)| other == key) {
            let [lefts, rights] = parts.entry(format!("part {part}")).or_default();
            lefts.insert(*a);
            rights.insert(*b);
        }
    }
    parts
}

async fn released(left: &[(i64, i64, i64)], right: &[(i64, i64, i64)]) -> BTreeSet<String> {
    let tables = vec![pairs("l", left), pairs("r", right)];
    let access = world::access(&tables, false);
    let engine = Engine::new(Config::default()).unwrap();
    let sql = "SELECT l.part, count(*) FROM l JOIN r ON l.link = r.link GROUP BY l.part";
    let checked = engine.check(sql, &access, tables, &[]).await.unwrap();
    let prepared = engine.prepare(checked).await.unwrap();
    let answer = prepared
        .execute(&[], jiff::civil::date(2026, 1, 1))
        .await
        .unwrap()
        .to_json();
    let rows = answer["rows"].as_array().unwrap().iter();
    rows.map(|row| row[0].as_str().unwrap().to_owned()).collect()
}

fn rows() -> impl Strategy<Value = Vec<(i64, i64, i64)>> {
    prop::collection::vec((0..12_i64, 0..6_i64, 0..3_i64), 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn multiplied_rows_do_not_count_as_subjects(left in rows(), right in rows()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let enough = |sides: &[BTreeSet<i64>; 2]| sides.iter().all(|side| side.len() as u64 >= world::THRESHOLD);
        let expected = subjects(&left, &right).into_iter().filter(|(_, sides)| enough(sides)).map(|(part, _)| part);
        prop_assert_eq!(runtime.block_on(released(&left, &right)), expected.collect::<BTreeSet<_>>());
    }
}

async fn verdict_under(column: &str, rule: ReleaseRule, sql: &str) -> &'static str {
    let tables = world::tables();
    let rules = BTreeMap::from([(column.to_owned(), rule)]);
    let access = Access {
        tightened: BTreeMap::from([("patients".to_owned(), rules)]),
        ..world::access(&tables, false)
    };
    let engine = Engine::new(Config::default()).unwrap();
    let checked = engine.check(sql, &access, tables, &[]).await;
    checked.map_or_else(|refusal| refusal.rule, |_| "pass")
}

#[tokio::test]
async fn a_grant_tightens_a_rule_and_never_widens_it() {
    let ages = "SELECT illness, avg(age) FROM patients GROUP BY illness";
    let mean = world::aggregate(&[gongshu_governance::resource::AggregateFunction::Mean]);
    assert_eq!(verdict_under("age", mean.clone(), ages).await, "pass");
    assert_eq!(
        verdict_under("age", mean, "SELECT sum(age) FROM patients").await,
        "flow.aggregate-argument"
    );
    assert_eq!(verdict_under("age", ReleaseRule::Closed, ages).await, "flow.closed");
    assert_eq!(
        verdict_under("name", ReleaseRule::Closed, "SELECT name FROM patients").await,
        "flow.closed"
    );
    assert_eq!(verdict_under("age", ReleaseRule::Open, ages).await, "flow.grant-widens");
    assert_eq!(
        verdict_under("age", ReleaseRule::Group, ages).await,
        "flow.grant-widens"
    );
    assert_eq!(
        verdict_under("nobody", ReleaseRule::Closed, ages).await,
        "flow.grant-widens"
    );
}
