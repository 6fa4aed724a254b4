//! SQL functions for the masks of the privacy crate.

use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray, Int64Array, StringArray};
use datafusion::arrow::datatypes::{DataType, Date32Type, Int64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};
use gongshu_privacy::masking;

/// The masks as SQL functions.
pub(crate) fn functions() -> Vec<ScalarUDF> {
    [MaskKind::Partial, MaskKind::Band, MaskKind::Year]
        .map(|kind| ScalarUDF::from(MaskFunction::new(kind)))
        .into()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum MaskKind {
    Partial,
    Band,
    Year,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct MaskFunction {
    kind: MaskKind,
    signature: Signature,
}

impl MaskFunction {
    fn new(kind: MaskKind) -> Self {
        let types = match kind {
            MaskKind::Partial => vec![DataType::Utf8, DataType::Int64, DataType::Int64],
            MaskKind::Band => vec![DataType::Int64, DataType::Int64],
            MaskKind::Year => vec![DataType::Date32],
        };
        Self {
            kind,
            signature: Signature::exact(types, Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for MaskFunction {
    fn name(&self) -> &'static str {
        match self.kind {
            MaskKind::Partial => "mask_partial",
            MaskKind::Band => "mask_band",
            MaskKind::Year => "mask_year",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        match self.kind {
            MaskKind::Partial => Ok(DataType::Utf8),
            MaskKind::Band | MaskKind::Year => Ok(DataType::Int64),
        }
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let number = |array: usize, row: usize| arrays[array].as_primitive::<Int64Type>().value(row);
        let value = &arrays[0];
        let rows = 0..value.len();
        let array: Arc<dyn Array> = match self.kind {
            MaskKind::Partial => {
                let texts: &StringArray = value.as_string();
                let keep = |number: i64| usize::try_from(number).unwrap_or(0);
                let mask = |row| {
                    let masked = masking::partial(texts.value(row), keep(number(1, row)), keep(number(2, row)));
                    texts.is_valid(row).then_some(masked)
                };
                Arc::new(rows.map(mask).collect::<StringArray>())
            }
            MaskKind::Band => {
                let mask = |row| {
                    value
                        .is_valid(row)
                        .then(|| masking::band(number(0, row), number(1, row)))
                };
                Arc::new(rows.map(mask).collect::<Int64Array>())
            }
            MaskKind::Year => {
                let days = value.as_primitive::<Date32Type>();
                let mask = |row| days.is_valid(row).then(|| days.value(row)).map(masking::year_of_day);
                Arc::new(rows.map(mask).collect::<Int64Array>())
            }
        };
        Ok(ColumnarValue::Array(array))
    }
}
