//! Output controls on a table of payments, from the outside.

use std::collections::BTreeMap;

use gongshu_engine::{Access, Config, Control, Engine, FieldType, Guarding, Table};
use gongshu_governance::resource::{AggregateFunction, OutputControl, ReleaseRule};
use gongshu_privacy::cell_key::RecordSecret;
use serde_json::Value;

use crate::world::{self, table, texts, whole};

/// 90 firms in three trades. In `mining` one firm has nearly everything, in `baking` the first nearly all but little.
pub fn trades(name: &str, rows_a_firm: i64) -> Table {
    let firms = || (0..90 * rows_a_firm).map(move |row| row / rows_a_firm);
    let trade = |firm: i64| ["mining", "baking", "tailoring"][usize::try_from(firm % 3).unwrap()].to_owned();
    let amount = |firm: i64| match firm {
        0 => 1_000_000,
        1 => 4_000,
        firm => 100 + firm,
    };
    let columns = vec![
        ("firm", FieldType::Integer, ReleaseRule::Closed, whole(firms())),
        ("trade", FieldType::Text, ReleaseRule::Group, texts(firms().map(trade))),
        (
            "amount",
            FieldType::Integer,
            world::aggregate(&[AggregateFunction::Sum, AggregateFunction::Mean]),
            whole(firms().map(amount)),
        ),
        (
            "label",
            FieldType::Text,
            ReleaseRule::Open,
            texts(firms().map(|firm| format!("firm {firm}"))),
        ),
        ("code", FieldType::Integer, ReleaseRule::Open, whole(firms())),
    ];
    table(name, Some("firm"), rows_a_firm == 1, columns)
}

/// Access to one table under these controls.
pub fn under(table: &Table, controls: &[OutputControl]) -> Access {
    let guarding = Guarding {
        controls: controls.iter().copied().collect(),
        secret: RecordSecret::new([5; 16]),
    };
    Access {
        guarding: BTreeMap::from([(table.name().to_owned(), guarding)]),
        ..world::access(std::slice::from_ref(table), false)
    }
}

/// The rows that leave, and the controls of the derivation.
pub async fn asked(table: &Table, controls: &[OutputControl], sql: &str) -> (Vec<Value>, Vec<Control>) {
    asked_under(&under(table, controls), table, sql).await
}

/// The same under any access.
pub async fn asked_under(access: &Access, table: &Table, sql: &str) -> (Vec<Value>, Vec<Control>) {
    let engine = Engine::new(Config::default()).unwrap();
    let checked = engine.check(sql, access, vec![table.clone()], &[]).await;
    let checked = checked.unwrap_or_else(|refusal| panic!("{sql}: {refusal}"));
    let stated = checked.derivation().controls.clone();
    let prepared = engine.prepare(checked).await.unwrap();
    let answer = prepared
        .execute(&[], jiff::civil::date(2026, 1, 1))
        .await
        .unwrap()
        .to_json();
    (answer["rows"].as_array().unwrap().clone(), stated)
}

async fn cells(table: &Table, controls: &[OutputControl], sql: &str) -> BTreeMap<String, Value> {
    let (rows, _) = asked(table, controls, sql).await;
    rows.into_iter()
        .map(|row| (row[0].as_str().unwrap().to_owned(), row[1].clone()))
        .collect()
}

const SUMS: &str = "SELECT trade, sum(amount) FROM trades GROUP BY trade";
const MEANS: &str = "SELECT trade, avg(amount) FROM trades GROUP BY trade";
const COUNTS: &str = "SELECT trade, count(*) FROM trades GROUP BY trade";

#[tokio::test]
async fn a_dominated_sum_and_mean_are_held_back() {
    for rows_a_firm in [1, 4] {
        let trades = trades("trades", rows_a_firm);
        for sql in [SUMS, MEANS] {
            let cells = cells(&trades, &[OutputControl::Dominance], sql).await;
            assert!(
                cells["mining"].is_null() && cells["baking"].is_number(),
                "{sql}: {cells:?}"
            );
        }
        assert_eq!(
            cells(&trades, &[OutputControl::Dominance], COUNTS).await["mining"],
            30 * rows_a_firm
        );
    }
}

#[tokio::test]
async fn a_sum_that_tells_the_largest_is_held_back() {
    let trades = trades("trades", 1);
    let cells = cells(&trades, &[OutputControl::PPercent], SUMS).await;
    // The others of `mining` hide less than a tenth of a million; those of `baking` more than 400.
    assert!(cells["mining"].is_null() && cells["baking"].is_number(), "{cells:?}");
}

