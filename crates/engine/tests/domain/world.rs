//! A small district for tests of the engine: tables of every kind, with the rare cases that attacks live on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{Field as Column, Schema};
use gongshu_engine::{Access, FieldType, Model, ModelFormat, Standing, SubjectGate, Table};
use gongshu_governance::resource::{AggregateFunction, Contribution, Field, Mask, NoiseDistribution, ReleaseRule};
use sha2::{Digest, Sha256};

#[path = "../models/onnx.rs"]
pub mod onnx;

/// Smallest number of distinct subjects in a cell.
pub const THRESHOLD: u64 = 5;

/// A column with its rule.
pub type Data = (&'static str, FieldType, ReleaseRule, ArrayRef);

/// A table of these columns.
pub fn table(name: &str, subject: Option<&str>, unique: bool, columns: Vec<Data>) -> Table {
    let schema = columns
        .iter()
        .map(|(name, _, _, data)| Column::new(*name, data.data_type().clone(), true));
    let schema = Arc::new(Schema::new(schema.collect::<Vec<_>>()));
    let data = columns.iter().map(|(_, _, _, data)| data.clone()).collect();
    let batch = RecordBatch::try_new(schema.clone(), data).unwrap();
    let field = |(name, field_type, release, _): Data| Field {
        name: name.to_owned(),
        field_type,
        meaning: name.to_owned(),
        level: 3,
        release,
        nullable: true,
    };
    let fields = columns.into_iter().map(field).collect();
    let subject = subject.map(str::to_owned);
    let unique = if unique {
        subject.iter().cloned().collect()
    } else {
        BTreeSet::new()
    };
    Table::in_memory(name, "v1", fields, subject, unique, &[batch], &schema).unwrap()
}

pub fn texts(values: impl IntoIterator<Item = String>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

pub fn whole(values: impl IntoIterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

pub fn aggregate(functions: &[AggregateFunction]) -> ReleaseRule {
    ReleaseRule::Aggregate {
        functions: functions.iter().copied().collect(),
    }
}

/// 60 patients: 40 with flu, 17 with asthma, 3 with a rare illness (the last three). `dose` is known of the first two only.
fn patients() -> Table {
    use AggregateFunction::{Mean, Sum};
    use FieldType::{Date, Float, Integer, Text};
    let illness = |number: i64| match number {
        0..40 => "flu",
        40..57 => "asthma",
        _ => "rare",
    };
    let all = || 0..60_i64;
    let dose = all().map(|number| (number < 2).then_some(number * 100 + 7));
    let born = all().map(|number| i32::try_from(number * 300).unwrap_or(0));
    table(
        "patients",
        Some("id"),
        true,
        vec![
            ("id", Integer, ReleaseRule::Closed, whole(all())),
            (
                "illness",
                Text,
                ReleaseRule::Group,
                texts(all().map(|number| illness(number).to_owned())),
            ),
            (
                "ward",
                Integer,
                ReleaseRule::Group,
                whole(all().map(|number| number % 3 - 1)),
            ),
            (
                "age",
                Integer,
                aggregate(&[Mean, Sum]),
                whole(all().map(|number| 20 + number)),
            ),
            (
                "cost",
                Float,
                aggregate(&[Sum]),
                Arc::new(Float64Array::from_iter_values(
                    all().map(|number| f64::from(u8::try_from(number).unwrap_or(0)) * 1.5),
                )),
            ),
            (
                "dose",
                Integer,
                aggregate(&[Mean, Sum]),
                Arc::new(dose.collect::<Int64Array>()),
            ),
            (
                "phone",
                Text,
                ReleaseRule::Masked {
                    mask: Mask::Partial { head: 3, tail: 4 },
                },
                texts(all().map(|number| format!("1380000{number:04}"))),
            ),
            (
                "born",
                Date,
                ReleaseRule::Masked { mask: Mask::Year },
                Arc::new(Date32Array::from_iter_values(born)),
            ),
            (
                "salary",
                Integer,
                ReleaseRule::Masked {
                    mask: Mask::Band { width: 1_000 },
                },
                whole(all().map(|number| 3_000 + number * 37)),
            ),
            (
                "name",
                Text,
                ReleaseRule::Open,
                texts(all().map(|number| format!("person {number}"))),
            ),
            (
                "year",
                Integer,
                ReleaseRule::Open,
                whole(all().map(|number| 2000 + number % 20)),
            ),
        ],
    )
}

/// 30 visits of 4 persons: rows are many, subjects few.
fn visits() -> Table {
    use FieldType::{Integer, Text};
    let all = || 0..30_i64;
    table(
        "visits",
        Some("person"),
        false,
        vec![
            (
                "person",
                Integer,
                ReleaseRule::Closed,
                whole(all().map(|number| number % 4)),
            ),
            (
                "clinic",
                Text,
                ReleaseRule::Group,
                texts(all().map(|number| format!("clinic {}", number % 2))),
            ),
            (
                "fee",
                Integer,
                aggregate(&[AggregateFunction::Sum]),
                whole(all().map(|number| number * 10)),
            ),
            ("day", Integer, ReleaseRule::Open, whole(all())),
        ],
    )
}

/// Three firms that leave by consent only.
fn firms() -> Table {
    let consented = |name, values: [&str; 3]| {
        (
            name,
            FieldType::Text,
            ReleaseRule::Consented,
            texts(values.map(str::to_owned)),
        )
    };
    let columns = vec![
        consented("code", ["A", "B", "C"]),
        consented("title", ["甲", "乙", "丙"]),
    ];
    table("firms", Some("code"), true, columns)
}

/// Open rows, with what breaks arithmetic.
fn stations() -> Table {
    use FieldType::{Float, Integer, Text};
    let open = ReleaseRule::Open;
    let values = [f64::NAN, f64::INFINITY, 0.0, -0.0, 3.5];
    table(
        "stations",
        None,
        false,
        vec![
            (
                "name",
                Text,
                open.clone(),
                texts((0..5).map(|number| format!("station {number}"))),
            ),
            ("level", Integer, open.clone(), whole([0, 1, 2, i64::MAX, i64::MIN])),
            ("value", Float, open, Arc::new(Float64Array::from_iter_values(values))),
        ],
    )
}

/// A closed column beside an open one, and nothing guarded.
fn badges() -> Table {
    use FieldType::{Integer, Text};
    table(
        "badges",
        None,
        false,
        vec![
            (
                "secret",
                Text,
                ReleaseRule::Closed,
                texts((0..5).map(|number| format!("secret {number}"))),
            ),
            ("level", Integer, ReleaseRule::Open, whole(0..5)),
            (
                "hint",
                Text,
                ReleaseRule::Masked {
                    mask: Mask::Partial { head: 1, tail: 0 },
                },
                texts((0..5).map(|number| format!("hint {number}"))),
            ),
        ],
    )
}

/// As wide as `stations`, with a closed column where that one has an open one.
fn locks() -> Table {
    use FieldType::{Integer, Text};
    let open = ReleaseRule::Open;
    table(
        "locks",
        None,
        false,
        vec![
            (
                "key",
                Text,
                ReleaseRule::Closed,
                texts((0..5).map(|number| format!("key {number}"))),
            ),
            ("number", Integer, open.clone(), whole(0..5)),
            ("ungranted", Integer, open, whole(0..5)),
        ],
    )
}

/// 40 loans of 20 persons: each has two. `card` joins with `claims`.
fn loans() -> Table {
    use FieldType::{Integer, Text};
    let all = || 0..40_i64;
    table(
        "loans",
        Some("borrower"),
        false,
        vec![
            (
                "borrower",
                Integer,
                ReleaseRule::Closed,
                whole(all().map(|number| number % 20)),
            ),
            (
                "card",
                Text,
                ReleaseRule::Join,
                texts(all().map(|number| format!("card {}", number % 20))),
            ),
            (
                "bank",
                Text,
                ReleaseRule::Group,
                texts(all().map(|number| format!("bank {}", number % 2))),
            ),
            (
                "amount",
                Integer,
                aggregate(&[AggregateFunction::Sum]),
                whole(all().map(|number| number + 1)),
            ),
            (
                "remark",
                Text,
                ReleaseRule::Open,
                texts(all().map(|number| format!("loan {number}"))),
            ),
        ],
    )
}

/// 13 claims of the first 13 persons; of the kinds, `fire` comes 3 times.
fn claims() -> Table {
    use FieldType::Text;
    let all = || 0..13_i64;
    let kind = |number: i64| if number < 10 { "water" } else { "fire" };
    table(
        "claims",
        Some("insured"),
        true,
        vec![
            (
                "insured",
                Text,
                ReleaseRule::Join,
                texts(all().map(|number| format!("card {number}"))),
            ),
            (
                "kind",
                Text,
                ReleaseRule::Group,
                texts(all().map(|number| kind(number).to_owned())),
            ),
        ],
    )
}

/// Four borrowers whose debt and income leave as a score only; the third has no income.
fn borrowers() -> Table {
    use FieldType::{Integer, Text};
    let income = [Some(20), Some(10), None, Some(1)];
    table(
        "borrowers",
        None,
        false,
        vec![
            ("number", Integer, ReleaseRule::Open, whole(0..4)),
            (
                "region",
                Text,
                ReleaseRule::Open,
                texts(["east", "east", "east", "west"].map(str::to_owned)),
            ),
            ("debt", Integer, ReleaseRule::Scored, whole([10, 20, 30, 13])),
            (
                "income",
                Integer,
                ReleaseRule::Scored,
                Arc::new(income.into_iter().collect::<Int64Array>()),
            ),
            ("account", Integer, ReleaseRule::Closed, whole(0..4)),
        ],
    )
}

/// A scored column beside one that leaves in groups.
fn pupils() -> Table {
    use FieldType::{Integer, Text};
    table(
        "pupils",
        None,
        false,
        vec![
            (
                "class",
                Text,
                ReleaseRule::Group,
                texts((0..9).map(|_| "1A".to_owned())),
            ),
            ("marks", Integer, ReleaseRule::Scored, whole(0..9)),
        ],
    )
}

/// The model of the tests that divides its first input by its second.
pub const RATIO: &str = include_str!("../models/ratio.wat");

/// Scores half of a whole number, rounded down; of rows that all have one.
const HALF: &str = "(local $row i32)
    (loop $next
        (f64.store
            (i32.add (local.get $scores) (i32.shl (local.get $row) (i32.const 3)))
            (f64.convert_i64_s (i64.shr_s
                (i64.load (i32.add (i32.load (local.get $frame)) (i32.shl (local.get $row) (i32.const 3))))
                (i64.const 1))))
        (i32.store8 (i32.add (local.get $present) (i32.shr_u (local.get $row) (i32.const 3))) (i32.const 255))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $row) (local.get $rows))))
    (i32.const 0)";

