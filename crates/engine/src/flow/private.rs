//! Private columns: which noise a measure gets, and what it loses.

use datafusion::functions_aggregate::expr_fn::{count, sum};
use datafusion::logical_expr::expr::AggregateFunction;
use gongshu_governance::resource::ReleaseRule;
use gongshu_privacy::accountant::Rho;

use super::derivation::Control;
use super::expr::Scope;
use super::node::Checker;
use super::refusal::FlowRefusal;
use super::release::HiddenColumns;
use crate::control::{Bounds, Noise, clamped};

/// Largest bound of a private column: a billion times as many rows still fit a sum.
const BOUND_MAX: i64 = 1_000_000_000;

impl Checker<'_> {
    /// The noise of a measure over a private column; its loss adds up with those of all others of the plan.
    pub(super) fn noise(
        &mut self,
        call: &AggregateFunction,
        scope: &Scope<'_>,
        hidden: &mut HiddenColumns,
    ) -> Result<Option<Noise>, FlowRefusal> {
        let [argument] = &call.params.args[..] else {
            return Ok(None);
        };
        let label = self.expr(argument, scope)?;
        let Some(source) = label.exactly() else { return Ok(None) };
        let Some(ReleaseRule::Private {
            rho_micro, low, high, ..
        }) = self.rule_of(source)
        else {
            return Ok(None);
        };
        if !scope.flow.guards.iter().all(|guard| guard.single) || scope.flow.guards.len() != 1 {
            return Err(private_rows(&source.table));
        }
        if rho_micro < 2 || low >= high || [low, high].iter().any(|bound| bound.abs() > BOUND_MAX) {
            return Err(private_parameters(&source.table, &source.column));
        }
        let (table, column) = (source.table.clone(), source.column.clone());
        *self.losses.entry(table.clone()).or_default() += rho_micro;
        self.controls.insert(Control::Private {
            table,
            column,
            rho_micro,
            low,
            high,
        });
        let (rho, bounds) = (Rho::from_micro(rho_micro), Bounds { low, high });
        let total = hidden.position(sum(clamped(bounds, argument.clone())));
        Ok(Some(Noise {
            rho,
            bounds,
            total,
            count: hidden.position(count(argument.clone())),
        }))
    }
}

fn private_rows(table: &str) -> FlowRefusal {
    FlowRefusal::new(
        "flow.private-rows",
        (
            format!("`{table}` 的差分隐私字段要求每个主体只有一条记录，且不与其他资源连接"),
            format!("private columns of `{table}` need one record a subject, and no join"),
        ),
        (
            "请直接从每主体一条记录的资源统计",
            "aggregate the resource itself, with one record a subject",
        ),
    )
}

fn private_parameters(table: &str, column: &str) -> FlowRefusal {
    FlowRefusal::new(
        "flow.private-parameters",
        (
            format!("字段 `{table}.{column}` 的差分隐私参数不可用：ρ 至少 2·10⁻⁶，下界小于上界，界不超过 {BOUND_MAX}"),
            format!(
                "the private rule of `{table}.{column}` is unusable: rho at least 2 millionths, low under high, bounds within {BOUND_MAX}"
            ),
        ),
        ("请更正资源登记", "correct the registration of the resource"),
    )
}