#[tokio::test]
async fn the_same_records_get_the_same_noise_in_any_query() {
    let trades = trades("trades", 1);
    let same = [
        COUNTS,
        "SELECT trade, count(*) FROM trades WHERE code >= 0 GROUP BY trade ORDER BY trade DESC",
        "SELECT trade, count(amount) FROM trades WHERE label <> 'x' GROUP BY trade, upper(trade)",
    ];
    let first = cells(&trades, &[OutputControl::CellKey], same[0]).await;
    for sql in same {
        assert_eq!(cells(&trades, &[OutputControl::CellKey], sql).await, first, "{sql}");
    }
    assert!(
        first.values().all(|count| count.as_i64().unwrap().abs_diff(30) <= 4),
        "{first:?}"
    );
}

#[tokio::test]
async fn sums_of_two_columns_have_unrelated_noise() {
    let amounts = || whole((0..60).map(|firm| 1_000 + firm));
    let summed = || world::aggregate(&[AggregateFunction::Sum]);
    let columns = vec![
        ("firm", FieldType::Integer, ReleaseRule::Closed, whole(0..60)),
        ("known", FieldType::Integer, summed(), amounts()),
        ("secret", FieldType::Integer, summed(), amounts()),
    ];
    let twins = table("twins", Some("firm"), true, columns);
    let sql = "SELECT sum(known), sum(secret), sum(known) AS again FROM twins";
    let (rows, _) = asked(&twins, &[OutputControl::CellKey], sql).await;
    let [known, secret, again] = [0, 1, 2].map(|place| rows[0][place].as_i64().unwrap());
    assert_ne!(
        known, secret,
        "the noise of a known column would tell that of the other"
    );
    assert_eq!(known, again);
}

#[tokio::test]
async fn one_record_less_gives_unrelated_noise() {
    let trades = trades("trades", 1);
    let total = |rows: Vec<Value>| (rows[0][0].as_i64().unwrap(), rows[0][1].as_f64().unwrap());
    let sql = "SELECT count(*), sum(amount) FROM trades WHERE label <> 'firm 0'";
    let (count, sum) = total(
        asked(
            &trades,
            &[OutputControl::CellKey],
            "SELECT count(*), sum(amount) FROM trades",
        )
        .await
        .0,
    );
    let mut differences = std::collections::BTreeSet::new();
    let (less, sum_less) = total(asked(&trades, &[OutputControl::CellKey], sql).await.0);
    assert!(
        (sum - sum_less - 1_000_000.0).abs() > 100_000.0,
        "the sum of one firm came out: {sum} - {sum_less}"
    );
    for firm in 0..40 {
        let sql = format!("SELECT count(*), sum(amount) FROM trades WHERE label <> 'firm {firm}'");
        let (without, _) = total(asked(&trades, &[OutputControl::CellKey], &sql).await.0);
        differences.insert(count - without);
    }
    assert!(
        differences.len() >= 4,
        "the difference is not the record's: {differences:?} {less}"
    );
}

#[tokio::test]
async fn a_mean_is_the_controlled_sum_over_the_controlled_count() {
    let trades = trades("trades", 1);
    let sql = "SELECT trade, sum(amount), count(amount), avg(amount) FROM trades GROUP BY trade";
    for controls in [
        vec![OutputControl::CellKey],
        vec![OutputControl::Rounding],
        OutputControl::ALL.to_vec(),
    ] {
        for row in asked(&trades, &controls, sql).await.0 {
            if let (Some(sum), Some(count), Some(mean)) = (row[1].as_f64(), row[2].as_f64(), row[3].as_f64()) {
                assert!((mean - sum / count).abs() < 0.5, "{controls:?}: {row}");
            }
        }
    }
}

#[tokio::test]
async fn rounded_counts_are_multiples_of_the_base() {
    let trades = trades("trades", 1);
    let sql = "SELECT trade, count(*) FROM trades WHERE code > 6 GROUP BY trade";
    let counts = cells(&trades, &[OutputControl::Rounding], sql).await;
    assert_eq!(
        counts.values().map(|count| count.as_i64().unwrap()).collect::<Vec<_>>(),
        [30, 25, 30]
    );
    let both = cells(&trades, &[OutputControl::Rounding, OutputControl::CellKey], sql).await;
    assert!(both.values().all(|count| count.as_i64().unwrap() % 5 == 0), "{both:?}");
}

