//! Training inside the domain: what may go in, what comes out, and what is tried to learn of single subjects by it.

use std::sync::Arc;

use datafusion::arrow::array::{Date32Array, Float64Array, Int64Array};
use gongshu_engine::{
    Access, Algorithm, CheckedTraining, Config, Engine, FieldType, FlowRefusal, Table, TrainError, Trained,
    TrainingTerms,
};
use gongshu_governance::resource::{Mask, ReleaseRule};
use jiff::civil::{Date, date};

use crate::world;

const TERMS: TrainingTerms = TrainingTerms {
    subjects_min: 50,
    subjects_per_input_min: 20,
    side_min: 5,
    influence_percent_max: 20,
};
const LINEAR: Algorithm = Algorithm::LinearRegression { penalty_milli: 1 };
const LOGISTIC: Algorithm = Algorithm::LogisticRegression {
    penalty_milli: 1,
    rounds_max: 50,
};
const DAY: Date = date(2026, 1, 1);
/// Applicants in the table.
const APPLICANTS: i64 = 300;
const GOOD: &str = "SELECT income, debt, late FROM applicants";

/// A number in [0, 1) that looks like chance, and is the same each time.
fn chance(number: i64, salt: u64) -> f64 {
    let mixed =
        (number.cast_unsigned() + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15 ^ salt.wrapping_mul(0xD134_2543_DE82_EF95));
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    f64::from(u32::try_from((mixed ^ (mixed >> 32)) & 0xFFFF_FFFF).unwrap()) / 4_294_967_296.0
}

fn income(number: i64) -> f64 {
    100.0 + 50.0 * chance(number, 1)
}

fn debt(number: i64) -> i64 {
    [10, 20, 30, 40, 50][usize::try_from(number % 5).unwrap()]
}

/// 300 applicants, some of whom pay late: the more, the higher their debt. `grade` is 3·income − 2·debt + 7, of all.
fn applicants() -> Table {
    use FieldType::{Date, Float, Integer, Text};
    let all = || 0..APPLICANTS;
    let late = |number: i64| i64::from(chance(number, 2) < f64::from(i32::try_from(debt(number)).unwrap()) / 60.0);
    let grade = |number: i64| 3.0 * income(number) - 2.0 * f64::from(i32::try_from(debt(number)).unwrap()) + 7.0;
    let seldom = all().map(|number| (number % 10 != 0).then_some(number % 7));
    let days = all().map(|number| i32::try_from(10_000 + number % 50).unwrap());
    let masked = ReleaseRule::Masked {
        mask: Mask::Band { width: 1_000 },
    };
    let open = || ReleaseRule::Open;
    let scored = || ReleaseRule::Scored;
    let columns = vec![
        ("id", Integer, ReleaseRule::Closed, world::whole(all())),
        ("number", Integer, open(), world::whole(all())),
        (
            "region",
            Text,
            open(),
            world::texts(all().map(|number| format!("region {}", number % 3))),
        ),
        (
            "since",
            Date,
            open(),
            Arc::new(Date32Array::from_iter_values(days)) as _,
        ),
        (
            "income",
            Float,
            scored(),
            Arc::new(Float64Array::from_iter_values(all().map(income))) as _,
        ),
        ("debt", Integer, scored(), world::whole(all().map(debt))),
        ("late", Integer, scored(), world::whole(all().map(late))),
        (
            "grade",
            Float,
            scored(),
            Arc::new(Float64Array::from_iter_values(all().map(grade))) as _,
        ),
        (
            "seldom",
            Integer,
            scored(),
            Arc::new(seldom.collect::<Int64Array>()) as _,
        ),
        (
            "few",
            Integer,
            scored(),
            world::whole(all().map(|number| i64::from(number < 3))),
        ),
        (
            "huge",
            Integer,
            scored(),
            world::whole(all().map(|number| if number == 7 { 1_000_000 } else { number % 9 })),
        ),
        (
            "heavy",
            Integer,
            open(),
            world::whole(all().map(|number| if number == 100 { 100 } else { i64::from(number < 20) })),
        ),
        (
            "salary",
            Integer,
            masked,
            world::whole(all().map(|number| 3_000 + number * 37)),
        ),
        ("phone", Integer, ReleaseRule::Consented, world::whole(all())),
        ("secret", Integer, ReleaseRule::Closed, world::whole(all())),
    ];
    world::table("applicants", Some("id"), true, columns)
}

