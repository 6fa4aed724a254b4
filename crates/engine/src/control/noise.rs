//! Differential privacy: values are clamped and summed as whole hundredths, and the results get discrete noise, drawn
//! anew for each answer.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use gongshu_privacy::accountant::Rho;
use gongshu_privacy::noise::{Change, Distribution, NoiseError};

use super::spec::{Function, Hidden, Measure};
use super::threshold::count;

/// Hundredths in one.
const SCALE: i64 = 100;

/// Noise of one measure.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Noise {
    pub(crate) distribution: Distribution,
    /// The loss of an answer.
    pub(crate) rho: Rho,
    pub(crate) bounds: Bounds,
    /// In how many groups one subject counts at most.
    pub(crate) groups: u32,
    /// How many values it has in each of them at most.
    pub(crate) rows: u32,
    /// The sum of clamped values; none of a count.
    pub(crate) total: Option<Hidden>,
    /// The number of values.
    pub(crate) count: Hidden,
}

impl Noise {
    /// Noise for the numbers of values, at this loss.
    fn of_counts(&self, rho: Rho) -> Result<gongshu_privacy::noise::Noise> {
        self.of(u64::from(self.rows), rho)
    }

    /// Noise for sums of values.
    fn of_sums(&self, rho: Rho) -> Result<gongshu_privacy::noise::Noise> {
        self.of(self.bounds.step().saturating_mul(u64::from(self.rows)), rho)
    }

    fn of(&self, step: u64, rho: Rho) -> Result<gongshu_privacy::noise::Noise> {
        let numbers = self.groups;
        gongshu_privacy::noise::Noise::new(self.distribution, Change { numbers, step }, rho).map_err(failed)
    }
}

/// Values are clamped between these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub(crate) struct Bounds {
    pub(crate) low: i64,
    pub(crate) high: i64,
}

impl Bounds {
    /// How far one value can move a sum of hundredths: for another, or for a missing one.
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
    let (totals, counts) = (noise.total.map(|total| batch.column(total)), count(batch, noise.count)?);
    let total = |row: usize| match totals {
        Some(totals) if totals.is_valid(row) => totals.as_primitive::<Int64Type>().value(row),
        _ => 0,
    };
    let rows = 0..batch.num_rows();
    let array: ArrayRef = match measure.function {
        Function::Count => {
            let numbers = noise.of_counts(noise.rho)?;
            let values = rows.map(|row| counted(&numbers, counts.value(row)).map(Some));
            Arc::new(values.collect::<Result<Int64Array>>()?)
        }
        Function::Sum => {
            let sums = noise.of_sums(noise.rho)?;
            let whole = batch.column(measure.column).data_type().is_integer();
            let values = rows.map(|row| {
                let sum = sums.release(total(row)).map_err(failed)? as f64 / SCALE as f64;
                Ok(Some(if whole { sum.round() } else { sum }))
            });
            Arc::new(values.collect::<Result<Float64Array>>()?)
        }
        Function::Mean => {
            let half = noise.rho.half();
            let (sums, numbers) = (noise.of_sums(half)?, noise.of_counts(half)?);
            let (low, high) = (noise.bounds.low as f64, noise.bounds.high as f64);
            let values = rows.map(|row| {
                let sum = sums.release(total(row)).map_err(failed)? as f64 / SCALE as f64;
                let number = counted(&numbers, counts.value(row))?.max(1);
                Ok(Some((sum / number as f64).clamp(low, high)))
            });
            Arc::new(values.collect::<Result<Float64Array>>()?)
        }
    };
    Ok(cast(&array, batch.column(measure.column).data_type())?)
}

fn counted(numbers: &gongshu_privacy::noise::Noise, count: u64) -> Result<i64> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    Ok(numbers.release(count).map_err(failed)?.max(0))
}

fn failed(error: NoiseError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

/// `value` clamped, in whole hundredths.
pub(crate) fn clamped(bounds: Bounds, value: Expr) -> Expr {
    clamped_function(bounds).call(vec![value])
}

/// The function itself.
pub(crate) fn clamped_function(bounds: Bounds) -> ScalarUDF {
    let signature = Signature::any(1, Volatility::Immutable);
    ScalarUDF::from(Clamped { bounds, signature })
}

/// The bounds of a function, where it is this one.
pub(crate) fn bounds_of(function: &ScalarUDF) -> Option<Bounds> {
    function
        .inner()
        .downcast_ref::<Clamped>()
        .map(|function| function.bounds)
}

/// Its name in a plan.
pub(crate) const CLAMPED: &str = "gongshu_clamped";

#[derive(Debug, PartialEq, Eq, Hash)]
struct Clamped {
    bounds: Bounds,
    signature: Signature,
}

impl ScalarUDFImpl for Clamped {
    fn name(&self) -> &'static str {
        CLAMPED
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
