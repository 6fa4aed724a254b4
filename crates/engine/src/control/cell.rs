//! The cells of one measure, with what the controls know of each.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, ListArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::error::Result;
use gongshu_privacy::cell_key::{CellKey, ColumnSeed};

use super::spec::{Controls, Function, Measure};
use super::threshold::{Counts, count};
use super::{cell_key, magnitude, rounding};

/// One measure of each row.
pub(super) struct Cells {
    function: Function,
    data_type: DataType,
    rows: usize,
    /// Values of a sum or mean; sums of a mean.
    totals: Float64Array,
    counts: Option<Counts>,
    seed: Option<ColumnSeed>,
    keys: Vec<ArrayRef>,
    largest: Vec<ArrayRef>,
    records: Vec<ArrayRef>,
}

/// What is known of one cell.
pub(super) struct Cell {
    /// Of its records, for numbers of subjects.
    pub(super) key: CellKey,
    /// Of its records and the column that is measured, for magnitudes.
    pub(super) magnitude_key: CellKey,
    /// Contributions to a sum, of each guarded table.
    pub(super) sizes: Vec<Sizes>,
    /// Numbers of records of one subject, likewise.
    pub(super) records: Vec<Sizes>,
}

/// The sum of all sizes, and the largest of them in descending order.
pub(super) type Sizes = (f64, Vec<f64>);

impl Cells {
    pub(super) fn new(batch: &RecordBatch, measure: &Measure) -> Result<Self> {
        let column = batch.column(measure.column);
        let (total, counted) = measure.parts.unwrap_or((measure.column, measure.column));
        let counts = match measure.function {
            Function::Count | Function::Mean => Some(count(batch, counted)?),
            Function::Sum => None,
        };
        let columns = |hidden: &[usize]| hidden.iter().map(|hidden| batch.column(*hidden).clone()).collect();
        Ok(Self {
            function: measure.function,
            data_type: column.data_type().clone(),
            rows: batch.num_rows(),
            totals: cast(batch.column(total), &DataType::Float64)?
                .as_primitive::<Float64Type>()
                .clone(),
            counts,
            seed: measure.seed,
            keys: columns(&measure.keys),
            largest: columns(&measure.largest),
            records: columns(&measure.records),
        })
    }

    /// The measure after the controls of magnitudes, perturbation and rounding.
    pub(super) fn controlled(&self, controls: &Controls) -> Result<ArrayRef> {
        let array: ArrayRef = match self.function {
            Function::Count => Arc::new(
                (0..self.rows)
                    .map(|row| self.count(row, controls))
                    .collect::<Int64Array>(),
            ),
            Function::Sum => self.float((0..self.rows).map(|row| self.total(row, controls))),
            Function::Mean => self.float((0..self.rows).map(|row| self.mean(row, controls))),
        };
        Ok(cast(&array, &self.data_type)?)
    }

    /// Whether the sum or mean of a cell tells too much of a contributor.
    pub(super) fn tells(&self, row: usize, controls: &Controls) -> bool {
        self.function != Function::Count && magnitude::tells(&self.cell(row), controls)
    }

    /// The number of values.
    pub(super) fn number(&self, row: usize) -> f64 {
        self.counts.as_ref().map_or(0.0, |counts| counts.value(row) as f64)
    }

    /// The sum of values, also of a mean.
    pub(super) fn sum(&self, row: usize) -> f64 {
        if self.totals.is_null(row) {
            return 0.0;
        }
        self.totals.value(row)
    }

    /// The sum of sizes of values, where a control knows them; else the size of their sum.
    pub(super) fn size(&self, row: usize) -> f64 {
        let sizes = self.cell(row).sizes;
        sizes
            .iter()
            .map(|(total, _)| *total)
            .fold(self.sum(row).abs(), f64::max)
    }

    /// The largest contribution to the sum of values, of either guarded table.
    pub(super) fn largest(&self, row: usize) -> f64 {
        let sizes = self.cell(row).sizes;
        let first = sizes.iter().filter_map(|(_, largest)| largest.first().copied());
        first.fold(0.0, f64::max)
    }

    /// Whole where the column is whole.
    fn float(&self, values: impl Iterator<Item = Option<f64>>) -> ArrayRef {
        let whole = self.data_type.is_integer();
        let rounded = values.map(|value| if whole { value.map(f64::round) } else { value });
        Arc::new(rounded.collect::<Float64Array>())
    }

    fn count(&self, row: usize, controls: &Controls) -> Option<i64> {
        let counts = self.counts.as_ref()?;
        let perturbed = cell_key::count(counts.value(row), &self.cell(row), controls);
        i64::try_from(rounding::count(perturbed, controls)).ok()
    }

    fn total(&self, row: usize, controls: &Controls) -> Option<f64> {
        let cell = self.cell(row);
        let telling = self.totals.is_null(row) || magnitude::tells(&cell, controls);
        (!telling).then(|| cell_key::total(self.totals.value(row), &cell, controls))
    }

    /// The controlled sum over the controlled count: both together tell no more than each.
    fn mean(&self, row: usize, controls: &Controls) -> Option<f64> {
        let (total, count) = (self.total(row, controls)?, self.count(row, controls)?);
        (count > 0).then(|| total / count as f64)
    }

    fn cell(&self, row: usize) -> Cell {
        let key = |keys: &ArrayRef| keys.is_valid(row).then(|| keys.as_primitive::<Int64Type>().value(row));
        let keys = self.keys.iter().filter_map(key);
        let sum = keys.fold(0_u64, |sum, key| sum.rotate_left(17).wrapping_add(key.cast_unsigned()));
        let sizes = |list: &ArrayRef| contributions(list.as_list::<i32>(), row);
        let key = CellKey::of_sum(sum);
        Cell {
            key,
            magnitude_key: self.seed.map_or(key, |seed| key.of_column(seed)),
            sizes: self.largest.iter().map(sizes).collect(),
            records: self.records.iter().map(sizes).collect(),
        }
    }
}

fn contributions(lists: &ListArray, row: usize) -> Sizes {
    if lists.is_null(row) {
        return (0.0, vec![]);
    }
    let list = lists.value(row);
    let sizes = list.as_primitive::<Float64Type>().values();
    match sizes.split_first() {
        Some((total, largest)) => (*total, largest.to_vec()),
        None => (0.0, vec![]),
    }
}
