//! Queries of training data: rows that go into the trainer, and nowhere else.
//!
//! The trainer is a sink of its own. Nothing of its rows leaves, and what it makes of them is a model, whose scores leave
//! under `scored` once it is reviewed. So a column goes in where that is what its rule lets leave:
//!
//! | rule | as an input | as the label |
//! | --- | --- | --- |
//! | `open` | the column itself | the column itself, or whether it is above (or, of a text, equals) a constant |
//! | `scored` | the column itself | the column itself |
//! | `masked(f)` | no: a model takes the columns themselves | f(value) |
//! | `join`, `group`, `aggregate(fns)` | no: their rule names what may be told of groups, and a score is no such thing | no |
//! | `private` | no: a score has no noise, and nothing would be charged | no |
//! | `consented` | no: consent is given to a consumer for a purpose, not to whoever trains | no |
//! | `closed`, not granted | no: it can't be mentioned | no |
//!
//! Everything else is as narrow as scoring is: rows of one table that holds nothing that leaves in groups only, each
//! subject with one row, chosen by free columns. The shape is fixed, `SELECT inputs…, label FROM table [WHERE …]`: nothing
//! that orders, limits, joins or computes rows could make a subject count twice or pick one out.
//!
//! *Why a label is hardly computed.* The numbers of a linear model are sums of inputs with the labels as weights. Who may
//! choose the labels freely chooses the weights: two labels that differ in one subject give two models whose difference is
//! that subject's inputs, and so do two of which one is a multiple of the other but for one subject. Above and below a
//! constant there is no such choice, as long as two trainings differ in enough subjects (`crate::train`).

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::arrow::datatypes::DataType;
use datafusion::common::Column;
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable, LogicalPlan, Operator, Projection, cast};
use gongshu_governance::model::{INPUTS_MAX, TrainingTerms};

use super::derivation::{Control, Derivation};
use super::expr::Scope;
use super::label::{Flow, Kind, Label, Source, Treatment};
use super::node::Checker;
use super::refusal::FlowRefusal;
use super::rule::FlowRule;
use super::uses::free_rows;
use crate::access::Access;
use crate::table::Table;

/// The name under which the trainer finds each row's subject.
const SUBJECT: &str = "gongshu_subject";
/// What refusals call the place.
const TRAINING: &str = "模型训练 (training)";

/// A query of training data that has passed.
pub(crate) struct Training {
    /// The inputs in their order, the label, then the subject as a text.
    pub(crate) rows: LogicalPlan,
    pub(crate) derivation: Derivation,
    pub(crate) table: String,
    pub(crate) inputs: Vec<String>,
    pub(crate) label: BTreeSet<String>,
}

/// Checks an analyzed, not yet optimized plan of training data.
pub(crate) fn check_training(
    plan: &LogicalPlan,
    access: &Access,
    tables: &[Table],
    terms: &TrainingTerms,
) -> Result<Training, FlowRefusal> {
    let LogicalPlan::Projection(projection) = plan else {
        return Err(shape());
    };
    check_shape(&projection.input)?;
    let mut checker = Checker::new(access, tables, BTreeSet::new());
    checker.training(projection, terms).map_err(of_consent)
}

/// Filters over one table, under any name.
fn check_shape(plan: &LogicalPlan) -> Result<(), FlowRefusal> {
    match plan {
        LogicalPlan::TableScan(_) => Ok(()),
        LogicalPlan::Filter(filter) => check_shape(&filter.input),
        LogicalPlan::SubqueryAlias(alias) => check_shape(&alias.input),
        _ => Err(shape()),
    }
}

