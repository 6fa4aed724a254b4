//! The release above an aggregate over guarded rows: which hidden columns its controls need.

use datafusion::functions_aggregate::expr_fn::{count, count_distinct};
use datafusion::logical_expr::{Aggregate, Expr, ExprSchemable, LogicalPlan, lit, when};

use super::aggregate::call_of;
use super::derivation::Control;
use super::expr::Scope;
use super::label::Guard;
use super::node::Checker;
use super::refusal::FlowRefusal;
use crate::control::{Measure, Release, Spec};

/// Hidden columns of an aggregate, in the making.
struct HiddenColumns {
    width: usize,
    exprs: Vec<Expr>,
}

impl HiddenColumns {
    /// The position of this column; each is computed once.
    fn position(&mut self, expr: Expr) -> usize {
        let known = self.exprs.iter().position(|known| *known == expr);
        let index = known.unwrap_or(self.exprs.len());
        if known.is_none() {
            self.exprs.push(expr);
        }
        self.width + index
    }

    fn named(self) -> Vec<Expr> {
        let named = |(index, expr): (usize, Expr)| expr.alias(format!("gongshu_{index}"));
        self.exprs.into_iter().enumerate().map(named).collect()
    }
}

impl Checker<'_> {
    /// `node`, an aggregate over guarded rows, under its controls.
    pub(super) fn released(
        &mut self,
        node: &LogicalPlan,
        aggregate: &Aggregate,
        scope: &Scope<'_>,
    ) -> Result<LogicalPlan, FlowRefusal> {
        let LogicalPlan::Aggregate(checked) = node else {
            return Err(FlowRefusal::unsupported("该聚合 (this aggregate)"));
        };
        let tells = scope.flow.implicit.sources.is_empty() && self.keys_are_columns(aggregate, scope)?;
        let subjects_min = self.access.threshold;
        let keys = aggregate.group_expr.len();
        let mut hidden = HiddenColumns {
            width: keys + aggregate.aggr_expr.len(),
            exprs: vec![],
        };
        let mut spec = Spec {
            width: hidden.width,
            subjects: vec![],
            subjects_min,
            measures: vec![],
            tells,
        };
        for guard in &scope.flow.guards {
            let subject = subject(guard, scope)?;
            spec.subjects.push(hidden.position(counted(&subject, None)));
            self.controls.insert(Control::Threshold {
                table: guard.table.clone(),
                subjects: subjects_min,
            });
        }
        for (index, expr) in aggregate.aggr_expr.iter().enumerate() {
            let support = support(expr, scope, &mut hidden)?;
            spec.measures.push(Measure {
                column: keys + index,
                support,
            });
        }
        self.tells &= tells;
        Release::above(checked, hidden.named(), spec).map_err(|error| FlowRefusal::planning(" ", &error))
    }

    /// Whether every key is a column as it stands. The number of groups held back is told of such groups alone:
    /// of computed ones it could answer a question about one subject.
    fn keys_are_columns(&mut self, aggregate: &Aggregate, scope: &Scope<'_>) -> Result<bool, FlowRefusal> {
        let mut all = true;
        for key in &aggregate.group_expr {
            all &= self.expr(key, scope)?.exactly().is_some();
        }
        Ok(all)
    }
}

/// How the subjects of a guarded table are counted: by rows where each has one, else by their key.
enum Subject {
    Rows,
    Key(Expr),
}

fn subject(guard: &Guard, scope: &Scope<'_>) -> Result<Subject, FlowRefusal> {
    if guard.single {
        return Ok(Subject::Rows);
    }
    let Some(index) = guard.subject else {
        return Err(subject_lost(&guard.table));
    };
    Ok(Subject::Key(Expr::from(scope.schema.qualified_field(index))))
}

/// The number of distinct subjects; with `argument`, of those that have a value of it.
fn counted(subject: &Subject, argument: Option<&Expr>) -> Expr {
    match (subject, argument) {
        (Subject::Rows, None) => count(lit(1_i64)),
        (Subject::Rows, Some(argument)) => count(argument.clone()),
        (Subject::Key(key), None) => count_distinct(key.clone()),
        (Subject::Key(key), Some(argument)) => {
            let present = when(argument.clone().is_not_null(), key.clone()).end();
            count_distinct(present.unwrap_or_else(|_| key.clone()))
        }
    }
}

/// Counts of the subjects behind a measure, where a missing argument could leave fewer than the group has.
fn support(expr: &Expr, scope: &Scope<'_>, hidden: &mut HiddenColumns) -> Result<Vec<usize>, FlowRefusal> {
    let [argument] = &call_of(expr)?.params.args[..] else {
        return Ok(vec![]);
    };
    if !argument.nullable(scope.schema).unwrap_or(true) {
        return Ok(vec![]);
    }
    let mut support = Vec::new();
    for guard in &scope.flow.guards {
        support.push(hidden.position(counted(&subject(guard, scope)?, Some(argument))));
    }
    Ok(support)
}

fn subject_lost(table: &str) -> FlowRefusal {
    FlowRefusal::new(
        "flow.subject-lost",
        (
            format!("聚合之前 `{table}` 的数据主体字段已被去掉，无法按主体计数"),
            format!(
                "the subject key of `{table}` is projected away before the aggregate, so subjects cannot be counted"
            ),
        ),
        (
            "请直接从该表聚合，不要经过子查询",
            "aggregate from the table itself, not through a subquery",
        ),
    )
}
