//! Aggregates: over free rows they are ordinary; over guarded rows they get the threshold.

use datafusion::logical_expr::expr::AggregateFunction;
use datafusion::logical_expr::{Aggregate, Expr, LogicalPlan};
use gongshu_governance::resource::ReleaseRule;

use super::control::with_threshold;
use super::derivation::Control;
use super::expr::Scope;
use super::function;
use super::label::{Flow, Kind, Label, Source, Treatment};
use super::node::{Checker, rebuilt};
use super::refusal::FlowRefusal;
use super::uses::refused_use;

/// Aggregates that may be taken of an open column within guarded groups. Extremes would tell whose
/// value stands in which group.
const GUARDED_OPEN: &[&str] = &["count", "sum", "avg"];

impl Checker<'_> {
    pub(super) fn aggregate(&mut self, aggregate: &Aggregate) -> Result<(LogicalPlan, Flow), FlowRefusal> {
        let plan = LogicalPlan::Aggregate(aggregate.clone());
        let (input, flow) = self.node(&aggregate.input)?;
        let scope = Scope {
            schema: aggregate.input.schema(),
            flow: &flow,
        };
        let Some(table) = flow.guarded.clone() else {
            let columns = self.free_columns(aggregate, &scope)?;
            let implicit = flow.implicit.clone();
            return rebuilt(
                &plan,
                vec![input],
                Flow {
                    columns,
                    implicit,
                    guarded: None,
                },
            );
        };
        let columns = self.guarded_columns(aggregate, &scope)?;
        let subjects = self.access.threshold;
        self.controls.insert(Control::Threshold {
            table: table.clone(),
            subjects,
        });
        let counted = self.subject_column(&table, &scope)?;
        let (node, _) = rebuilt(&plan, vec![input], Flow::default())?;
        let node = with_threshold(node, subjects, counted).map_err(|error| FlowRefusal::planning(" ", &error))?;
        Ok((
            node,
            Flow {
                columns,
                implicit: Label::constant(),
                guarded: None,
            },
        ))
    }

    fn free_columns(&mut self, aggregate: &Aggregate, scope: &Scope<'_>) -> Result<Vec<Label>, FlowRefusal> {
        let mut columns = Vec::new();
        for key in &aggregate.group_expr {
            let label = self.expr(key, scope)?;
            columns.push(free(label, "GROUP BY")?);
        }
        for expr in &aggregate.aggr_expr {
            let call = call_of(expr)?;
            let name = call.func.name();
            if !function::aggregate(name) {
                return Err(FlowRefusal::function(name));
            }
            let params = &call.params;
            let filter = params.filter.iter().map(|filter| &**filter);
            let parts = params
                .args
                .iter()
                .chain(params.order_by.iter().map(|key| &key.expr))
                .chain(filter);
            let labels: Result<Vec<Label>, _> = parts.map(|part| self.expr(part, scope)).collect();
            columns.push(free(Label::derived(labels?), name)?);
        }
        Ok(columns)
    }

    fn guarded_columns(&mut self, aggregate: &Aggregate, scope: &Scope<'_>) -> Result<Vec<Label>, FlowRefusal> {
        let mut columns = Vec::new();
        for key in &aggregate.group_expr {
            let label = self.expr(key, scope)?;
            let usable = |source: &&Source| source.is_free() || source.kind == Kind::Group;
            if let Some(source) = label.sources.iter().find(|source| !usable(source)) {
                return Err(refused_use(source, "GROUP BY"));
            }
            columns.push(label.treated(&Treatment::Grouped));
        }
        for expr in &aggregate.aggr_expr {
            columns.push(self.guarded_call(call_of(expr)?, scope)?);
        }
        Ok(columns)
    }

    fn guarded_call(&mut self, call: &AggregateFunction, scope: &Scope<'_>) -> Result<Label, FlowRefusal> {
        let name = call.func.name();
        let params = &call.params;
        if params.filter.is_some() || params.distinct || !params.order_by.is_empty() {
            return Err(FlowRefusal::new(
                "flow.partial-group",
                (
                    format!("受阈值控制的 {name} 不能带 FILTER、DISTINCT 或 ORDER BY：其子集可能不足阈值"),
                    format!(
                        "{name} under the threshold takes no FILTER, DISTINCT or ORDER BY: its subset may be under the threshold"
                    ),
                ),
                (
                    "请把条件写进 WHERE 或 GROUP BY",
                    "put the condition into WHERE or GROUP BY",
                ),
            ));
        }
        let [argument] = &params.args[..] else {
            return Err(FlowRefusal::function(name));
        };
        let label = self.expr(argument, scope)?;
        if label.sources.is_empty()
            && matches!(argument.clone().unalias_nested().data, Expr::Literal(..))
            && name == "count"
        {
            return Ok(label);
        }
        let allowed = match label.exactly() {
            Some(source) => match self.rule_of(source) {
                Some(ReleaseRule::Aggregate { functions }) => {
                    name == "count" || functions.iter().any(|function| function.sql() == name)
                }
                Some(ReleaseRule::Open) => GUARDED_OPEN.contains(&name),
                Some(ReleaseRule::Group) => name == "count",
                Some(ReleaseRule::Masked { .. } | ReleaseRule::Consented | ReleaseRule::Closed) | None => false,
            },
            None => false,
        };
        match allowed {
            true => Ok(label.treated(&Treatment::Aggregated(name.to_owned()))),
            false => Err(self.refused_argument(name, &label)),
        }
    }

    fn refused_argument(&self, name: &str, label: &Label) -> FlowRefusal {
        let columns = label
            .sources
            .iter()
            .map(|source| format!("{}.{}", source.table, source.column));
        let columns = columns.collect::<Vec<_>>().join(", ");
        FlowRefusal::new(
            "flow.aggregate-argument",
            (
                format!("`{name}` 不能用于 `{columns}`：只能直接统计字段本身，且须为其放行规则所列函数"),
                format!(
                    "`{name}` may not be taken of `{columns}`: only of a column itself, by a function that its release rule lists"
                ),
            ),
            (
                "请直接对字段使用允许的函数，不要先作计算或条件判断",
                "apply an allowed function to the column itself, without computing or CASE before",
            ),
        )
    }

    /// How subjects are counted: by rows where each has one, else by the subject column.
    fn subject_column(&self, table: &str, scope: &Scope<'_>) -> Result<Option<Expr>, FlowRefusal> {
        let known = self.table(table);
        if known.is_some_and(super::super::table::Table::one_row_a_subject) {
            return Ok(None);
        }
        let subject = known.and_then(super::super::table::Table::subject);
        let is_subject = |label: &Label| {
            label
                .exactly()
                .is_some_and(|source| source.table == table && Some(source.column.as_str()) == subject)
        };
        let index = scope.flow.columns.iter().position(is_subject);
        let column = index.map(|index| scope.schema.qualified_field(index));
        match column {
            Some((qualifier, field)) => Ok(Some(Expr::from((qualifier, field)))),
            None => Err(FlowRefusal::new(
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
            )),
        }
    }
}

fn free(label: Label, what: &str) -> Result<Label, FlowRefusal> {
    match label.bound() {
        Some(source) => Err(refused_use(source, what)),
        None => Ok(label),
    }
}

fn call_of(expr: &Expr) -> Result<&AggregateFunction, FlowRefusal> {
    match expr {
        Expr::Alias(alias) => call_of(&alias.expr),
        Expr::AggregateFunction(call) => Ok(call),
        other => Err(FlowRefusal::unsupported(&format!("`{other}`"))),
    }
}
