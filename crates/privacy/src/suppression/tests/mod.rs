//! Patterns of small tables, and for random ones an audit by a linear program that knows nothing of flows.

mod least;
mod simplex;

use proptest::prelude::*;

use super::*;
use simplex::range;

/// Fewest subjects.
const LEAST: f64 = 5.0;
/// Part of a sensitive cell's size that its interval reaches to each side.
const ASIDE: f64 = 0.5;

/// A table of rows and columns with the totals of rows, of columns and of all.
struct Cross {
    cells: Vec<Cell>,
    values: Vec<f64>,
}

/// Equations: of a row, of a column, of the totals of rows and of columns.
fn cross(inner: &[Vec<f64>]) -> Cross {
    let (rows, columns) = (inner.len(), inner[0].len());
    let (row, column) = (|i: usize| 3 + i, |j: usize| 3 + rows + j);
    let mut cells = vec![];
    let mut values = vec![];
    let mut add = |part_of, total_of, is_total, value: f64| {
        // Nobody is in an empty cell, and it is not in the table.
        if value > 0.0 {
            cells.push(Cell {
                part_of,
                total_of,
                sensitive: value < LEAST,
                is_total,
                weight: value,
            });
            values.push(value);
        }
    };
    for (i, line) in inner.iter().enumerate() {
        line.iter()
            .enumerate()
            .for_each(|(j, value)| add(row(i), column(j), false, *value));
        add(1, row(i), true, line.iter().sum());
    }
    for j in 0..columns {
        add(column(j), 2, true, inner.iter().map(|line| line[j]).sum());
    }
    add(2, 1, true, inner.iter().flatten().sum());
    Cross { cells, values }
}

/// Nested totals: of each row, and of all.
fn nested(inner: &[Vec<f64>]) -> Cross {
    let Cross { cells, values } = cross(inner);
    let rows = inner.len();
    let kept = cells.into_iter().zip(values).filter(|(cell, _)| cell.total_of != 2);
    let moved = kept.map(|(cell, value)| {
        let leaf = cell.total_of >= 3 + rows;
        let total_of = if leaf { GROUND } else { cell.total_of };
        let part_of = if cell.part_of == 2 { GROUND } else { cell.part_of };
        (
            Cell {
                total_of,
                part_of,
                ..cell
            },
            value,
        )
    });
    let (cells, values) = moved.unzip();
    Cross { cells, values }
}

fn counts(values: &[f64]) -> Quantity {
    Quantity {
        slack: values.to_vec(),
        cover: values.to_vec(),
        aside: values.iter().map(|value| value * ASIDE).collect(),
        width: LEAST,
    }
}

/// Asserts that a linear program finds no interval narrower than is promised.
fn audited(cells: &[Cell], values: &[f64], quantity: &Quantity, held: &[bool]) -> Result<(), String> {
    let lowest = |cell: usize| values[cell] - quantity.slack[cell];
    for cell in (0..cells.len()).filter(|cell| held[*cell]) {
        let (low, high) = range(cells, values, &lowest, held, cell);
        let said = format!("cell {cell} of {cells:?} = {values:?} with {held:?} is in [{low}, {high}]");
        let truth = values[cell];
        if low > truth + 1e-6 || high < truth - 1e-6 {
            return Err(format!("the audit is wrong: {said}"));
        }
        if high - low < quantity.width - 1e-6 || high - low < 1e-9 {
            return Err(said);
        }
        let aside = if cells[cell].sensitive {
            quantity.aside[cell]
        } else {
            0.0
        };
        if high - truth < aside - 1e-6 || truth - low < aside.min(quantity.slack[cell]) - 1e-6 {
            return Err(said);
        }
    }
    Ok(())
}

fn patterned(table: &Cross) -> Vec<bool> {
    let quantity = counts(&table.values);
    let held = held_back(&table.cells, std::slice::from_ref(&quantity));
    audited(&table.cells, &table.values, &quantity, &held).unwrap();
    held
}

fn published(table: &Cross, held: &[bool]) -> Vec<f64> {
    let cells = table.values.iter().zip(held);
    cells.filter(|(_, held)| !**held).map(|(value, _)| *value).collect()
}

#[test]
fn where_nothing_is_sensitive_all_is_published() {
    let table = cross(&[vec![10.0, 20.0], vec![30.0, 40.0]]);
    assert!(patterned(&table).iter().all(|held| !held));
}

#[test]
fn one_small_part_takes_the_smallest_other_with_it() {
    let table = nested(&[vec![3.0, 50.0, 20.0]]);
    let held = patterned(&table);
    assert_eq!(published(&table, &held), [50.0, 73.0, 73.0]);
}