impl Checker<'_> {
    fn training(&mut self, projection: &Projection, terms: &TrainingTerms) -> Result<Training, FlowRefusal> {
        let (passed, flow) = self.node(&projection.input)?;
        let input = passed.unwrap_or_else(|| (*projection.input).clone());
        let Some((label, inputs)) = projection.expr.split_last().filter(|(_, inputs)| !inputs.is_empty()) else {
            return Err(shape());
        };
        let scope = Scope {
            schema: projection.input.schema(),
            flow: &flow,
        };
        let mut sources = Vec::with_capacity(inputs.len());
        for expr in inputs {
            sources.push(self.input(expr, &scope)?);
        }
        let of_label = self.label_of_training(label, &scope, &sources)?;
        free_rows(&flow, TRAINING)?;
        let table = self.one_table()?;
        let inputs: Vec<String> = sources.into_iter().map(|source| source.column.to_string()).collect();
        check_inputs(&inputs)?;
        let subject = subject_of(table, &input)?;
        let table = table.name().to_owned();
        let derivation = self.of_training(&flow, &of_label, (&table, &inputs), terms);
        let whole: Vec<Expr> = projection.expr.iter().cloned().chain([subject]).collect();
        Ok(Training {
            rows: projected(whole, &input)?,
            derivation,
            table,
            inputs,
            label: of_label
                .sources
                .iter()
                .map(|source| source.column.to_string())
                .collect(),
        })
    }

    /// The column that an input is. A model takes columns themselves, so it is trained on nothing else.
    fn input(&mut self, expr: &Expr, scope: &Scope<'_>) -> Result<Source, FlowRefusal> {
        let label = self.expr(expr, scope)?;
        check_sources(&label, expr)?;
        let Some(source) = label.exactly().filter(|source| source.treatment == Treatment::Raw) else {
            return Err(computed(expr));
        };
        let numeric = expr.get_type(scope.schema).is_ok_and(|found| is_number(&found));
        match numeric {
            false => Err(placed(not_a_number(expr), expr)),
            true => self.no_identifier(source, expr).map(|()| source.clone()),
        }
    }

    /// The label of the last column: itself, or computed of what is free.
    fn label_of_training(&mut self, expr: &Expr, scope: &Scope<'_>, inputs: &[Source]) -> Result<Label, FlowRefusal> {
        let label = self.expr(expr, scope)?;
        check_sources(&label, expr)?;
        if let Some(source) = label.bound().filter(|_| label.exactly().is_none()) {
            return Err(placed(only_itself(source), expr));
        }
        let found = expr.get_type(scope.schema);
        if !found.is_ok_and(|found| is_number(&found) || found == DataType::Boolean) {
            return Err(placed(not_a_number(expr), expr));
        }
        for source in &label.sources {
            self.no_identifier(source, expr)?;
        }
        if let Some(source) = label.sources.iter().find(|source| inputs.contains(source)) {
            return Err(placed(foretold(source), expr));
        }
        match self.is_simple(expr, scope)? {
            true => Ok(label),
            false => Err(placed(composed(expr), expr)),
        }
    }

    /// Whether a label is a column or its mask, or whether a column is above or below, or as a text equals, a constant.
    fn is_simple(&mut self, expr: &Expr, scope: &Scope<'_>) -> Result<bool, FlowRefusal> {
        let whole = self.expr(expr, scope)?;
        let masked = |source: &Source| source.treatment == Treatment::Masked;
        if whole.exactly().is_some() || (whole.sources.len() == 1 && whole.sources.iter().all(masked)) {
            return Ok(true);
        }
        match expr {
            Expr::Alias(alias) => self.is_simple(&alias.expr, scope),
            Expr::Case(case) => match (&case.expr, &case.when_then_expr[..], &case.else_expr) {
                (None, [(when, then)], Some(other)) if is_literal(then) && is_literal(other) => {
                    self.is_threshold(when, scope)
                }
                _ => Ok(false),
            },
            _ => self.is_threshold(expr, scope),
        }
    }

    fn is_threshold(&mut self, expr: &Expr, scope: &Scope<'_>) -> Result<bool, FlowRefusal> {
        let Expr::BinaryExpr(BinaryExpr { left, op, right }) = expr else {
            return Ok(false);
        };
        let column = match (is_literal(left), is_literal(right)) {
            (false, true) => left,
            (true, false) => right,
            _ => return Ok(false),
        };
        let ordered = matches!(op, Operator::Lt | Operator::LtEq | Operator::Gt | Operator::GtEq);
        let equal = matches!(op, Operator::Eq | Operator::NotEq);
        let number = column.get_type(scope.schema).is_ok_and(|found| is_number(&found));
        let stands = self.expr(column, scope)?.exactly().is_some();
        Ok(stands && if number { ordered } else { equal })
    }

    /// A column that tells subjects apart says nothing that holds of others.
    fn no_identifier(&self, source: &Source, expr: &Expr) -> Result<(), FlowRefusal> {
        let identifies = self
            .table(&source.table)
            .is_some_and(|table| table.identifies(&source.column));
        match identifies {
            false => Ok(()),
            true => Err(placed(identifier(source), expr)),
        }
    }

    /// The one table that is read, once, wherever in the query.
    fn one_table(&self) -> Result<&Table, FlowRefusal> {
        let mut scans = self.scans.iter();
        let (Some((name, 1)), None) = (scans.next(), scans.next()) else {
            return Err(shape());
        };
        self.table(name).ok_or_else(shape)
    }

    fn of_training(
        &mut self,
        flow: &Flow,
        label: &Label,
        (table, inputs): (&str, &[String]),
        terms: &TrainingTerms,
    ) -> Derivation {
        let chosen = flow.implicit.sources.iter().map(|source| source.column.to_string());
        self.controls.insert(Control::Training {
            table: table.to_owned(),
            inputs: inputs.to_vec(),
            label: label.sources.iter().map(|source| source.column.to_string()).collect(),
            chosen: chosen.collect::<BTreeSet<_>>().into_iter().collect(),
            subjects: terms.subjects_min,
            subjects_per_input: terms.subjects_per_input_min,
            side: terms.side_min,
            influence_percent: terms.influence_percent_max,
        });
        Derivation {
            reads: std::mem::take(&mut self.reads).into_iter().collect(),
            outputs: Vec::new(),
            decided: Vec::new(),
            controls: std::mem::take(&mut self.controls).into_iter().collect(),
            losses: self.losses.clone(),
        }
    }
}

