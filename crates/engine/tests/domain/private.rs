//! Private columns: noise, its size, and what it loses.

use std::sync::Arc;

use datafusion::arrow::array::Int64Array;
use gongshu_engine::{Access, CheckedPlan, Config, Control, Engine, FieldType, FlowRefusal, Table};
use gongshu_governance::resource::{AggregateFunction as F, Contribution, NoiseDistribution, ReleaseRule};
use serde_json::Value;

use crate::controls::under;
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
        noise: NoiseDistribution::default(),
        contribution: Contribution::default(),
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
    checked_over(sql, vec![wages]).await
}

async fn checked_over(sql: &str, tables: Vec<Table>) -> Result<CheckedPlan, FlowRefusal> {
    let access = world::access(&tables, false);
    let engine = Engine::new(Config::default()).unwrap();
    engine.check(sql, &access, tables, &[]).await
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
        "nothing bounds what a person with three records contributes"
    );
}

/// Two resources that meet by their persons; what both are paid leaves with noise.
fn meeting(name: &str) -> Table {
    let all = || 0..60_i64;
    let private = ReleaseRule::Private {
        functions: [F::Sum].into(),
        rho_micro: RHO_MICRO,
        low: 0,
        high: 100,
        noise: NoiseDistribution::default(),
        contribution: Contribution::default(),
    };
    let columns = vec![
        ("person", FieldType::Integer, ReleaseRule::Join, whole(all())),
        ("pay", FieldType::Integer, private, whole(all())),
    ];
    table(name, Some("person"), true, columns)
}

/// The noise of a measure hides the subjects of its own resource; how many rows of it another's subject brings along,
/// nothing bounds.
#[tokio::test]
async fn a_private_column_is_not_measured_over_a_join() {
    let both = || vec![meeting("one"), meeting("two")];
    for sql in [
        "SELECT sum(one.pay) FROM one JOIN two ON one.person = two.person",
        "SELECT sum(two.pay), sum(one.pay) FROM one JOIN two ON one.person = two.person",
    ] {
        assert_eq!(
            checked_over(sql, both()).await.unwrap_err().rule,
            "flow.private-joined",
            "{sql}"
        );
    }
    assert!(checked_over("SELECT sum(pay) FROM one", both()).await.is_ok());
}

/// ρ so large that the noise of counts stays under one.
const LOUD: u64 = 400_000_000_000;

/// How often each person of `journeys` comes to each of four stations.
const RIDES: i64 = 5;
pub const PERSONS: i64 = 120;

/// 120 persons who ride five times from each of four stations; `fare` is the number of the ride, from 1 to 20.
pub fn journeys(
    rho_micro: u64,
    noise: NoiseDistribution,
    contribution: Contribution,
    fare: impl Fn(i64) -> i64,
) -> Table {
    let all = || 0..PERSONS * RIDES * 4;
    let private = |functions: &[F]| ReleaseRule::Private {
        functions: functions.iter().copied().collect(),
        rho_micro,
        low: 0,
        high: 100,
        noise,
        contribution,
    };
    let station = texts(all().map(|row| format!("station {}", row / PERSONS % 4)));
    let columns = vec![
        (
            "person",
            FieldType::Integer,
            private(&[F::Count]),
            whole(all().map(|row| row % PERSONS)),
        ),
        ("station", FieldType::Text, ReleaseRule::Group, station),
        (
            "fare",
            FieldType::Integer,
            private(&[F::Count, F::Sum, F::Mean]),
            whole(all().map(fare)),
        ),
        ("ride", FieldType::Integer, ReleaseRule::Open, whole(all())),
        (
            "card",
            FieldType::Text,
            ReleaseRule::Join,
            texts(all().map(|row| format!("card {}", row % PERSONS))),
        ),
    ];
    table("journeys", Some("person"), false, columns)
}

fn ride(row: i64) -> i64 {
    row / PERSONS + 1
}

async fn passes(sql: &str, journeys: &Table, access: &Access) -> CheckedPlan {
    let checked = Engine::new(Config::default())
        .unwrap()
        .check(sql, access, vec![journeys.clone()], &[])
        .await;
    checked.unwrap_or_else(|refusal| panic!("{sql}: {refusal}"))
}

async fn rows(sql: &str, journeys: &Table) -> Vec<Value> {
    let checked = passes(sql, journeys, &under(journeys, &[])).await;
    let prepared = Engine::new(Config::default()).unwrap().prepare(checked).await.unwrap();
    let answer = prepared.execute(&[], jiff::civil::date(2026, 1, 1)).await.unwrap();
    answer.to_json()["rows"].as_array().unwrap().clone()
}

