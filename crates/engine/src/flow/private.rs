//! Private columns: which noise a measure gets, what of each subject counts in it, and what it loses.

use datafusion::error::DataFusionError;
use datafusion::functions_aggregate::expr_fn::{count, count_distinct, sum};
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::expr::AggregateFunction;
use gongshu_governance::resource::{AggregateFunction as Function, Contribution, NoiseDistribution, ReleaseRule};
use gongshu_privacy::accountant::Rho;
use gongshu_privacy::noise::Distribution;

use super::bounded::{Bound, where_chosen};
use super::derivation::Control;
use super::expr::Scope;
use super::label::Source;
use super::node::Checker;
use super::refusal::FlowRefusal;
use super::release::{HiddenColumns, subject_key};
use super::rule::FlowRule;
use crate::control::{Bounds, Noise, clamped};

/// Largest bound of a private column: ninety million values still fit a sum.
const BOUND_MAX: i64 = 1_000_000_000;
/// Most groups of a subject, and most of its records in each, that may count.
const CONTRIBUTION_MAX: u32 = 10_000;

/// What the rule of a private column states.
struct Stated {
    rho_micro: u64,
    bounds: Bounds,
    noise: NoiseDistribution,
    contribution: Contribution,
}

impl Checker<'_> {
    /// Whether a call counts the distinct subjects of a table whose key is private.
    pub(super) fn counts_subjects(&self, call: &AggregateFunction, source: &Source) -> bool {
        let key = self.table(&source.table).and_then(|table| table.subject());
        let counts = matches!(self.rule_of(source), Some(ReleaseRule::Private { functions, .. }) if functions.contains(&Function::Count));
        counts && call.func.name() == "count" && key == Some(&*source.column)
    }

    /// The noise of a measure over a private column; its loss adds up with those of all others of the plan.
    pub(super) fn noise(
        &mut self,
        call: &AggregateFunction,
        keys: &[Expr],
        scope: &Scope<'_>,
        hidden: &mut HiddenColumns,
    ) -> Result<Option<Noise>, FlowRefusal> {
        let [argument] = &call.params.args[..] else {
            return Ok(None);
        };
        let label = self.expr(argument, scope)?;
        let Some(source) = label.exactly() else { return Ok(None) };
        let Some(stated) = self.stated(source)? else {
            return Ok(None);
        };
        let bound = self.bound(source, &stated, keys, scope)?;
        self.note_loss(source, &stated, bound.is_some());
        let noise = measured(call, argument, &stated, bound.as_ref(), hidden);
        noise.map(Some).map_err(|error| FlowRefusal::planning(" ", &error))
    }

    /// What the rule of a column states, where it is private.
    fn stated(&self, source: &Source) -> Result<Option<Stated>, FlowRefusal> {
        let Some(ReleaseRule::Private {
            rho_micro,
            low,
            high,
            noise,
            contribution,
            ..
        }) = self.rule_of(source).cloned()
        else {
            return Ok(None);
        };
        let within = |bound: i64| bound.abs() <= BOUND_MAX;
        let counts = [contribution.groups, contribution.rows];
        let usable = rho_micro >= 2 && low < high && within(low) && within(high);
        if !usable || !counts.iter().all(|count| (1..=CONTRIBUTION_MAX).contains(count)) {
            return Err(private_parameters(&source.table, &source.column));
        }
        Ok(Some(Stated {
            rho_micro,
            bounds: Bounds { low, high },
            noise,
            contribution,
        }))
    }

    /// What of each subject counts; nothing to bound where each has one row.
    fn bound(
        &self,
        source: &Source,
        stated: &Stated,
        keys: &[Expr],
        scope: &Scope<'_>,
    ) -> Result<Option<Bound>, FlowRefusal> {
        // Noise hides the subjects of one resource; those of another decide which rows meet.
        let [guard] = &scope.flow.guards[..] else {
            return Err(private_joined(&source.table));
        };
        if guard.single {
            return Ok(None);
        }
        let guarding = self.access.guarding.get(&*source.table);
        let guarding = guarding.ok_or_else(|| private_rows(&source.table))?;
        Ok(Some(Bound {
            subject: subject_key(guard, scope)?,
            keys: keys.to_vec(),
            secret: guarding.secret.clone(),
            contribution: Contribution {
                // Without keys there is one group.
                groups: if keys.is_empty() { 1 } else { stated.contribution.groups },
                ..stated.contribution
            },
        }))
    }

    fn note_loss(&mut self, source: &Source, stated: &Stated, bounded: bool) {
        *self.losses.entry((*source.table).to_owned()).or_default() += stated.rho_micro;
        self.controls.insert(Control::Private {
            table: (*source.table).to_owned(),
            column: (*source.column).to_owned(),
            rho_micro: stated.rho_micro,
            low: stated.bounds.low,
            high: stated.bounds.high,
            noise: stated.noise,
            groups: bounded.then_some(stated.contribution.groups),
            rows: bounded.then_some(stated.contribution.rows),
        });
    }
}

