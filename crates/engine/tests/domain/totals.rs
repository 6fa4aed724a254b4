//! Tables with totals: what is published is true, and what is held back is not to be solved for.

use std::collections::BTreeMap;

use gongshu_engine::{Control, FieldType, Table};
use gongshu_governance::resource::{AggregateFunction as F, OutputControl, ReleaseRule};
use proptest::prelude::*;
use serde_json::Value;

use crate::controls::{asked, under};
use crate::linear_program::{Equation, bounds};
use crate::world::{self, THRESHOLD, table, whole};

/// A record: its subject, two keys and an amount.
type Row = [i64; 4];

fn records(rows: &[Row], unique: bool) -> Table {
    let column = |place: usize| whole(rows.iter().map(|row| row[place]));
    let columns = vec![
        ("person", FieldType::Integer, ReleaseRule::Closed, column(0)),
        ("a", FieldType::Integer, ReleaseRule::Group, column(1)),
        ("b", FieldType::Integer, ReleaseRule::Group, column(2)),
        (
            "amount",
            FieldType::Integer,
            world::aggregate(&[F::Sum, F::Mean]),
            column(3),
        ),
    ];
    table("records", Some("person"), unique, columns)
}

/// A cell by its keys; none where it is a total over the key.
pub(crate) type Place = [Option<i64>; 2];

/// Records and sum of every cell of these sets.
fn truth(rows: &[Row], sets: &[[bool; 2]]) -> BTreeMap<Place, (i64, i64)> {
    let mut cells: BTreeMap<Place, (i64, i64)> = BTreeMap::new();
    for row in rows {
        for [a, b] in sets {
            let cell = cells.entry([a.then_some(row[1]), b.then_some(row[2])]).or_default();
            *cell = (cell.0 + 1, cell.1 + row[3]);
        }
    }
    cells
}

async fn published(rows: &[Row], unique: bool, group: &str) -> BTreeMap<Place, (i64, i64)> {
    let sql = format!("SELECT a, b, count(*), sum(amount), avg(amount) FROM records GROUP BY {group}");
    let (found, controls) = asked(&records(rows, unique), &[], &sql).await;
    assert!(
        controls
            .iter()
            .any(|control| matches!(control, Control::Totals { aside_percent: 50, .. }))
    );
    let cell = |row: &Value| {
        let mean = row[4].as_f64().unwrap() * row[2].as_f64().unwrap();
        assert!((mean - row[3].as_f64().unwrap()).abs() < 1e-6, "{row}");
        (
            [row[0].as_i64(), row[1].as_i64()],
            (row[2].as_i64().unwrap(), row[3].as_i64().unwrap()),
        )
    };
    found.iter().map(cell).collect()
}

/// What everybody knows of cells and their totals: parts make up their totals, and what is published.
pub(crate) fn equations(cells: &[Place], published: impl Fn(&Place) -> Option<f64>) -> Vec<Equation> {
    let mut equations: Vec<Equation> = Vec::new();
    for total in cells {
        for key in 0..2 {
            let part = |cell: &Place| total[key].is_none() && cell[key].is_some() && cell[1 - key] == total[1 - key];
            let sign = |cell: &Place| f64::from(i8::from(cell == total) - i8::from(part(cell)));
            if cells.iter().any(part) {
                equations.push((cells.iter().map(sign).collect(), 0.0));
            }
        }
    }
    let known = cells.iter().filter_map(|cell| Some((cell, published(cell)?)));
    let published_figures = known.map(|(known, figure)| {
        let is_it = |cell: &Place| f64::from(u8::from(cell == known));
        (cells.iter().map(is_it).collect(), figure)
    });
    equations.extend(published_figures);
    equations
}

/// The cells whose count a linear program pins down, of those held back: it knows that every count is zero or more, and
/// the equations.
fn pinned(cells: &[Place], published: &BTreeMap<Place, (i64, i64)>) -> (usize, usize) {
    let equations = equations(cells, |cell| Some(published.get(cell)?.0 as f64));
    let held = (0..cells.len()).filter(|place| !published.contains_key(&cells[*place]));
    let mut found = (0, 0);
    for place in held {
        let (least, most) = bounds(&equations, &vec![0.0; cells.len()], place);
        found.1 += 1;
        // A count is a whole number.
        found.0 += usize::from((most + 1e-6).floor() <= (least - 1e-6).ceil());
    }
    found
}