fn total(rows: &[Value], column: usize) -> f64 {
    rows.iter().map(|row| row[column].as_f64().unwrap()).sum()
}

fn near(found: f64, expected: f64, by: f64) {
    assert!((found - expected).abs() <= by, "{found} for {expected}");
}

const BOTH: [NoiseDistribution; 2] = [NoiseDistribution::Gaussian, NoiseDistribution::Laplace];

#[tokio::test]
async fn a_person_counts_in_so_many_groups_and_so_often_in_each() {
    let counts = "SELECT station, count(fare), count(*), count(DISTINCT person) FROM journeys GROUP BY station";
    for (groups, rows_each) in [(1, 1), (1, 3), (2, 1), (3, 2), (9, 9)] {
        for noise in BOTH {
            let contribution = Contribution {
                groups,
                rows: rows_each,
            };
            let rows = rows(counts, &journeys(LOUD, noise, contribution, ride)).await;
            let (groups, each) = (f64::from(groups.min(4)), f64::from(rows_each.min(5)));
            near(total(&rows, 1), 120.0 * groups * each, 8.0);
            near(total(&rows, 2), 2_400.0, 0.0);
            near(total(&rows, 3), 120.0 * groups, 8.0);
        }
    }
}

/// Which groups and rows count is the same whenever the same rows are asked for, in whatever order they come: with
/// noise too small to be seen, sums of one question agree, and differ under another secret.
#[tokio::test]
async fn asking_again_counts_the_same_rows() {
    let contribution = Contribution { groups: 2, rows: 2 };
    let journeys = journeys(LOUD * 1_000, NoiseDistribution::Gaussian, contribution, ride);
    let asked = [
        "SELECT station, sum(fare) FROM journeys GROUP BY station ORDER BY station",
        "SELECT station, sum(fare) FROM journeys WHERE ride >= 0 GROUP BY station ORDER BY station",
        "SELECT station, sum(fare) FROM (SELECT * FROM journeys) j GROUP BY station ORDER BY station",
    ];
    let first = rows(asked[0], &journeys).await;
    for sql in asked {
        assert_eq!(rows(sql, &journeys).await, first, "{sql}");
    }
    let mut other = under(&journeys, &[]);
    other.guarding.get_mut("journeys").unwrap().secret = gongshu_privacy::cell_key::RecordSecret::new([6; 16]);
    let checked = passes(asked[0], &journeys, &other).await;
    let prepared = Engine::new(Config::default()).unwrap().prepare(checked).await.unwrap();
    let answer = prepared.execute(&[], jiff::civil::date(2026, 1, 1)).await.unwrap();
    assert_ne!(
        *answer.to_json()["rows"].as_array().unwrap(),
        first,
        "the secret chooses"
    );
}

/// Whatever one person's values are, the sums of at most `groups` groups move, each by at most `rows` steps.
#[tokio::test]
async fn all_of_a_person_moves_no_more_than_its_bound() {
    let contribution = Contribution { groups: 2, rows: 3 };
    let of = |fare: i64| {
        let victim = move |row: i64| if row % PERSONS == 7 { fare } else { ride(row) };
        journeys(LOUD * 1_000, NoiseDistribution::Laplace, contribution, victim)
    };
    let sql = "SELECT station, sum(fare) FROM journeys GROUP BY station ORDER BY station";
    let (low, high) = (rows(sql, &of(-1_000_000)).await, rows(sql, &of(1_000_000)).await);
    let moved: Vec<f64> = low
        .iter()
        .zip(&high)
        .map(|(a, b)| b[1].as_f64().unwrap() - a[1].as_f64().unwrap())
        .collect();
    let changed = moved.iter().filter(|by| by.abs() > 1.0).count();
    assert_eq!(changed, 2, "{moved:?}");
    assert!(moved.iter().all(|by| by.abs() <= 301.0), "{moved:?}");
}

