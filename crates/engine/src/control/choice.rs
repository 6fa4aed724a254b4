//! The choice of what counts of a subject: a keyed hash that orders its groups, and its records in each.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int64Array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use gongshu_privacy::cell_key::RecordSecret;

/// A number that these values decide, which without the secret nobody can predict. The same values give the same number.
pub(crate) fn choice(secret: &RecordSecret, values: Vec<Expr>) -> Expr {
    let function = Choice {
        secret: secret.clone(),
        signature: Signature::variadic_any(Volatility::Immutable),
    };
    ScalarUDF::from(function).call(values)
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Choice {
    secret: RecordSecret,
    signature: Signature,
}

impl ScalarUDFImpl for Choice {
    fn name(&self) -> &'static str {
        "gongshu_choice"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let texts = args.args.iter().map(|value| {
            let value = value.to_array(args.number_rows)?;
            Ok(cast(&value, &DataType::Utf8)?)
        });
        let texts = texts.collect::<Result<Vec<_>>>()?;
        let numbers = (0..args.number_rows).map(|row| self.number(&texts, row));
        Ok(ColumnarValue::Array(Arc::new(numbers.collect::<Int64Array>())))
    }
}

impl Choice {
    fn number(&self, texts: &[ArrayRef], row: usize) -> i64 {
        // Tells apart from record keys, and each value from the next.
        let mut bytes = b"gongshu.choice/1".to_vec();
        for text in texts {
            if text.is_null(row) {
                bytes.extend(u64::MAX.to_le_bytes());
                continue;
            }
            let text = text.as_string::<i32>().value(row).as_bytes();
            bytes.extend((text.len() as u64).to_le_bytes());
            bytes.extend(text);
        }
        self.secret.record_key(&bytes).cast_signed()
    }
}
