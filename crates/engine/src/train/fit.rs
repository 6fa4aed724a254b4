//! Fitting: generalized linear models with a ridge penalty by Newton's method (McCullagh and Nelder, *Generalized Linear
//! Models*, 2.5). A linear regression is solved by its first step.

use std::time::{Duration, Instant};

use gongshu_governance::model::Algorithm;

use super::error::TrainError;
use super::rows::Table;
use super::solve::{Triangle, dot};

/// Steps no larger than this end the fit.
const SMALL: f64 = 1e-10;
/// Most times a step is halved.
const HALVINGS_MAX: usize = 40;
/// Largest exponent of a Poisson regression.
const EXPONENT_MAX: f64 = 40.0;

/// A model that was fitted: the constant, then a coefficient for each input of variance 1.
pub(super) struct Fitted {
    pub(super) coefficients: Vec<f64>,
    /// What the last step divided by: the curvature of the objective.
    pub(super) curvature: Triangle,
    /// How much each row weighs in it.
    pub(super) weights: Vec<f64>,
    /// Which part of the deviance it explains.
    pub(super) explained: f64,
}

/// What the algorithm is to the fit.
#[derive(Clone, Copy)]
enum Family {
    Normal,
    Binomial,
    Poisson,
}

impl Family {
    fn of(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::LinearRegression { .. } => Self::Normal,
            Algorithm::LogisticRegression { .. } => Self::Binomial,
            Algorithm::PoissonRegression { .. } => Self::Poisson,
        }
    }

    /// What is expected where the linear part is this.
    fn mean(self, linear: f64) -> f64 {
        match self {
            Self::Normal => linear,
            Self::Binomial => 1.0 / (1.0 + (-linear).exp()),
            Self::Poisson => linear.min(EXPONENT_MAX).exp(),
        }
    }

    /// The linear part where this is expected.
    fn linear(self, mean: f64) -> f64 {
        match self {
            Self::Normal => mean,
            Self::Binomial => (mean / (1.0 - mean)).ln(),
            Self::Poisson => mean.ln(),
        }
    }

    /// How fast the mean grows there.
    fn weight(self, mean: f64) -> f64 {
        match self {
            Self::Normal => 1.0,
            Self::Binomial => mean * (1.0 - mean),
            Self::Poisson => mean,
        }
    }

    /// Half the deviance of one label, but for what does not depend on the model.
    fn loss(self, linear: f64, label: f64) -> f64 {
        match self {
            Self::Normal => (label - linear).powi(2) / 2.0,
            // ln(1 + eˣ) without overflow.
            Self::Binomial => linear.max(0.0) + (-linear.abs()).exp().ln_1p() - label * linear,
            Self::Poisson => self.mean(linear) - label * linear,
        }
    }

    /// The least that the loss of a label can be.
    fn least(self, label: f64) -> f64 {
        match self {
            Self::Normal | Self::Binomial => 0.0,
            Self::Poisson if label > 0.0 => label - label * label.ln(),
            Self::Poisson => 0.0,
        }
    }
}

/// Fits a model.
pub(super) fn fit(table: &Table, algorithm: Algorithm, time: Duration) -> Result<Fitted, TrainError> {
    let begun = Instant::now();
    let family = Family::of(algorithm);
    let count = table.labels.len() as f64;
    let penalty = f64::from(algorithm.penalty_milli()) / 1_000.0 * count;
    let start = family.linear(table.labels.iter().sum::<f64>() / count);
    let mut at = vec![0.0; table.means.len() + 1];
    if let Some(constant) = at.first_mut() {
        *constant = start;
    }
    let unfitted = loss(table, family, &at);
    for _ in 0..algorithm.rounds_max() {
        if begun.elapsed() > time {
            return Err(TrainError::Time(time));
        }
        let slope = slope(table, family, &at, penalty);
        let step = curvature(table, family, &at, penalty)?.1.solve(&slope);
        let (next, moved) = shortened(table, family, (&at, &step), penalty)?;
        at = next;
        if moved <= SMALL {
            break;
        }
    }
    let (weights, curvature) = curvature(table, family, &at, penalty)?;
    let least: f64 = table.labels.iter().map(|label| family.least(*label)).sum();
    let explained = 1.0 - (loss(table, family, &at) - least) / (unfitted - least);
    match at.iter().all(|number| number.is_finite()) {
        true => Ok(Fitted {
            coefficients: at,
            curvature,
            weights,
            explained,
        }),
        false => Err(TrainError::Failed),
    }
}

