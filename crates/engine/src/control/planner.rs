//! From the nodes of ours in the logical plan to those that run.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::catalog::Session;
use datafusion::error::Result;
use datafusion::execution::context::QueryPlanner;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::{LogicalPlan, UserDefinedLogicalNode};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_planner::{DefaultPhysicalPlanner, ExtensionPlanner, PhysicalPlanner};

use super::exec::ReleaseExec;
use super::node::Release;
use crate::cluster::Remote;

/// DataFusion's planner, that also knows a release and a part that a cluster runs.
#[derive(Debug)]
pub(crate) struct Planner;

#[async_trait]
impl QueryPlanner for Planner {
    async fn create_physical_plan(&self, plan: &LogicalPlan, session: &dyn Session) -> Result<Arc<dyn ExecutionPlan>> {
        let planner = DefaultPhysicalPlanner::with_extension_planners(vec![Arc::new(Releases)]);
        planner.create_physical_plan(plan, session).await
    }
}

struct Releases;

#[async_trait]
impl ExtensionPlanner for Releases {
    async fn plan_extension(
        &self,
        _: &dyn PhysicalPlanner,
        node: &dyn UserDefinedLogicalNode,
        _: &[&LogicalPlan],
        inputs: &[Arc<dyn ExecutionPlan>],
        _: &dyn Session,
        _: &PhysicalPlanningContext,
    ) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        if let Some(remote) = node.as_any().downcast_ref::<Remote>() {
            return Ok(Some(remote.physical()));
        }
        let (Some(release), [input]) = (node.as_any().downcast_ref::<Release>(), inputs) else {
            return Ok(None);
        };
        Ok(Some(Arc::new(ReleaseExec::new(release, input.clone())?)))
    }
}