/// Which held-back cells the equations determine, by elimination.
fn solved(cells: &[Place], published: &BTreeMap<Place, (i64, i64)>) -> Vec<Place> {
    let unknown: Vec<Place> = cells
        .iter()
        .filter(|cell| !published.contains_key(*cell))
        .copied()
        .collect();
    let mut lines: Vec<Vec<f64>> = Vec::new();
    for total in cells {
        for key in 0..2 {
            let part = |cell: &Place| cell[key].is_some() && cell[1 - key] == total[1 - key];
            let parts: Vec<&Place> = cells.iter().filter(|cell| total[key].is_none() && part(cell)).collect();
            let sign = |cell: &Place| f64::from(i8::from(cell == total) - i8::from(parts.contains(&cell)));
            if !parts.is_empty() {
                lines.push(unknown.iter().map(sign).collect());
            }
        }
    }
    let mut row = 0;
    for column in 0..unknown.len() {
        let Some(pivot) = (row..lines.len()).find(|line| lines[*line][column].abs() > 1e-9) else {
            continue;
        };
        lines.swap(row, pivot);
        let by = lines[row][column];
        lines[row].iter_mut().for_each(|value| *value /= by);
        let line = lines[row].clone();
        for (_, other) in lines.iter_mut().enumerate().filter(|(other, _)| *other != row) {
            let factor = other[column];
            other
                .iter_mut()
                .zip(&line)
                .for_each(|(value, above)| *value -= factor * above);
        }
        row += 1;
    }
    let alone = lines.iter().filter_map(|line| {
        let mut places = (0..line.len()).filter(|place| line[*place].abs() > 1e-9);
        let first = places.next()?;
        places.next().is_none().then(|| unknown[first])
    });
    alone.collect()
}

const ROLLUP: (&str, &[[bool; 2]]) = ("ROLLUP (a, b)", &[[true, true], [true, false], [false, false]]);
const CUBE: (&str, &[[bool; 2]]) = (
    "CUBE (a, b)",
    &[[true, true], [true, false], [false, true], [false, false]],
);

#[tokio::test]
async fn a_total_less_its_parts_does_not_find_the_rare() {
    let rows: Vec<Row> = (0..60)
        .map(|n| [n, i64::from(n >= 40) + i64::from(n >= 57), 0, 10])
        .collect();
    let found = published(&rows, true, "ROLLUP (a, b)").await;
    assert!(
        found.contains_key(&[None, None]) && !found.contains_key(&[Some(2), None]),
        "{found:?}"
    );
    assert!(
        !found.contains_key(&[Some(1), None]) || !found.contains_key(&[Some(0), None]),
        "{found:?}"
    );
    let places: Vec<Place> = truth(&rows, ROLLUP.1).into_keys().collect();
    assert_eq!(solved(&places, &found), Vec::<Place>::new());
}

/// 80 firms of one trade and one that has nearly everything: ten times all others together.
#[tokio::test]
async fn a_dominated_cell_takes_its_total_with_it() {
    let rows: Vec<Row> = (0..80)
        .map(|n| [n, n % 2, 0, if n == 0 { 80_000 } else { 100 }])
        .collect();
    let table = records(&rows, true);
    let sql = "SELECT a, sum(amount) FROM records GROUP BY ROLLUP (a) ORDER BY a";
    let (without, _) = asked(&table, &[], sql).await;
    assert_eq!(without.len(), 3);
    let (held, _) = asked(&table, &[OutputControl::Dominance], sql).await;
    assert_eq!(held.len(), 1, "the other trade alone, and no total: {held:?}");
    let engine = gongshu_engine::Engine::new(gongshu_engine::Config::default()).unwrap();
    let checked = engine
        .check(sql, &under(&table, &[]), vec![table.clone()], &[])
        .await
        .unwrap();
    let prepared = engine.prepare(checked).await.unwrap();
    let answer = prepared
        .execute(&[], jiff::civil::date(2026, 1, 1))
        .await
        .unwrap()
        .to_json();
    assert_eq!(answer["suppressed"], Value::Null, "how many are held back is not told");
}

/// Two firms that all pay in stand behind every cell of one row: their sum is of two, however many rows there are.
#[tokio::test]
async fn many_rows_of_few_subjects_do_not_hide_each_other() {
    let mut rows: Vec<Row> = (0..40).map(|n| [n % 2, 0, n % 2, 10]).collect();
    rows.extend((0..60).map(|n| [100 + n, 1, n % 2, 10]));
    let found = published(&rows, false, CUBE.0).await;
    assert!(found.keys().all(|[a, _]| *a != Some(0)), "{found:?}");
    let both = [[Some(1), Some(0)], [Some(1), Some(1)]].map(|place| found.contains_key(&place));
    let columns = [[None, Some(0)], [None, Some(1)]].map(|place| found.contains_key(&place));
    let leaks = both.iter().zip(columns).any(|(part, total)| *part && total);
    assert!(!leaks, "a column less its other cell is that of one firm: {found:?}");
}