/// Cases whose subject everybody may see.
fn cases() -> Table {
    let columns = vec![
        ("number", FieldType::Integer, ReleaseRule::Open, world::whole(0..100)),
        ("late", FieldType::Integer, ReleaseRule::Scored, world::whole(0..100)),
    ];
    world::table("cases", Some("number"), true, columns)
}

fn tables() -> Vec<Table> {
    world::tables().into_iter().chain([applicants(), cases()]).collect()
}

fn access() -> Access {
    world::access(&tables(), false)
}

fn engine() -> Engine {
    Engine::new(Config::default()).unwrap()
}

pub(crate) fn checked(sql: &str) -> Result<CheckedTraining, FlowRefusal> {
    engine().check_training(sql, &access(), tables(), TERMS)
}

async fn trained(sql: &str, algorithm: Algorithm) -> Result<Trained, TrainError> {
    engine().train(&checked(sql).unwrap(), algorithm, DAY, &[]).await
}

/// What the model gives for applicants, in the order of their numbers.
async fn scores(trained: &Trained, inputs: &[&str]) -> Vec<Option<f64>> {
    let mut access = access();
    let model = world::network("score_trained_v1", "applicants", inputs, trained.code.as_slice());
    assert_eq!(model.sha256, trained.sha256);
    access.models.insert(model.function.clone(), model);
    let sql = format!(
        "SELECT score_trained_v1({}) AS score FROM applicants ORDER BY number",
        inputs.join(", ")
    );
    let engine = engine();
    let checked = engine.check(&sql, &access, tables(), &[]).await.unwrap();
    let answer = engine.prepare(checked).await.unwrap().execute(&[], DAY).await.unwrap();
    let rows = answer.to_json()["rows"].as_array().unwrap().clone();
    rows.iter().map(|row| row[0].as_f64()).collect()
}

#[tokio::test]
async fn a_regression_finds_what_the_label_is_made_of() {
    let trained = trained("SELECT income, debt, grade FROM applicants", LINEAR)
        .await
        .unwrap();
    assert_eq!((trained.fit.subjects, trained.fit.explained_percent), (300, 100));
    let scores = scores(&trained, &["income", "debt"]).await;
    for (number, score) in (0..APPLICANTS).zip(scores) {
        let expected = 3.0 * income(number) - 2.0 * f64::from(i32::try_from(debt(number)).unwrap()) + 7.0;
        assert!(
            (score.unwrap() - expected).abs() < 1.0,
            "{number}: {score:?}, not {expected}"
        );
    }
}

#[tokio::test]
async fn a_logistic_regression_ranks_and_gives_probabilities() {
    let trained = trained(GOOD, LOGISTIC).await.unwrap();
    let ranked = trained.fit.ranked_percent.unwrap();
    assert!((65..95).contains(&ranked), "{ranked}");
    let scores: Vec<f64> = scores(&trained, &["income", "debt"])
        .await
        .into_iter()
        .flatten()
        .collect();
    assert!(scores.iter().all(|score| (0.0..1.0).contains(score)));
    let mean = |debt_is: i64| {
        let of: Vec<f64> = (0..APPLICANTS)
            .zip(&scores)
            .filter(|(number, _)| debt(*number) == debt_is)
            .map(|(_, score)| *score)
            .collect();
        of.iter().sum::<f64>() / f64::from(u32::try_from(of.len()).unwrap())
    };
    assert!(mean(10) < 0.35 && mean(50) > 0.65, "{} {}", mean(10), mean(50));
}

#[tokio::test]
async fn a_poisson_regression_and_days_are_learnt() {
    let counts = Algorithm::PoissonRegression {
        penalty_milli: 1,
        rounds_max: 50,
    };
    let trained = trained("SELECT since, income, debt FROM applicants", counts)
        .await
        .unwrap();
    let scores: Vec<f64> = scores(&trained, &["since", "income"])
        .await
        .into_iter()
        .flatten()
        .collect();
    // A Poisson regression keeps the mean of its labels.
    let mean = scores.iter().sum::<f64>() / 300.0;
    assert!(scores.len() == 300 && (mean - 30.0).abs() < 0.01, "{mean}");
}

#[tokio::test]
async fn the_same_rows_give_the_same_bytes() {
    let first = trained(GOOD, LOGISTIC).await.unwrap();
    assert_eq!(trained(GOOD, LOGISTIC).await.unwrap().code, first.code);
    let other = Algorithm::LogisticRegression {
        penalty_milli: 2,
        rounds_max: 50,
    };
    assert_ne!(trained(GOOD, other).await.unwrap().sha256, first.sha256);
}

