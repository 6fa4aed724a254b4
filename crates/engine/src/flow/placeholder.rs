//! Types of placeholders, as the product states its parameters.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{Expr, LogicalPlan};

/// Gives every placeholder of the plan its stated type.
pub(crate) fn type_placeholders(plan: LogicalPlan, types: &[DataType]) -> Result<LogicalPlan> {
    if !has_placeholders(&plan)? {
        return Ok(plan);
    }
    let typed = plan.transform_up_with_subqueries(|node| {
        let node = node.map_expressions(|expr| expr.transform_up(|expr| typed_expr(expr, types)))?;
        node.map_data(LogicalPlan::recompute_schema)
    })?;
    Ok(typed.data)
}

fn has_placeholders(plan: &LogicalPlan) -> Result<bool> {
    let mut found = false;
    plan.apply_with_subqueries(|node| {
        node.apply_expressions(|expr| {
            expr.apply(|part| {
                found |= matches!(part, Expr::Placeholder(_));
                Ok(TreeNodeRecursion::Continue)
            })
        })
    })?;
    Ok(found)
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
