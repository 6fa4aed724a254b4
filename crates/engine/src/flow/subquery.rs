//! Subqueries: of free rows alone. A correlated one also stands in free rows alone, since it runs once for each.

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema};
use datafusion::error::Result;
use datafusion::logical_expr::{EmptyRelation, LogicalPlan, Subquery};

use super::expr::Scope;
use super::label::{Flow, Label};
use super::node::Checker;
use super::refusal::FlowRefusal;
use super::uses::{all_free, free_rows};

/// What a correlated subquery sees of the query around it.
#[derive(Clone)]
pub(super) struct Outer {
    schema: DFSchema,
    flow: Flow,
}

impl Checker<'_> {
    /// The label of a subquery in an expression over `scope`: what it depends on, the outer columns it names included.
    pub(super) fn subquery(&mut self, subquery: &Subquery, scope: &Scope<'_>) -> Result<Label, FlowRefusal> {
        let correlated = !subquery.outer_ref_columns.is_empty();
        self.correlated |= correlated;
        if correlated && scope.flow.is_guarded() {
            return Err(FlowRefusal::correlated());
        }
        if correlated {
            self.outer.push(Outer {
                schema: scope.schema.clone(),
                flow: scope.flow.clone(),
            });
        }
        let checked = self.node(&subquery.subquery);
        if correlated {
            self.outer.pop();
        }
        let (checked, flow) = checked?;
        if checked.is_some() {
            return Err(FlowRefusal::unsupported(
                "需输出控制的子查询 (a subquery that needs output control)",
            ));
        }
        free_rows(&flow, "子查询 (a subquery)")?;
        all_free(&flow, "子查询 (a subquery)")?;
        let label = Label::derived(flow.columns.into_iter().chain([flow.implicit]));
        Ok(Label {
            fails: flow.fails,
            ..label
        })
    }

    /// The label of a column of the query around. Where several levels have one of this name, that of all: the check
    /// then need not know which of them the planner means.
    pub(super) fn outer_column(&mut self, column: &Column) -> Result<Label, FlowRefusal> {
        self.correlated = true;
        let found = self.outer.iter().filter_map(|outer| {
            let index = outer.schema.maybe_index_of_column(column)?;
            outer.flow.columns.get(index).cloned()
        });
        let found: Vec<Label> = found.collect();
        if found.is_empty() {
            return Err(FlowRefusal::correlated());
        }
        let label = Label::derived(found);
        for source in &label.sources {
            self.note_read(source).map_err(|refusal| refusal.at(column))?;
        }
        Ok(label)
    }
}

/// The nodes in whose expressions a subquery runs once for each row of the query around it, each over inputs of the
/// same columns and no rows.
pub(crate) fn correlated_parts(plan: &LogicalPlan) -> Result<Vec<LogicalPlan>> {
    let mut parts = Vec::new();
    plan.apply(|node| {
        let mut found = false;
        node.apply_subqueries(|inner| {
            found |= is_correlated(inner);
            Ok(TreeNodeRecursion::Continue)
        })?;
        if found {
            let empty = |input: &LogicalPlan| {
                LogicalPlan::EmptyRelation(EmptyRelation {
                    produce_one_row: false,
                    schema: input.schema().clone(),
                })
            };
            let inputs = node.inputs().into_iter().map(empty).collect();
            parts.push(node.with_new_exprs(node.expressions(), inputs)?);
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(parts)
}

/// Whether a subquery still runs once for each row of the query around it, which no physical plan can.
pub(crate) fn is_correlated(plan: &LogicalPlan) -> bool {
    let mut found = false;
    // INVARIANT: the closure does not fail, so that the walk doesn't.
    let _ = plan.apply_with_subqueries(|node| {
        if let LogicalPlan::Subquery(subquery) = node {
            found |= !subquery.outer_ref_columns.is_empty();
        }
        found |= !node.all_out_ref_exprs().is_empty();
        Ok(TreeNodeRecursion::Continue)
    });
    found
}