#[tokio::test]
async fn who_lacks_a_value_is_not_trained_on() {
    let trained = trained("SELECT seldom, income, debt FROM applicants", LINEAR)
        .await
        .unwrap();
    assert_eq!(trained.fit.subjects, 270);
    let scores = scores(&trained, &["seldom", "income"]).await;
    assert!(scores[0].is_none() && scores[1].is_some());
}

#[test]
fn what_may_not_be_trained_on_is_refused_by_name() {
    #[rustfmt::skip]
    let cases = [
        ("SELECT income, secret FROM applicants", "flow.closed", "secret", "a closed label"),
        ("SELECT secret, income, late FROM applicants", "flow.closed", "secret", "a closed input"),
        ("SELECT income, late FROM applicants WHERE secret = 7", "flow.closed", "secret", "rows by a closed column"),
        ("SELECT income, id FROM applicants", "flow.closed", "id", "the subject as the label"),
        ("SELECT phone, late FROM applicants", "flow.consent", "phone", "a column of consent"),
        ("SELECT income, phone FROM applicants", "flow.consent", "phone", "a label of consent"),
        ("SELECT salary, late FROM applicants", "flow.train-rule", "salary", "a masked column raw"),
        ("SELECT mask_band(salary, 1000), late FROM applicants", "flow.train-input", "salary", "a model takes no masked value"),
        ("SELECT number, late FROM applicants WHERE debt > 10", "flow.scored-only", "debt", "rows by a scored column"),
        ("SELECT CASE WHEN debt > 10 THEN 1 ELSE 0 END, late FROM applicants", "flow.train-input", "debt", "a column under CASE"),
        ("SELECT income, CASE WHEN debt > 10 THEN 1 ELSE 0 END FROM applicants", "flow.train-label", "debt", "a bit of the label"),
        ("SELECT income, CASE WHEN number = 7 THEN debt ELSE 0 END FROM applicants", "flow.train-label", "debt", "one subject's value as the label"),
        ("SELECT income, debt + 1 FROM applicants", "flow.error-channel", "", "a sum can overflow on a value"),
        ("SELECT income, coalesce(debt, 0) FROM applicants", "flow.train-label", "debt", ""),
        ("SELECT income, number % 2 FROM applicants", "flow.train-label", "number", "labels at will"),
        ("SELECT income, CASE WHEN number = 7 THEN 1 ELSE 0 END FROM applicants", "flow.train-label", "number", "one subject's label"),
        ("SELECT income, CASE WHEN number IN (7, 8, 9) THEN 1 ELSE 0 END FROM applicants", "flow.train-label", "number", ""),
        ("SELECT income, CASE WHEN number < 20 THEN 1 WHEN number = 100 THEN 100 ELSE 0 END FROM applicants", "flow.train-label", "number", ""),
        ("SELECT income, 2 * number FROM applicants", "flow.train-label", "number", "a label and its multiple tell where they differ"),
        ("SELECT income, number BETWEEN 100 AND 200 FROM applicants", "flow.train-label", "number", ""),
        ("SELECT income, number > 100 AND number <> 151 FROM applicants", "flow.train-label", "number", ""),
        ("SELECT income, 1 FROM applicants", "flow.train-label", "", "a label of nothing"),
        ("SELECT income, debt, debt AS owed FROM applicants", "flow.train-label", "debt", "the label among the inputs"),
        ("SELECT income, income AS again, debt FROM applicants", "flow.train-input", "", "an input twice"),
        ("SELECT region, late FROM applicants", "flow.train-input", "region", "a text"),
        ("SELECT income, region FROM applicants", "flow.train-input", "region", "a text as the label"),
        ("SELECT income FROM applicants", "flow.train-shape", "", "no label"),
        ("SELECT income, debt, late FROM applicants LIMIT 60", "flow.train-shape", "", ""),
        ("SELECT income, debt, late FROM applicants ORDER BY number", "flow.train-shape", "", ""),
        ("SELECT DISTINCT debt, late FROM applicants", "flow.train-shape", "", ""),
        ("SELECT avg(income), debt FROM applicants GROUP BY debt", "flow.train-shape", "", ""),
        ("SELECT income, late FROM (SELECT income, late FROM applicants) x", "flow.train-shape", "", ""),
        ("SELECT a.income, b.late FROM applicants a JOIN applicants b ON a.number + 1 = b.number", "flow.train-shape", "", "values of two subjects in a row"),
        ("SELECT income, late FROM applicants UNION ALL SELECT income, late FROM applicants", "flow.train-shape", "", "subjects twice"),
        ("SELECT income, late FROM applicants WHERE number IN (SELECT level FROM stations)", "flow.train-shape", "", "rows by another table"),
        ("SELECT income, late FROM applicants WHERE EXISTS (SELECT 1 FROM applicants x WHERE x.number = 7)", "flow.train-shape", "", ""),
        ("SELECT rank() OVER (ORDER BY number), late FROM applicants", "flow.train-shape", "", ""),
        ("SELECT age, cost FROM patients", "flow.train-rule", "age", "columns of groups"),
        ("SELECT year, ward FROM patients", "flow.train-rule", "ward", ""),
        ("SELECT year, year + 1 FROM patients", "flow.train-label", "year", "the label is made of an input"),
        ("SELECT year, year > 2010 FROM patients", "flow.train-label", "year", ""),
        ("SELECT year, name LIKE 'person 7' FROM patients", "flow.train-label", "name", ""),
        ("SELECT year, name = 'person 7' FROM patients", "flow.guarded-rows", "", ""),
        ("SELECT pay, pay AS again FROM staff", "flow.train-rule", "pay", "a private column: nothing would be charged"),
        ("SELECT ride, fine FROM rides", "flow.train-rule", "fine", ""),
        ("SELECT debt, income FROM borrowers", "flow.train-subject", "", "a table without subjects"),
        ("SELECT marks, marks AS again FROM pupils", "flow.train-label", "marks", ""),
        ("SELECT ungranted, number FROM locks", "flow.not-granted", "ungranted", ""),
        ("SELECT * FROM applicants", "flow.closed", "id", ""),
        ("DROP TABLE applicants", "flow.train-shape", "", ""),
    ];
    for (sql, rule, column, because) in cases {
        let refusal = checked(sql).map(|_| ()).expect_err(sql);
        assert_eq!(refusal.rule, rule, "{sql}: {because}: {refusal}");
        assert!(refusal.message.en.contains(column), "{sql}: {}", refusal.message.en);
        if !column.is_empty() && rule.starts_with("flow.train") {
            assert!(refusal.location.is_some(), "{sql} is refused at no place");
        }
    }
    for sql in [
        GOOD,
        "SELECT income, CASE WHEN number <= 150 THEN 1 ELSE 0 END FROM applicants",
        "SELECT income, region = 'region 1' FROM applicants",
        "SELECT income, since < DATE '1997-06-01' FROM applicants",
        "SELECT a.debt, a.late FROM applicants AS a WHERE a.region <> 'region 1' AND number > 3",
        "SELECT income, mask_band(salary, 1000) FROM applicants",
        "SELECT income, number > 150 FROM applicants",
    ] {
        assert!(checked(sql).is_ok(), "{sql}: {:?}", checked(sql).err());
    }
}

