//! A model as a SQL function.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::datatypes::DataType;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};

use super::Model;
use super::frame;
use super::runner::Shared;
use crate::table::Table;

/// The function of a model over its table; none where the table lacks a column or has one of a type that models
/// cannot take. It is the check that decides whether a query may call it, and with what.
pub(crate) fn function(model: &Model, table: &Table, runner: &Shared) -> Option<ScalarUDF> {
    let schema = table.schema();
    let input = |name: &String| {
        let field = schema.field_with_name(name).ok()?;
        Some(field.data_type().clone()).filter(frame::takes)
    };
    let types: Option<Vec<DataType>> = model.inputs.iter().map(input).collect();
    Some(ScalarUDF::from(ModelFunction {
        model: model.clone(),
        runner: runner.clone(),
        signature: Signature::exact(types?, Volatility::Immutable),
    }))
}

struct ModelFunction {
    model: Model,
    runner: Shared,
    signature: Signature,
}

impl ScalarUDFImpl for ModelFunction {
    fn name(&self) -> &str {
        &self.model.function
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let columns = args.args.iter().map(|value| value.to_array(args.number_rows));
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let scores = self.runner.score(&self.model, &columns, args.number_rows);
        let scores = scores.map_err(|error| DataFusionError::External(Box::new(error)))?;
        Ok(ColumnarValue::Array(Arc::new(scores)))
    }
}

impl std::fmt::Debug for ModelFunction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.model.function, self.model.sha256)
    }
}

impl PartialEq for ModelFunction {
    fn eq(&self, other: &Self) -> bool {
        self.model == other.model && self.signature == other.signature
    }
}

impl Eq for ModelFunction {}

impl Hash for ModelFunction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.model.function, &self.model.sha256).hash(state);
    }
}
