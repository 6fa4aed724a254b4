//! Cutting a plan: the largest parts that a cluster can run become remote, what is above them stays on the server.
//! A part holds scans, projections, filters, joins and aggregates; never a release, nor what stands above one.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::datasource::source_as_provider;
use datafusion::error::Result;
use datafusion::execution::SessionState;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::ExecutionPlan;
use futures::executor::block_on;

use super::known::unknown;
use super::link::Link;
use super::remote::Remote;
use super::scan::ClusterScan;

/// `plan`, which is optimized, with its largest parts made remote. `state` plans for the cluster.
pub(super) fn cut(plan: LogicalPlan, state: &SessionState, link: &Arc<Link>) -> Result<LogicalPlan> {
    if let Some(part) = part(&plan, state)? {
        return Ok(Remote::of(plan.schema().clone(), part, link.clone()));
    }
    let deeper = |child| cut(child, state, link).map(Transformed::yes);
    let plan = plan.map_children(deeper)?.data;
    Ok(plan.map_subqueries(deeper)?.data)
}

/// The physical plan of a part that the cluster can run as a whole.
fn part(plan: &LogicalPlan, state: &SessionState) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    if !may_run(plan)? {
        return Ok(None);
    }
    let physical = block_on(state.query_planner().create_physical_plan(plan, state))?;
    Ok(unknown(&physical)?.is_none().then_some(physical))
}

/// Whether only nodes that may run on a cluster are in a plan, and a table that is read there.
fn may_run(plan: &LogicalPlan) -> Result<bool> {
    let (mut may, mut reads) = (true, false);
    plan.apply(|node| {
        may &= match node {
            LogicalPlan::TableScan(scan) => {
                let ours = source_as_provider(&scan.source)?.is::<ClusterScan>();
                reads |= ours;
                ours
            }
            LogicalPlan::Projection(_)
            | LogicalPlan::Filter(_)
            | LogicalPlan::Aggregate(_)
            | LogicalPlan::Join(_)
            | LogicalPlan::SubqueryAlias(_) => !has_subquery(node)?,
            _ => false,
        };
        Ok(if may {
            TreeNodeRecursion::Continue
        } else {
            TreeNodeRecursion::Stop
        })
    })?;
    Ok(may && reads)
}

fn has_subquery(node: &LogicalPlan) -> Result<bool> {
    let mut found = false;
    node.apply_subqueries(|_| {
        found = true;
        Ok(TreeNodeRecursion::Stop)
    })?;
    Ok(found)
}
