//! A network made ready by the runtime, and run.
//!
//! It always runs over batches of the same number of rows, the last one filled up with zeros: so each row meets the same
//! code wherever it stands, and its score is the same to the last bit in whatever company.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Float32Array, Float64Array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float32Type};
use tract_onnx::data_resolver::ModelDataResolver;
use tract_onnx::prelude::*;

use super::graph;
use super::operator::Operator;
use crate::model::{ModelError, ModelLimits};

/// Rows of a batch of the runtime.
pub(super) const BATCH_ROWS: usize = 256;

/// A network that is ready to run.
pub(super) struct Network {
    plan: Arc<TypedRunnableModel>,
    /// Columns of each of its inputs.
    pub(super) widths: Vec<usize>,
}

/// Why scoring stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Halt {
    /// It took too long.
    Late,
    /// The runtime failed.
    Failed,
}

impl Network {
    /// The network in this file, over so many columns.
    pub(super) fn of(code: &[u8], columns: usize, limits: &ModelLimits) -> Result<Self, ModelError> {
        let malformed = |error: TractError| ModelError::MalformedOnnx(error.to_string());
        let runtime = runtime();
        let file = runtime.proto_model_for_read(&mut &*code).map_err(malformed)?;
        let widths = graph::check(&file, columns, BATCH_ROWS, limits)?;
        let mut model = runtime.model_for_proto_model(&file).map_err(malformed)?;
        for (index, width) in widths.iter().enumerate() {
            let fact = f32::fact([BATCH_ROWS, *width]);
            model = model.with_input_fact(index, fact.into()).map_err(malformed)?;
        }
        let plan = model.into_optimized().and_then(IntoRunnable::into_runnable);
        Ok(Self {
            plan: plan.map_err(malformed)?,
            widths,
        })
    }

    /// The scores of these rows, unless it gets late.
    pub(super) fn score(&self, columns: &[ArrayRef], rows: usize, deadline: Instant) -> Result<Float64Array, Halt> {
        let floats = |array: &ArrayRef| {
            // Days count from 1970; Arrow casts them to whole numbers only.
            let numbers = match array.data_type() {
                DataType::Date32 => cast(array, &DataType::Int32).map_err(|_| Halt::Failed)?,
                _ => array.clone(),
            };
            let floats = cast(&numbers, &DataType::Float32).map_err(|_| Halt::Failed)?;
            Ok(floats.as_primitive::<Float32Type>().clone())
        };
        let columns = columns.iter().map(floats).collect::<Result<Vec<_>, Halt>>()?;
        let mut scores = Vec::with_capacity(rows);
        for start in (0..rows).step_by(BATCH_ROWS) {
            if Instant::now() > deadline {
                return Err(Halt::Late);
            }
            let here = (rows - start).min(BATCH_ROWS);
            let whole = |row: usize| columns.iter().all(|column| column.is_valid(start + row));
            let table = table(&columns, start, here);
            let batch = self.run(&table).map_err(|_| Halt::Failed)?;
            let scored = batch.into_iter().take(here).enumerate();
            scores.extend(scored.map(|(row, score)| (whole(row) && !score.is_nan()).then(|| f64::from(score))));
        }
        Ok(scores.into_iter().collect())
    }

    /// The scores of one batch, row after row of all columns.
    pub(super) fn run(&self, table: &[f32]) -> TractResult<Vec<f32>> {
        let across: usize = self.widths.iter().sum();
        let mut inputs = TVec::new();
        let mut from = 0;
        for width in &self.widths {
            let rows = table.chunks(across).filter_map(|row| row.get(from..from + width));
            let part: Vec<f32> = rows.flatten().copied().collect();
            inputs.push(Tensor::from_shape(&[BATCH_ROWS, *width], &part)?.into());
            from += width;
        }
        let outputs = self.plan.run(inputs)?;
        let [scores] = outputs.as_slice() else {
            return Err(TractError::msg("not one output"));
        };
        let scores = scores.try_as_plain_ram()?.as_slice::<f32>()?.to_vec();
        match scores.len() == BATCH_ROWS {
            true => Ok(scores),
            false => Err(TractError::msg("not one score a row")),
        }
    }
}

/// So many rows from this one on as a table of a whole batch; what is missing is 0, whatever lies below its mark.
fn table(columns: &[Float32Array], start: usize, rows: usize) -> Vec<f32> {
    let mut table = vec![0.0; BATCH_ROWS * columns.len()];
    for (row, cells) in table.chunks_mut(columns.len()).take(rows).enumerate() {
        for (cell, column) in cells.iter_mut().zip(columns) {
            if column.is_valid(start + row) {
                *cell = column.value(start + row);
            }
        }
    }
    table
}

/// The runtime with the known operators only, and without a way to files.
fn runtime() -> tract_onnx::Onnx {
    let mut runtime = tract_onnx::onnx()
        .with_ignore_value_info(true)
        .with_ignore_output_shapes(true);
    runtime.op_register.0.retain(|name, _| Operator::is_known(name));
    runtime.provider = Arc::new(NoFiles);
    runtime
}

struct NoFiles;

impl ModelDataResolver for NoFiles {
    fn read_bytes_from_path(&self, _: &mut Vec<u8>, _: &Path, _: usize, _: Option<usize>) -> TractResult<()> {
        Err(TractError::msg("a model reads no file"))
    }
}
