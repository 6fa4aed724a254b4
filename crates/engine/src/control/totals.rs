//! Tables with totals: what is held back takes other cells with it, so that no subtraction finds it again.

use std::collections::HashMap;

use datafusion::arrow::array::{Array, AsArray, BooleanArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, UInt64Type};
use datafusion::arrow::row::{RowConverter, Rows, SortField};
use datafusion::error::{DataFusionError, Result};
use gongshu_privacy::suppression::{Cell, GROUND, Quantity, held_back};

use super::cell::Cells;
use super::spec::{Controls, Function, Measure};
use super::threshold::{Counts, count, enough};

/// Most cells of a table with totals.
const CELLS_MAX: usize = 65_536;

/// How the cells of a table with totals hang together. A set of keys is a bit for each, the first key lowest.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Totals {
    /// How many keys there are: the columns before the number of the set.
    pub(crate) keys: usize,
    pub(crate) shape: Shape,
    /// How far the interval of a sensitive cell reaches to each side, in percent of its size.
    pub(crate) aside_percent: u32,
    /// Whether a subject stands in one finest cell, so that numbers of subjects add up.
    pub(crate) single: bool,
}

/// Which sets of keys there are totals of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    /// Each within the one before, the first of all keys.
    Nested(Vec<u64>),
    /// All keys, two parts of them, and what both share, where that is asked for.
    Crossed {
        parts: [u64; 2],
        shared: u64,
        has_shared: bool,
    },
}

impl Shape {
    /// The shape of these sets of `keys` keys; none where it is another.
    pub(crate) fn of(mut sets: Vec<u64>, keys: usize) -> Option<Self> {
        sets.sort_by_key(|set| std::cmp::Reverse(set.count_ones()));
        let (all, rest) = sets.split_first()?;
        if keys >= 64 || *all != (1 << keys) - 1 || (1..sets.len()).any(|next| sets[next - 1] == sets[next]) {
            return None;
        }
        let within = |pair: &[u64]| pair[1] & !pair[0] == 0 && pair[0] != pair[1];
        match rest {
            _ if sets.windows(2).all(within) => Some(Self::Nested(sets)),
            [a, b, more @ ..] if more.is_empty() || *more == [a & b] => {
                (a | b == *all && a != b).then_some(Self::Crossed {
                    parts: [*a, *b],
                    shared: a & b,
                    has_shared: !more.is_empty(),
                })
            }
            _ => None,
        }
    }

    /// The equation of which a cell of this set is a part, and that of which it is the total: each by its place in the
    /// shape and the keys whose values name it.
    fn ends(&self, set: u64) -> [Option<(u8, u64)>; 2] {
        match self {
            Self::Nested(sets) => {
                let level = sets.iter().position(|other| *other == set).unwrap_or(0);
                let equation = |level: usize| Some((u8::try_from(level).ok()?, *sets.get(level)?));
                [equation(level + 1), (level > 0).then(|| equation(level)).flatten()]
            }
            Self::Crossed {
                parts: [a, b],
                shared,
                has_shared,
            } => {
                // Without totals of both, those of each part have one equation: their sums are equal.
                let across = if *has_shared { 3 } else { 2 };
                match set {
                    set if set == *a => [Some((2, *shared)), Some((0, *a))],
                    set if set == *b => [Some((1, *b)), Some((across, *shared))],
                    set if set == *shared && *has_shared => [Some((across, *shared)), Some((2, *shared))],
                    _ => [Some((0, *a)), Some((1, *b))],
                }
            }
        }
    }
}

/// Which rows leave.
pub(super) fn kept(batch: &RecordBatch, controls: &Controls, totals: &Totals) -> Result<BooleanArray> {
    if batch.num_rows() > CELLS_MAX {
        let message = format!("a table with totals has more than {CELLS_MAX} cells");
        return Err(DataFusionError::ResourcesExhausted(message));
    }
    let spec = &controls.spec;
    let measures = spec
        .measures
        .iter()
        .map(|measure| Ok((measure, Cells::new(batch, measure)?)));
    let measures = measures.collect::<Result<Vec<_>>>()?;
    let subjects = fewest(batch, &spec.subjects)?;
    let sensitive = sensitive(batch, controls, &measures)?;
    let cells = network(batch, totals, &sensitive, &subjects)?;
    let quantities = quantities(&measures, controls, totals, &subjects, &cells);
    // The pattern is that of the table, in whatever order its rows come.
    let order = ordered(batch, totals)?;
    let held = held_back(&placed(&cells, &order), &sorted(quantities, &order));
    let mut kept = vec![true; held.len()];
    order.iter().zip(held).for_each(|(row, held)| kept[*row] = !held);
    Ok(kept.into_iter().map(Some).collect())
}

/// The rows in the order of their grouping sets and keys.
fn ordered(batch: &RecordBatch, totals: &Totals) -> Result<Vec<usize>> {
    let columns = &batch.columns()[..=totals.keys];
    let fields = columns.iter().map(|column| SortField::new(column.data_type().clone()));
    let rows = RowConverter::new(fields.collect())?.convert_columns(columns)?;
    let mut order: Vec<usize> = (0..batch.num_rows()).collect();
    order.sort_by(|a, b| rows.row(*a).cmp(&rows.row(*b)));
    Ok(order)
}

fn placed<T: Copy>(values: &[T], order: &[usize]) -> Vec<T> {
    order.iter().map(|row| values[*row]).collect()
}

fn sorted(quantities: Vec<Quantity>, order: &[usize]) -> Vec<Quantity> {
    let sorted = |quantity: Quantity| Quantity {
        slack: placed(&quantity.slack, order),
        cover: placed(&quantity.cover, order),
        aside: placed(&quantity.aside, order),
        ..quantity
    };
    quantities.into_iter().map(sorted).collect()
}

