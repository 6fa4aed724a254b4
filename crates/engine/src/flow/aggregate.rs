//! Aggregates: over free rows they are ordinary; over guarded rows they get the threshold.

use datafusion::logical_expr::expr::AggregateFunction;
use datafusion::logical_expr::{Aggregate, Expr, LogicalPlan};
use gongshu_governance::resource::ReleaseRule;

use super::expr::Scope;
use super::function;
use super::label::{Flow, Kind, Label, Source, Treatment};
use super::node::{Checker, Passed, rebuilt, settled};
use super::refusal::FlowRefusal;
use super::rule::FlowRule;
use super::totals::{has_sets, keys};
use super::uses::{mixed, mixed_condition, refused_use};

/// Aggregates that may be taken of an open column within guarded groups. Everybody knows whose value is which, so that an
/// extreme tells whose value stands in which group, and a sum is a riddle with one solution: of twenty different values
/// hardly two subsets have the same sum.
const GUARDED_OPEN: &[&str] = &["count"];

impl Checker<'_> {
    pub(super) fn aggregate(&mut self, plan: &LogicalPlan, aggregate: &Aggregate) -> Result<Passed, FlowRefusal> {
        let (input, flow) = self.node(&aggregate.input)?;
        let scope = Scope {
            schema: aggregate.input.schema(),
            flow: &flow,
        };
        if flow.guards.is_empty() {
            let columns = self.free_columns(aggregate, &scope)?;
            let fails = flow.fails || columns.iter().any(|label| label.fails);
            let columns = settled(columns);
            // The keys decide which rows are there.
            let deciding = columns.iter().take(keys(aggregate).len()).cloned();
            let implicit = Label::derived(deciding.chain([flow.implicit]));
            return rebuilt(
                plan,
                vec![input],
                Flow {
                    columns,
                    implicit,
                    guards: vec![],
                    fails,
                },
            );
        }
        let columns = self.guarded_columns(aggregate, &scope)?;
        let (node, _) = rebuilt(plan, vec![input], Flow::default())?;
        let node = self.released(node.as_ref().unwrap_or(plan), aggregate, &scope, &columns)?;
        Ok((
            Some(node),
            Flow {
                columns,
                ..Flow::default()
            },
        ))
    }

    fn free_columns(&mut self, aggregate: &Aggregate, scope: &Scope<'_>) -> Result<Vec<Label>, FlowRefusal> {
        let mut columns = Vec::new();
        for key in keys(aggregate) {
            let label = self.expr(key, scope)?;
            columns.push(free(label, "GROUP BY")?);
        }
        columns.extend(has_sets(aggregate).then(Label::constant));
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
        for key in keys(aggregate) {
            let label = self.expr(key, scope)?;
            let usable = |source: &&Source| source.is_free() || source.kind == Kind::Group;
            if let Some(source) = label.sources.iter().find(|source| !usable(source)) {
                return Err(refused_use(source, "GROUP BY"));
            }
            if let Some(source) = mixed(&label) {
                return Err(mixed_condition(&key.to_string(), source));
            }
            columns.push(label.treated(&Treatment::Grouped));
        }
        columns.extend(has_sets(aggregate).then(Label::constant));
        for expr in &aggregate.aggr_expr {
            columns.push(self.guarded_call(call_of(expr)?, scope)?);
        }
        Ok(columns)
    }

    fn guarded_call(&mut self, call: &AggregateFunction, scope: &Scope<'_>) -> Result<Label, FlowRefusal> {
        let name = call.func.name();
        let params = &call.params;
        let subjects = match &params.args[..] {
            [key] if params.distinct => self.distinct_subjects(call, key, scope),
            _ => false,
        };
        if params.filter.is_some() || (params.distinct && !subjects) || !params.order_by.is_empty() {
            return Err(FlowRefusal::new(
                FlowRule::PartialGroup,
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
                Some(ReleaseRule::Private { functions, .. }) => functions.iter().any(|function| function.sql() == name),
                Some(ReleaseRule::Open) => GUARDED_OPEN.contains(&name),
                Some(ReleaseRule::Group) => name == "count",
                Some(
                    ReleaseRule::Masked { .. }
                    | ReleaseRule::Join
                    | ReleaseRule::Consented
                    | ReleaseRule::Scored
                    | ReleaseRule::Closed,
                )
                | None => false,
            },
            None => false,
        };
        let rule = label.exactly().and_then(|source| self.rule_of(source));
        let noisy = matches!(rule, Some(ReleaseRule::Private { .. }));
        match allowed {
            true if noisy => Ok(label.treated(&Treatment::Noised(name.into()))),
            true => Ok(label.treated(&Treatment::Aggregated(name.into()))),
            false => Err(refused_argument(name, &label)),
        }
    }

    /// Whether a call counts distinct subjects; what may not be mentioned is refused as any other distinct value.
    fn distinct_subjects(&mut self, call: &AggregateFunction, key: &Expr, scope: &Scope<'_>) -> bool {
        let label = self.expr(key, scope).unwrap_or_default();
        label.exactly().is_some_and(|source| self.counts_subjects(call, source))
    }
}

fn refused_argument(name: &str, label: &Label) -> FlowRefusal {
    let columns = label
        .sources
        .iter()
        .map(|source| format!("{}.{}", source.table, source.column));
    let columns = columns.collect::<Vec<_>>().join(", ");
    let refusal = FlowRefusal::new(
        FlowRule::AggregateArgument,
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
    );
    match label.sources.first() {
        Some(source) => refusal.about(source),
        None => refusal,
    }
}

fn free(label: Label, what: &str) -> Result<Label, FlowRefusal> {
    match label.bound() {
        Some(source) => Err(refused_use(source, what)),
        None => Ok(label),
    }
}

pub(super) fn call_of(expr: &Expr) -> Result<&AggregateFunction, FlowRefusal> {
    match expr {
        Expr::Alias(alias) => call_of(&alias.expr),
        Expr::AggregateFunction(call) => Ok(call),
        other => Err(FlowRefusal::unsupported(&format!("`{other}`"))),
    }
}
