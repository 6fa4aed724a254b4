//! What the information-flow check lets through and what it refuses, and what leaves when it runs.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::arrow::array::{Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field as Column, Schema};
use gongshu_engine::{Access, Config, Engine, FieldType, Param, SubjectGate, Table};
use gongshu_governance::resource::{AggregateFunction, Field, Mask, ReleaseRule};

fn field(name: &str, field_type: FieldType, release: ReleaseRule) -> Field {
    Field {
        name: name.to_owned(),
        field_type,
        meaning: name.to_owned(),
        level: 3,
        release,
        nullable: true,
    }
}

/// 40 persons: 30 in group a, 7 in group b, 3 in group c.
fn census() -> Table {
    let group = |number: i64| match number {
        0..30 => "a",
        30..37 => "b",
        _ => "c",
    };
    let schema = Arc::new(Schema::new(vec![
        Column::new("record", DataType::Int64, true),
        Column::new("grp", DataType::Utf8, true),
        Column::new("age", DataType::Int64, true),
        Column::new("secret", DataType::Int64, true),
        Column::new("phone", DataType::Utf8, true),
        Column::new("note", DataType::Utf8, true),
    ]));
    let numbers = || Int64Array::from_iter_values(0..40);
    let batch = RecordBatch::try_new(
        schema.clone(),
        vec![
            Arc::new(numbers()),
            Arc::new(StringArray::from_iter_values((0..40).map(group))),
            Arc::new(numbers()),
            Arc::new(numbers()),
            Arc::new(StringArray::from_iter_values(
                (0..40).map(|number| format!("1380000{number:04}")),
            )),
            Arc::new(StringArray::from_iter_values(
                (0..40).map(|number| format!("note {number}")),
            )),
        ],
    );
    let fields = vec![
        field("record", FieldType::Integer, ReleaseRule::Closed),
        field("grp", FieldType::Text, ReleaseRule::Group),
        field(
            "age",
            FieldType::Integer,
            ReleaseRule::Aggregate {
                functions: [AggregateFunction::Mean].into(),
            },
        ),
        field("secret", FieldType::Integer, ReleaseRule::Closed),
        field(
            "phone",
            FieldType::Text,
            ReleaseRule::Masked {
                mask: Mask::Partial { head: 3, tail: 4 },
            },
        ),
        field("note", FieldType::Text, ReleaseRule::Open),
    ];
    let unique = BTreeSet::from(["record".to_owned()]);
    Table::in_memory(
        "census",
        "v1",
        fields,
        Some("record".to_owned()),
        unique,
        &[batch.unwrap()],
        &schema,
    )
    .unwrap()
}

fn firms() -> Table {
    let schema = Arc::new(Schema::new(vec![
        Column::new("code", DataType::Utf8, false),
        Column::new("name", DataType::Utf8, false),
    ]));
    let texts = |texts: [&str; 3]| Arc::new(StringArray::from_iter_values(texts));
    let batch = RecordBatch::try_new(schema.clone(), vec![texts(["A", "B", "C"]), texts(["甲", "乙", "丙"])]);
    let consented = |name| field(name, FieldType::Text, ReleaseRule::Consented);
    let unique = BTreeSet::from(["code".to_owned()]);
    let fields = vec![consented("code"), consented("name")];
    Table::in_memory(
        "firms",
        "v1",
        fields,
        Some("code".to_owned()),
        unique,
        &[batch.unwrap()],
        &schema,
    )
    .unwrap()
}

fn access(gated: bool) -> Access {
    let names = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<BTreeSet<String>>()
    };
    let gate = SubjectGate {
        resource: "firms".to_owned(),
        column: "code".to_owned(),
        parameter: 0,
    };
    Access {
        resources: BTreeMap::from([
            (
                "census".to_owned(),
                names(&["record", "grp", "age", "secret", "phone", "note"]),
            ),
            ("firms".to_owned(), names(&["code", "name"])),
        ]),
        threshold: 5,
        subject: gated.then_some(gate),
        ..Access::default()
    }
}

async fn verdict(sql: &str, gated: bool) -> &'static str {
    let engine = Engine::new(Config::default()).unwrap();
    let types = [FieldType::Text, FieldType::Text];
    match engine.check(sql, &access(gated), vec![census(), firms()], &types).await {
        Ok(_) => "pass",
        Err(refusal) => {
            assert!(!refusal.message.zh.is_empty() && !refusal.remedy.en.is_empty(), "{sql}");
            refusal.rule
        }
    }
}

