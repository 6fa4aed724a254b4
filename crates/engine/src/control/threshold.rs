//! The threshold: enough distinct subjects behind a cell.

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch};
use datafusion::arrow::datatypes::Int64Type;
use datafusion::error::{DataFusionError, Result};

use super::spec::Hidden;

/// For each row, whether each of these counts reaches `min`.
pub(super) fn enough(batch: &RecordBatch, counts: &[Hidden], min: u64) -> Result<BooleanArray> {
    let counts: Result<Vec<_>> = counts.iter().map(|hidden| count(batch, *hidden)).collect();
    let counts = counts?;
    let reaches = |row: usize| counts.iter().all(|count| count.value(row) >= min);
    Ok((0..batch.num_rows()).map(|row| Some(reaches(row))).collect())
}

/// A count as unsigned numbers; a missing one is none.
pub(super) struct Counts(ArrayRef);

impl Counts {
    pub(super) fn value(&self, row: usize) -> u64 {
        if self.0.is_null(row) {
            return 0;
        }
        u64::try_from(self.0.as_primitive::<Int64Type>().value(row)).unwrap_or(0)
    }
}

pub(super) fn count(batch: &RecordBatch, column: usize) -> Result<Counts> {
    let column = batch.columns().get(column).cloned();
    let column = column.filter(|column| column.as_primitive_opt::<Int64Type>().is_some());
    column
        .map(Counts)
        .ok_or_else(|| DataFusionError::Internal("a control has lost its count".to_owned()))
}