/// A module whose `score` does this.
pub fn module(score: &str) -> String {
    format!(
        r#"(module (memory (export "memory") 1)
            (func (export "alloc") (param i32) (result i32) (i32.const 1024))
            (func (export "score")
                (param $frame i32) (param $columns i32) (param $rows i32) (param $scores i32) (param $present i32)
                (result i32) {score}))"#
    )
}

/// A model over these columns, in force.
pub fn model(function: &str, table: &str, inputs: &[&str], code: impl AsRef<[u8]>) -> Model {
    Model {
        function: function.to_owned(),
        format: ModelFormat::Wasm,
        sha256: hex::encode(Sha256::digest(&code)),
        table: table.to_owned(),
        inputs: inputs.iter().map(|input| (*input).to_owned()).collect(),
        standing: Standing::InForce,
        code: code.as_ref().into(),
    }
}

/// The same with an ONNX model.
pub fn network(function: &str, table: &str, inputs: &[&str], code: impl AsRef<[u8]>) -> Model {
    Model {
        format: ModelFormat::Onnx,
        ..model(function, table, inputs, code)
    }
}

/// The logistic of a tenth of the first number less a fifth of the second.
pub fn logistic() -> Vec<u8> {
    onnx::model(
        &[("rows", 2)],
        &[
            onnx::node("Gemm", &["rows", "weights", "bias"], "sum", &[]),
            onnx::node("Sigmoid", &["sum"], "score", &[]),
        ],
        &[
            onnx::floats("weights", &[2, 1], &[0.1, -0.2]),
            onnx::floats("bias", &[1], &[0.5]),
        ],
    )
}

