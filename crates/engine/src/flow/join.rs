//! Nodes of several inputs: joins and unions.

use std::sync::Arc;

use datafusion::common::JoinType;
use datafusion::logical_expr::{Join, LogicalPlan};

use super::expr::Scope;
use super::label::{Flow, Label};
use super::node::{Checker, rebuilt};
use super::refusal::FlowRefusal;
use super::uses::{all_free, free_rows};

impl Checker<'_> {
    pub(super) fn join(&mut self, plan: &LogicalPlan, join: &Join) -> Result<(LogicalPlan, Flow), FlowRefusal> {
        let (left, left_flow) = self.node(&join.left)?;
        let (right, right_flow) = self.node(&join.right)?;
        for flow in [&left_flow, &right_flow] {
            free_rows(flow, "JOIN")?;
            all_free(flow, "JOIN")?;
        }
        let mut conditions = self.condition(join, &left_flow, &right_flow)?;
        let fails = [&left_flow, &right_flow].iter().any(|flow| flow.fails) || conditions.fails;
        conditions.fails = false;
        let columns = match join.join_type {
            JoinType::Inner | JoinType::Left | JoinType::Right | JoinType::Full => {
                left_flow.columns.into_iter().chain(right_flow.columns).collect()
            }
            JoinType::LeftSemi | JoinType::LeftAnti => left_flow.columns,
            JoinType::RightSemi | JoinType::RightAnti => right_flow.columns,
            JoinType::LeftMark | JoinType::RightMark => {
                return Err(FlowRefusal::unsupported("该类 JOIN (this kind of join)"));
            }
        };
        let implicit = Label::derived([conditions, left_flow.implicit, right_flow.implicit]);
        let flow = Flow {
            columns,
            implicit,
            guards: vec![],
            fails,
        };
        rebuilt(plan, vec![left, right], flow)
    }

    /// The label of everything that decides which rows meet.
    fn condition(&mut self, join: &Join, left: &Flow, right: &Flow) -> Result<Label, FlowRefusal> {
        let mut labels = Vec::new();
        for (a, b) in &join.on {
            labels.push(self.expr(
                a,
                &Scope {
                    schema: join.left.schema(),
                    flow: left,
                },
            )?);
            labels.push(self.expr(
                b,
                &Scope {
                    schema: join.right.schema(),
                    flow: right,
                },
            )?);
        }
        if let Some(filter) = &join.filter {
            let columns = left.columns.iter().chain(&right.columns).cloned().collect();
            let flow = Flow {
                columns,
                ..Flow::default()
            };
            let schema = join.left.schema().join(join.right.schema());
            let schema = schema.map_err(|_| FlowRefusal::unsupported("JOIN 条件 (this join condition)"))?;
            labels.push(self.expr(
                filter,
                &Scope {
                    schema: &schema,
                    flow: &flow,
                },
            )?);
        }
        Ok(Label::derived(labels))
    }

    pub(super) fn union(
        &mut self,
        plan: &LogicalPlan,
        inputs: &[Arc<LogicalPlan>],
    ) -> Result<(LogicalPlan, Flow), FlowRefusal> {
        let mut nodes = Vec::new();
        let mut whole = Flow {
            columns: vec![Label::constant(); plan.schema().fields().len()],
            ..Flow::default()
        };
        for input in inputs {
            let (node, flow) = self.node(input)?;
            free_rows(&flow, "UNION")?;
            all_free(&flow, "UNION")?;
            for (column, label) in whole.columns.iter_mut().zip(flow.columns) {
                *column = Label::derived([std::mem::take(column), label]);
            }
            whole.implicit = Label::derived([whole.implicit, flow.implicit]);
            whole.fails |= flow.fails;
            nodes.push(node);
        }
        rebuilt(plan, nodes, whole)
    }
}
