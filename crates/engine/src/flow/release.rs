//! The release above an aggregate over guarded rows: which hidden columns its controls need.

use std::sync::Arc;

use datafusion::arrow::datatypes::DataType;
use datafusion::functions_aggregate::expr_fn::{count, count_distinct, sum};
use datafusion::logical_expr::expr::AggregateFunction;
use datafusion::logical_expr::{Aggregate, Expr, ExprSchemable, LogicalPlan, cast, ident, lit, when};
use gongshu_privacy::cell_key::{ColumnSeed, RecordSecret};

use super::aggregate::call_of;
use super::bounded::numbered;
use super::derivation::Control;
use super::expr::Scope;
use super::label::{Guard, Label};
use super::node::Checker;
use super::refusal::FlowRefusal;
use super::rule::FlowRule;
use super::totals::{keys, noisy_totals};
use crate::control::{Applied, Function, Measure, Release, Spec, Totals, largest, record_key};

/// Hidden columns of an aggregate, in the making.
pub(super) struct HiddenColumns {
    width: usize,
    exprs: Vec<Expr>,
    /// Numbers of rows below the aggregate.
    numbers: Vec<Expr>,
}

impl HiddenColumns {
    /// The position of this column; each is computed once.
    pub(super) fn position(&mut self, expr: Expr) -> usize {
        let known = self.exprs.iter().position(|known| *known == expr);
        let index = known.unwrap_or(self.exprs.len());
        if known.is_none() {
            self.exprs.push(expr);
        }
        self.width + index
    }

    /// The column of this number of a row; each is computed once.
    pub(super) fn numbered(&mut self, number: Expr) -> Expr {
        let known = self.numbers.iter().position(|known| *known == number);
        let index = known.unwrap_or(self.numbers.len());
        if known.is_none() {
            self.numbers.push(number);
        }
        ident(format!("gongshu_number_{index}"))
    }

    /// The hidden columns, and the rows below with what they need.
    fn over(self, rows: Arc<LogicalPlan>) -> datafusion::error::Result<(Vec<Expr>, Arc<LogicalPlan>)> {
        let named = |what: &'static str| move |(index, expr): (usize, Expr)| expr.alias(format!("{what}_{index}"));
        let columns = self.exprs.into_iter().enumerate().map(named("gongshu"));
        let numbers = self.numbers.into_iter().enumerate().map(named("gongshu_number"));
        Ok((columns.collect(), numbered(rows, numbers.collect())?))
    }
}

