//! A verdict for every kind of expression, over a bound column, an open column, and within a query.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field as Column};
use datafusion::common::{DFSchema, Spans};
use datafusion::functions_aggregate::count::count_udaf;
use datafusion::functions_window::rank::rank_udwf;
use datafusion::logical_expr::expr::{
    AggregateFunction, Exists, InSubquery, Lambda, LambdaVariable, Like, Placeholder, SetComparison, SetQuantifier,
    Unnest, WindowFunction,
};
use datafusion::logical_expr::{Between, Expr, GroupingSet, Operator, Subquery, cast, col, lit, try_cast, when};
use datafusion::scalar::ScalarValue;

use super::{access, persons, plan, stations, word};
use crate::flow::expr::Scope;
use crate::flow::label::{Flow, Kind, Label, Source, Treatment};
use crate::flow::node::Checker;

/// Every kind there is; no wildcard, as in `nodes`.
fn kind(expr: &Expr) -> &'static str {
    match expr {
        Expr::Alias(_) => "alias",
        Expr::Column(_) => "column",
        Expr::ScalarVariable(..) => "variable",
        Expr::Literal(..) => "literal",
        Expr::BinaryExpr(_) => "binary",
        Expr::Like(_) => "like",
        Expr::SimilarTo(_) => "similar to",
        Expr::Not(_) => "not",
        Expr::IsNotNull(_) => "is not null",
        Expr::IsNull(_) => "is null",
        Expr::IsTrue(_) => "is true",
        Expr::IsFalse(_) => "is false",
        Expr::IsUnknown(_) => "is unknown",
        Expr::IsNotTrue(_) => "is not true",
        Expr::IsNotFalse(_) => "is not false",
        Expr::IsNotUnknown(_) => "is not unknown",
        Expr::Negative(_) => "negative",
        Expr::Between(_) => "between",
        Expr::Case(_) => "case",
        Expr::Cast(_) => "cast",
        Expr::TryCast(_) => "try cast",
        Expr::ScalarFunction(_) => "scalar function",
        Expr::AggregateFunction(_) => "aggregate function",
        Expr::WindowFunction(_) => "window function",
        Expr::InList(_) => "in list",
        Expr::Exists(_) => "exists",
        Expr::InSubquery(_) => "in subquery",
        Expr::SetComparison(_) => "set comparison",
        Expr::ScalarSubquery(_) => "scalar subquery",
        #[expect(deprecated, reason = "the kind is still there")]
        Expr::Wildcard { .. } => "wildcard",
        Expr::GroupingSet(_) => "grouping set",
        Expr::Placeholder(_) => "placeholder",
        Expr::OuterReferenceColumn(..) => "outer column",
        Expr::Unnest(_) => "unnest",
        Expr::HigherOrderFunction(_) => "higher-order function",
        Expr::Lambda(_) => "lambda",
        Expr::LambdaVariable(_) => "lambda variable",
    }
}

/// The label of what stands over a bound column tells the column; `free` tells none; else the refusal.
fn verdict(expr: &Expr) -> &'static str {
    verdict_where(expr, Kind::Group)
}

/// The same where `area` is of this kind.
fn verdict_where(expr: &Expr, area: Kind) -> &'static str {
    let schema = DFSchema::try_from(persons().schema().as_ref().clone()).unwrap();
    let label = |name: &str, kind| {
        Label::of(Source {
            table: "persons".into(),
            column: name.into(),
            kind,
            treatment: Treatment::Raw,
        })
    };
    let columns = [
        ("id", Kind::Closed),
        ("area", area),
        ("income", Kind::Aggregate),
        ("phone", Kind::Masked),
        ("note", Kind::Open),
        ("year", Kind::Open),
    ];
    let columns = columns.map(|(name, kind)| label(name, kind)).into();
    let flow = Flow {
        columns,
        ..Flow::default()
    };
    let (access, tables) = (access(), [persons(), stations()]);
    let mut checker = Checker::new(&access, &tables, std::collections::BTreeSet::new());
    match checker.expr(
        expr,
        &Scope {
            schema: &schema,
            flow: &flow,
        },
    ) {
        Ok(label) if label.bound().is_some() => "bound",
        Ok(_) => "free",
        Err(refusal) => word(Err(refusal)),
    }
}

async fn subquery() -> Subquery {
    let subquery = Arc::new(plan("SELECT area FROM persons").await);
    Subquery {
        subquery,
        outer_ref_columns: vec![],
        spans: Spans::new(),
    }
}

/// Kinds that hold a value without operating on it, and operators that cannot fail: as bound as the column.
fn carrying() -> Vec<(&'static str, Expr)> {
    let area = || Box::new(col("area"));
    let truth = || Box::new(col("area").eq(lit("a")));
    let like = || Like::new(false, area(), Box::new(lit("a%")), None, false);
    vec![
        ("alias", col("area").alias("note")),
        ("column", col("area")),
        ("binary", col("area").eq(lit("a"))),
        ("like", Expr::Like(like())),
        ("not", Expr::Not(truth())),
        ("is not null", Expr::IsNotNull(area())),
        ("is null", Expr::IsNull(area())),
        ("is true", Expr::IsTrue(truth())),
        ("is false", Expr::IsFalse(truth())),
        ("is unknown", Expr::IsUnknown(truth())),
        ("is not true", Expr::IsNotTrue(truth())),
        ("is not false", Expr::IsNotFalse(truth())),
        ("is not unknown", Expr::IsNotUnknown(truth())),
        (
            "between",
            Expr::Between(Between::new(area(), false, Box::new(lit("a")), Box::new(lit("b")))),
        ),
        (
            "case",
            when(col("area").eq(lit("a")), lit(1)).otherwise(lit(2)).unwrap(),
        ),
        ("try cast", try_cast(col("area"), DataType::Int64)),
        (
            "scalar function",
            datafusion::functions::string::expr_fn::upper(col("area")),
        ),
        ("in list", col("area").in_list(vec![lit("a")], false)),
    ]
}

