//! Nodes of several inputs: joins and unions.

use std::sync::Arc;

use datafusion::common::JoinType;
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{BinaryExpr, Expr, Join, LogicalPlan, Operator};

use super::expr::Scope;
use super::label::{Flow, Guard, Kind, Label};
use super::node::{Checker, Decides, Passed, rebuilt};
use super::refusal::FlowRefusal;
use super::rule::FlowRule;
use super::uses::{all_free, free_rows};

impl Checker<'_> {
    pub(super) fn join(&mut self, plan: &LogicalPlan, join: &Join) -> Result<Passed, FlowRefusal> {
        let (left, left_flow) = self.node(&join.left)?;
        let (right, right_flow) = self.node(&join.right)?;
        if !left_flow.guards.is_empty() && !right_flow.guards.is_empty() {
            let flow = self.guarded_join(join, left_flow, right_flow)?;
            return rebuilt(plan, vec![left, right], flow);
        }
        for flow in [&left_flow, &right_flow] {
            free_rows(flow, "JOIN")?;
            all_free(flow, "JOIN")?;
        }
        let mut conditions = self.condition(join, &left_flow, &right_flow)?;
        self.decide(&conditions, Decides::Join);
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

    /// Rows of two guarded resources meet where their join keys are equal. Nothing else may decide which rows meet,
    /// and rows of a free table never meet guarded ones: it could hold a weight for each subject.
    fn guarded_join(&mut self, join: &Join, left: Flow, right: Flow) -> Result<Flow, FlowRefusal> {
        if join.join_type != JoinType::Inner {
            return Err(FlowRefusal::unsupported(
                "受控资源的外连接 (an outer join of guarded resources)",
            ));
        }
        let twice = |guard: &Guard| right.guards.iter().any(|other| other.table == guard.table);
        if left.guards.iter().any(twice) {
            free_rows(&left, "JOIN")?;
        }
        let width = left.columns.len();
        let columns = left.columns.into_iter().chain(right.columns).collect();
        let both = Flow {
            columns,
            ..Flow::default()
        };
        let keys = self.join_keys(join, &both)?;
        self.decide(&keys, Decides::Join);
        let moved = right.guards.into_iter().map(|guard| Guard {
            subject: guard.subject.map(|subject| subject + width),
            ..guard
        });
        // A row may meet several: rows count subjects no longer.
        let guards = left.guards.into_iter().chain(moved);
        let guards = guards.map(|guard| Guard { single: false, ..guard }).collect();
        let implicit = Label::derived([keys, left.implicit, right.implicit]);
        Ok(Flow {
            implicit,
            guards,
            ..both
        })
    }

    /// The label of the keys; every part of the condition is an equality of two join keys.
    fn join_keys(&mut self, join: &Join, both: &Flow) -> Result<Label, FlowRefusal> {
        let schema = join.left.schema().join(join.right.schema());
        let schema = schema.map_err(|_| FlowRefusal::unsupported("JOIN 条件 (this join condition)"))?;
        let mut pairs: Vec<(&Expr, &Expr)> = join.on.iter().map(|(a, b)| (a, b)).collect();
        for part in join.filter.iter().flat_map(split_conjunction) {
            match part {
                Expr::BinaryExpr(BinaryExpr {
                    left,
                    op: Operator::Eq,
                    right,
                }) => pairs.push((left, right)),
                other => return Err(no_join_key(&other.to_string())),
            }
        }
        if pairs.is_empty() {
            return Err(no_join_key("CROSS JOIN"));
        }
        let scope = Scope {
            schema: &schema,
            flow: both,
        };
        let mut labels = Vec::new();
        for (a, b) in pairs {
            let (left, right) = (self.expr(a, &scope)?, self.expr(b, &scope)?);
            match (left.exactly(), right.exactly()) {
                (Some(a), Some(b)) if [a, b].iter().all(|s| s.kind == Kind::Join) && a.table != b.table => {}
                _ => return Err(no_join_key(&format!("{a} = {b}"))),
            }
            labels.extend([left, right]);
        }
        Ok(Label::derived(labels))
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

    pub(super) fn union(&mut self, plan: &LogicalPlan, inputs: &[Arc<LogicalPlan>]) -> Result<Passed, FlowRefusal> {
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

fn no_join_key(what: &str) -> FlowRefusal {
    FlowRefusal::new(
        FlowRule::JoinKeys,
        (
            format!("受控资源之间只能按连接键等值连接，不能用 `{what}`"),
            format!("guarded resources meet by equality of their join keys alone, not by `{what}`"),
        ),
        (
            "请写 JOIN … ON a.key = b.key，两侧均为放行规则 join 的字段",
            "write JOIN … ON a.key = b.key over columns of the rule `join` on both sides",
        ),
    )
}
