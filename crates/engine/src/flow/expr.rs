//! Labels of expressions. Every variant is handled or refused by name.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::Column;
use datafusion::logical_expr::expr::{BinaryExpr, Case, ScalarFunction};
use datafusion::logical_expr::{Expr, ExprSchemable, Operator};
use datafusion::scalar::ScalarValue;
use gongshu_governance::resource::{Mask, ReleaseRule};

use super::function::{self, Reviewed};
use super::label::{Flow, Label, Source, Treatment};
use super::node::Checker;
use super::refusal::FlowRefusal;
use super::rule::FlowRule;
use crate::run::CALL_DATE;
use crate::shape;

/// Most decimal places with which every 64-bit whole number fits 38 digits.
const INTEGER_SCALE_MAX: i8 = 19;

/// Most times as long as a value of a column that a text may become.
const TEXT_TIMES_MAX: u64 = 1_024;
/// Longest pattern of which it is known that it becomes an automaton, in bytes.
const PATTERN_BYTES_MAX: usize = 256;
/// Characters of a constant that count as a value.
const VALUE_CHARACTERS: usize = 16;

/// The schema and flow below an expression.
pub(super) struct Scope<'a> {
    pub(super) schema: &'a datafusion::common::DFSchema,
    pub(super) flow: &'a Flow,
}