const CASES: &[(&str, &str)] = &[
    ("SELECT grp, count(*) FROM census GROUP BY grp", "pass"),
    (
        "SELECT grp, avg(age) AS mean FROM census GROUP BY grp ORDER BY mean",
        "pass",
    ),
    ("SELECT avg(age) FROM census", "pass"),
    ("SELECT grp, count(*) FROM census WHERE grp <> 'c' GROUP BY grp", "pass"),
    (
        "SELECT grp, count(*) AS n FROM census GROUP BY grp HAVING count(*) > 6",
        "pass",
    ),
    (
        "WITH t AS (SELECT * FROM (SELECT grp, age FROM census) x) SELECT grp, avg(age) FROM t GROUP BY grp",
        "pass",
    ),
    (
        "SELECT upper(grp) AS g, count(*) FROM census GROUP BY upper(grp)",
        "pass",
    ),
    ("SELECT mask_partial(phone, 3, 4) FROM census", "pass"),
    ("SELECT note FROM census", "pass"),
    ("SELECT 1", "pass"),
    ("SELECT age FROM census", "flow.aggregate-only"),
    ("SELECT a.x FROM (SELECT age AS x FROM census) a", "flow.aggregate-only"),
    ("SELECT age + 0 FROM census", "flow.error-channel"),
    ("SELECT age FROM census LIMIT 1", "flow.guarded-rows"),
    ("SELECT note FROM census ORDER BY age", "flow.aggregate-only"),
    ("SELECT grp FROM census", "flow.group-only"),
    ("SELECT DISTINCT grp FROM census", "flow.guarded-rows"),
    ("SELECT count(*) FROM census WHERE age = 37", "flow.aggregate-only"),
    ("SELECT sum(age) FROM census", "flow.aggregate-argument"),
    ("SELECT min(age) FROM census", "flow.aggregate-argument"),
    (
        "SELECT avg(CASE WHEN grp = 'a' THEN age END) FROM census",
        "flow.aggregate-argument",
    ),
    ("SELECT max(note) FROM census GROUP BY grp", "flow.aggregate-argument"),
    (
        "SELECT grp, sum(CASE WHEN note = 'note 1' THEN 1 ELSE 0 END) FROM census GROUP BY grp",
        "flow.aggregate-argument",
    ),
    (
        "SELECT count(*) FILTER (WHERE note = 'note 1') FROM census",
        "flow.partial-group",
    ),
    ("SELECT count(DISTINCT grp) FROM census", "flow.partial-group"),
    ("SELECT age, count(*) FROM census GROUP BY age", "flow.aggregate-only"),
    (
        "SELECT grp, note, count(*) FROM census GROUP BY GROUPING SETS ((grp), (note))",
        "flow.totals-shape",
    ),
    ("SELECT secret FROM census", "flow.closed"),
    ("SELECT count(secret) FROM census", "flow.closed"),
    ("SELECT count(*) FROM census WHERE secret IS NULL", "flow.closed"),
    ("SELECT * FROM census", "flow.closed"),
    ("SELECT phone FROM census", "flow.masked-only"),
    ("SELECT mask_partial(phone, 7, 4) FROM census", "flow.other-mask"),
    ("SELECT note FROM census WHERE phone LIKE '138%'", "flow.masked-only"),
    ("SELECT note FROM census WHERE grp = 'c'", "flow.group-only"),
    (
        "SELECT row_number() OVER (ORDER BY age) FROM census",
        "flow.guarded-rows",
    ),
    (
        "SELECT a.note FROM census a JOIN census b ON a.age = b.age",
        "flow.guarded-rows",
    ),
    (
        "SELECT note FROM census UNION ALL SELECT grp FROM census",
        "flow.guarded-rows",
    ),
    (
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM census WHERE age = 3)",
        "flow.aggregate-only",
    ),
    (
        "SELECT count(*) FROM (SELECT note FROM census LIMIT 3)",
        "flow.guarded-rows",
    ),
    ("SELECT name FROM firms", "pass"),
    ("SELECT sha256(note) FROM census", "flow.unknown-function"),
    ("SELECT gongshu_released(true)", "flow.not-a-query"),
    ("SELECT * FROM information_schema.tables", "flow.not-a-query"),
    ("SELECT * FROM elsewhere", "flow.not-a-query"),
    ("INSERT INTO census SELECT * FROM census", "flow.unsupported"),
    ("DROP TABLE census", "flow.unsupported"),
    ("EXPLAIN SELECT note FROM census", "flow.unsupported"),
    ("SELECT 1; SELECT 2", "flow.not-a-query"),
    ("", "flow.not-a-query"),
];

#[tokio::test]
async fn each_query_gets_its_verdict() {
    let mut wrong = Vec::new();
    for (sql, expected) in CASES {
        let found = verdict(sql, false).await;
        if found != *expected {
            wrong.push(format!("{sql}\n  expected {expected}, found {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn answer(sql: &str, gated: bool, params: &[Param]) -> serde_json::Value {
    let engine = Engine::new(Config::default()).unwrap();
    let types = [FieldType::Text, FieldType::Text];
    let checked = engine.check(sql, &access(gated), vec![census(), firms()], &types).await;
    let checked = checked.unwrap_or_else(|refusal| panic!("{sql}: {refusal}"));
    let prepared = engine.prepare(checked).await.unwrap();
    // The second execution reuses the instance of the first.
    prepared.execute(params, jiff::civil::date(2026, 1, 1)).await.unwrap();
    prepared
        .execute(params, jiff::civil::date(2026, 1, 1))
        .await
        .unwrap()
        .to_json()
}

#[tokio::test]
async fn small_cells_are_held_back_and_counted() {
    let answer = answer(
        "SELECT grp, count(*) AS n FROM census GROUP BY grp ORDER BY grp",
        false,
        &[],
    )
    .await;
    assert_eq!(answer["rows"], serde_json::json!([["a", 30], ["b", 7]]));
    assert_eq!(answer["suppressed"], 1);
}

#[tokio::test]
async fn having_cannot_see_what_is_held_back() {
    let answer = answer("SELECT grp FROM census GROUP BY grp HAVING count(*) < 10", false, &[]).await;
    assert_eq!(answer["rows"], serde_json::json!([["b"]]));
}

#[tokio::test]
async fn the_gate_shows_the_named_subject_only() {
    let subject = |code: &str| [Param::Text(code.to_owned())];
    let all = answer("SELECT code, name FROM firms", true, &subject("B")).await;
    assert_eq!(all["rows"], serde_json::json!([["B", "乙"]]));
    let other = answer(
        "SELECT code, name FROM firms WHERE code = 'A' OR true",
        true,
        &subject("C"),
    )
    .await;
    assert_eq!(other["rows"], serde_json::json!([["C", "丙"]]));
    let nobody = answer("SELECT count(*) AS n FROM firms", true, &subject("Z")).await;
    assert_eq!(nobody["rows"], serde_json::json!([[0]]));
}
