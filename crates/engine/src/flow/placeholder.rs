//! Types of placeholders, as the product states its parameters.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{Expr, LogicalPlan};

/// Gives every placeholder of the plan its stated type.
pub(crate) fn type_placeholders(plan: LogicalPlan, types: &[DataType]) -> Result<LogicalPlan> {
    let typed = plan.transform_up_with_subqueries(|node| {
        let node = node.map_expressions(|expr| expr.transform_up(|expr| typed_expr(expr, types)))?;
        node.map_data(LogicalPlan::recompute_schema)
    })?;
    Ok(typed.data)
}

fn typed_expr(expr: Expr, types: &[DataType]) -> Result<Transformed<Expr>> {
    let Expr::Placeholder(mut placeholder) = expr else {
        return Ok(Transformed::no(expr));
    };
    let index = crate::run::parameter_index(&placeholder.id)?;
    let Some(data_type) = types.get(index) else {
        let message = format!(
            "the query uses {} but the product states {} parameters",
            placeholder.id,
            types.len()
        );
        return Err(DataFusionError::Plan(message));
    };
    placeholder.field = Some(Arc::new(Field::new(&placeholder.id, data_type.clone(), true)));
    Ok(Transformed::yes(Expr::Placeholder(placeholder)))
}