#[test]
fn two_small_parts_that_are_together_enough_need_no_other() {
    let table = nested(&[vec![3.0, 4.0, 20.0]]);
    assert_eq!(published(&table, &patterned(&table)), [20.0, 27.0, 27.0]);
    // One person and two make three: that sum would be known, and is too few.
    let table = nested(&[vec![1.0, 2.0, 20.0]]);
    assert_eq!(published(&table, &patterned(&table)), [23.0, 23.0]);
}

#[test]
fn in_two_dimensions_four_corners_are_held_back() {
    let table = cross(&[vec![3.0, 20.0, 30.0], vec![40.0, 50.0, 60.0], vec![70.0, 80.0, 90.0]]);
    let held = patterned(&table);
    assert_eq!(held.iter().filter(|held| **held).count(), 4, "{held:?}");
    assert!(
        table
            .cells
            .iter()
            .zip(&held)
            .all(|(cell, held)| !(cell.is_total && *held))
    );
}

#[test]
fn what_outweighs_all_others_is_hidden_by_its_total() {
    let table = nested(&[vec![1_000.0, 10.0], vec![30.0, 40.0]]);
    let mut cells = table.cells.clone();
    cells[0].sensitive = true;
    let table = Cross { cells, ..table };
    let held = patterned(&table);
    assert!(
        held[0] && held[2],
        "the total of its row, from which ten persons would not hide it: {held:?}"
    );
}

#[test]
fn what_is_no_number_holds_back_all_totals() {
    let table = nested(&[vec![3.0, 50.0]]);
    let mut quantity = counts(&table.values);
    quantity.slack[1] = f64::NAN;
    assert_eq!(held_back(&table.cells, &[quantity]), [true, false, true, true]);
}

#[test]
fn a_second_measure_is_protected_by_the_same_pattern() {
    let table = nested(&[vec![3.0, 20.0, 50.0]]);
    // Nothing is paid in the cell that the counts alone would take.
    let paid = [300.0, 0.0, 5_000.0, 5_300.0, 5_300.0];
    let sums = Quantity {
        slack: paid.to_vec(),
        cover: paid.to_vec(),
        aside: paid.map(|sum| sum * ASIDE).to_vec(),
        width: f64::MIN_POSITIVE,
    };
    let both = [counts(&table.values), sums];
    let held = held_back(&table.cells, &both);
    audited(&table.cells, &table.values, &both[0], &held).unwrap();
    audited(&table.cells, &paid, &both[1], &held).unwrap();
    assert!(held[2], "{held:?}");
}

/// The attack that everybody knows: a total less its published parts.
#[test]
fn subtraction_finds_what_is_held_back_for_its_own_sake_alone() {
    let table = nested(&[vec![3.0, 50.0, 20.0]]);
    let alone: Vec<bool> = table.cells.iter().map(|cell| cell.sensitive).collect();
    assert!(audited(&table.cells, &table.values, &counts(&table.values), &alone).is_err());
}

/// The sums of a table in which the largest contributor to each finest cell has this part of it, in hundredths.
fn paid(inner: &[Vec<f64>], shares: &[u32], is_nested: bool) -> (Cross, Quantity) {
    let table = if is_nested { nested(inner) } else { cross(inner) };
    let mut shares = shares.iter().cycle();
    let mut own = vec![0.0; table.cells.len()];
    for cell in (0..own.len()).filter(|cell| !table.cells[*cell].is_total) {
        own[cell] = table.values[cell] * f64::from(*shares.next().unwrap()) / 100.0;
    }
    let cells = table.cells.iter().zip(&own).zip(&table.values);
    let cells = cells.map(|((cell, own), value)| Cell {
        sensitive: *own > value * 0.75,
        ..*cell
    });
    let quantity = Quantity {
        slack: table.values.clone(),
        cover: table.values.iter().zip(&own).map(|(value, own)| value - own).collect(),
        aside: table.values.iter().map(|value| value * ASIDE).collect(),
        width: f64::MIN_POSITIVE,
    };
    let cells = cells.collect();
    (Cross { cells, ..table }, quantity)
}

/// Whoever has most of one held-back cell, and knows it, bounds another from above no closer than everybody.
fn audited_by_contributors(table: &Cross, quantity: &Quantity, held: &[bool]) -> Result<(), String> {
    let Cross { cells, values } = table;
    let all = (0..cells.len()).filter(|cell| held[*cell]);
    for knower in all.clone() {
        let known = |cell: usize| match cell == knower {
            true => values[cell] - quantity.cover[cell],
            false => values[cell] - quantity.slack[cell],
        };
        for cell in all.clone().filter(|cell| cells[*cell].sensitive && *cell != knower) {
            let (_, high) = range(cells, values, &known, held, cell);
            if high - values[cell] < quantity.aside[cell] - 1e-6 {
                return Err(format!(
                    "cell {cell} is at most {high} for {knower}: {cells:?} {values:?} {held:?}"
                ));
            }
        }
    }
    Ok(())
}

