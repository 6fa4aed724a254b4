//! Record keys in a plan: the keyed hash of a row's subject.

use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray, Int64Array, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use gongshu_privacy::cell_key::RecordSecret;

/// The record key of the subject in `subject`; none where there is none.
pub(crate) fn record_key(secret: &RecordSecret, subject: Expr) -> Expr {
    record_key_function(secret.clone()).call(vec![subject])
}

/// The function itself.
pub(crate) fn record_key_function(secret: RecordSecret) -> ScalarUDF {
    ScalarUDF::from(RecordKey {
        secret,
        signature: Signature::any(1, Volatility::Immutable),
    })
}

/// The secret of a function, where it is this one.
pub(crate) fn record_secret_of(function: &ScalarUDF) -> Option<&RecordSecret> {
    function
        .inner()
        .downcast_ref::<RecordKey>()
        .map(|function| &function.secret)
}

/// Its name in a plan.
pub(crate) const RECORD_KEY: &str = "gongshu_record_key";

#[derive(Debug, PartialEq, Eq, Hash)]
struct RecordKey {
    secret: RecordSecret,
    signature: Signature,
}

impl ScalarUDFImpl for RecordKey {
    fn name(&self) -> &'static str {
        RECORD_KEY
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let subjects = ColumnarValue::values_to_arrays(&args.args)?;
        let keys = self.keys(subjects[0].as_ref())?;
        Ok(ColumnarValue::Array(Arc::new(keys)))
    }
}

impl RecordKey {
    fn keys(&self, subjects: &dyn Array) -> Result<Int64Array> {
        let key = |bytes: &[u8]| self.secret.record_key(bytes).cast_signed();
        if let Some(numbers) = subjects.as_primitive_opt::<Int64Type>() {
            return Ok(numbers
                .iter()
                .map(|number| number.map(|number| key(&number.to_le_bytes())))
                .collect());
        }
        let texts = cast(subjects, &DataType::Utf8)?;
        let texts: &StringArray = texts.as_string();
        Ok(texts.iter().map(|text| text.map(|text| key(text.as_bytes()))).collect())
    }
}