/// Kinds that are refused over a bound column, or wherever they stand.
async fn refused() -> Vec<(&'static str, &'static str, Expr)> {
    let outer = Column::new("area", DataType::Utf8, true);
    let within = InSubquery::new(Box::new(col("note")), subquery().await, false);
    let comparison = SetComparison::new(
        Box::new(col("note")),
        subquery().await,
        Operator::Eq,
        SetQuantifier::Any,
    );
    let aggregate = AggregateFunction::new_udf(count_udaf(), vec![col("year")], false, None, vec![], None);
    let window = WindowFunction::new(rank_udwf(), vec![]);
    #[expect(deprecated, reason = "the kind is still there")]
    let wildcard = Expr::Wildcard {
        qualifier: None,
        options: Box::default(),
    };
    let lambda = || Lambda {
        params: vec!["v".to_owned()],
        body: Box::new(lit(1)),
    };
    vec![
        (
            "variable",
            "flow.unsupported",
            Expr::ScalarVariable(Arc::new(outer.clone()), vec!["@@v".to_owned()]),
        ),
        (
            "negative",
            "flow.error-channel",
            Expr::Negative(Box::new(col("income"))),
        ),
        ("cast", "flow.error-channel", cast(col("area"), DataType::Int64)),
        ("similar to", "flow.error-channel", similar(col("area"))),
        (
            "aggregate function",
            "flow.unsupported",
            Expr::AggregateFunction(aggregate),
        ),
        ("window function", "flow.unsupported", Expr::from(window)),
        (
            "exists",
            "flow.guarded-rows",
            Expr::Exists(Exists::new(subquery().await, false)),
        ),
        ("in subquery", "flow.guarded-rows", Expr::InSubquery(within)),
        ("set comparison", "flow.unsupported", Expr::SetComparison(comparison)),
        (
            "scalar subquery",
            "flow.guarded-rows",
            Expr::ScalarSubquery(subquery().await),
        ),
        ("wildcard", "flow.unsupported", wildcard),
        (
            "grouping set",
            "flow.unsupported",
            Expr::GroupingSet(GroupingSet::Rollup(vec![col("area")])),
        ),
        (
            "outer column",
            "flow.unsupported",
            Expr::OuterReferenceColumn(Arc::new(outer), "area".into()),
        ),
        ("unnest", "flow.unsupported", Expr::Unnest(Unnest::new(col("note")))),
        ("higher-order function", "flow.unsupported", higher_order(lambda())),
        ("lambda", "flow.unsupported", Expr::Lambda(lambda())),
        (
            "lambda variable",
            "flow.unsupported",
            Expr::LambdaVariable(LambdaVariable::new("v".to_owned(), None)),
        ),
    ]
}

fn similar(pattern: Expr) -> Expr {
    Expr::SimilarTo(Like::new(false, Box::new(lit("a")), Box::new(pattern), None, false))
}

fn higher_order(lambda: Lambda) -> Expr {
    let functions = super::session().state().higher_order_functions().clone();
    let func = functions.into_values().next().unwrap();
    let args = vec![lit(ScalarValue::Null), Expr::Lambda(lambda)];
    Expr::HigherOrderFunction(datafusion::logical_expr::expr::HigherOrderFunction::new(func, args))
}

#[tokio::test]
async fn every_kind_of_expression_has_a_verdict() {
    let mut seen = BTreeSet::new();
    let mut check = |name: &'static str, expected: &str, expr: &Expr| {
        assert_eq!(kind(expr), name);
        assert_eq!(verdict(expr), expected, "{name}: {expr}");
        seen.insert(name);
    };
    for (name, expr) in carrying() {
        check(name, "bound", &expr);
    }
    for (name, rule, expr) in refused().await {
        check(name, rule, &expr);
    }
    check("literal", "free", &lit(1));
    check(
        "placeholder",
        "free",
        &Expr::Placeholder(Placeholder::new_with_field("$1".to_owned(), None)),
    );
    assert_eq!(seen.len(), 37, "a kind of expression has no case: {seen:?}");
}

#[test]
fn a_scored_column_stays_bound_in_whatever_carries_it() {
    for (name, expr) in carrying() {
        assert_eq!(verdict_where(&expr, Kind::Scored), "bound", "{name}: {expr}");
    }
}

#[test]
fn a_closed_column_cannot_be_mentioned_inside_anything() {
    let closed = || col("id");
    for expr in [
        closed(),
        closed().is_null(),
        closed().alias("x"),
        when(closed().eq(lit(1)), lit(1)).otherwise(lit(2)).unwrap(),
        lit(1).in_list(vec![closed()], false),
    ] {
        assert_eq!(verdict(&expr), "flow.closed", "{expr}");
    }
}
