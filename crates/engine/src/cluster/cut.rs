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
use super::link::{Link, Message};
use super::remote::Remote;
use super::scan::ClusterScan;

/// `plan`, which is optimized, with its largest parts made remote. `state` plans for the cluster.
pub(super) fn cut(plan: LogicalPlan, state: &SessionState, link: &Arc<Link>) -> Result<LogicalPlan> {
    if let Some((part, message)) = part(&plan, state, link)? {
        return Ok(Remote::of(plan.schema().clone(), &part, message, link.clone()));
    }
    let deeper = |child| cut(child, state, link).map(Transformed::yes);
    let plan = plan.map_children(deeper)?.data;
    Ok(plan.map_subqueries(deeper)?.data)
}

/// Most nodes under each other of a part. Each is two levels of its message at least; what a message may be is found out
/// by reading it, and this spares planning what can't pass.
const LEVELS_MAX: usize = 48;

/// The physical plan of a part that the cluster can run as a whole, and the message that carries it. What is too deep for
/// one message is cut further down, and the server joins the parts.
fn part(plan: &LogicalPlan, state: &SessionState, link: &Link) -> Result<Option<(Arc<dyn ExecutionPlan>, Message)>> {
    if levels(plan) > LEVELS_MAX || !may_run(plan)? {
        return Ok(None);
    }
    let physical = block_on(state.query_planner().create_physical_plan(plan, state))?;
    if unknown(&physical)?.is_some() {
        return Ok(None);
    }
    let message = link.message(physical.clone())?;
    Ok(message.map(|message| (physical, message)))
}

/// How many nodes of a plan stand under each other. It is called where there is room on the stack.
fn levels(plan: &LogicalPlan) -> usize {
    1 + plan.inputs().into_iter().map(levels).max().unwrap_or(0)
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