/// How often the model of a logistic regression ranks a 1 above a 0 (the area under its curve; equal ranks count half).
pub(super) fn ranked(table: &Table, fitted: &Fitted, algorithm: Algorithm) -> Option<f64> {
    let Algorithm::LogisticRegression { .. } = algorithm else {
        return None;
    };
    let mut scored: Vec<(f64, f64)> = linear(table, &fitted.coefficients)
        .zip(table.labels.iter().copied())
        .collect();
    scored.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (mut zeros, mut above) = (0.0, 0.0);
    for same in scored.chunk_by(|one, other| one.0 == other.0) {
        let ones: f64 = same.iter().map(|(_, label)| label).sum();
        let others = same.len() as f64 - ones;
        above += ones * (zeros + others / 2.0);
        zeros += others;
    }
    Some(above / (zeros * (scored.len() as f64 - zeros)))
}

/// The linear part of each row.
fn linear<'t>(table: &'t Table, at: &'t [f64]) -> impl Iterator<Item = f64> + 't {
    let (constant, coefficients) = at.split_first().map_or((0.0, at), |(first, rest)| (*first, rest));
    table.rows.iter().map(move |row| constant + dot(row, coefficients))
}

fn loss(table: &Table, family: Family, at: &[f64]) -> f64 {
    let each = linear(table, at).zip(&table.labels);
    each.map(|(linear, label)| family.loss(linear, *label)).sum()
}

fn penalized(table: &Table, family: Family, at: &[f64], penalty: f64) -> f64 {
    let coefficients = at.get(1..).unwrap_or_default();
    loss(table, family, at) + penalty / 2.0 * dot(coefficients, coefficients)
}

/// Where the penalized loss falls fastest.
fn slope(table: &Table, family: Family, at: &[f64], penalty: f64) -> Vec<f64> {
    let mut slope: Vec<f64> = at.iter().map(|coefficient| -penalty * coefficient).collect();
    if let Some(constant) = slope.first_mut() {
        *constant = 0.0;
    }
    for ((row, linear), label) in table.rows.iter().zip(linear(table, at)).zip(&table.labels) {
        let rest = label - family.mean(linear);
        let cells = std::iter::once(&1.0).chain(row);
        slope.iter_mut().zip(cells).for_each(|(sum, cell)| *sum += rest * cell);
    }
    slope
}

/// The curvature of the penalized loss, decomposed, and what each row weighs in it.
fn curvature(table: &Table, family: Family, at: &[f64], penalty: f64) -> Result<(Vec<f64>, Triangle), TrainError> {
    let width = at.len();
    let mut sums = vec![vec![0.0; width]; width];
    let mut weights = Vec::with_capacity(table.rows.len());
    for (row, linear) in table.rows.iter().zip(linear(table, at)) {
        let weight = family.weight(family.mean(linear));
        weights.push(weight);
        let cells = || std::iter::once(&1.0).chain(row);
        for (line, one) in sums.iter_mut().zip(cells()) {
            let share = weight * one;
            line.iter_mut()
                .zip(cells())
                .for_each(|(sum, other)| *sum += share * other);
        }
    }
    // The constant is not penalized.
    for (index, line) in sums.iter_mut().enumerate().skip(1) {
        if let Some(sum) = line.get_mut(index) {
            *sum += penalty;
        }
    }
    let triangle = Triangle::of(&sums).ok_or(TrainError::Failed)?;
    Ok((weights, triangle))
}

/// The place after a step, which is halved until it leads down, and how far that is.
fn shortened(
    table: &Table,
    family: Family,
    (at, step): (&[f64], &[f64]),
    penalty: f64,
) -> Result<(Vec<f64>, f64), TrainError> {
    let before = penalized(table, family, at, penalty);
    let mut part = 1.0;
    for _ in 0..HALVINGS_MAX {
        let next: Vec<f64> = at.iter().zip(step).map(|(at, step)| at + part * step).collect();
        let after = penalized(table, family, &next, penalty);
        // Where nothing is left to gain, rounding alone may lead up.
        if after <= before + before.abs() * 1e-12 {
            let moved = step.iter().map(|step| (part * step).abs()).fold(0.0, f64::max);
            return Ok((next, moved));
        }
        part /= 2.0;
    }
    Err(TrainError::Failed)
}
