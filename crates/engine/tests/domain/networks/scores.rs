//! What networks score: every operator as it is defined, each row in any company.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Float64Array};
use gongshu_engine::FieldType;
use gongshu_governance::resource::ReleaseRule;

use super::{Node, check_file, engine, summed};
use crate::world::onnx::{constant, float, float_list, floats, int, ints, model, node, wholes};
use crate::world::{self, network};

/// Rows of the table of numbers: two full batches of the runtime and a part of one.
const ROWS: u16 = 600;

fn cell(row: u16, column: u16) -> f64 {
    f64::from((row * 37 + column * 11) % 101) / 10.0 - 4.0
}

/// The scores of a network over the columns `a` and `b` of a table, as a query with this clause has them.
async fn scores_where(code: &[u8], clause: &str) -> Vec<Option<f64>> {
    let column =
        |index: u16| -> ArrayRef { Arc::new(Float64Array::from_iter_values((0..ROWS).map(|row| cell(row, index)))) };
    let columns = vec![
        (
            "n",
            FieldType::Integer,
            ReleaseRule::Open,
            world::whole(0..i64::from(ROWS)),
        ),
        ("a", FieldType::Float, ReleaseRule::Scored, column(0)),
        ("b", FieldType::Float, ReleaseRule::Scored, column(1)),
    ];
    let tables = vec![world::table("numbers", None, false, columns)];
    let mut access = world::access(&tables, false);
    let scored = network("score_x_v1", "numbers", &["a", "b"], code);
    access.models.insert(scored.function.clone(), scored);
    let engine = engine(|_| {});
    let sql = format!("SELECT score_x_v1(a, b) AS s FROM numbers {clause} ORDER BY n");
    let checked = engine.check(&sql, &access, tables, &[]).await.unwrap();
    let prepared = engine.prepare(checked).await.unwrap();
    let answer = prepared.execute(&[], jiff::civil::date(2026, 1, 1)).await.unwrap();
    let rows = answer.to_json()["rows"].as_array().unwrap().clone();
    rows.iter().map(|row| row[0].as_f64()).collect()
}

fn of_each(operator: &str, attributes: &[Node]) -> Vec<u8> {
    summed(2, vec![node(operator, &["rows"], "y", attributes)], &[])
}

fn with_constants(operator: &str, constants: &[Node]) -> Vec<u8> {
    summed(2, vec![node(operator, &["rows", "c"], "y", &[])], constants)
}

/// A comparison, as the number that it makes of its truth.
fn compared(operator: &str) -> Vec<u8> {
    let nodes = vec![
        node(operator, &["rows", "c"], "t", &[]),
        node("Cast", &["t"], "y", &[int("to", 1)]),
    ];
    summed(2, nodes, &[floats("c", &[1, 2], &[0.5, 1.5])])
}