/// The noise, with the hidden columns of what counts.
fn measured(
    call: &AggregateFunction,
    argument: &Expr,
    stated: &Stated,
    bound: Option<&Bound>,
    hidden: &mut HiddenColumns,
) -> Result<Noise, DataFusionError> {
    let distinct = call.params.distinct;
    let chosen = bound.map(|bound| match distinct {
        true => bound.in_groups(hidden),
        false => bound.in_rows(argument, hidden),
    });
    let chosen = chosen.transpose()?;
    let values = where_chosen(argument.clone(), chosen.as_ref())?;
    let number = if distinct {
        count_distinct(values)
    } else {
        count(values)
    };
    let count = hidden.position(number);
    let total = match call.func.name() {
        "count" => None,
        _ => {
            let value = where_chosen(clamped(stated.bounds, argument.clone()), chosen.as_ref())?;
            Some(hidden.position(sum(value)))
        }
    };
    let contribution = bound.map_or(Contribution::default(), |bound| bound.contribution);
    Ok(Noise {
        distribution: match stated.noise {
            NoiseDistribution::Gaussian => Distribution::Gaussian,
            NoiseDistribution::Laplace => Distribution::Laplace,
        },
        rho: Rho::from_micro(stated.rho_micro),
        bounds: stated.bounds,
        groups: contribution.groups,
        rows: if distinct { 1 } else { contribution.rows },
        total,
        count,
    })
}

fn private_rows(table: &str) -> FlowRefusal {
    FlowRefusal::new(
        FlowRule::PrivateRows,
        (
            format!("`{table}` 的主体可有多条记录，而该资源没有记录密钥，无法限定每个主体的贡献"),
            format!(
                "subjects of `{table}` can have several records, and it has no record secret by which their contribution is bounded"
            ),
        ),
        (
            "请从每主体一条记录的资源统计",
            "aggregate a resource with one record a subject",
        ),
    )
}

fn private_joined(table: &str) -> FlowRefusal {
    FlowRefusal::new(
        FlowRule::PrivateJoined,
        (
            format!("`{table}` 的差分隐私字段不能与其他受控资源连接后统计：噪声只覆盖本资源的主体"),
            format!(
                "private columns of `{table}` are not measured over a join: their noise hides the subjects of this resource alone"
            ),
        ),
        ("请直接从该资源统计", "aggregate the resource itself"),
    )
}

fn private_parameters(table: &str, column: &str) -> FlowRefusal {
    FlowRefusal::new(
        FlowRule::PrivateParameters,
        (
            format!(
                "字段 `{table}.{column}` 的差分隐私参数不可用：ρ 至少 2·10⁻⁶，下界小于上界，界不超过 {BOUND_MAX}，贡献上限在 1 与 {CONTRIBUTION_MAX} 之间"
            ),
            format!(
                "the private rule of `{table}.{column}` is unusable: rho at least 2 millionths, low under high, bounds within {BOUND_MAX}, contribution from 1 to {CONTRIBUTION_MAX}"
            ),
        ),
        ("请更正资源登记", "correct the registration of the resource"),
    )
}