impl Checker<'_> {
    /// The label of a whole expression over `scope`. Where rows or values are not for everyone, nothing in it may
    /// fail, not even on a constant: whether a branch with `1 / 0` is taken at all would tell.
    pub(super) fn expr(&mut self, expr: &Expr, scope: &Scope<'_>) -> Result<Label, FlowRefusal> {
        let label = self.label(expr, scope)?;
        if label.fails && (label.bound().is_some() || scope.flow.is_guarded()) {
            return Err(FlowRefusal::fallible(&format!("`{expr}`")));
        }
        Ok(label)
    }

    fn label(&mut self, expr: &Expr, scope: &Scope<'_>) -> Result<Label, FlowRefusal> {
        shape::with_more(|| self.label_of(expr, scope))
    }

    fn label_of(&mut self, expr: &Expr, scope: &Scope<'_>) -> Result<Label, FlowRefusal> {
        match expr {
            Expr::Alias(alias) => self.label(&alias.expr, scope),
            Expr::Column(column) => self.column(column, scope),
            Expr::Literal(value, _) => Ok(Label {
                times: length(value),
                ..Label::constant()
            }),
            Expr::Placeholder(_) => Ok(Label {
                parametric: true,
                ..Label::constant()
            }),
            Expr::BinaryExpr(binary) => self.binary(binary, scope),
            Expr::Like(like) => {
                let label = self.all([&*like.expr, &*like.pattern], scope)?;
                matched(label, &like.pattern)
            }
            Expr::SimilarTo(like) => {
                // A pattern that is no regular expression is an error.
                fallible(self.all([&*like.expr, &*like.pattern], scope)?, "SIMILAR TO")
            }
            Expr::Not(inner)
            | Expr::IsNotNull(inner)
            | Expr::IsNull(inner)
            | Expr::IsTrue(inner)
            | Expr::IsFalse(inner)
            | Expr::IsUnknown(inner)
            | Expr::IsNotTrue(inner)
            | Expr::IsNotFalse(inner)
            | Expr::IsNotUnknown(inner) => self.all([&**inner], scope),
            Expr::Negative(inner) => fallible(self.all([&**inner], scope)?, "取负 (-x)"),
            Expr::Between(between) => self.all([&*between.expr, &*between.low, &*between.high], scope),
            Expr::Case(case) => self.case(case, scope),
            Expr::Cast(cast) => {
                let label = self.label(&cast.expr, scope)?;
                let to = cast.field.data_type();
                if is_widening(&cast.expr, to, scope) || is_constant(&cast.expr, to) {
                    return Ok(label);
                }
                fallible(Label::derived([label]), "CAST")
            }
            Expr::TryCast(cast) => {
                let label = Label::derived([self.label(&cast.expr, scope)?]);
                match tries_all(&cast.expr, cast.field.data_type(), scope) {
                    true => Ok(label),
                    false => fallible(label, "TRY_CAST"),
                }
            }
            Expr::ScalarFunction(function) => self.function(function, scope),
            Expr::InList(list) => self.all(std::iter::once(&*list.expr).chain(&list.list), scope),
            Expr::Exists(exists) => self.subquery(&exists.subquery, scope),
            Expr::InSubquery(within) => {
                let inner = self.subquery(&within.subquery, scope)?;
                let outer = self.label(&within.expr, scope)?;
                Ok(Label::derived([inner, outer]))
            }
            Expr::ScalarSubquery(subquery) => {
                // More than one row is an error.
                let label = self.subquery(subquery, scope)?;
                Ok(Label { fails: true, ..label })
            }
            Expr::AggregateFunction(_) => Err(FlowRefusal::unsupported("聚合函数于此处 (an aggregate here)")),
            Expr::WindowFunction(_) => Err(FlowRefusal::unsupported("窗口函数于此处 (a window function here)")),
            Expr::ScalarVariable(..) => Err(FlowRefusal::unsupported("变量 (a variable)")),
            Expr::SetComparison(_) => Err(FlowRefusal::unsupported("ANY / ALL")),
            #[expect(deprecated, reason = "the variant is still there and has to be refused")]
            Expr::Wildcard { .. } => Err(FlowRefusal::unsupported("未展开的 * (an unexpanded *)")),
            Expr::GroupingSet(_) => Err(FlowRefusal::unsupported("GROUPING SETS / ROLLUP / CUBE")),
            Expr::OuterReferenceColumn(_, column) => self.outer_column(column),
            Expr::Unnest(_) => Err(FlowRefusal::unsupported("UNNEST")),
            Expr::HigherOrderFunction(_) | Expr::Lambda(_) | Expr::LambdaVariable(_) => {
                Err(FlowRefusal::unsupported("lambda"))
            }
        }
    }

    /// The label of each. Labelled once, however often it is looked at: what labels its parts twice takes twice as long
    /// at each level.
    fn each<'e>(
        &mut self,
        parts: impl IntoIterator<Item = &'e Expr>,
        scope: &Scope<'_>,
    ) -> Result<Vec<Label>, FlowRefusal> {
        parts.into_iter().map(|part| self.label(part, scope)).collect()
    }

    fn all<'e>(&mut self, parts: impl IntoIterator<Item = &'e Expr>, scope: &Scope<'_>) -> Result<Label, FlowRefusal> {
        Ok(Label::derived(self.each(parts, scope)?))
    }

    fn column(&mut self, column: &Column, scope: &Scope<'_>) -> Result<Label, FlowRefusal> {
        let index = scope.schema.maybe_index_of_column(column);
        let label = index.and_then(|index| scope.flow.columns.get(index));
        let label = label
            .cloned()
            .ok_or_else(|| FlowRefusal::unsupported(&format!("`{column}`")))?;
        for source in &label.sources {
            self.mention(source).map_err(|refusal| refusal.at(column))?;
        }
        Ok(label)
    }

    fn binary(&mut self, binary: &BinaryExpr, scope: &Scope<'_>) -> Result<Label, FlowRefusal> {
        let parts = self.each([&*binary.left, &*binary.right], scope)?;
        if binary.op == Operator::StringConcat {
            return joined(parts, u64::saturating_add);
        }
        let label = Label::derived(parts);
        match binary.op {
            Operator::Eq
            | Operator::NotEq
            | Operator::Lt
            | Operator::LtEq
            | Operator::Gt
            | Operator::GtEq
            | Operator::And
            | Operator::Or
            | Operator::IsDistinctFrom
            | Operator::IsNotDistinctFrom => Ok(label),
            Operator::LikeMatch | Operator::ILikeMatch | Operator::NotLikeMatch | Operator::NotILikeMatch => {
                matched(label, &binary.right)
            }
            Operator::Plus | Operator::Minus | Operator::Multiply | Operator::Divide | Operator::Modulo => {
                arithmetic(label, binary, scope)
            }
            other => Err(FlowRefusal::unsupported(&format!("运算符 (the operator) {other}"))),
        }
    }

    fn case(&mut self, case: &Case, scope: &Scope<'_>) -> Result<Label, FlowRefusal> {
        let branches = case.when_then_expr.iter().flat_map(|(when, then)| [&**when, &**then]);
        let ends = case.expr.iter().chain(&case.else_expr).map(|expr| &**expr);
        self.all(branches.chain(ends), scope)
    }

    fn function(&mut self, function: &ScalarFunction, scope: &Scope<'_>) -> Result<Label, FlowRefusal> {
        let name = function.func.name();
        if let Some(model) = self.access.models.get(name) {
            return self.scored(model, &function.args, scope);
        }
        if name == CALL_DATE {
            // Calls of two days are two questions, as calls with two parameters are.
            return Ok(Label {
                parametric: true,
                ..Label::constant()
            });
        }
        let reviewed = function::scalar(name).ok_or_else(|| FlowRefusal::function(name))?;
        let parts = self.each(&function.args, scope)?;
        if reviewed == Reviewed::Mask {
            return self.mask(name, &function.args, parts);
        }
        let label = match name {
            "concat" => joined(parts, u64::saturating_add)?,
            "replace" => joined(parts, u64::saturating_mul)?,
            _ => Label::derived(parts),
        };
        let total = match reviewed {
            Reviewed::Total => true,
            Reviewed::Steered => function::steered_by_constants(name, &function.args) && steers(name, function, scope),
            Reviewed::Fallible | Reviewed::Mask => false,
        };
        match total {
            true => Ok(label),
            false => fallible(label, name),
        }
    }

    /// A masked column leaves through exactly its own mask; of anything else a mask is a function as any other. How much
    /// it shows is no value: that would tell it.
    fn mask(&self, name: &str, args: &[Expr], parts: Vec<Label>) -> Result<Label, FlowRefusal> {
        let (Some((_, widths)), Some(label)) = (args.split_first(), parts.first()) else {
            return Err(FlowRefusal::function(name));
        };
        if let Some(width) = widths.iter().find(|width| integer(width).is_none()) {
            return Err(mask_width(name, width));
        }
        let rule = label.exactly().and_then(|source| self.rule_of(source));
        match rule {
            Some(ReleaseRule::Masked { mask }) if is_mask(mask, name, widths) => Ok(label.treated(&Treatment::Masked)),
            Some(ReleaseRule::Masked { mask }) => {
                let should = sql_of(mask);
                Err(FlowRefusal::new(
                    FlowRule::OtherMask,
                    (
                        format!("该字段只能以 {should} 脱敏后输出"),
                        format!("the column leaves only as {should}"),
                    ),
                    (
                        "请使用该字段规定的脱敏函数",
                        "use the mask that the column's rule names",
                    ),
                ))
            }
            _ => Ok(Label::derived(parts)),
        }
    }
}