impl Checker<'_> {
    /// `node`, an aggregate over guarded rows, under its controls.
    pub(super) fn released(
        &mut self,
        node: &LogicalPlan,
        aggregate: &Aggregate,
        scope: &Scope<'_>,
        columns: &[Label],
    ) -> Result<LogicalPlan, FlowRefusal> {
        let LogicalPlan::Aggregate(checked) = node else {
            return Err(FlowRefusal::unsupported("该聚合 (this aggregate)"));
        };
        let tells = scope.flow.implicit.sources.is_empty() && self.keys_are_columns(aggregate, scope)?;
        let single = scope.flow.guards.iter().all(|guard| guard.single);
        let totals = self.totals(aggregate, single)?;
        let tells = tells && totals.is_none();
        self.tells &= tells;
        let keys = keys(aggregate).len() + usize::from(totals.is_some());
        let mut hidden = HiddenColumns {
            width: keys + aggregate.aggr_expr.len(),
            exprs: vec![],
            numbers: vec![],
        };
        let behind = self.behind(scope, totals.is_some())?;
        if let Some(totals) = &totals {
            self.note_totals(scope, totals);
        }
        let mut spec = Spec {
            width: hidden.width,
            subjects: behind
                .subjects
                .iter()
                .map(|subject| hidden.position(counted(subject, None)))
                .collect(),
            subjects_min: self.access.threshold,
            applied: behind.applied.clone(),
            measures: vec![],
            tells,
            totals,
        };
        for (index, expr) in aggregate.aggr_expr.iter().enumerate() {
            let call = call_of(expr)?;
            let mut measure = measure(keys + index, call, &behind, spec.totals.is_some(), scope, &mut hidden)?;
            measure.seed = self.seed(call, scope)?;
            measure.noise = self.noise(call, &aggregate.group_expr, scope, &mut hidden)?;
            if measure.noise.is_some() && spec.totals.is_some() {
                return Err(noisy_totals());
            }
            spec.measures.push(measure);
        }
        let chosen = columns.iter().any(|column| column.parametric);
        self.note_release(&spec, node, &scope.flow.guards, chosen)?;
        let release = hidden
            .over(checked.input.clone())
            .and_then(|(columns, rows)| Release::above(checked, rows, columns, spec));
        release.map_err(|error| FlowRefusal::planning(" ", &error))
    }

    /// Who stands behind the rows, and what their results pass; notes the controls.
    fn behind(&mut self, scope: &Scope<'_>, has_totals: bool) -> Result<Behind, FlowRefusal> {
        let guards = &scope.flow.guards;
        let guardings: Vec<_> = guards
            .iter()
            .filter_map(|guard| self.access.guarding.get(&guard.table))
            .collect();
        let controls = guardings
            .iter()
            .flat_map(|guarding| guarding.controls.iter().copied())
            .collect();
        let applied = Applied::new(&controls, &self.access.parameters);
        for guard in guards {
            self.note_controls(&guard.table, &applied);
        }
        let subjects: Result<Vec<_>, _> = guards.iter().map(|guard| subject(guard, scope)).collect();
        // Where no control needs them, subjects are told apart for totals alone, and only where they have several rows.
        let keyed = applied.contributors().is_some();
        let needed = |guard: &Guard| keyed || (has_totals && !guard.single);
        let identified = |guard: &Guard| {
            if !needed(guard) {
                return Ok(None);
            }
            let key = subject_key(guard, scope)?;
            let secret = self.access.guarding.get(&guard.table).map(|guarding| &guarding.secret);
            // A joined table without controls of its own is keyed under the secret of the one that has them.
            let secret = secret.or(guardings.first().map(|guarding| &guarding.secret));
            // Without a control that makes noise of them, keys tell subjects apart and are seen by nobody: any secret does.
            let secret = secret.cloned().unwrap_or_else(|| RecordSecret::new([0; 16]));
            Ok(Some(record_key(&secret, key)))
        };
        let ids: Vec<Option<Expr>> = guards.iter().map(identified).collect::<Result<_, FlowRefusal>>()?;
        Ok(Behind {
            subjects: subjects?,
            ids,
            contributors: applied.contributors().or(has_totals.then_some(1)),
            applied,
        })
    }

    fn note_totals(&mut self, scope: &Scope<'_>, totals: &Totals) {
        let noted = scope.flow.guards.iter().map(|guard| Control::Totals {
            table: guard.table.clone(),
            aside_percent: totals.aside_percent,
        });
        self.controls.extend(noted);
    }

    fn note_controls(&mut self, table: &str, applied: &Applied) {
        let (table, subjects) = (table.to_owned(), self.access.threshold);
        self.controls.insert(Control::Threshold {
            table: table.clone(),
            subjects,
        });
        let Applied {
            dominance,
            p_percent,
            cell_key,
            rounding,
        } = applied.clone();
        let dominance = dominance.map(|rule| Control::Dominance {
            table: table.clone(),
            contributors: rule.contributors,
            percent: rule.percent,
        });
        let p_percent = p_percent.map(|rule| Control::PPercent {
            table: table.clone(),
            percent: rule.percent,
        });
        let cell_key = cell_key.map(|perturbing| Control::CellKey {
            table: table.clone(),
            deviation_max: perturbing.table.deviation_max,
            variance_percent: perturbing.table.variance_percent,
            magnitude_percent: perturbing.magnitude_percent,
        });
        let rounding = rounding.map(|base| Control::Rounding {
            table: table.clone(),
            base,
        });
        self.controls
            .extend([dominance, p_percent, cell_key, rounding].into_iter().flatten());
    }

    /// What tells the noise of the measured column from that of others.
    fn seed(&mut self, call: &AggregateFunction, scope: &Scope<'_>) -> Result<Option<ColumnSeed>, FlowRefusal> {
        let Some(argument) = call.params.args.first() else {
            return Ok(None);
        };
        let label = self.expr(argument, scope)?;
        let source = label.exactly();
        Ok(source.map(|source| ColumnSeed::new(&source.table, &source.column)))
    }

    /// Whether every key is a column as it stands. The number of groups held back is told of such groups alone:
    /// of computed ones it could answer a question about one subject.
    fn keys_are_columns(&mut self, aggregate: &Aggregate, scope: &Scope<'_>) -> Result<bool, FlowRefusal> {
        let mut all = true;
        for key in keys(aggregate) {
            all &= self.expr(key, scope)?.exactly().is_some();
        }
        Ok(all)
    }
}