/// Models of every standing, and such as pass every limit.
fn models() -> Vec<Model> {
    let both = ["debt", "income"];
    let ratio = |function| model(function, "borrowers", &both, RATIO);
    let stopped = Model {
        standing: Standing::Stopped,
        ..ratio("score_old_v1")
    };
    let unreviewed = Model {
        standing: Standing::Registered,
        ..model("score_level_v1", "badges", &["level"], RATIO)
    };
    let other = Model {
        code: module("(i32.const 0)").as_bytes().into(),
        ..ratio("score_other_v1")
    };
    // Stops where the first debt is 10.
    let trap =
        "(if (i64.eq (i64.load (i32.load (local.get $frame))) (i64.const 10)) (then (unreachable))) (i32.const 0)";
    let hostile = |function, score: &str| model(function, "borrowers", &both, module(score));
    vec![
        ratio("score_ratio_v1"),
        stopped,
        unreviewed,
        other,
        hostile("score_trap_v1", trap),
        hostile("score_loop_v1", "(loop $on (br $on)) (i32.const 0)"),
        hostile("score_bomb_v1", "(drop (memory.grow (i32.const 30000))) (i32.const 0)"),
        hostile("score_status_v1", "(i32.const 7)"),
        model("score_half_v1", "people", &["e"], module(HALF)),
        model("score_marks_v1", "pupils", &["marks"], RATIO),
        model("score_account_v1", "borrowers", &["account"], RATIO),
        network("score_logistic_v1", "borrowers", &both, logistic()),
    ]
}