/// The label of a text put together from these, or a refusal where it could grow beyond all measure.
fn joined(parts: Vec<Label>, together: fn(u64, u64) -> u64) -> Result<Label, FlowRefusal> {
    let times = parts.iter().map(|part| part.times.max(1)).reduce(together);
    match times.unwrap_or_default() {
        times if times > TEXT_TIMES_MAX => Err(FlowRefusal::text_growth(TEXT_TIMES_MAX)),
        times => Ok(Label {
            times,
            ..Label::derived(parts)
        }),
    }
}

/// Whether every value of the last argument has what a steered function gives: a day has each part of a day, a time or
/// a span has not.
fn steers(name: &str, function: &ScalarFunction, scope: &Scope<'_>) -> bool {
    let of = function.args.last().map(|value| value.get_type(scope.schema));
    name != "date_part" || matches!(of, Some(Ok(DataType::Date32)))
}

/// Whether `TRY_CAST` gives a value or none, and never fails: what it reads of a text. What is written as a text may not
/// be writable, such as a day of a year beyond all calendars.
fn tries_all(inner: &Expr, to: &DataType, scope: &Scope<'_>) -> bool {
    let text = |from| matches!(from, DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8);
    let read = to.is_integer() || to.is_floating() || matches!(to, DataType::Boolean | DataType::Date32);
    is_widening(inner, to, scope) || (read && inner.get_type(scope.schema).is_ok_and(text))
}

fn mask_width(name: &str, width: &Expr) -> FlowRefusal {
    FlowRefusal::new(
        FlowRule::MaskWidth,
        (
            format!("`{name}` 保留多少须写为整数常量，不能是 `{width}`：否则输出的长短会泄露该值"),
            format!(
                "how much `{name}` keeps is a whole number in the text, not `{width}`: what it shows would tell that value"
            ),
        ),
        (
            "请写整数常量，例如 mask_partial(x, 3, 4)",
            "write whole numbers, such as mask_partial(x, 3, 4)",
        ),
    )
}

