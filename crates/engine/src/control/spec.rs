//! What a release does with the rows of its aggregate.

use datafusion::arrow::array::{Array, ArrayRef, BooleanArray, RecordBatch};
use datafusion::arrow::compute::{filter_record_batch, nullif};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::error::Result;
use gongshu_privacy::cell_key::{ColumnSeed, PerturbationTable};

use super::cell::Cells;
use super::measured::Measured;
use super::noise::{Noise, noisy};
use super::parameters::Applied;
use super::threshold::enough;
use super::totals::{Totals, kept};

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
    /// Controls beside the threshold.
    pub(crate) applied: Applied,
    /// The measures.
    pub(crate) measures: Vec<Measure>,
    /// Whether the number of groups held back is told.
    pub(crate) tells: bool,
    /// How the cells hang together, where there are totals among them.
    pub(crate) totals: Option<Totals>,
}

/// A result in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Measure {
    /// Its column.
    pub(crate) column: usize,
    pub(crate) function: Function,
    /// Counts of distinct subjects with a value of the argument, where it may be missing.
    pub(crate) support: Vec<Hidden>,
    /// What its noise is drawn for, beside the records: the column that it is taken of, none where it counts rows.
    pub(crate) seed: Option<ColumnSeed>,
    /// Sums of the record keys of the records behind it, one for each guarded table.
    pub(crate) keys: Vec<Hidden>,
    /// The largest contributions to a sum, one list for each guarded table.
    pub(crate) largest: Vec<Hidden>,
    /// The largest numbers of records of one subject, likewise; none where each subject has one.
    pub(crate) records: Vec<Hidden>,
    /// Of a mean: its sum and its number of values.
    pub(crate) parts: Option<(Hidden, Hidden)>,
    /// Noise instead of all other controls.
    pub(crate) noise: Option<Noise>,
}

/// What a measure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Function {
    Count,
    Sum,
    Mean,
}

/// A spec with what its controls compute once.
#[derive(Debug)]
pub(super) struct Controls {
    pub(super) spec: std::sync::Arc<Spec>,
    pub(super) table: Option<PerturbationTable>,
}

impl Controls {
    pub(super) fn new(spec: std::sync::Arc<Spec>) -> Self {
        let table = spec
            .applied
            .cell_key
            .map(|perturbing| PerturbationTable::new(perturbing.table));
        Self { spec, table }
    }

    /// The rows that leave, and what is measured of all of them.
    pub(super) fn release(&self, batch: &RecordBatch, schema: &SchemaRef) -> Result<(RecordBatch, Measured)> {
        let spec = &self.spec;
        let keep = match &spec.totals {
            Some(totals) => kept(batch, self, totals)?,
            None => enough(batch, &spec.subjects, spec.subjects_min)?,
        };
        let kept = filter_record_batch(batch, &keep)?;
        let mut columns = kept.columns()[..spec.width].to_vec();
        for measure in &spec.measures {
            columns[measure.column] = self.measured(&kept, measure)?;
        }
        let measured = Measured::of(batch, &spec.subjects, &keep)?;
        Ok((RecordBatch::try_new(schema.clone(), columns)?, measured))
    }

    /// The measure, controlled, and missing where too few subjects stand behind it.
    fn measured(&self, batch: &RecordBatch, measure: &Measure) -> Result<ArrayRef> {
        if let Some(noise) = &measure.noise {
            return noisy(batch, measure, noise);
        }
        let column = match self.spec.applied == Applied::default() {
            true => batch.column(measure.column).clone(),
            false => Cells::new(batch, measure)?.controlled(self)?,
        };
        if measure.support.is_empty() {
            return Ok(column);
        }
        let enough = enough(batch, &measure.support, self.spec.subjects_min)?;
        let few = enough.values().iter().map(|enough| Some(!enough));
        Ok(nullif(&column as &dyn Array, &few.collect::<BooleanArray>())?)
    }
}