fn private(functions: &[AggregateFunction]) -> ReleaseRule {
    ReleaseRule::Private {
        functions: functions.iter().copied().collect(),
        rho_micro: 1_000,
        low: 0,
        high: 100,
        noise: NoiseDistribution::Laplace,
        contribution: Contribution::default(),
    }
}

/// 30 workers of two teams; their pay leaves with noise.
fn staff() -> Table {
    use AggregateFunction::{Mean, Sum};
    let all = || 0..30_i64;
    let text = |name: &'static str, of: fn(i64) -> String, rule| (name, FieldType::Text, rule, texts(all().map(of)));
    let columns = vec![
        ("worker", FieldType::Integer, ReleaseRule::Closed, whole(all())),
        text("team", |number| format!("team {}", number % 2), ReleaseRule::Group),
        text("name", |number| format!("worker {number}"), ReleaseRule::Open),
        ("pay", FieldType::Integer, private(&[Sum, Mean]), whole(all())),
    ];
    table("staff", Some("worker"), true, columns)
}

/// 40 rides of 20 riders, whose key and fines leave with noise; nothing bounds what one contributes.
fn rides() -> Table {
    use AggregateFunction::{Count, Sum};
    let all = || 0..40_i64;
    let columns = vec![
        (
            "rider",
            FieldType::Integer,
            private(&[Count]),
            whole(all().map(|ride| ride % 20)),
        ),
        ("ride", FieldType::Integer, ReleaseRule::Open, whole(all())),
        ("fine", FieldType::Integer, private(&[Sum]), whole(all())),
    ];
    table("rides", Some("rider"), false, columns)
}

/// Every table.
pub fn tables() -> Vec<Table> {
    vec![
        staff(),
        rides(),
        patients(),
        visits(),
        firms(),
        stations(),
        badges(),
        locks(),
        loans(),
        claims(),
        borrowers(),
        pupils(),
    ]
}

/// Everything of these tables but `ungranted`, a column of `locks` that the scenario does not name.
pub fn access(tables: &[Table], gated: bool) -> Access {
    let columns = |table: &Table| {
        table
            .columns()
            .filter(|name| *name != "ungranted")
            .map(str::to_owned)
            .collect::<BTreeSet<_>>()
    };
    let resources = tables.iter().map(|table| (table.name().to_owned(), columns(table)));
    let gate = SubjectGate {
        resource: "firms".to_owned(),
        column: "code".to_owned(),
        parameter: 0,
    };
    Access {
        resources: resources.collect::<BTreeMap<_, _>>(),
        threshold: THRESHOLD,
        subject: gated.then_some(gate),
        models: models()
            .into_iter()
            .map(|model| (model.function.clone(), model))
            .collect(),
        ..Access::default()
    }
}