#[test]
fn an_open_identifier_is_no_label() {
    for sql in [
        "SELECT late, number FROM cases",
        "SELECT number, late FROM cases",
        "SELECT late, CASE WHEN number = 7 THEN 1 ELSE 0 END FROM cases",
    ] {
        let refusal = checked(sql).map(|_| ()).unwrap_err();
        assert_eq!(refusal.rule, "flow.train-identifier", "{sql}");
    }
}

/// What a training over the data is refused as, in a word.
async fn refused(sql: &str, algorithm: Algorithm) -> String {
    let error = trained(sql, algorithm).await.unwrap_err();
    format!("{error:?}")
}

#[tokio::test]
async fn a_training_keeps_to_the_limits_of_the_district() {
    let limited = |change: fn(&mut Config)| {
        let mut config = Config::default();
        change(&mut config);
        async move {
            let engine = Engine::new(config).unwrap();
            let trained = engine.train(&checked(GOOD).unwrap(), LINEAR, DAY, &[]).await;
            format!("{:?}", trained.map(|trained| trained.fit.subjects))
        }
    };
    assert_eq!(limited(|config| config.models.training_rows = 300).await, "Ok(300)");
    let few = limited(|config| config.models.training_rows = 299).await;
    assert_eq!(few, "Err(Execute(Rows(299)))");
    let short = limited(|config| config.models.training_time = std::time::Duration::ZERO).await;
    assert_eq!(short, "Err(Time(0ns))");
}