/// Whether every source may go into a trainer at all.
fn check_sources(label: &Label, expr: &Expr) -> Result<(), FlowRefusal> {
    let usable = |source: &&Source| source.is_free() || source.kind == Kind::Scored;
    match label.sources.iter().find(|source| !usable(source)) {
        Some(source) => Err(placed(other_rule(source), expr)),
        None => Ok(()),
    }
}

fn check_inputs(inputs: &[String]) -> Result<(), FlowRefusal> {
    let different: BTreeSet<&String> = inputs.iter().collect();
    match different.len() == inputs.len() && inputs.len() <= INPUTS_MAX {
        true => Ok(()),
        false => Err(FlowRefusal::new(
            FlowRule::TrainInput,
            (
                format!("训练输入须为 1 至 {INPUTS_MAX} 个互不相同的字段"),
                format!("a model is trained on 1 to {INPUTS_MAX} different columns"),
            ),
            ("请去掉重复或多余的字段", "take out what is there twice or too much"),
        )),
    }
}

/// The subject of each row, where each has one of its own.
fn subject_of(table: &Table, input: &LogicalPlan) -> Result<Expr, FlowRefusal> {
    let refused = || {
        let name = table.name();
        FlowRefusal::new(
            FlowRule::TrainSubject,
            (
                format!("`{name}` 未登记主体标识，或同一主体有多条记录，不能训练模型"),
                format!("`{name}` has no subject key, or several rows of one subject: no model is trained on it"),
            ),
            (
                "请使用每个主体一条记录、主体标识唯一且不缺失的资源",
                "use a resource with one row a subject, whose key is unique and never missing",
            ),
        )
    };
    let key = table
        .subject()
        .filter(|_| table.one_row_a_subject())
        .ok_or_else(refused)?;
    let place = input.schema().index_of_column_by_name(None, key).ok_or_else(refused)?;
    let column = Expr::Column(Column::from(input.schema().qualified_field(place)));
    Ok(cast(column, DataType::Utf8).alias(SUBJECT))
}

fn projected(exprs: Vec<Expr>, input: &LogicalPlan) -> Result<LogicalPlan, FlowRefusal> {
    let projection = Projection::try_new(exprs, Arc::new(input.clone()));
    let projection = projection.map_err(|error| FlowRefusal::planning(" ", &error))?;
    Ok(LogicalPlan::Projection(projection))
}

/// Whether an expression is a constant, under casts that the planner puts around it.
fn is_literal(expr: &Expr) -> bool {
    match expr {
        Expr::Literal(..) => true,
        Expr::Cast(cast) => is_literal(&cast.expr),
        _ => false,
    }
}

fn is_number(found: &DataType) -> bool {
    matches!(
        found,
        DataType::Int64 | DataType::Float64 | DataType::Decimal128(..) | DataType::Date32
    )
}

/// The refusal, pointing at the first column of an expression.
fn placed(refusal: FlowRefusal, expr: &Expr) -> FlowRefusal {
    // Of several columns the first in the text; none has a place where the plan was made without one.
    let mut columns: Vec<&Column> = expr.column_refs().into_iter().collect();
    columns.sort_by_key(|column| column.spans().first().map(|span| (span.start.line, span.start.column)));
    match columns.first() {
        Some(column) => refusal.at(column),
        None => refusal,
    }
}

/// What a query that needs consent is told here: there is no consent to ask for.
fn of_consent(refusal: FlowRefusal) -> FlowRefusal {
    if refusal.rule != FlowRule::Consent.id() {
        return refusal;
    }
    let mut own = FlowRefusal::new(
        FlowRule::Consent,
        (
            format!("{}；同意是给使用方的，不及于训练", refusal.message.zh),
            format!(
                "{}, which is given to consumers and not to whoever trains",
                refusal.message.en
            ),
        ),
        ("请从训练查询中去掉该字段", "take the column out of the training query"),
    );
    own.location = refusal.location;
    own
}

