//! Differential privacy: values are clamped and summed as whole hundredths, and the results get discrete Gaussian
//! noise, drawn anew for each answer.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use gongshu_privacy::accountant::Rho;
use gongshu_privacy::noise::{Gaussian, NoiseError};

use super::spec::{Function, Hidden, Measure};
use super::threshold::count;

/// Hundredths in one.
const SCALE: i64 = 100;

/// Noise of one measure.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Noise {
    /// The loss of an answer.
    pub(crate) rho: Rho,
    pub(crate) bounds: Bounds,
    /// The sum of clamped values.
    pub(crate) total: Hidden,
    /// The number of values.
    pub(crate) count: Hidden,
}

/// Values are clamped between these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Bounds {
    pub(crate) low: i64,
    pub(crate) high: i64,
}

impl Bounds {
    /// How far one subject can move a sum of hundredths: by a value for another, or for a missing one.
    fn step(self) -> u64 {
        let ways = [
            self.high.abs_diff(self.low),
            self.low.unsigned_abs(),
            self.high.unsigned_abs(),
        ];
        ways.into_iter().max().unwrap_or(0).saturating_mul(SCALE.unsigned_abs())
    }

    fn clamped(self, value: f64) -> i64 {
        let value = if value.is_nan() { self.low as f64 } else { value };
        (value.clamp(self.low as f64, self.high as f64) * SCALE as f64).round() as i64
    }
}

/// The column of a measure, with noise.
pub(super) fn noisy(batch: &RecordBatch, measure: &Measure, noise: &Noise) -> Result<ArrayRef> {
    let (totals, counts) = (batch.column(noise.total), count(batch, noise.count)?);
    let total = |row: usize| {
        if totals.is_null(row) {
            0
        } else {
            totals.as_primitive::<Int64Type>().value(row)
        }
    };
    let rows = 0..batch.num_rows();
    let array: ArrayRef = match measure.function {
        Function::Count => {
            let gaussian = gaussian(1, noise.rho)?;
            let values = rows.map(|row| counted(&gaussian, counts.value(row)));
            Arc::new(values.collect::<Result<Int64Array>>()?)
        }
        Function::Sum => {
            let gaussian = gaussian(noise.bounds.step(), noise.rho)?;
            let whole = batch.column(measure.column).data_type().is_integer();
            let values = rows.map(|row| {
                let sum = gaussian.release(total(row)).map_err(failed)? as f64 / SCALE as f64;
                Ok(Some(if whole { sum.round() } else { sum }))
            });
            Arc::new(values.collect::<Result<Float64Array>>()?)
        }
        Function::Mean => {
            let (sums, numbers) = (
                gaussian(noise.bounds.step(), noise.rho.half())?,
                gaussian(1, noise.rho.half())?,
            );
            let values = rows.map(|row| {
                let sum = sums.release(total(row)).map_err(failed)? as f64 / SCALE as f64;
                let number = counted(&numbers, counts.value(row))?.unwrap_or(0).max(1);
                Ok(Some(
                    (sum / number as f64).clamp(noise.bounds.low as f64, noise.bounds.high as f64),
                ))
            });
            Arc::new(values.collect::<Result<Float64Array>>()?)
        }
    };
    Ok(cast(&array, batch.column(measure.column).data_type())?)
}

fn counted(gaussian: &Gaussian, count: u64) -> Result<Option<i64>> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    Ok(Some(gaussian.release(count).map_err(failed)?.max(0)))
}

fn gaussian(step: u64, rho: Rho) -> Result<Gaussian> {
    Gaussian::new(step, rho).map_err(failed)
}

fn failed(error: NoiseError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

/// `value` clamped, in whole hundredths.
pub(crate) fn clamped(bounds: Bounds, value: Expr) -> Expr {
    let signature = Signature::any(1, Volatility::Immutable);
    ScalarUDF::from(Clamped { bounds, signature }).call(vec![value])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Clamped {
    bounds: Bounds,
    signature: Signature,
}

impl ScalarUDFImpl for Clamped {
    fn name(&self) -> &'static str {
        "gongshu_clamped"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let values = ColumnarValue::values_to_arrays(&args.args)?;
        let values = cast(&values[0], &DataType::Float64)?;
        let values = values.as_primitive::<Float64Type>().iter();
        let clamped = values.map(|value| value.map(|value| self.bounds.clamped(value)));
        Ok(ColumnarValue::Array(Arc::new(clamped.collect::<Int64Array>())))
    }
}