#[tokio::test]
async fn the_noise_of_a_count_covers_all_records_of_a_subject() {
    let trades = trades("trades", 40);
    let counts = cells(&trades, &[OutputControl::CellKey], COUNTS).await;
    for count in counts.values() {
        let moved = count.as_i64().unwrap().abs_diff(1_200);
        assert!(
            (10..=30).contains(&moved),
            "a quarter to three quarters of 40 records: {counts:?}"
        );
    }
}

#[tokio::test]
async fn a_derivation_states_its_controls_with_their_parameters() {
    let trades = trades("trades", 1);
    let (_, none) = asked(&trades, &[], COUNTS).await;
    assert_eq!(none.len(), 1);
    let (_, all) = asked(&trades, &OutputControl::ALL, COUNTS).await;
    assert_eq!(all.len(), 5);
    let engine = Engine::new(Config::default()).unwrap();
    let mut hashes = std::collections::BTreeSet::new();
    for controls in [vec![], vec![OutputControl::CellKey], OutputControl::ALL.to_vec()] {
        let checked = engine
            .check(COUNTS, &under(&trades, &controls), vec![trades.clone()], &[])
            .await
            .unwrap();
        hashes.insert(checked.derivation().hash());
    }
    assert_eq!(hashes.len(), 3, "the receipt commits to the controls");
}

#[tokio::test]
async fn record_keys_need_the_subject() {
    let trades = trades("trades", 1);
    let engine = Engine::new(Config::default()).unwrap();
    let sql = "SELECT trade, count(*) FROM (SELECT trade FROM trades) t GROUP BY trade";
    let access = under(&trades, &[OutputControl::CellKey]);
    let refusal = engine.check(sql, &access, vec![trades.clone()], &[]).await.unwrap_err();
    assert_eq!(refusal.rule, "flow.subject-lost");
    assert!(engine.check(sql, &under(&trades, &[]), vec![trades], &[]).await.is_ok());
}

/// What two questions tell that differ by one firm: of how many firms whether they are in a trade, since then something
/// changes, and of how many of its members the amount, to a fifth of it, since the sums differ by so much.
async fn told_by_differences(controls: &[OutputControl], what: &str) -> (usize, usize) {
    let trades = trades("trades", 1);
    let question = |but: &str| format!("SELECT {what} FROM trades WHERE trade = 'tailoring'{but}");
    let whole = asked(&trades, controls, &question("")).await.0;
    let (mut members, mut amounts) = (0, 0);
    for firm in 30..90_i64 {
        let but = question(&format!(" AND label <> 'firm {firm}'"));
        let less = asked(&trades, controls, &but).await.0;
        let (is_in, amount) = (firm % 3 == 2, (100 + firm) as f64);
        members += usize::from((whole != less) == is_in);
        let by = whole[0][0].as_f64().unwrap() - less[0][0].as_f64().unwrap();
        amounts += usize::from(is_in && (by - amount).abs() <= amount / 5.0);
    }
    (members, amounts)
}

/// The stated limit: a control looks at one answer, and two answers of exact controls differ by what the subject has.
/// Rounding hides that in counts. The cell key hides what the subject has, and does not hide that it is there: other
/// records, other noise.
#[tokio::test]
async fn the_difference_of_two_questions_is_hidden_as_far_as_is_stated() {
    use OutputControl::{CellKey, Dominance, PPercent, Rounding};
    let mut told = BTreeMap::new();
    for (name, controls) in [
        ("threshold", &[][..]),
        ("magnitudes", &[Dominance, PPercent]),
        ("rounding", &[Rounding]),
        ("cell key", &[CellKey]),
    ] {
        let (placed, _) = told_by_differences(controls, "count(*)").await;
        let (_, amounts) = told_by_differences(controls, "sum(amount)").await;
        println!("{name:<12} {placed} of 60 firms placed by counts, {amounts} of 20 amounts found by sums");
        told.insert(name, (placed, amounts));
    }
    assert_eq!((told["threshold"], told["magnitudes"]), ((60, 20), (60, 20)));
    // Who says that nobody is in it is right of 40.
    assert_eq!(told["rounding"], (40, 20));
    let (placed, amounts) = told["cell key"];
    assert!(placed > 50 && amounts <= 8, "{told:?}");
}
