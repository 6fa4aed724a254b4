//! The operators that run on a cluster. Any other stays on the server; an executor refuses it by name.

use std::sync::Arc;

use ballista_core::execution_plans::sort_shuffle::SortShuffleWriterExec;
use ballista_core::execution_plans::{ShuffleReaderExec, ShuffleWriterExec};
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::datasource::memory::{DataSourceExec, MemorySourceConfig};
use datafusion::error::Result;
use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::aggregates::AggregateExec;
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::joins::{HashJoinExec, PartitionMode};
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::repartition::RepartitionExec;

use super::codec::{carries_aggregate, carries_scalar};
use super::scan::UnlockExec;

/// What of a plan a cluster does not run, by name.
pub(super) fn unknown(plan: &Arc<dyn ExecutionPlan>) -> Result<Option<String>> {
    let mut unknown = None;
    plan.apply(|node| {
        if !is_known(node) {
            unknown = Some(node.name().to_owned());
        } else if let Some(function) = unknown_function(node)? {
            unknown = Some(function);
        }
        Ok(match (&unknown, node.is::<UnlockExec>()) {
            (Some(_), _) => TreeNodeRecursion::Stop,
            // Below a scan are the numbers of its shares.
            (None, true) => TreeNodeRecursion::Jump,
            (None, false) => TreeNodeRecursion::Continue,
        })
    })?;
    Ok(unknown)
}

fn is_known(node: &Arc<dyn ExecutionPlan>) -> bool {
    if let Some(scan) = node.downcast_ref::<UnlockExec>() {
        let source = scan.input().downcast_ref::<DataSourceExec>();
        let source = source.map(|source| source.data_source().as_ref() as &dyn std::any::Any);
        return source.is_some_and(<dyn std::any::Any>::is::<MemorySourceConfig>);
    }
    // A side that is collected by each task would see what other tasks have matched, which it can't.
    if let Some(join) = node.downcast_ref::<HashJoinExec>() {
        return *join.partition_mode() == PartitionMode::Partitioned && !join.null_aware;
    }
    node.is::<AggregateExec>()
        || node.is::<FilterExec>()
        || node.is::<ProjectionExec>()
        || node.is::<RepartitionExec>()
        || node.is::<CoalescePartitionsExec>()
        || node.is::<ShuffleReaderExec>()
        || node.is::<ShuffleWriterExec>()
        || node.is::<SortShuffleWriterExec>()
}

fn unknown_function(node: &Arc<dyn ExecutionPlan>) -> Result<Option<String>> {
    let mut unknown = None;
    node.apply_expressions(&mut |expression: &Arc<dyn PhysicalExpr>| {
        expression.apply(|part| {
            if let Some(call) = part.downcast_ref::<ScalarFunctionExpr>()
                && !carries_scalar(call.fun())
            {
                unknown = Some(call.name().to_owned());
            }
            Ok(TreeNodeRecursion::Continue)
        })
    })?;
    if let Some(aggregate) = node.downcast_ref::<AggregateExec>() {
        let calls = aggregate.aggr_expr().iter();
        let strange = calls
            .map(|call| call.fun())
            .find(|function| !carries_aggregate(function));
        unknown = unknown.or_else(|| strange.map(|function| function.name().to_owned()));
    }
    Ok(unknown)
}