/// The number of subjects of each cell: of several guarded tables, of the one with the fewest.
fn fewest(batch: &RecordBatch, subjects: &[usize]) -> Result<Vec<u64>> {
    let counts: Vec<Counts> = subjects
        .iter()
        .map(|hidden| count(batch, *hidden))
        .collect::<Result<_>>()?;
    let fewest = |row: usize| counts.iter().map(|count| count.value(row)).min();
    Ok((0..batch.num_rows()).map(|row| fewest(row).unwrap_or(0)).collect())
}

/// Cells that are held back for their own sake: in one measure, so in all.
fn sensitive(batch: &RecordBatch, controls: &Controls, measures: &[(&Measure, Cells)]) -> Result<Vec<bool>> {
    let spec = &controls.spec;
    let mut supports = vec![&spec.subjects];
    supports.extend(measures.iter().map(|(measure, _)| &measure.support));
    let supports = supports
        .into_iter()
        .map(|support| enough(batch, support, spec.subjects_min));
    let supports = supports.collect::<Result<Vec<_>>>()?;
    let few = |row: usize| supports.iter().any(|enough| !enough.value(row));
    let tells = |row: usize| measures.iter().any(|(_, cells)| cells.tells(row, controls));
    Ok((0..batch.num_rows()).map(|row| few(row) || tells(row)).collect())
}

/// The cells between their equations.
fn network(batch: &RecordBatch, totals: &Totals, sensitive: &[bool], subjects: &[u64]) -> Result<Vec<Cell>> {
    let all = (1_u64 << totals.keys) - 1;
    let keys: Vec<Rows> = batch.columns()[..totals.keys]
        .iter()
        .map(|key| {
            let converter = RowConverter::new(vec![SortField::new(key.data_type().clone())])?;
            Ok(converter.convert_columns(std::slice::from_ref(key))?)
        })
        .collect::<Result<_>>()?;
    let numbers = cast(batch.column(totals.keys), &DataType::UInt64)?;
    let numbers = numbers.as_primitive::<UInt64Type>();
    let mut equations: HashMap<(u8, Vec<u8>), usize> = HashMap::new();
    let mut cells = Vec::new();
    for row in 0..batch.num_rows() {
        let set = present(numbers.value(row), totals.keys);
        let ends = totals.shape.ends(set).map(|end| match end {
            Some((place, named)) => {
                let next = equations.len() + 1;
                *equations.entry((place, name(&keys, named, row))).or_insert(next)
            }
            None => GROUND,
        });
        cells.push(Cell {
            part_of: ends[0],
            total_of: ends[1],
            sensitive: sensitive[row],
            is_total: set != all,
            weight: subjects[row] as f64,
        });
    }
    Ok(cells)
}

/// The keys of a set by its number, in which a bit says that a key is not there, the first key highest.
fn present(number: u64, keys: usize) -> u64 {
    let missing = |key: usize| number >> (keys - 1 - key) & 1 == 1;
    (0..keys).filter(|key| !missing(*key)).map(|key| 1 << key).sum()
}

/// The values of these keys in a row, told apart from all others.
fn name(keys: &[Rows], named: u64, row: usize) -> Vec<u8> {
    let mut name = Vec::new();
    for (_, values) in keys.iter().enumerate().filter(|(key, _)| named >> key & 1 == 1) {
        let value = values.row(row);
        name.extend((value.as_ref().len() as u64).to_le_bytes());
        name.extend(value.as_ref());
    }
    name
}

/// What adds up along the equations: subjects, and the counts and sums that the measures show or let be computed.
fn quantities(
    measures: &[(&Measure, Cells)],
    controls: &Controls,
    totals: &Totals,
    subjects: &[u64],
    network: &[Cell],
) -> Vec<Quantity> {
    let least = controls.spec.subjects_min as f64;
    // Where numbers of subjects do not add up, a sum over cells has enough where one of them has.
    let sure = |subjects: &u64| match *subjects {
        subjects if totals.single => subjects as f64,
        subjects if subjects as f64 >= least => least,
        _ => 0.0,
    };
    let aside = f64::from(totals.aside_percent) / 100.0;
    let surely: Vec<f64> = subjects.iter().map(sure).collect();
    let mut quantities = vec![Quantity {
        cover: surely.clone(),
        slack: surely,
        aside: vec![0.0; subjects.len()],
        width: least,
    }];
    for (measure, cells) in measures {
        let rows = 0..subjects.len();
        if measure.function != Function::Sum {
            let counts: Vec<f64> = rows.clone().map(|row| cells.number(row)).collect();
            quantities.push(Quantity {
                aside: counts.iter().map(|count| count * aside).collect(),
                cover: counts.clone(),
                slack: counts,
                width: least,
            });
        }
        if measure.function != Function::Count {
            let sums: Vec<f64> = rows.clone().map(|row| cells.sum(row)).collect();
            let lowest = sums.iter().copied().fold(0.0, f64::min);
            let slack: Vec<f64> = sums.iter().map(|sum| sum - lowest).collect();
            // Whoever has most of a cell knows that much of it; and of its totals what follows from that.
            let cover = slack.iter().zip(rows.clone());
            let cover = cover.map(|(slack, row)| match network[row].is_total {
                true => *slack,
                false => (slack - cells.largest(row)).max(0.0),
            });
            quantities.push(Quantity {
                aside: rows.map(|row| cells.size(row) * aside).collect(),
                cover: cover.collect(),
                slack,
                width: f64::MIN_POSITIVE,
            });
        }
    }
    quantities
}