fn shape() -> FlowRefusal {
    FlowRefusal::new(
        FlowRule::TrainShape,
        (
            "训练查询须为 SELECT 输入字段…, 标签 FROM 一个资源 [WHERE …]，不得连接、分组、排序、限行或使用子查询".to_owned(),
            "a training query is SELECT inputs…, label FROM one resource [WHERE …], without joins, groups, order, limits or subqueries".to_owned(),
        ),
        (
            "请列出输入字段，最后一列为标签",
            "name the inputs, and the label as the last column",
        ),
    )
}

fn other_rule(source: &Source) -> FlowRefusal {
    let Source {
        table, column, kind, ..
    } = source;
    let (zh, en) = match kind {
        Kind::Private => (
            "只能以加噪统计输出，评分不加噪",
            "leaves with noise, and a score has none",
        ),
        Kind::Masked => ("只能脱敏后使用", "is used masked"),
        Kind::Consented => ("须经数据主体同意", "needs the consent of its subjects"),
        Kind::Join | Kind::Group | Kind::Aggregate => ("只能分组统计或连接", "leaves in groups or joins resources"),
        Kind::Open | Kind::Scored | Kind::Closed => ("不放行", "does not leave"),
    };
    FlowRefusal::new(
        FlowRule::TrainRule,
        (
            format!("字段 `{table}.{column}` 的放行规则不允许训练模型：{zh}"),
            format!("the rule of `{table}.{column}` lets no model be trained on it: it {en}"),
        ),
        (
            "请只使用放行规则为 open 或 scored 的字段",
            "use columns whose rule is open or scored",
        ),
    )
}

fn computed(expr: &Expr) -> FlowRefusal {
    let refusal = FlowRefusal::new(
        FlowRule::TrainInput,
        (
            format!("训练输入 `{expr}` 不是字段本身；模型只取字段本身"),
            format!("the input `{expr}` is not a column itself, and a model takes nothing else"),
        ),
        (
            "请直接列出字段，不要先作计算",
            "name the column, without computing before",
        ),
    );
    placed(refusal, expr)
}

fn only_itself(source: &Source) -> FlowRefusal {
    let Source { table, column, .. } = source;
    FlowRefusal::new(
        FlowRule::TrainLabel,
        (
            format!("字段 `{table}.{column}` 作标签时只能用其本身，不得先作计算或判断"),
            format!("`{table}.{column}` is a label as it stands, with nothing computed or decided of it"),
        ),
        (
            "请直接以该字段为标签，或由 open 字段计算标签",
            "let the column itself be the label, or compute one of open columns",
        ),
    )
}

fn composed(expr: &Expr) -> FlowRefusal {
    FlowRefusal::new(
        FlowRule::TrainLabel,
        (
            format!("标签 `{expr}` 由字段任意计算而成：可任选的标签会让模型系数泄露个别主体的输入"),
            format!(
                "the label `{expr}` is computed at will: whoever chooses labels freely reads the inputs of single subjects off the coefficients"
            ),
        ),
        (
            "请以字段本身、其脱敏值，或数值字段与一个常量的大小比较（文本字段则为相等比较）为标签",
            "let the label be a column, its mask, or a number above or below one constant (a text equal to one)",
        ),
    )
}

fn not_a_number(expr: &Expr) -> FlowRefusal {
    FlowRefusal::new(
        FlowRule::TrainInput,
        (
            format!("`{expr}` 不是数值或日期，不能用于训练"),
            format!("`{expr}` is no number and no day, which is what models are trained on"),
        ),
        ("请改用数值或日期字段", "use numbers and days"),
    )
}

fn identifier(source: &Source) -> FlowRefusal {
    let Source { table, column, .. } = source;
    FlowRefusal::new(
        FlowRule::TrainIdentifier,
        (
            format!("字段 `{table}.{column}` 可识别单个主体，不得作为训练的输入或标签"),
            format!("`{table}.{column}` tells single subjects apart, and is neither an input nor a label"),
        ),
        ("请去掉该字段", "take the column out"),
    )
}

fn foretold(source: &Source) -> FlowRefusal {
    let Source { table, column, .. } = source;
    FlowRefusal::new(
        FlowRule::TrainLabel,
        (
            format!("标签由输入字段 `{table}.{column}` 得出，无可训练"),
            format!("the label is made of the input `{table}.{column}`: there is nothing to learn"),
        ),
        (
            "请从输入或标签中去掉该字段",
            "take the column out of the inputs or the label",
        ),
    )
}
