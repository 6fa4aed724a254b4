//! Binding: placeholders and `call_date()` become functions that read the cell of an instance, so
//! that a call changes values and not the plan; releases report to the cell.

use std::sync::Arc;

use datafusion::arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::datasource::provider_as_source;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, Expr, LogicalPlan, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TableScan,
    TableScanBuilder, Volatility,
};

use super::cell::{Cell, CellRef};
use super::gate::Gate;
use crate::control::Release;

/// Name of the function that gives the day of the call.
pub(crate) const CALL_DATE: &str = "call_date";

/// What a bound function reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Reads {
    Parameter(usize),
    CallDate,
}

/// A function without arguments that gives a value of the cell.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Bound {
    name: String,
    reads: Reads,
    data_type: DataType,
    cell: Option<CellRef>,
    signature: Signature,
}

impl ScalarUDFImpl for Bound {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.data_type.clone())
    }

    fn invoke_with_args(&self, _: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let cell = self.cell.as_ref().map(|cell| &cell.0);
        let value = match self.reads {
            Reads::Parameter(index) => cell.and_then(|cell| cell.value(index)),
            Reads::CallDate => cell.and_then(|cell| cell.last()),
        };
        let value = value.ok_or_else(|| DataFusionError::Execution(format!("{} is not bound", self.name)))?;
        Ok(ColumnarValue::Scalar(value))
    }
}

/// `call_date()` as queries are checked with it: without a value.
pub(crate) fn call_date_function() -> ScalarUDF {
    bound(CALL_DATE.to_owned(), Reads::CallDate, DataType::Date32, None)
}

fn bound(name: String, reads: Reads, data_type: DataType, cell: Option<CellRef>) -> ScalarUDF {
    // Volatile: the value changes from call to call, so nothing may be folded at planning.
    let signature = Signature::exact(vec![], Volatility::Volatile);
    ScalarUDF::from(Bound {
        name,
        reads,
        data_type,
        cell,
        signature,
    })
}

/// The plan of one instance: its expressions read `cell`, its gated scan looks up the subject.
pub(super) fn bind(plan: &LogicalPlan, cell: &Arc<Cell>, gates: &[Gate]) -> Result<LogicalPlan> {
    let scan = |scan: TableScan| {
        let gate = gates.iter().find(|gate| gate.table() == scan.table_name.table());
        match gate {
            Some(gate) => gated_scan(&scan, cell, gate),
            None => Ok(LogicalPlan::TableScan(scan)),
        }
    };
    bind_with(plan, cell, scan, |expr| bind_expr(expr, cell))
}

/// The plan of one instance, whose releases report to `cell`, with its scans and expressions as the functions make them.
pub(crate) fn bind_with(
    plan: &LogicalPlan,
    cell: &Arc<Cell>,
    on_scan: impl Fn(TableScan) -> Result<LogicalPlan>,
    on_expr: impl Fn(Expr) -> Result<Transformed<Expr>>,
) -> Result<LogicalPlan> {
    let bound = plan.clone().transform_down_with_subqueries(|node| {
        let node = match node {
            LogicalPlan::TableScan(scan) => on_scan(scan)?,
            LogicalPlan::Extension(extension) => {
                let release = extension.node.as_any().downcast_ref::<Release>();
                let foreign = || DataFusionError::Internal("a node that is not ours".to_owned());
                release.ok_or_else(foreign)?.bound(CellRef(cell.clone()))
            }
            node => node,
        };
        node.map_expressions(|expr| expr.transform_up(&on_expr))
    })?;
    Ok(bound.data)
}

fn gated_scan(scan: &TableScan, cell: &Arc<Cell>, gate: &Gate) -> Result<LogicalPlan> {
    let provider = gate.provider(CellRef(cell.clone()));
    let source = provider_as_source(provider);
    let (name, projection, filters) = (scan.table_name.clone(), scan.projection.clone(), scan.filters.clone());
    let builder = TableScanBuilder::new(name, source)
        .with_projection(projection)
        .with_filters(filters);
    builder.with_fetch(scan.fetch).build().map(LogicalPlan::TableScan)
}

fn bind_expr(expr: Expr, cell: &Arc<Cell>) -> Result<Transformed<Expr>> {
    let call = |function: ScalarUDF, args: Vec<Expr>| Ok(Transformed::yes(function.call(args)));
    match expr {
        Expr::Placeholder(placeholder) => {
            let index = parameter_index(&placeholder.id)?;
            let field = placeholder.field.as_ref();
            let data_type = field.map(|field| field.data_type().clone());
            let data_type =
                data_type.ok_or_else(|| DataFusionError::Plan(format!("{} has no type", placeholder.id)))?;
            let cell = Some(CellRef(cell.clone()));
            call(
                bound(
                    format!("parameter_{}", index + 1),
                    Reads::Parameter(index),
                    data_type,
                    cell,
                ),
                vec![],
            )
        }
        Expr::ScalarFunction(function) if function.func.name() == CALL_DATE => {
            let cell = Some(CellRef(cell.clone()));
            call(
                bound(CALL_DATE.to_owned(), Reads::CallDate, DataType::Date32, cell),
                vec![],
            )
        }
        expr => Ok(Transformed::no(expr)),
    }
}

/// The index of `$n`, from 0.
pub(crate) fn parameter_index(id: &str) -> Result<usize> {
    let number = id.strip_prefix('$').and_then(|digits| digits.parse::<usize>().ok());
    let index = number.and_then(|number| number.checked_sub(1));
    index.ok_or_else(|| DataFusionError::Plan(format!("the placeholder `{id}` is not of the form $1")))
}
