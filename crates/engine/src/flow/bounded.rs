//! Bounded contributions: which rows of a subject count in a private measure.
//!
//! Right below the aggregate stand window functions that number, for each subject, its groups and its rows in each, in
//! the order of a keyed hash. What is beyond the bound counts as missing in that measure alone: the threshold and the
//! other measures see all rows. The order does not depend on how rows come, so the same question counts the same rows.

use std::sync::Arc;

use datafusion::error::Result;
use datafusion::functions_window::expr_fn::{dense_rank, row_number};
use datafusion::logical_expr::{Expr, ExprFunctionExt, LogicalPlan, Window, lit, when};
use gongshu_governance::resource::Contribution;
use gongshu_privacy::cell_key::RecordSecret;

use super::release::HiddenColumns;
use crate::control::choice;

/// What of each subject counts.
pub(super) struct Bound {
    pub(super) subject: Expr,
    /// The keys of the groups.
    pub(super) keys: Vec<Expr>,
    pub(super) secret: RecordSecret,
    pub(super) contribution: Contribution,
}

impl Bound {
    /// Whether a row stands in a group that counts.
    pub(super) fn in_groups(&self, hidden: &mut HiddenColumns) -> Result<Expr> {
        let known = self.subject.clone().is_not_null();
        if self.keys.is_empty() {
            return Ok(known);
        }
        let order = std::iter::once(self.chosen(None)).chain(self.keys.iter().cloned());
        let number = dense_rank()
            .partition_by(vec![self.subject.clone()])
            .order_by(order.map(|key| key.sort(true, false)).collect());
        let number = hidden.numbered(number.build()?);
        Ok(known.and(number.lt_eq(lit(u64::from(self.contribution.groups)))))
    }

    /// Whether a row counts: its group does, and it is one of the subject's first in it. Rows without a value come last.
    pub(super) fn in_rows(&self, argument: &Expr, hidden: &mut HiddenColumns) -> Result<Expr> {
        let order = [
            argument.clone().is_null(),
            self.chosen(Some(argument)),
            argument.clone(),
        ];
        let number = row_number()
            .partition_by(self.within())
            .order_by(order.into_iter().map(|key| key.sort(true, false)).collect());
        let number = hidden.numbered(number.build()?);
        let first = number.lt_eq(lit(u64::from(self.contribution.rows)));
        Ok(self.in_groups(hidden)?.and(first))
    }

    fn within(&self) -> Vec<Expr> {
        std::iter::once(self.subject.clone()).chain(self.keys.clone()).collect()
    }

    fn chosen(&self, argument: Option<&Expr>) -> Expr {
        let values = self.within().into_iter().chain(argument.cloned());
        choice(&self.secret, values.collect())
    }
}

/// `value` where a row counts; everywhere where nothing is bounded.
pub(super) fn where_chosen(value: Expr, chosen: Option<&Expr>) -> Result<Expr> {
    match chosen {
        Some(chosen) => when(chosen.clone(), value).end(),
        None => Ok(value),
    }
}

/// The rows with these numbers beside them.
pub(super) fn numbered(rows: Arc<LogicalPlan>, numbers: Vec<Expr>) -> Result<Arc<LogicalPlan>> {
    numbers.into_iter().try_fold(rows, |rows, number| {
        Ok(Arc::new(LogicalPlan::Window(Window::try_new(vec![number], rows)?)))
    })
}