#[tokio::test]
async fn no_training_is_about_single_subjects() {
    #[rustfmt::skip]
    let cases = [
        ("SELECT income, late FROM applicants WHERE number = 7", "Subjects(50)"),
        ("SELECT income, late FROM applicants WHERE number < 49", "Subjects(50)"),
        ("SELECT income, late FROM applicants WHERE number <> 7", "Rest(50)"),
        ("SELECT income, late FROM applicants WHERE number > 40", "Rest(50)"),
        ("SELECT number, since, income, debt, grade, late FROM applicants WHERE number < 90", "Subjects(100)"),
        ("SELECT income, CASE WHEN number < 4 THEN 1 ELSE 0 END FROM applicants", "Apart { column: \"label\", least: 5 }"),
        ("SELECT income, number > 295 FROM applicants", "Apart { column: \"label\", least: 5 }"),
        ("SELECT income, number > 1000 FROM applicants", "Apart { column: \"label\", least: 5 }"),
        ("SELECT few, income, late FROM applicants", "Apart { column: \"few\", least: 5 }"),
        ("SELECT huge, income, late FROM applicants", "Apart { column: \"huge\", least: 5 }"),
        ("SELECT income, heavy FROM applicants", "Influence(20)"),
    ];
    for (sql, expected) in cases {
        assert_eq!(refused(sql, LINEAR).await, expected, "{sql}");
    }
    assert_eq!(
        refused("SELECT income, debt FROM applicants", LOGISTIC).await,
        "Label(\"0 or 1\")"
    );
}

#[tokio::test]
async fn two_trainings_do_not_differ_by_one_subject() {
    let engine = engine();
    let before = checked("SELECT income, late FROM applicants WHERE number < 100").unwrap();
    let after = async |sql: &str| {
        let earlier = [before.clone()];
        engine.train(&checked(sql).unwrap(), LINEAR, DAY, &earlier).await
    };
    for sql in [
        "SELECT income, late FROM applicants WHERE number < 101",
        "SELECT debt, late FROM applicants WHERE number BETWEEN 1 AND 100",
    ] {
        let error = after(sql).await.unwrap_err();
        assert!(matches!(error, TrainError::Differ(50)), "{sql}: {error:?}");
    }
    // The same subjects with other inputs, and clearly others.
    assert!(
        after("SELECT debt, late FROM applicants WHERE number < 100")
            .await
            .is_ok()
    );
    assert!(
        after("SELECT income, late FROM applicants WHERE number < 150")
            .await
            .is_ok()
    );
    assert!(after(GOOD).await.is_ok());
}

#[tokio::test]
async fn two_labels_do_not_differ_in_one_subject() {
    let engine = engine();
    let before = [checked("SELECT income, number > 150 FROM applicants").unwrap()];
    let after = async |sql: &str| engine.train(&checked(sql).unwrap(), LINEAR, DAY, &before).await;
    for sql in [
        "SELECT income, number > 151 FROM applicants",
        "SELECT debt, number > 149 FROM applicants",
        "SELECT income, CASE WHEN number > 199 THEN 9 ELSE 3 END FROM applicants",
        // The contrary, but for one.
        "SELECT income, number <= 151 FROM applicants",
        "SELECT income, CASE WHEN number > 151 THEN 0 ELSE 1 END FROM applicants",
    ] {
        let error = after(sql).await.unwrap_err();
        assert!(matches!(error, TrainError::Labels(50)), "{sql}: {error:?}");
    }
    for sql in [
        "SELECT debt, number > 150 FROM applicants",
        "SELECT income, number <= 150 FROM applicants",
        "SELECT income, number > 200 FROM applicants",
        "SELECT income, late FROM applicants",
    ] {
        assert!(after(sql).await.is_ok(), "{sql}");
    }
}

#[test]
fn the_derivation_says_what_goes_in() {
    let sql = "SELECT income, debt, late FROM applicants WHERE region <> 'region 2'";
    let derivation = checked(sql).unwrap().derivation().clone();
    insta::assert_snapshot!(derivation.text().en);
    assert!(derivation.outputs.is_empty(), "nothing leaves");
    let other = TrainingTerms { side_min: 6, ..TERMS };
    let under_other = engine().check_training(sql, &access(), tables(), other).unwrap();
    assert_ne!(under_other.derivation().hash(), derivation.hash());
    // Who is shown a result is not shown its file.
    let trained = format!("{:?}", checked(GOOD).unwrap());
    assert!(!trained.contains("code"));
}

#[tokio::test]
async fn a_grant_that_tightens_a_column_keeps_it_out() {
    let mut access = access();
    let tightened = [("late".to_owned(), ReleaseRule::Closed)].into();
    access.tightened.insert("applicants".to_owned(), tightened);
    let refusal = engine().check_training(GOOD, &access, tables(), TERMS).unwrap_err();
    assert_eq!(refusal.rule, "flow.closed");
}
