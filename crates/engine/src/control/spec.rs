//! What a release does with the rows of its aggregate.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch};
use datafusion::arrow::compute::{filter_record_batch, nullif};
use datafusion::arrow::datatypes::{Int64Type, SchemaRef};
use datafusion::error::{DataFusionError, Result};

/// The number of a hidden column of the aggregate.
pub(crate) type Hidden = usize;

/// The controls of one aggregate.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Spec {
    /// How many columns are the query's own: the group's keys, then its measures. The others are hidden.
    pub(crate) width: usize,
    /// Counts of distinct subjects in the group, one for each guarded table below.
    pub(crate) subjects: Vec<Hidden>,
    /// Smallest number of distinct subjects.
    pub(crate) subjects_min: u64,
    /// The measures that need more than the group's threshold.
    pub(crate) measures: Vec<Measure>,
    /// Whether the number of groups held back is told.
    pub(crate) tells: bool,
}

/// A result in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Measure {
    /// Its column.
    pub(crate) column: usize,
    /// Counts of distinct subjects with a value of the argument, where it may be missing.
    pub(crate) support: Vec<Hidden>,
}

impl Spec {
    /// The rows that leave, and how many groups were held back.
    pub(super) fn release(&self, batch: &RecordBatch, schema: &SchemaRef) -> Result<(RecordBatch, u64)> {
        let keep = self.enough(batch, &self.subjects)?;
        let kept = filter_record_batch(batch, &keep)?;
        let held_back = batch.num_rows() - kept.num_rows();
        let mut columns = kept.columns()[..self.width].to_vec();
        for measure in &self.measures {
            columns[measure.column] = self.measured(&kept, measure)?;
        }
        let told = if self.tells { held_back as u64 } else { 0 };
        Ok((RecordBatch::try_new(schema.clone(), columns)?, told))
    }

    /// The measure, missing where too few subjects stand behind it.
    fn measured(&self, batch: &RecordBatch, measure: &Measure) -> Result<ArrayRef> {
        let column = batch.column(measure.column);
        if measure.support.is_empty() {
            return Ok(column.clone());
        }
        let enough = self.enough(batch, &measure.support)?;
        let few = enough.values().iter().map(|enough| Some(!enough));
        Ok(nullif(column, &few.collect::<BooleanArray>())?)
    }

    /// Whether each of these counts reaches the threshold.
    fn enough(&self, batch: &RecordBatch, counts: &[Hidden]) -> Result<BooleanArray> {
        let counts: Result<Vec<_>> = counts.iter().map(|hidden| count(batch, *hidden)).collect();
        let counts = counts?;
        let reaches = |row: usize| counts.iter().all(|count| count.value(row) >= self.subjects_min);
        Ok((0..batch.num_rows()).map(|row| Some(reaches(row))).collect())
    }
}

/// A count as unsigned numbers; a missing one is none.
struct Counts(Arc<dyn Array>);

impl Counts {
    fn value(&self, row: usize) -> u64 {
        if self.0.is_null(row) {
            return 0;
        }
        u64::try_from(self.0.as_primitive::<Int64Type>().value(row)).unwrap_or(0)
    }
}

fn count(batch: &RecordBatch, hidden: Hidden) -> Result<Counts> {
    let column = batch.columns().get(hidden).cloned();
    let column = column.filter(|column| column.as_primitive_opt::<Int64Type>().is_some());
    column
        .map(Counts)
        .ok_or_else(|| DataFusionError::Internal("a control has lost its count".to_owned()))
}