/// Who stands behind guarded rows.
struct Behind {
    subjects: Vec<Subject>,
    /// Record keys of a row, where subjects have to be told apart: one for each of them.
    ids: Vec<Option<Expr>>,
    /// How many of the largest contributions are needed.
    contributors: Option<usize>,
    applied: Applied,
}

/// How the subjects of a guarded table are counted: by rows where each has one, else by their key.
enum Subject {
    Rows,
    Key(Expr),
}

fn subject(guard: &Guard, scope: &Scope<'_>) -> Result<Subject, FlowRefusal> {
    match guard.single {
        true => Ok(Subject::Rows),
        false => subject_key(guard, scope).map(Subject::Key),
    }
}

pub(super) fn subject_key(guard: &Guard, scope: &Scope<'_>) -> Result<Expr, FlowRefusal> {
    let index = guard.subject.ok_or_else(|| subject_lost(&guard.table))?;
    Ok(Expr::from(scope.schema.qualified_field(index)))
}

/// The number of distinct subjects; with `argument`, of those that have a value of it.
fn counted(subject: &Subject, argument: Option<&Expr>) -> Expr {
    match (subject, argument) {
        (Subject::Rows, None) => count(lit(1_i64)),
        (Subject::Rows, Some(argument)) => count(argument.clone()),
        (Subject::Key(key), None) => count_distinct(key.clone()),
        (Subject::Key(key), Some(argument)) => count_distinct(present(key.clone(), Some(argument))),
    }
}

/// A measure with the hidden columns that its controls need.
fn measure(
    column: usize,
    call: &AggregateFunction,
    behind: &Behind,
    has_totals: bool,
    scope: &Scope<'_>,
    hidden: &mut HiddenColumns,
) -> Result<Measure, FlowRefusal> {
    let function = match call.func.name() {
        "count" => Function::Count,
        "sum" => Function::Sum,
        "avg" => Function::Mean,
        other => return Err(FlowRefusal::function(other)),
    };
    let argument = call
        .params
        .args
        .first()
        .filter(|argument| !matches!(argument, Expr::Literal(..)));
    let nullable = argument.filter(|argument| argument.nullable(scope.schema).unwrap_or(true));
    let support = nullable.map_or(vec![], |argument| {
        let counts = behind.subjects.iter().map(|subject| counted(subject, Some(argument)));
        counts.map(|count| hidden.position(count)).collect()
    });
    let keys = behind
        .ids
        .iter()
        .flatten()
        .filter(|_| behind.applied.contributors().is_some())
        .map(|id| hidden.position(sum(present(id.clone(), nullable))))
        .collect();
    let mut sizes = |value: Option<Expr>, rows_too: bool| -> Vec<usize> {
        let (Some(value), Some(contributors)) = (value, behind.contributors) else {
            return vec![];
        };
        let sided = behind.subjects.iter().zip(&behind.ids);
        let list = |(subject, id): (&Subject, &Option<Expr>)| {
            let id = match (subject, id) {
                (Subject::Rows, _) if rows_too => None,
                (Subject::Key(_), Some(id)) => Some(present(id.clone(), nullable)),
                _ => return None,
            };
            Some(hidden.position(largest(contributors, value.clone(), id)))
        };
        sided.filter_map(list).collect()
    };
    let summed = argument.filter(|_| function != Function::Count);
    let largest = sizes(summed.map(|argument| cast(argument.clone(), DataType::Float64)), true);
    let one = behind.applied.contributors().map(|_| present(lit(1.0_f64), nullable));
    let records = sizes(one, false);
    let divided = function == Function::Mean && (has_totals || behind.applied != Applied::default());
    let parts = argument.filter(|_| divided).map(|argument| {
        let total = hidden.position(sum(argument.clone()));
        (total, hidden.position(count(argument.clone())))
    });
    Ok(Measure {
        column,
        function,
        support,
        seed: None,
        keys,
        largest,
        records,
        parts,
        noise: None,
    })
}

/// `expr` where the argument has a value.
fn present(expr: Expr, nullable: Option<&Expr>) -> Expr {
    match nullable {
        Some(argument) => when(argument.clone().is_not_null(), expr.clone()).end().unwrap_or(expr),
        None => expr,
    }
}

fn subject_lost(table: &str) -> FlowRefusal {
    FlowRefusal::new(
        FlowRule::SubjectLost,
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
    )
}