#[test]
fn two_who_are_alone_in_their_cells_do_not_find_each_other() {
    let (table, quantity) = paid(&[vec![40.0, 50.0, 200.0, 300.0]], &[100, 100, 40, 40], true);
    assert!(table.cells[0].sensitive && table.cells[1].sensitive && !table.cells[2].sensitive);
    let held = held_back(&table.cells, std::slice::from_ref(&quantity));
    audited_by_contributors(&table, &quantity, &held).unwrap();
    assert_eq!(
        published(&table, &held),
        [300.0, 590.0, 590.0],
        "a third is held back, which nobody knows"
    );
    // What everybody knows alone would leave the two to each other.
    let everybody = Quantity {
        cover: quantity.slack.clone(),
        ..quantity.clone()
    };
    let held = held_back(&table.cells, &[everybody]);
    assert_eq!(published(&table, &held), [200.0, 300.0, 590.0, 590.0]);
    assert!(audited_by_contributors(&table, &quantity, &held).is_err());
}

fn inner() -> impl Strategy<Value = Vec<Vec<f64>>> {
    (1..5_usize, 1..5_usize).prop_flat_map(|(rows, columns)| {
        let value = prop_oneof![2 => 0..3_u32, 2 => 3..9_u32, 3 => 9..60_u32].prop_map(f64::from);
        prop::collection::vec(prop::collection::vec(value, columns), rows)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_linear_program_comes_too_near(inner in inner(), is_nested: bool) {
        let table = if is_nested { nested(&inner) } else { cross(&inner) };
        let quantity = counts(&table.values);
        let held = held_back(&table.cells, std::slice::from_ref(&quantity));
        let audit = audited(&table.cells, &table.values, &quantity, &held);
        prop_assert!(audit.is_ok(), "{}", audit.unwrap_err());
        prop_assert!(table.cells.iter().zip(&held).all(|(cell, held)| *held || !cell.sensitive));
    }

    /// A contributor who subtracts what it has itself from what is held back beside another's cell stays as far from it.
    #[test]
    fn no_contributor_comes_too_near_another(inner in inner(), shares in prop::collection::vec(prop_oneof![3 => 20..60_u32, 1 => 60..=100_u32], 16), is_nested: bool) {
        let (table, quantity) = paid(&inner, &shares, is_nested);
        let held = held_back(&table.cells, std::slice::from_ref(&quantity));
        let audit = audited(&table.cells, &table.values, &quantity, &held);
        prop_assert!(audit.is_ok(), "{}", audit.unwrap_err());
        let audit = audited_by_contributors(&table, &quantity, &held);
        prop_assert!(audit.is_ok(), "{}", audit.unwrap_err());
    }

    /// Values may be negative, and sensitive cells may be anywhere.
    #[test]
    fn sums_of_any_sign_stay_unknown(inner in prop::collection::vec(prop::collection::vec(-50..100_i32, 3), 3), chosen in prop::collection::vec(prop::bool::weighted(0.15), 16)) {
        let flat = |value: &i32| f64::from(*value);
        let shifted: Vec<Vec<f64>> = inner.iter().map(|line| line.iter().map(|_| 10.0).collect()).collect();
        let shape = cross(&shifted);
        let sums: Vec<f64> = {
            let rows: Vec<Vec<f64>> = inner.iter().map(|line| line.iter().map(flat).collect()).collect();
            let mut sums = vec![];
            for line in &rows {
                sums.extend(line);
                sums.push(line.iter().sum());
            }
            sums.extend((0..3).map(|j| rows.iter().map(|line| line[j]).sum::<f64>()));
            sums.push(rows.iter().flatten().sum());
            sums
        };
        let lowest = sums.iter().copied().fold(0.0, f64::min);
        let cells: Vec<Cell> = shape.cells.iter().zip(&chosen).map(|(cell, sensitive)| Cell { sensitive: *sensitive, ..*cell }).collect();
        let quantity = Quantity {
            slack: sums.iter().map(|sum| sum - lowest).collect(),
            cover: sums.iter().map(|sum| sum - lowest).collect(),
            aside: sums.iter().map(|sum| sum.abs() * ASIDE).collect(),
            width: f64::MIN_POSITIVE,
        };
        let held = held_back(&cells, std::slice::from_ref(&quantity));
        let audit = audited(&cells, &sums, &quantity, &held);
        prop_assert!(audit.is_ok(), "{}", audit.unwrap_err());
    }
}
