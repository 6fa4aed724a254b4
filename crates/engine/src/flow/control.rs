//! The threshold control: groups with too few distinct subjects are held back, right above the
//! aggregate, so that nothing later (`HAVING`, `ORDER BY`, `LIMIT`) sees them.

use datafusion::arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::{count, count_distinct};
use datafusion::logical_expr::{
    Aggregate, ColumnarValue, Expr, LogicalPlan, LogicalPlanBuilder, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl,
    Signature, Volatility, col, lit,
};

/// Name of the function that counts what is held back; bound to its counter for each instance.
pub(crate) const RELEASED: &str = "gongshu_released";
/// Name of the hidden count of subjects.
const SUBJECTS: &str = "gongshu_subjects";

/// Puts the control above an aggregate. `subject` is counted distinctly; without it rows are.
pub(super) fn with_threshold(node: LogicalPlan, subjects_min: u64, subject: Option<Expr>) -> Result<LogicalPlan> {
    let LogicalPlan::Aggregate(aggregate) = &node else {
        return Ok(node);
    };
    let outputs: Vec<Expr> = node.schema().iter().map(Expr::from).collect();
    let counted = subject
        .map_or_else(|| count(lit(1_i64)), count_distinct)
        .alias(SUBJECTS);
    let aggregates: Vec<Expr> = aggregate.aggr_expr.iter().cloned().chain([counted]).collect();
    let counting = Aggregate::try_new(aggregate.input.clone(), aggregate.group_expr.clone(), aggregates)?;
    let threshold = i64::try_from(subjects_min).unwrap_or(i64::MAX);
    let enough = ScalarUDF::from(Released::default()).call(vec![col(SUBJECTS).gt_eq(lit(threshold))]);
    LogicalPlanBuilder::from(LogicalPlan::Aggregate(counting))
        .filter(enough)?
        .project(outputs)?
        .build()
}

/// Stands in the checked plan for the bound function. Volatile, so that it stays where it is.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Released(Signature);

impl Default for Released {
    fn default() -> Self {
        Self(Signature::exact(vec![DataType::Boolean], Volatility::Volatile))
    }
}

impl ScalarUDFImpl for Released {
    fn name(&self) -> &'static str {
        RELEASED
    }

    fn signature(&self) -> &Signature {
        &self.0
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        match args.args.into_iter().next() {
            Some(value) => Ok(value),
            None => datafusion::common::exec_err!("the threshold has no argument"),
        }
    }
}
