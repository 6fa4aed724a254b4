//! Masked columns under the mask that their rule names.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, SelectItem, SetExpr, Statement,
    visit_expressions_mut,
};
use gongshu_governance::resource::{Mask, ReleaseRule};

use super::rules::Rules;
use super::{column, expression, quoted};

/// Puts each masked column under its mask, in place of any other mask around it.
pub(super) fn mask(statement: &mut Statement, rules: &Rules<'_>) {
    name_items(statement, rules);
    // Parts come before what they are part of: a mask around a column is met when the column is masked already.
    let _ = visit_expressions_mut(statement, |expr| {
        let better = match expr {
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) => masked(expr, rules),
            Expr::Function(function) => inner_mask(function),
            _ => None,
        };
        if let Some(better) = better {
            *expr = better;
        }
        ControlFlow::<()>::Continue(())
    });
}

/// A masked column in the output keeps its name.
fn name_items(statement: &mut Statement, rules: &Rules<'_>) {
    let Statement::Query(query) = statement else { return };
    let SetExpr::Select(select) = query.body.as_mut() else {
        return;
    };
    for item in &mut select.projection {
        let SelectItem::UnnamedExpr(expr) = item else { continue };
        let Some(name) = column(expr).filter(|name| mask_of(name, rules).is_some()) else {
            continue;
        };
        *item = SelectItem::ExprWithAlias {
            alias: quoted(name),
            expr: expr.clone(),
        };
    }
}

fn mask_of<'t>(name: &str, rules: &Rules<'t>) -> Option<&'t Mask> {
    match rules.rule(name) {
        Some(ReleaseRule::Masked { mask }) => Some(mask),
        _ => None,
    }
}

fn masked(expr: &Expr, rules: &Rules<'_>) -> Option<Expr> {
    let text = match mask_of(column(expr)?, rules)? {
        Mask::Partial { head, tail } => format!("mask_partial({expr}, {head}, {tail})"),
        Mask::Band { width } => format!("mask_band({expr}, {width})"),
        Mask::Year => format!("mask_year({expr})"),
    };
    expression(&text)
}

/// The mask that another mask is applied to.
fn inner_mask(outer: &Function) -> Option<Expr> {
    let FunctionArguments::List(arguments) = &outer.args else {
        return None;
    };
    match arguments.args.first()? {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Function(inner))) if is_mask(outer) && is_mask(inner) => {
            Some(Expr::Function(inner.clone()))
        }
        _ => None,
    }
}

fn is_mask(function: &Function) -> bool {
    let name = function.name.to_string().to_lowercase();
    ["mask_partial", "mask_band", "mask_year"].contains(&name.as_str())
}
