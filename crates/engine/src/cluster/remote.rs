//! A part of a plan that the cluster runs, as a node of the server's own plan.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::DFSchemaRef;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, Extension, LogicalPlan, UserDefinedLogicalNodeCore};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties};
use futures::TryStreamExt;

use super::link::{Link, Message};

/// What a part gives, and how it is run.
#[derive(Debug, Clone)]
pub(crate) struct Remote {
    schema: DFSchemaRef,
    part: Arc<RemoteExec>,
}

/// Why a part was not computed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The cluster was not there, or lost what it had.
    #[error("the cluster cannot be reached or lost a part of the results: {0}")]
    Lost(String),
    /// It needs too much memory.
    #[error("the cluster has too little memory for the query: {0}")]
    Memory(String),
    /// It takes too long.
    #[error("the query takes the cluster too long: {0}")]
    Time(String),
    /// It failed on the data.
    #[error("the query failed on the cluster: {0}")]
    Failed(String),
}

impl Remote {
    pub(super) fn of(
        schema: DFSchemaRef,
        part: &Arc<dyn ExecutionPlan>,
        message: Message,
        link: Arc<Link>,
    ) -> LogicalPlan {
        let part = Arc::new(RemoteExec::new(part, message, link));
        LogicalPlan::Extension(Extension {
            node: Arc::new(Self { schema, part }),
        })
    }

    pub(crate) fn physical(&self) -> Arc<dyn ExecutionPlan> {
        self.part.clone()
    }
}

impl PartialEq for Remote {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.part, &other.part)
    }
}

impl Eq for Remote {}

impl Hash for Remote {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.part).hash(state);
    }
}

impl PartialOrd for Remote {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self == other).then_some(Ordering::Equal)
    }
}

impl UserDefinedLogicalNodeCore for Remote {
    fn name(&self) -> &'static str {
        "Remote"
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        vec![]
    }

    fn schema(&self) -> &DFSchemaRef {
        &self.schema
    }

    fn expressions(&self) -> Vec<Expr> {
        vec![]
    }

    fn fmt_for_explain(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Remote")
    }

    fn with_exprs_and_inputs(&self, _: Vec<Expr>, _: Vec<LogicalPlan>) -> Result<Self> {
        Ok(self.clone())
    }
}

/// Has the cluster run a part, and gives its rows as one partition.
#[derive(Debug)]
struct RemoteExec {
    schema: SchemaRef,
    message: Message,
    link: Arc<Link>,
    properties: Arc<PlanProperties>,
}

impl RemoteExec {
    fn new(part: &Arc<dyn ExecutionPlan>, message: Message, link: Arc<Link>) -> Self {
        let properties = PlanProperties::new(
            EquivalenceProperties::new(part.schema()),
            Partitioning::UnknownPartitioning(1),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Self {
            schema: part.schema(),
            message,
            link,
            properties: Arc::new(properties),
        }
    }
}

impl DisplayAs for RemoteExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RemoteExec")
    }
}

impl ExecutionPlan for RemoteExec {
    fn name(&self) -> &'static str {
        "RemoteExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, _: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn execute(&self, _: usize, _: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let (schema, message, link) = (self.schema.clone(), self.message.clone(), self.link.clone());
        let rows = futures::stream::once(async move { link.run(schema, message).await }).try_flatten();
        let rows = rows.map_err(|error| DataFusionError::External(Box::new(failure(&error))));
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), rows)))
    }
}

/// What Ballista's words say. It has one kind of error for all that happens elsewhere.
fn failure(error: &DataFusionError) -> Failure {
    let text = error.to_string();
    let says = |words: &str| text.contains(words);
    // Which executors come and go is no matter of the query's.
    let lost = ["lost", "FetchFailed", "fetch", "ExecutorLost", "no executors"];
    match says("Job ") && says(" failed: ") {
        true if says("Resources exhausted") => Failure::Memory(text),
        true if says(super::stage::TOO_LONG) => Failure::Time(text),
        true if lost.iter().any(|words| says(words)) => Failure::Lost(text),
        true => Failure::Failed(text),
        false => Failure::Lost(text),
    }
}
