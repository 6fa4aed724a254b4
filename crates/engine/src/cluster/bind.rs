//! The plan of one call for a cluster: parameters, the day and whose rows pass become part of it.

use std::sync::Arc;

use datafusion::common::tree_node::Transformed;
use datafusion::datasource::{provider_as_source, source_as_provider};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{Expr, LogicalPlan, TableScan, TableScanBuilder, lit};
use datafusion::scalar::ScalarValue;

use super::link::Link;
use super::scan::ClusterScan;
use crate::rows::Rows;
use crate::run::{CALL_DATE, Cell, Gate, bind_with, parameter_index};
use crate::scan::Scan;

/// `plan` with the values of `cell`; its tables are read by the cluster, its releases report to the cell.
pub(super) fn bind(plan: &LogicalPlan, cell: &Arc<Cell>, gates: &[Gate], link: &Link) -> Result<LogicalPlan> {
    let scan = |scan| on_cluster(scan, cell, gates, link).map(LogicalPlan::TableScan);
    bind_with(plan, cell, scan, |expr| bind_expr(expr, cell))
}

fn on_cluster(scan: TableScan, cell: &Cell, gates: &[Gate], link: &Link) -> Result<TableScan> {
    let provider = source_as_provider(&scan.source)?;
    let foreign = || DataFusionError::Internal("a table that is not ours".to_owned());
    let table = provider.downcast_ref::<Scan>().ok_or_else(foreign)?.table();
    let gate = gates.iter().find(|gate| gate.table() == scan.table_name.table());
    if matches!(table.rows(), Rows::Memory(_)) {
        return match gate {
            None => Ok(scan),
            Some(_) => Err(DataFusionError::Internal(
                "a gated table that is not in a vault".to_owned(),
            )),
        };
    }
    let gate = gate.map(|gate| Ok::<_, DataFusionError>((gate.column().to_owned(), gate.subjects(cell)?)));
    let provider = ClusterScan {
        table: table.clone(),
        version: table.version().to_owned(),
        shares: if table.is_large() { link.partitions() } else { 1 },
        gate: gate.transpose()?,
        domain: link.domain().clone(),
    };
    let source = provider_as_source(Arc::new(provider));
    TableScanBuilder::new(scan.table_name.clone(), source)
        .with_projection(scan.projection.clone())
        .with_filters(scan.filters.clone())
        .with_fetch(scan.fetch)
        .build()
}

fn bind_expr(expr: Expr, cell: &Cell) -> Result<Transformed<Expr>> {
    let value = match &expr {
        Expr::Placeholder(placeholder) => cell.value(parameter_index(&placeholder.id)?),
        Expr::ScalarFunction(function) if function.func.name() == CALL_DATE => cell.last(),
        _ => return Ok(Transformed::no(expr)),
    };
    let value: ScalarValue = value.ok_or_else(|| DataFusionError::Execution(format!("{expr} is not bound")))?;
    let name = expr.schema_name().to_string();
    // A column keeps the name that the plan above knows it by.
    Ok(Transformed::yes(lit(value).alias(name)))
}