type Case = (&'static str, Vec<u8>, fn(f64, f64) -> f64);

/// Networks, with what they score.
#[rustfmt::skip]
fn cases() -> Vec<Case> {
    let pair = || vec![floats("c", &[2], &[0.5, 3.0])];
    let table = || floats("w", &[2, 3], &[1.0, -2.0, 0.5, 3.0, 0.25, -1.0]);
    let across = |operator: &str| {
        let nodes = [node(operator, &["rows"], "score", &[ints("axes", &[-1]), int("keepdims", 1)])];
        model(&[("rows", 2)], &nodes, &[])
    };
    let squared = vec![node("Mul", &["rows", "rows"], "y", &[])];
    vec![
        ("Abs", of_each("Abs", &[]), |a, b| a.abs() + b.abs()),
        ("Neg", of_each("Neg", &[]), |a, b| -a - b),
        ("Relu", of_each("Relu", &[]), |a, b| a.max(0.0) + b.max(0.0)),
        ("Identity", of_each("Identity", &[]), |a, b| a + b),
        ("Floor", of_each("Floor", &[]), |a, b| a.floor() + b.floor()),
        ("Ceil", of_each("Ceil", &[]), |a, b| a.ceil() + b.ceil()),
        ("Exp", of_each("Exp", &[]), |a, b| a.exp() + b.exp()),
        ("Tanh", of_each("Tanh", &[]), |a, b| a.tanh() + b.tanh()),
        ("Sigmoid", of_each("Sigmoid", &[]), |a, b| 1.0 / (1.0 + (-a).exp()) + 1.0 / (1.0 + (-b).exp())),
        ("Softplus", of_each("Softplus", &[]), |a, b| a.exp().ln_1p() + b.exp().ln_1p()),
        ("LeakyRelu", of_each("LeakyRelu", &[float("alpha", 0.5)]), |a, b| a.max(a / 2.0) + b.max(b / 2.0)),
        ("Elu", of_each("Elu", &[float("alpha", 1.0)]), |a, b| a.max(a.exp_m1().min(0.0)) + b.max(b.exp_m1().min(0.0))),
        ("HardSigmoid", of_each("HardSigmoid", &[float("alpha", 0.2), float("beta", 0.5)]),
            |a, b| (0.2 * a + 0.5).clamp(0.0, 1.0) + (0.2 * b + 0.5).clamp(0.0, 1.0)),
        ("Add", with_constants("Add", &pair()), |a, b| a + b + 3.5),
        ("Sub", with_constants("Sub", &[floats("c", &[], &[1.0])]), |a, b| a + b - 2.0),
        ("Mul", with_constants("Mul", &pair()), |a, b| a / 2.0 + b * 3.0),
        ("Div", with_constants("Div", &pair()), |a, b| a * 2.0 + b / 3.0),
        ("Max", with_constants("Max", &pair()), |a, b| a.max(0.5) + b.max(3.0)),
        ("Min", with_constants("Min", &pair()), |a, b| a.min(0.5) + b.min(3.0)),
        ("Pow", with_constants("Pow", &[floats("c", &[1], &[2.0])]), |a, b| a * a + b * b),
        ("Mul of two rows", summed(2, squared, &[]), |a, b| a * a + b * b),
        ("Greater", compared("Greater"), |a, b| f64::from(u8::from(a > 0.5) + u8::from(b > 1.5))),
        ("GreaterOrEqual", compared("GreaterOrEqual"), |a, b| f64::from(u8::from(a >= 0.5) + u8::from(b >= 1.5))),
        ("Less", compared("Less"), |a, b| f64::from(u8::from(a < 0.5) + u8::from(b < 1.5))),
        ("LessOrEqual", compared("LessOrEqual"), |a, b| f64::from(u8::from(a <= 0.5) + u8::from(b <= 1.5))),
        ("Where", summed(2, vec![node("Less", &["rows", "c"], "t", &[]), node("Where", &["t", "rows", "c"], "y", &[])], &pair()),
            |a, b| a.min(0.5) + b.min(3.0)),
        ("Clip", summed(2, vec![node("Clip", &["rows", "low", "high"], "y", &[])], &[floats("low", &[], &[-1.0]), floats("high", &[], &[2.0])]),
            |a, b| a.clamp(-1.0, 2.0) + b.clamp(-1.0, 2.0)),
        ("Clip from above", summed(2, vec![node("Clip", &["rows", "", "high"], "y", &[])], &[floats("high", &[], &[2.0])]),
            |a, b| a.min(2.0) + b.min(2.0)),
        ("MatMul", summed(3, vec![node("MatMul", &["rows", "w"], "y", &[])], &[table()]), |a, b| -0.5 * a + 2.25 * b),
        ("Gemm", summed(3, vec![node("Gemm", &["rows", "w", "c"], "y", &[float("alpha", 2.0)])], &[table(), floats("c", &[3], &[1.0, 2.0, 3.0])]),
            |a, b| 6.0 - a + 4.5 * b),
        ("Gemm, transposed", summed(1, vec![node("Gemm", &["rows", "w"], "y", &[int("transB", 1)])], &[floats("w", &[1, 2], &[2.0, -1.0])]),
            |a, b| 2.0 * a - b),
        ("LinearRegressor", summed(1, vec![node("LinearRegressor", &["rows"], "y", &[float_list("coefficients", &[2.0, -1.0]), float_list("intercepts", &[0.5])])], &[]),
            |a, b| 2.0 * a - b + 0.5),
        ("Gather", model(&[("rows", 2)], &[node("Gather", &["rows", "second"], "score", &[int("axis", 1)])],
            &[wholes("second", &[1], &[1])]), |_, b| b),
        ("Concat", summed(4, vec![node("Concat", &["rows", "rows"], "y", &[int("axis", 1)])], &[]), |a, b| 2.0 * (a + b)),
        ("ReduceMax", across("ReduceMax"), f64::max),
        ("ReduceMin", across("ReduceMin"), f64::min),
        ("Constant", summed(2, vec![node("Constant", &[], "c", &[constant("value", &floats("", &[2], &[1.0, 2.0]))]), node("Add", &["rows", "c"], "y", &[])], &[]),
            |a, b| a + b + 3.0),
        ("two inputs", model(&[("a", 1), ("b", 1)], &[node("Sub", &["a", "b"], "score", &[])], &[]), |a, b| a - b),
        ("Sqrt, Log and Reciprocal", summed(2, vec![
            node("Mul", &["rows", "rows"], "q", &[]), node("Add", &["q", "one"], "p", &[]), node("Sqrt", &["p"], "r", &[]),
            node("Log", &["r"], "l", &[]), node("Reciprocal", &["r"], "i", &[]), node("Mul", &["i", "l"], "y", &[]),
        ], &[floats("one", &[], &[1.0])]), |a, b| [a, b].map(|x| (x * x + 1.0).sqrt()).map(|r| r.ln() / r).iter().sum()),
        ("Erf", of_each("Erf", &[]), |a, b| erf(a) + erf(b)),
    ]
}

/// The error function, by Simpson's rule.
fn erf(x: f64) -> f64 {
    let (steps, end) = (600_u32, x.clamp(-6.0, 6.0));
    let height = |step: u32| (-(end * f64::from(step) / f64::from(steps)).powi(2)).exp();
    let inner = |step: u32| height(step) * if step % 2 == 1 { 4.0 } else { 2.0 };
    let sum = height(0) + height(steps) + (1..steps).map(inner).sum::<f64>();
    sum * end / f64::from(3 * steps) * std::f64::consts::FRAC_2_SQRT_PI
}

#[tokio::test]
async fn every_operator_scores_each_row_as_it_is_defined() {
    for (name, code, expected) in cases() {
        assert_eq!(check_file(&code), Ok(()), "{name}");
        let scores = scores_where(&code, "").await;
        assert_eq!(scores.len(), usize::from(ROWS), "{name}");
        for (row, score) in (0..ROWS).zip(scores) {
            let expected = expected(cell(row, 0), cell(row, 1));
            let close = score.is_some_and(|score| (score - expected).abs() <= 1e-4 * expected.abs().max(1.0));
            assert!(close, "{name} of row {row}: {score:?}, not {expected}");
        }
    }
}

#[tokio::test]
async fn a_score_is_the_same_in_any_company() {
    for (name, code, _) in cases() {
        let all = scores_where(&code, "").await;
        // Other rows come before it, and other rows fill its batch.
        for row in [0, 1, 255, 256, 311, ROWS - 1] {
            let alone = scores_where(&code, &format!("WHERE n = {row}")).await;
            assert_eq!(alone, [all[usize::from(row)]], "{name} of row {row}");
        }
    }
}

#[tokio::test]
async fn a_row_without_an_input_has_no_score() {
    let tables = world::tables();
    let access = world::access(&tables, false);
    let engine = engine(|_| {});
    let sql = "SELECT number, score_logistic_v1(debt, income) AS s FROM borrowers ORDER BY number";
    let checked = engine.check(sql, &access, tables, &[]).await.unwrap();
    let prepared = engine.prepare(checked).await.unwrap();
    let answer = prepared
        .execute(&[], jiff::civil::date(2026, 1, 1))
        .await
        .unwrap()
        .to_json();
    let missing: Vec<bool> = answer["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row[1].is_null())
        .collect();
    assert_eq!(missing, [false, false, true, false], "{answer}");
}
