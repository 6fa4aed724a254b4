//! Private columns: noise, its size, and what it loses.

use std::sync::Arc;

use datafusion::arrow::array::Int64Array;
use gongshu_engine::{CheckedPlan, Config, Engine, FieldType, FlowRefusal, Table};
use gongshu_governance::resource::{AggregateFunction as F, ReleaseRule};
use serde_json::Value;

use crate::world::{self, table, texts, whole};

/// ρ of one result: the noise of a sum over [0, 100] has a standard deviation of 100.
const RHO_MICRO: u64 = 500_000;

/// 200 persons in two areas; every tenth wage is missing, and one is far outside the bounds.
fn wages(name: &str, rows_a_person: i64) -> Table {
    let all = || 0..200 * rows_a_person;
    let wage = |number: i64| match number {
        7 => Some(1_000_000),
        number if number % 10 == 0 => None,
        number => Some(number % 100),
    };
    let functions = [F::Sum, F::Mean].into();
    let private = ReleaseRule::Private {
        functions,
        rho_micro: RHO_MICRO,
        low: 0,
        high: 100,
    };
    let area = texts(all().map(|number| format!("area {}", number % 2)));
    let columns = vec![
        (
            "person",
            FieldType::Integer,
            ReleaseRule::Closed,
            whole(all().map(|number| number / rows_a_person)),
        ),
        ("area", FieldType::Text, ReleaseRule::Group, area),
        (
            "wage",
            FieldType::Integer,
            private,
            Arc::new(all().map(wage).collect::<Int64Array>()) as _,
        ),
        (
            "label",
            FieldType::Text,
            ReleaseRule::Open,
            texts(all().map(|number| format!("person {number}"))),
        ),
    ];
    table(name, Some("person"), rows_a_person == 1, columns)
}

async fn checked(sql: &str, wages: Table) -> Result<CheckedPlan, FlowRefusal> {
    let access = world::access(std::slice::from_ref(&wages), false);
    Engine::new(Config::default())
        .unwrap()
        .check(sql, &access, vec![wages], &[])
        .await
}

async fn answers(sql: &str, times: usize) -> Vec<Vec<Value>> {
    let checked = checked(sql, wages("wages", 1))
        .await
        .unwrap_or_else(|refusal| panic!("{sql}: {refusal}"));
    let prepared = Engine::new(Config::default()).unwrap().prepare(checked).await.unwrap();
    let mut answers = Vec::new();
    for _ in 0..times {
        let answer = prepared
            .execute(&[], jiff::civil::date(2026, 1, 1))
            .await
            .unwrap()
            .to_json();
        answers.push(answer["rows"].as_array().unwrap().clone());
    }
    answers
}

#[tokio::test]
async fn a_private_sum_is_near_the_clamped_one_and_new_each_time() {
    let truth: i64 = (0..200)
        .filter(|number| number % 10 != 0)
        .map(|number| if number == 7 { 100 } else { number % 100 })
        .sum();
    let sums = answers("SELECT sum(wage) FROM wages", 200).await;
    let sums: Vec<f64> = sums.iter().map(|rows| rows[0][0].as_f64().unwrap()).collect();
    let mean = sums.iter().sum::<f64>() / 200.0;
    let variance = sums.iter().map(|sum| (sum - mean).powi(2)).sum::<f64>() / 199.0;
    // Six standard errors of the mean and of the variance.
    assert!(
        (mean - truth as f64).abs() < 6.0 * 100.0 / 200_f64.sqrt(),
        "{mean} for {truth}"
    );
    assert!(
        (variance / 10_000.0 - 1.0).abs() < 6.0 * (2.0 / 200_f64).sqrt(),
        "{variance}"
    );
}

#[tokio::test]
async fn a_private_mean_stays_within_its_bounds() {
    for rows in answers("SELECT area, avg(wage) FROM wages GROUP BY area", 50).await {
        assert!(
            rows.iter().all(|row| (0.0..=100.0).contains(&row[1].as_f64().unwrap())),
            "{rows:?}"
        );
    }
}

async fn loss(sql: &str) -> u64 {
    let checked = checked(sql, wages("wages", 1))
        .await
        .unwrap_or_else(|refusal| panic!("{sql}: {refusal}"));
    checked.derivation().losses.get("wages").copied().unwrap_or(0)
}

#[tokio::test]
async fn losses_of_all_results_add_up() {
    assert_eq!(loss("SELECT area, count(*) FROM wages GROUP BY area").await, 0);
    assert_eq!(loss("SELECT sum(wage) FROM wages").await, RHO_MICRO);
    assert_eq!(
        loss("SELECT area, sum(wage) FROM wages GROUP BY area").await,
        RHO_MICRO,
        "a person is in one area"
    );
    assert_eq!(loss("SELECT sum(wage), avg(wage) FROM wages").await, 2 * RHO_MICRO);
    let twice =
        "SELECT a.s - b.s FROM (SELECT sum(wage) AS s FROM wages) a CROSS JOIN (SELECT sum(wage) AS s FROM wages) b";
    assert_eq!(loss(twice).await, 2 * RHO_MICRO);
    let named = "WITH t AS (SELECT sum(wage) AS s FROM wages) SELECT x.s + y.s FROM t x CROSS JOIN t y";
    assert_eq!(loss(named).await, 2 * RHO_MICRO);
    let union =
        "SELECT sum(wage) FROM wages UNION ALL SELECT sum(wage) FROM wages UNION ALL SELECT sum(wage) FROM wages";
    assert_eq!(loss(union).await, 3 * RHO_MICRO);
}

#[tokio::test]
async fn a_private_column_leaves_in_no_other_way() {
    for (sql, rule) in [
        ("SELECT wage FROM wages", "flow.aggregate-only"),
        ("SELECT count(wage) FROM wages", "flow.aggregate-argument"),
        ("SELECT max(wage) FROM wages", "flow.aggregate-argument"),
        ("SELECT sum(wage * 2) FROM wages", "flow.error-channel"),
        ("SELECT sum(coalesce(wage, 0)) FROM wages", "flow.aggregate-argument"),
        ("SELECT wage, count(*) FROM wages GROUP BY wage", "flow.aggregate-only"),
        ("SELECT count(*) FROM wages WHERE wage IS NULL", "flow.aggregate-only"),
        ("SELECT label FROM wages ORDER BY wage", "flow.aggregate-only"),
        ("SELECT sum(DISTINCT wage) FROM wages", "flow.partial-group"),
        ("SELECT sum(wage) OVER () FROM wages", "flow.guarded-rows"),
    ] {
        assert_eq!(checked(sql, wages("wages", 1)).await.unwrap_err().rule, rule, "{sql}");
    }
    let many = checked("SELECT sum(wage) FROM wages", wages("wages", 3))
        .await
        .unwrap_err();
    assert_eq!(
        many.rule, "flow.private-rows",
        "a person with three records moves a sum by more than one step"
    );
}