/// 60 tables with all totals, attacked by a linear program: what of the held-back counts is known exactly, where only the
/// rare cells are held back, and where the platform publishes.
#[tokio::test]
async fn a_linear_program_pins_down_no_count_that_is_held_back() {
    let mut dice = 2026_u64;
    let mut roll = |sides: u64| {
        dice = dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((dice >> 33) % sides).unwrap()
    };
    let (mut bare, mut ours) = ((0, 0), (0, 0));
    for _ in 0..60 {
        let rows: Vec<Row> = (0..60 + roll(60))
            .map(|person| [person, roll(3).min(roll(4)), roll(4).min(roll(4)), 10])
            .collect();
        let all = truth(&rows, CUBE.1);
        let cells: Vec<Place> = all.keys().copied().collect();
        let least = i64::try_from(THRESHOLD).unwrap();
        let rare_left_out = all.into_iter().filter(|(_, (count, _))| *count >= least).collect();
        let add = |sum: &mut (usize, usize), more: (usize, usize)| *sum = (sum.0 + more.0, sum.1 + more.1);
        add(&mut bare, pinned(&cells, &rare_left_out));
        add(&mut ours, pinned(&cells, &published(&rows, true, CUBE.0).await));
    }
    println!("held-back counts of 60 tables that a linear program knows exactly:");
    println!("  {} of {}, where only rare cells are held back", bare.0, bare.1);
    println!("  {} of {}, with complementary suppression", ours.0, ours.1);
    assert!(bare.0 * 4 > bare.1, "the attack is no attack: {bare:?}");
    assert!(ours.0 == 0 && ours.1 > 0, "{ours:?}");
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row =
        (0..25_i64, 0..3_i64, 0..4_i64, 0..90_i64).prop_map(|(person, a, b, amount)| [person, a * b % 3, b, amount]);
    prop::collection::vec(row, 1..90)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// What leaves is true and of enough subjects, and nothing that is held back can be solved for. Where each subject
    /// has one record, no total less its published parts speaks of fewer than the threshold.
    #[test]
    fn tables_with_totals_are_true_and_cannot_be_solved(rows in rows(), is_cube: bool, unique: bool) {
        let numbered = |(number, row): (usize, &Row)| [i64::try_from(number).unwrap(), row[1], row[2], row[3]];
        let rows: Vec<Row> = if unique { rows.iter().enumerate().map(numbered).collect() } else { rows };
        let (group, sets) = if is_cube { CUBE } else { ROLLUP };
        let cells = truth(&rows, sets);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let found = runtime.block_on(published(&rows, unique, group));
        for (place, cell) in &found {
            prop_assert_eq!(cells.get(place), Some(cell), "{:?}", place);
            let inside = |row: &&Row| place[0].is_none_or(|a| a == row[1]) && place[1].is_none_or(|b| b == row[2]);
            let persons: std::collections::BTreeSet<i64> = rows.iter().filter(inside).map(|row| row[0]).collect();
            prop_assert!(persons.len() as u64 >= THRESHOLD);
        }
        let places: Vec<Place> = cells.keys().copied().collect();
        let solved = solved(&places, &found);
        prop_assert!(solved.is_empty(), "{:?} of {:?} given {:?}", solved, cells, found);
        let totals = found.iter().filter(|_| unique).flat_map(|(total, cell)| [0, 1].map(|key| (total, cell, key)));
        for (total, (count, _), key) in totals.filter(|(total, _, key)| total[*key].is_none()) {
            let parts = cells.keys().filter(|cell| cell[key].is_some() && cell[1 - key] == total[1 - key]);
            let known: i64 = parts.filter_map(|part| found.get(part)).map(|cell| cell.0).sum();
            let has_parts = cells.keys().any(|cell| cell[key].is_some() && cell[1 - key] == total[1 - key]);
            let rest = count - known;
            prop_assert!(!has_parts || rest == 0 || rest >= i64::try_from(THRESHOLD).unwrap(), "{} of {:?} given {:?}", rest, total, found);
        }
    }
}
