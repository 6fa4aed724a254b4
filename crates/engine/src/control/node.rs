//! The release as a node of the logical plan.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use datafusion::common::{DFSchema, DFSchemaRef};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{Aggregate, Expr, Extension, LogicalPlan, UserDefinedLogicalNodeCore};

use super::spec::Spec;
use crate::run::CellRef;

/// Holds back or changes the cells of the aggregate below.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Release {
    input: LogicalPlan,
    schema: DFSchemaRef,
    spec: Arc<Spec>,
    cell: Option<CellRef>,
}

impl Release {
    /// A release above `aggregate` of these rows, with `hidden` columns beside its own.
    pub(crate) fn above(
        aggregate: &Aggregate,
        rows: Arc<LogicalPlan>,
        hidden: Vec<Expr>,
        spec: Spec,
    ) -> Result<LogicalPlan> {
        let keys = aggregate.group_expr_len()?;
        let schema = released(&aggregate.schema, keys)?;
        let aggregates = aggregate.aggr_expr.iter().cloned().chain(hidden).collect();
        let counting = Aggregate::try_new(rows, aggregate.group_expr.clone(), aggregates)?;
        let node = Self {
            input: LogicalPlan::Aggregate(counting),
            schema: Arc::new(schema),
            spec: Arc::new(spec),
            cell: None,
        };
        Ok(node.into_plan())
    }

    /// The same, reporting to the cell of an instance.
    pub(crate) fn bound(&self, cell: CellRef) -> LogicalPlan {
        Self {
            cell: Some(cell),
            ..self.clone()
        }
        .into_plan()
    }

    pub(crate) fn spec(&self) -> &Arc<Spec> {
        &self.spec
    }

    pub(super) fn cell(&self) -> Result<&CellRef> {
        let unbound = || DataFusionError::Internal("a release is not bound to an instance".to_owned());
        self.cell.as_ref().ok_or_else(unbound)
    }

    fn into_plan(self) -> LogicalPlan {
        LogicalPlan::Extension(Extension { node: Arc::new(self) })
    }
}

/// The aggregate's own columns; a measure may be missing.
fn released(aggregate: &DFSchema, keys: usize) -> Result<DFSchema> {
    let fields = aggregate.iter().enumerate().map(|(index, (qualifier, field))| {
        let nullable = field.is_nullable() || index >= keys;
        (
            qualifier.cloned(),
            Arc::new(field.as_ref().clone().with_nullable(nullable)),
        )
    });
    DFSchema::new_with_metadata(fields.collect(), aggregate.metadata().clone())
}

// Plans are ordered by what can be compared of them; two releases never can.
impl PartialOrd for Release {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self == other).then_some(Ordering::Equal)
    }
}

impl UserDefinedLogicalNodeCore for Release {
    fn name(&self) -> &'static str {
        "Release"
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        vec![&self.input]
    }

    fn schema(&self) -> &DFSchemaRef {
        &self.schema
    }

    fn expressions(&self) -> Vec<Expr> {
        vec![]
    }

    fn fmt_for_explain(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Release: subjects >= {}", self.spec.subjects_min)
    }

    fn with_exprs_and_inputs(&self, _: Vec<Expr>, mut inputs: Vec<LogicalPlan>) -> Result<Self> {
        match inputs.pop() {
            Some(input) if inputs.is_empty() => Ok(Self { input, ..self.clone() }),
            _ => Err(DataFusionError::Internal("a release stands above one node".to_owned())),
        }
    }
}