/// The label of a match with a pattern. A pattern becomes an automaton, and one that is too large fails: a short one
/// that stands in the text never is.
fn matched(label: Label, pattern: &Expr) -> Result<Label, FlowRefusal> {
    let short = |value: &ScalarValue| {
        value
            .try_as_str()
            .flatten()
            .is_none_or(|text| text.len() <= PATTERN_BYTES_MAX)
    };
    match pattern {
        Expr::Literal(value, _) if short(value) => Ok(label),
        _ => fallible(label, "LIKE"),
    }
}

/// The label of an operation that can fail on a value: only for values that may be seen anyway.
fn fallible(label: Label, what: &str) -> Result<Label, FlowRefusal> {
    match label.bound() {
        Some(_) => Err(FlowRefusal::fallible(what)),
        None => Ok(Label { fails: true, ..label }),
    }
}

/// Arithmetic is for free values. Of whole and floating numbers it wraps or saturates; a division of
/// whole numbers by zero, and decimals and days out of range, fail.
fn arithmetic(label: Label, binary: &BinaryExpr, scope: &Scope<'_>) -> Result<Label, FlowRefusal> {
    let operands_fail = label.fails;
    let whole = fallible(label, &binary.op.to_string())?;
    let types = (binary.left.get_type(scope.schema), binary.right.get_type(scope.schema));
    let (Ok(left), Ok(right)) = types else {
        return Ok(whole);
    };
    let divides = matches!(binary.op, Operator::Divide | Operator::Modulo);
    let total = match (
        left.is_integer() && right.is_integer(),
        left.is_floating() && right.is_floating(),
    ) {
        (true, _) => !divides || integer(&binary.right).is_some_and(|divisor| ![0, -1].contains(&divisor)),
        (_, floating) => floating,
    };
    Ok(Label {
        fails: operands_fail || !total,
        ..whole
    })
}

/// A cast that cannot fail and keeps the value.
fn is_widening(inner: &Expr, to: &DataType, scope: &Scope<'_>) -> bool {
    let Ok(from) = inner.get_type(scope.schema) else {
        return false;
    };
    let text = |data_type: &DataType| matches!(data_type, DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8);
    from == *to
        || (text(&from) && text(to))
        || (from.is_integer() && matches!(to, DataType::Float64))
        || matches!(
            (&from, to),
            (DataType::Int64, DataType::Decimal128(38, ..=INTEGER_SCALE_MAX))
        )
        || matches!(
            (&from, to),
            (DataType::Decimal128(..) | DataType::Float32, DataType::Float64)
        )
}

/// A constant that is known to be castable.
fn is_constant(inner: &Expr, to: &DataType) -> bool {
    matches!(inner, Expr::Literal(value, _) if value.cast_to(to).is_ok())
}

/// How long a constant is, in values of a column.
fn length(value: &ScalarValue) -> u64 {
    let text = value.try_as_str().flatten().unwrap_or_default();
    u64::try_from(text.len().div_ceil(VALUE_CHARACTERS)).unwrap_or(u64::MAX)
}

fn is_mask(mask: &Mask, name: &str, widths: &[Expr]) -> bool {
    let numbers: Vec<i64> = widths.iter().filter_map(integer).collect();
    let (function, parameters) = match mask {
        Mask::Partial { head, tail } => ("mask_partial", vec![i64::from(*head), i64::from(*tail)]),
        Mask::Band { width } => ("mask_band", vec![i64::from(*width)]),
        Mask::Year => ("mask_year", vec![]),
    };
    function == name && numbers.len() == widths.len() && numbers == parameters
}

fn integer(expr: &Expr) -> Option<i64> {
    match expr {
        Expr::Literal(ScalarValue::Int64(number), _) => *number,
        Expr::Alias(alias) => integer(&alias.expr),
        _ => None,
    }
}

fn sql_of(mask: &Mask) -> String {
    match mask {
        Mask::Partial { head, tail } => format!("mask_partial(x, {head}, {tail})"),
        Mask::Band { width } => format!("mask_band(x, {width})"),
        Mask::Year => "mask_year(x)".to_owned(),
    }
}

impl Checker<'_> {
    /// Refuses the mention of what may not be used at all, and notes what is read.
    fn mention(&mut self, source: &Source) -> Result<(), FlowRefusal> {
        self.note_read(source)
    }
}
