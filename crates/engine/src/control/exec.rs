//! The release as it runs: batch by batch over the groups of the aggregate below.

use std::fmt;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::UserDefinedLogicalNodeCore as _;
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, Distribution, ExecutionPlan, ExecutionPlanProperties, PlanProperties,
};
use futures::{StreamExt, TryStreamExt};

use super::node::Release;
use super::spec::Controls;
use crate::run::CellRef;

#[derive(Debug)]
pub(super) struct ReleaseExec {
    input: Arc<dyn ExecutionPlan>,
    schema: SchemaRef,
    controls: Arc<Controls>,
    cell: CellRef,
    properties: Arc<PlanProperties>,
}

impl ReleaseExec {
    pub(super) fn new(release: &Release, input: Arc<dyn ExecutionPlan>) -> Result<Self> {
        let controls = Arc::new(Controls::new(release.spec().clone()));
        Ok(Self::over(
            input,
            release.schema().inner().clone(),
            controls,
            release.cell()?.clone(),
        ))
    }

    fn over(input: Arc<dyn ExecutionPlan>, schema: SchemaRef, controls: Arc<Controls>, cell: CellRef) -> Self {
        let partitions = input.output_partitioning().partition_count();
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema.clone()),
            datafusion::physical_plan::Partitioning::UnknownPartitioning(partitions),
            input.pipeline_behavior(),
            input.boundedness(),
        );
        let properties = Arc::new(properties);
        Self {
            input,
            schema,
            controls,
            cell,
            properties,
        }
    }
}

impl DisplayAs for ReleaseExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReleaseExec: subjects >= {}", self.controls.spec.subjects_min)
    }
}

impl ExecutionPlan for ReleaseExec {
    fn name(&self) -> &'static str {
        "ReleaseExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, mut children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        match children.pop() {
            Some(input) if children.is_empty() => {
                let same = Self::over(input, self.schema.clone(), self.controls.clone(), self.cell.clone());
                Ok(Arc::new(same))
            }
            _ => Err(DataFusionError::Internal("a release stands above one plan".to_owned())),
        }
    }

    /// Totals and their parts are looked at together.
    fn required_input_distribution(&self) -> Vec<Distribution> {
        match self.controls.spec.totals {
            Some(_) => vec![Distribution::SinglePartition],
            None => vec![Distribution::UnspecifiedDistribution],
        }
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let input = self.input.execute(partition, context)?;
        let (controls, schema, cell) = (self.controls.clone(), self.schema.clone(), self.cell.clone());
        let release = move |batch: &RecordBatch| {
            let (batch, measured) = controls.release(batch, &schema)?;
            cell.0.measure(measured, controls.spec.tells);
            Ok(batch)
        };
        if self.controls.spec.totals.is_none() {
            let released = input.map(move |batch| release(&batch?));
            return Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), released)));
        }
        if self.input.output_partitioning().partition_count() != 1 {
            return Err(DataFusionError::Internal("totals come in several parts".to_owned()));
        }
        let whole = async move {
            let (columns, batches) = (input.schema(), input.try_collect::<Vec<_>>().await?);
            release(&concat_batches(&columns, &batches)?)
        };
        let released = futures::stream::once(whole);
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), released)))
    }
}
