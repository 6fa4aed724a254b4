//! What is put around the operators of a physical plan, wherever it runs: joins give way to the clock, and whatever goes
//! down through operators finds room on the stack.
//!
//! An operator asks the one below it for rows by calling it, so a plan of a hundred joins is a hundred calls deep, on a
//! thread whose stack was made for something else. Around each operator that may stand above others without end the depth
//! of the plan no longer matters: where little is left of the stack, the call goes on with more.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{RecordBatchStream, SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties};
use futures::Stream;

use crate::shape::with_more;

/// Operators that do not pile up: the optimizer merges neighbours of a kind, and one other stands between.
const FLAT: [&str; 6] = [
    "CooperativeExec",
    "ProjectionExec",
    "FilterExec",
    "CoalesceBatchesExec",
    "CoalescePartitionsExec",
    "RepartitionExec",
];

/// Joins multiply rows without reading more of their inputs, so they would not give way to the clock by themselves; and
/// no operator overflows the stack.
pub(crate) fn yielding(plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    let wrapped = plan.transform_up(|node| {
        let name = node.name();
        // Ballista knows the root of a stage by its type.
        if node.children().is_empty() || FLAT.contains(&name) || name.contains("Shuffle") {
            return Ok(Transformed::no(node));
        }
        let yields: Arc<dyn ExecutionPlan> = match name.ends_with("JoinExec") {
            true => Arc::new(CooperativeExec::new(node)),
            false => node,
        };
        Ok(Transformed::yes(Arc::new(RoomExec(yields)) as Arc<dyn ExecutionPlan>))
    });
    Ok(wrapped?.data)
}

/// An operator that finds room on the stack. All else about it is the operator's own.
#[derive(Debug)]
struct RoomExec(Arc<dyn ExecutionPlan>);

impl DisplayAs for RoomExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RoomExec")
    }
}

impl ExecutionPlan for RoomExec {
    fn name(&self) -> &'static str {
        "RoomExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.0.properties()
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.0]
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, mut children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        match (children.pop(), children.is_empty()) {
            (Some(child), true) => Ok(Arc::new(Self(child))),
            _ => Err(DataFusionError::Internal("room is around one operator".to_owned())),
        }
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let rows = with_more(|| self.0.execute(partition, context))?;
        Ok(Box::pin(Roomy(rows)))
    }
}

/// Rows of an operator, asked for with room on the stack.
struct Roomy(SendableRecordBatchStream);

impl Stream for Roomy {
    type Item = Result<RecordBatch>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        with_more(|| self.0.as_mut().poll_next(context))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl RecordBatchStream for Roomy {
    fn schema(&self) -> SchemaRef {
        self.0.schema()
    }
}
