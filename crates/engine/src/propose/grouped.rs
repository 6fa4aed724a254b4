//! What may leave of an output: what may be a key is one, what may be aggregated is, and the rest is left out.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr, SelectItem, SetExpr, Statement,
    visit_expressions,
};
use gongshu_governance::resource::{AggregateFunction, ReleaseRule};

use super::rules::Rules;
use super::{column, expression, quoted};

/// Aggregates of SQL, allowed by a rule or not.
const AGGREGATES: &[&str] = &[
    "count",
    "sum",
    "avg",
    "mean",
    "min",
    "max",
    "median",
    "stddev",
    "stddev_pop",
    "var",
    "var_pop",
];

/// The query with its output in groups; none where nothing of it could leave so. Its conditions stay as they are.
pub(super) fn group(mut statement: Statement, rules: &Rules<'_>) -> Option<Statement> {
    let Statement::Query(query) = &mut statement else {
        return None;
    };
    let SetExpr::Select(select) = query.body.as_mut() else {
        return None;
    };
    let mut parts = Parts::default();
    for item in &select.projection {
        parts.take(item, rules);
    }
    if parts.keys.is_empty() && parts.measures.is_empty() {
        return None;
    }
    if rules.ask_for_groups() && parts.measures.is_empty() {
        parts.measures.push(named(expression("count(*)")?, "records"));
    }
    let keys = match parts.measures.is_empty() {
        true => vec![],
        false => keys(&parts.keys, &select.group_by, rules),
    };
    select.group_by = GroupByExpr::Expressions(keys, vec![]);
    select.projection = parts.keys.into_iter().chain(parts.measures).collect();
    select.distinct = None;
    // Order and limit spoke of rows.
    (query.order_by, query.limit_clause, query.fetch) = (None, None, None);
    Some(statement)
}

/// What is grouped by: the keys of the output, and of the keys that were asked for those that may be.
fn keys(outputs: &[SelectItem], asked: &GroupByExpr, rules: &Rules<'_>) -> Vec<Expr> {
    let mut keys: Vec<Expr> = outputs.iter().filter_map(key_of).collect();
    if let GroupByExpr::Expressions(asked, _) = asked {
        for key in asked.iter().filter(|key| is_key(key, rules)) {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
    }
    keys
}

/// An output in the making.
#[derive(Default)]
struct Parts {
    keys: Vec<SelectItem>,
    measures: Vec<SelectItem>,
}

impl Parts {
    fn take(&mut self, item: &SelectItem, rules: &Rules<'_>) {
        match item {
            SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
                self.take_expr(expr, item, rules);
            }
            SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..) => {
                for name in rules.columns() {
                    let expr = Expr::Identifier(quoted(name));
                    self.take_expr(&expr, &SelectItem::UnnamedExpr(expr.clone()), rules);
                }
            }
            SelectItem::ExprWithAliases { .. } => {}
        }
    }

    fn take_expr(&mut self, expr: &Expr, item: &SelectItem, rules: &Rules<'_>) {
        if let Expr::Function(function) = expr
            && is_aggregate(function)
        {
            let measure = match allowed_call(function, rules) {
                Some((call, name)) => named(call, &name),
                None => item.clone(),
            };
            return self.add_measure(measure);
        }
        let rule = column(expr).and_then(|name| rules.rule(name));
        if let Some(function) = rule.and_then(first_function) {
            self.measures.extend(aggregated(expr, function));
        } else if is_key(expr, rules) {
            self.keys.push(item.clone());
        }
    }

    fn add_measure(&mut self, measure: SelectItem) {
        if !self.measures.contains(&measure) {
            self.measures.push(measure);
        }
    }
}

/// The function that says most of those that the rule allows.
fn first_function(rule: &ReleaseRule) -> Option<AggregateFunction> {
    let functions = match rule {
        ReleaseRule::Aggregate { functions } | ReleaseRule::Private { functions, .. } => functions,
        ReleaseRule::Open
        | ReleaseRule::Masked { .. }
        | ReleaseRule::Join
        | ReleaseRule::Group
        | ReleaseRule::Consented
        | ReleaseRule::Scored
        | ReleaseRule::Closed => return None,
    };
    functions.last().copied()
}

fn aggregated(expr: &Expr, function: AggregateFunction) -> Option<SelectItem> {
    let name = format!("{}_{}", column(expr)?, function.sql());
    let call = expression(&format!("{}({expr})", function.sql()))?;
    Some(named(call, &name))
}

/// In place of an aggregate that the rule of its column does not allow, one that it allows, and its name.
fn allowed_call(function: &Function, rules: &Rules<'_>) -> Option<(Expr, String)> {
    let FunctionArguments::List(arguments) = &function.args else {
        return None;
    };
    let [FunctionArg::Unnamed(FunctionArgExpr::Expr(argument))] = arguments.args.as_slice() else {
        return None;
    };
    let (name, rule) = column(argument).and_then(|name| Some((name, rules.rule(name)?)))?;
    let asked = function.name.to_string().to_lowercase();
    let allowed = match rule {
        ReleaseRule::Aggregate { functions } | ReleaseRule::Private { functions, .. } => functions,
        _ => return None,
    };
    let plain = arguments.duplicate_treatment.is_none() && function.filter.is_none();
    let same = allowed.iter().copied().find(|function| function.sql() == asked);
    if plain && same.is_some() {
        return None;
    }
    let function = same.or(first_function(rule))?.sql();
    let call = expression(&format!("{function}({argument})"))?;
    Some((call, format!("{name}_{function}")))
}

/// Whether it is made of columns that may be keys, one at least.
fn is_key(expr: &Expr, rules: &Rules<'_>) -> bool {
    let (mut columns, mut all) = (0, true);
    let _ = visit_expressions(expr, |part| {
        if let Some(name) = column(part) {
            columns += 1;
            all &= matches!(rules.rule(name), Some(ReleaseRule::Open | ReleaseRule::Group));
        }
        all &= !matches!(part, Expr::Function(function) if is_aggregate(function) || function.over.is_some());
        ControlFlow::<()>::Continue(())
    });
    all && columns > 0
}

fn is_aggregate(function: &Function) -> bool {
    let name = function.name.to_string().to_lowercase();
    function.over.is_none() && AGGREGATES.contains(&name.as_str())
}

fn key_of(item: &SelectItem) -> Option<Expr> {
    match item {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => Some(expr.clone()),
        SelectItem::ExprWithAliases { .. } | SelectItem::QualifiedWildcard(..) | SelectItem::Wildcard(_) => None,
    }
}

fn named(expr: Expr, name: &str) -> SelectItem {
    SelectItem::ExprWithAlias {
        expr,
        alias: quoted(name),
    }
}