/// A statistical test of the whole way, at ε = 1 and ρ = ½: of two tables that differ in all that one person has, no
/// outcome of a private count is more than e times as likely, up to six standard errors of 1,500 draws each.
#[tokio::test]
async fn answers_of_neighbours_are_hard_to_tell_apart() {
    let contribution = Contribution { groups: 1, rows: 2 };
    let draws = 1_500_u32;
    let mut seen = Vec::new();
    for fare in [0, 100] {
        let victim = move |row: i64| if row % PERSONS == 7 { fare } else { 0 };
        let journeys = journeys(RHO_MICRO, NoiseDistribution::Laplace, contribution, victim);
        let checked = passes(
            "SELECT sum(fare) FROM journeys WHERE ride < 360",
            &journeys,
            &under(&journeys, &[]),
        )
        .await;
        let prepared = Engine::new(Config::default()).unwrap().prepare(checked).await.unwrap();
        let mut above = [0_u32; 3];
        for _ in 0..draws {
            let answer = prepared
                .execute(&[], jiff::civil::date(2026, 1, 1))
                .await
                .unwrap()
                .to_json();
            let sum = answer["rows"][0][0].as_f64().unwrap();
            for (count, over) in above.iter_mut().zip([0.0, 100.0, 200.0]) {
                *count += u32::from(sum > over);
            }
        }
        seen.push(above);
    }
    for (zero, hundred) in seen[0].iter().zip(&seen[1]) {
        let (p, q) = (
            f64::from(*zero) / f64::from(draws),
            f64::from(*hundred) / f64::from(draws),
        );
        let error = 6.0 * (1.0_f64.exp() + 1.0) * (0.25 / f64::from(draws)).sqrt();
        assert!(
            q <= p * 1.0_f64.exp() + error && 1.0 - p <= (1.0 - q) * 1.0_f64.exp() + error,
            "{seen:?}"
        );
        assert!(q > p, "the person's two fares of 100 are in the sum: {seen:?}");
    }
}

#[tokio::test]
async fn the_loss_does_not_depend_on_the_bound_and_the_derivation_states_it() {
    let contribution = Contribution { groups: 3, rows: 2 };
    let journeys = journeys(RHO_MICRO, NoiseDistribution::Laplace, contribution, ride);
    let sql = "SELECT station, sum(fare), avg(fare), count(DISTINCT person) FROM journeys GROUP BY station";
    let checked = passes(sql, &journeys, &under(&journeys, &[])).await;
    assert_eq!(checked.derivation().losses["journeys"], 3 * RHO_MICRO);
    let stated = checked.derivation().controls.iter().filter(|control| {
        matches!(
            control,
            Control::Private {
                noise: NoiseDistribution::Laplace,
                groups: Some(3),
                rows: Some(2),
                ..
            }
        )
    });
    assert_eq!(stated.count(), 2, "{:?}", checked.derivation().controls);
    let text = checked.derivation().text();
    assert!(
        text.zh.contains("拉普拉斯") && text.en.contains("Laplace") && text.en.contains("m = 3, c = 2"),
        "{text:?}"
    );
}

#[tokio::test]
async fn the_bound_is_not_to_be_gone_around() {
    let journeys = journeys(
        RHO_MICRO,
        NoiseDistribution::Gaussian,
        Contribution { groups: 1, rows: 1 },
        ride,
    );
    for (sql, rule) in [
        ("SELECT count(DISTINCT fare) FROM journeys", "flow.partial-group"),
        ("SELECT count(DISTINCT station) FROM journeys", "flow.partial-group"),
        (
            "SELECT count(DISTINCT person) FILTER (WHERE ride > 9) FROM journeys",
            "flow.partial-group",
        ),
        ("SELECT sum(DISTINCT person) FROM journeys", "flow.partial-group"),
        ("SELECT sum(person) FROM journeys", "flow.aggregate-argument"),
        (
            "SELECT sum(a.fare) FROM journeys a JOIN journeys b ON a.card = b.card",
            "flow.guarded-rows",
        ),
        (
            "SELECT sum(fare) FROM (SELECT fare FROM journeys UNION ALL SELECT fare FROM journeys) t",
            "flow.guarded-rows",
        ),
        (
            "SELECT sum(fare) FROM (SELECT fare, station FROM journeys) t",
            "flow.subject-lost",
        ),
        (
            "SELECT sum(fare) FROM (SELECT fare, ride AS person FROM journeys) t",
            "flow.subject-lost",
        ),
        (
            "SELECT sum(fare) FROM journeys, generate_series(1, 9) g",
            "flow.not-granted",
        ),
    ] {
        let checked = Engine::new(Config::default())
            .unwrap()
            .check(sql, &under(&journeys, &[]), vec![journeys.clone()], &[])
            .await;
        assert_eq!(checked.unwrap_err().rule, rule, "{sql}");
    }
}
