//! Functions of the domain beside DataFusion's own.

use datafusion::arrow::array::{Array, AsArray, Int64Array};
use datafusion::arrow::datatypes::{DataType, Date32Type};
use datafusion::error::Result;
use datafusion::functions::all_default_functions;
use datafusion::functions_aggregate::all_default_aggregate_functions;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};
use datafusion::prelude::SessionContext;

use crate::run::call_date_function;

/// Registers the domain's functions.
pub(crate) fn register(context: &SessionContext) {
    context.register_udf(call_date_function());
    context.register_udf(ScalarUDF::from(YearsSince::default()));
    for function in crate::mask::functions() {
        context.register_udf(function);
    }
}

/// The function of the domain of this name that has no state.
pub(crate) fn stateless(name: &str) -> Option<ScalarUDF> {
    let years_since = std::iter::once(ScalarUDF::from(YearsSince::default()));
    years_since
        .chain(crate::mask::functions())
        .find(|function| function.name() == name)
}

/// Whether DataFusion has a scalar function of this name.
pub(crate) fn is_datafusions(name: &str) -> bool {
    all_default_functions().iter().any(|function| function.name() == name)
}

/// Whether DataFusion has an aggregate of this name.
pub(crate) fn is_datafusions_aggregate(name: &str) -> bool {
    all_default_aggregate_functions()
        .iter()
        .any(|function| function.name() == name)
}

/// `years_since(from, to)`: full years between two days.
#[derive(Debug, PartialEq, Eq, Hash)]
struct YearsSince(Signature);

impl Default for YearsSince {
    fn default() -> Self {
        Self(Signature::exact(
            vec![DataType::Date32, DataType::Date32],
            Volatility::Immutable,
        ))
    }
}

impl ScalarUDFImpl for YearsSince {
    fn name(&self) -> &'static str {
        "years_since"
    }

    fn signature(&self) -> &Signature {
        &self.0
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let [from, to] = &arrays[..] else {
            return datafusion::common::exec_err!("years_since takes two days");
        };
        let (from, to) = (from.as_primitive::<Date32Type>(), to.as_primitive::<Date32Type>());
        let years = |row| {
            let both = from.is_valid(row) && to.is_valid(row);
            both.then(|| full_years(from.value(row), to.value(row)))
        };
        let years: Int64Array = (0..from.len()).map(years).collect();
        Ok(ColumnarValue::Array(std::sync::Arc::new(years)))
    }
}

/// Full years between two days counted from 1970-01-01; a birthday on 29 February is reached on
/// 1 March of a common year.
fn full_years(from: i32, to: i32) -> i64 {
    let (Some(from), Some(to)) = (Date32Type::to_naive_date_opt(from), Date32Type::to_naive_date_opt(to)) else {
        return 0;
    };
    to.years_since(from).map_or(0, i64::from)
}
