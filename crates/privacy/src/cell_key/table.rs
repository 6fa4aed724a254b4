//! Perturbation tables: for each count, how likely each change is.

use super::CellKey;

/// Rounds of bisection: twelve digits of a weight.
const ROUNDS: usize = 50;
/// Steepest weights that are tried.
const STEEPNESS_MAX: f64 = 40.0;

/// What a table is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TableParameters {
    /// Largest change, up or down.
    pub deviation_max: u32,
    /// Variance of the change, in hundredths.
    pub variance_percent: u32,
}

/// For each count from 0 to the largest change, the distribution of changes; larger counts share the last.
#[derive(Debug, Clone, PartialEq)]
pub struct PerturbationTable {
    rows: Vec<Vec<(i64, f64)>>,
}

impl PerturbationTable {
    /// The table with the greatest entropy among those without bias, with this variance (or the nearest that the
    /// count allows), that leave zero at zero and make nothing negative.
    #[must_use]
    pub fn new(parameters: TableParameters) -> Self {
        let deviation = i64::from(parameters.deviation_max);
        let variance = f64::from(parameters.variance_percent) / 100.0;
        let row = |count: i64| cumulative(&distribution(-count.min(deviation), deviation, variance));
        let zero = vec![(0, 1.0)];
        let rows = std::iter::once(zero).chain((1..=deviation.max(1)).map(row));
        Self { rows: rows.collect() }
    }

    /// The count after the change that the cell's key picks.
    #[must_use]
    pub fn perturb(&self, count: u64, key: CellKey) -> u64 {
        let index = usize::try_from(count).unwrap_or(usize::MAX).min(self.rows.len() - 1);
        let drawn = key.uniform(0);
        let change = self.rows[index].iter().find(|(_, upto)| drawn < *upto);
        let change = change.or(self.rows[index].last()).map_or(0, |(change, _)| *change);
        count.saturating_add_signed(change)
    }

    /// The distribution for a count, as changes with their probabilities.
    #[must_use]
    pub fn changes(&self, count: u64) -> Vec<(i64, f64)> {
        let index = usize::try_from(count).unwrap_or(usize::MAX).min(self.rows.len() - 1);
        let mut before = 0.0;
        let mut step = |&(change, upto): &(i64, f64)| {
            let probability = upto - before;
            before = upto;
            (change, probability)
        };
        self.rows[index].iter().map(&mut step).collect()
    }
}

fn cumulative(distribution: &[(i64, f64)]) -> Vec<(i64, f64)> {
    let mut sum = 0.0;
    let step = |&(change, probability): &(i64, f64)| {
        sum += probability;
        (change, sum)
    };
    distribution.iter().map(step).collect()
}

/// Weights exp(a·v − b·v²) over the changes from `low` to `high`: the form that greatest entropy under a given mean
/// and variance has. b is found for the variance, and for each b the a without bias.
fn distribution(low: i64, high: i64, variance: f64) -> Vec<(i64, f64)> {
    let spread = |b: f64| moment(&unbiased(low, high, b), 2);
    let (mut wide, mut narrow) = (-STEEPNESS_MAX, STEEPNESS_MAX);
    for _ in 0..ROUNDS {
        let middle = f64::midpoint(wide, narrow);
        if spread(middle) > variance {
            wide = middle;
        } else {
            narrow = middle;
        }
    }
    unbiased(low, high, narrow)
}

fn unbiased(low: i64, high: i64, b: f64) -> Vec<(i64, f64)> {
    let (mut left, mut right) = (-STEEPNESS_MAX * 10.0, STEEPNESS_MAX * 10.0);
    for _ in 0..ROUNDS {
        let middle = f64::midpoint(left, right);
        if moment(&weighted(low, high, middle, b), 1) < 0.0 {
            left = middle;
        } else {
            right = middle;
        }
    }
    weighted(low, high, right, b)
}

fn weighted(low: i64, high: i64, a: f64, b: f64) -> Vec<(i64, f64)> {
    let exponent = |change: i64| a * change as f64 - b * (change * change) as f64;
    let peak = (low..=high).map(exponent).fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = (low..=high).map(|change| (exponent(change) - peak).exp()).collect();
    let total: f64 = weights.iter().sum();
    (low..=high)
        .zip(weights)
        .map(|(change, weight)| (change, weight / total))
        .collect()
}

fn moment(distribution: &[(i64, f64)], power: i32) -> f64 {
    distribution
        .iter()
        .map(|&(change, probability)| probability * (change as f64).powi(power))
        .sum()
}
