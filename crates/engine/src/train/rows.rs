//! The rows of a training as numbers, in the order of their subjects.

use std::collections::BTreeMap;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type};

use super::error::TrainError;
use crate::run::ExecuteError;

/// The rows of a training.
pub(super) struct Rows {
    labels: Labels,
    /// Subject, inputs and label of the rows that have all of them.
    complete: Vec<(String, Vec<f64>)>,
}

/// The label of everybody who was chosen, where there is one.
pub(super) struct Labels(BTreeMap<String, Option<f64>>);

impl Labels {
    /// Those of these batches: so many inputs, the label, the subject.
    pub(super) fn of(batches: &[RecordBatch], inputs: usize) -> Result<Self, TrainError> {
        let mut all = BTreeMap::new();
        for batch in batches {
            let label = batch.columns().get(inputs).ok_or(TrainError::Failed)?;
            let label = numbers(label)?;
            let subjects = named(batch)?.into_iter().enumerate();
            all.extend(subjects.map(|(row, subject)| (subject, cell(&label, row))));
        }
        Ok(Self(all))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// How many subjects are in one of both alone.
    pub(super) fn others(&self, other: &Self) -> u64 {
        let both = self.0.keys().filter(|subject| other.0.contains_key(*subject)).count();
        (self.len() + other.len() - 2 * both) as u64
    }

    /// In how many subjects of both the labels differ; of labels of two values, also in how many they don't: the
    /// contrary of a label makes the contrary model.
    pub(super) fn disagreements(&self, other: &Self) -> Vec<u64> {
        let both = || {
            let pairs = self.0.iter();
            pairs.filter_map(|(subject, label)| Some((*label, *other.0.get(subject)?)))
        };
        let (one, two) = (self.two_values(), other.two_values());
        let (Some(one), Some(two)) = (one, two) else {
            let differ = both().filter(|(a, b)| a != b).count();
            return vec![differ as u64];
        };
        let is_high = |label: Option<f64>, values: [f64; 2]| label.map(|label| label == values[1]);
        let differ = both().filter(|(a, b)| is_high(*a, one) != is_high(*b, two)).count();
        vec![differ as u64, (both().count() - differ) as u64]
    }

    /// The two values, where there are two, the lower one first.
    fn two_values(&self) -> Option<[f64; 2]> {
        let mut values: Vec<f64> = Vec::with_capacity(2);
        for label in self.0.values().flatten() {
            match values.contains(label) {
                true => {}
                false if values.len() == 2 => return None,
                false => values.push(*label),
            }
        }
        values.sort_by(f64::total_cmp);
        values.try_into().ok()
    }
}

/// Inputs of mean 0 and variance 1 beside their labels.
pub(super) struct Table {
    /// A row of inputs a subject.
    pub(super) rows: Vec<Vec<f64>>,
    pub(super) labels: Vec<f64>,
    pub(super) means: Vec<f64>,
    /// Standard deviations; 1 of an input that never varies.
    pub(super) scales: Vec<f64>,
}

impl Rows {
    /// The rows of these batches: so many inputs, the label, the subject.
    pub(super) fn of(batches: &[RecordBatch], inputs: usize) -> Result<Self, TrainError> {
        let mut complete = Vec::new();
        for batch in batches {
            let columns = batch.columns().iter().take(inputs + 1).map(numbers);
            let columns = columns.collect::<Result<Vec<_>, TrainError>>()?;
            for (row, subject) in named(batch)?.into_iter().enumerate() {
                let cells: Option<Vec<f64>> = columns.iter().map(|column| cell(column, row)).collect();
                complete.extend(cells.map(|cells| (subject, cells)));
            }
        }
        complete.sort_by(|one, other| one.0.cmp(&other.0));
        complete.dedup_by(|one, other| one.0 == other.0);
        Ok(Self {
            labels: Labels::of(batches, inputs)?,
            complete,
        })
    }

    /// Everybody who was chosen.
    pub(super) fn labels(&self) -> &Labels {
        &self.labels
    }

    /// How many have a value everywhere.
    pub(super) fn complete(&self) -> usize {
        self.complete.len()
    }

    /// The rows with inputs of mean 0 and variance 1.
    pub(super) fn standardized(self) -> Table {
        let (mut rows, mut labels) = (Vec::new(), Vec::new());
        for (_, mut cells) in self.complete {
            labels.extend(cells.pop());
            rows.push(cells);
        }
        let width = rows.first().map_or(0, Vec::len);
        let (mut means, mut scales) = (Vec::with_capacity(width), Vec::with_capacity(width));
        for column in 0..width {
            let (mean, scale) = standard(&rows, column);
            for row in &mut rows {
                if let Some(cell) = row.get_mut(column) {
                    *cell = (*cell - mean) / scale;
                }
            }
            means.push(mean);
            scales.push(scale);
        }
        Table {
            rows,
            labels,
            means,
            scales,
        }
    }
}

/// Mean and standard deviation of a column.
fn standard(rows: &[Vec<f64>], column: usize) -> (f64, f64) {
    let values = || rows.iter().filter_map(|row| row.get(column));
    let count = rows.len().max(1) as f64;
    let mean = values().sum::<f64>() / count;
    let deviation = (values().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
    // Of a constant nothing is left but the rounding of its mean.
    let varies = deviation > mean.abs() * 1e-12 && deviation > 0.0;
    (mean, if varies { deviation } else { 1.0 })
}

fn named(batch: &RecordBatch) -> Result<Vec<String>, TrainError> {
    let last = batch.columns().last().ok_or(TrainError::Failed)?;
    let texts = cast(last, &DataType::Utf8).map_err(failed)?;
    let texts = texts.as_string::<i32>();
    Ok((0..texts.len()).map(|row| texts.value(row).to_owned()).collect())
}

/// A column as numbers: days count from 1970, truth is 1.
fn numbers(column: &ArrayRef) -> Result<ArrayRef, TrainError> {
    let whole = match column.data_type() {
        DataType::Date32 => cast(column, &DataType::Int32).map_err(failed)?,
        _ => column.clone(),
    };
    cast(&whole, &DataType::Float64).map_err(failed)
}

fn cell(column: &ArrayRef, row: usize) -> Option<f64> {
    let column = column.as_primitive::<Float64Type>();
    Some(column.value(row)).filter(|value| column.is_valid(row) && value.is_finite())
}

fn failed(error: datafusion::arrow::error::ArrowError) -> TrainError {
    TrainError::Execute(ExecuteError::Failed(error.into()))
}
