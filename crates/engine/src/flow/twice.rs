//! What two answers about the same subjects would tell by their difference, though each of them may leave.
//!
//! A result over all and a result over all but one are both of many, and their difference is one subject's. Within one
//! query no two exact results are taken of one guarded table by different aggregates: `GROUP BY` with totals gives both,
//! under complementary suppression. And a product, which anybody may call with any parameters, lets a parameter choose
//! among guarded rows by the value of a column alone: rows of different values are never the same rows, so that its
//! answers are cells of one table. That holds of results with noise too: which cells are there at all is decided on true
//! numbers of subjects. Of these a query may take several, since the noise hides each subject in all of them together, and
//! every one is charged.

use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{BinaryExpr, Expr, LogicalPlan, Operator};

use super::expr::Scope;
use super::label::{Guard, Label};
use super::node::Checker;
use super::refusal::FlowRefusal;
use super::rule::FlowRule;
use super::uses::{mixed, mixed_condition};
use crate::control::Spec;

impl Checker<'_> {
    /// Refuses a part of a condition over guarded rows that names subjects and asks about them at once: of rows that a
    /// known column chooses, those whose value is hidden would be added to others, whoever they are, so that the size of
    /// one group tells whether they are there.
    pub(super) fn unmixed(&mut self, condition: &Expr, whole: &Label, scope: &Scope<'_>) -> Result<(), FlowRefusal> {
        if mixed(whole).is_none() {
            return Ok(());
        }
        for part in split_conjunction(condition) {
            if let Some(source) = mixed(&self.expr(part, scope)?) {
                return Err(mixed_condition(&part.to_string(), source));
            }
        }
        Ok(())
    }

    /// Whether the parameters in a condition choose rows otherwise than by the value of a column.
    pub(super) fn chooses(&mut self, condition: &Expr, scope: &Scope<'_>) -> Result<bool, FlowRefusal> {
        for part in split_conjunction(condition) {
            let label = self.expr(part, scope)?;
            if label.parametric && !label.sources.is_empty() && !self.by_value(part, scope)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a condition is that a column, as it stands, equals something that no row decides.
    fn by_value(&mut self, condition: &Expr, scope: &Scope<'_>) -> Result<bool, FlowRefusal> {
        let Expr::BinaryExpr(BinaryExpr {
            left,
            op: Operator::Eq,
            right,
        }) = condition
        else {
            return Ok(false);
        };
        let (left, right) = (self.expr(left, scope)?, self.expr(right, scope)?);
        let stands = |one: &Label, other: &Label| one.exactly().is_some() && other.sources.is_empty();
        Ok(stands(&left, &right) || stands(&right, &left))
    }

    /// Notes the release of an aggregate, or refuses it beside another one of the same table. `chosen` says whether a
    /// parameter has a part in its groups.
    pub(super) fn note_release(
        &mut self,
        spec: &Spec,
        node: &LogicalPlan,
        guards: &[Guard],
        chosen: bool,
    ) -> Result<(), FlowRefusal> {
        if let Some(guard) = guards.iter().find(|guard| chosen || guard.chosen) {
            return Err(chosen_by_parameter(&guard.table));
        }
        let noisy = spec.measures.iter().all(|measure| measure.noise.is_some());
        if noisy && !spec.measures.is_empty() {
            return Ok(());
        }
        for guard in guards {
            // The same aggregate again, as of a common table expression that is read twice, tells nothing more.
            let other = |(table, plan): &(String, LogicalPlan)| *table == guard.table && plan != node;
            if self.releases.iter().any(other) {
                return Err(released_twice(&guard.table));
            }
        }
        let noted = guards.iter().map(|guard| (guard.table.clone(), node.clone()));
        self.releases.extend(noted);
        Ok(())
    }
}

fn chosen_by_parameter(table: &str) -> FlowRefusal {
    FlowRefusal::new(
        FlowRule::ParameterChoice,
        (
            format!("参数和 call_date() 只能以“字段 = 参数”选取 `{table}` 的记录：否则两次调用相减即可推知个别主体"),
            format!(
                "parameters and `call_date()` choose rows of `{table}` by `column = parameter` alone: else two calls differ by one subject"
            ),
        ),
        (
            "请改为字段等于参数，或按该字段分组后在结果上比较；日期请写为常量",
            "compare a column with the parameter by `=`, or group by the column and compare the results; write a day as a constant",
        ),
    )
}

fn released_twice(table: &str) -> FlowRefusal {
    FlowRefusal::new(
        FlowRule::ReleasedTwice,
        (
            format!("同一查询对 `{table}` 作了两个不同的统计，相减可推知被抑制的单元或个别主体"),
            format!(
                "the query takes two different statistics of `{table}`, whose difference can tell what is held back or one subject"
            ),
        ),
        (
            "请只统计一次（需要合计时用 ROLLUP 或 CUBE），其余由其结果算出；同一统计用两次请写成 WITH",
            "aggregate once (with ROLLUP or CUBE for totals) and compute the rest from its result; put what is used twice into WITH",
        ),
    )
}
