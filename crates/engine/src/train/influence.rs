//! How much of a model is one subject's.

use super::error::TrainError;
use super::fit::Fitted;
use super::rows::Table;
use super::solve::dot;

/// The largest influence of one subject on any part of the model, as a share of 1:
///
/// - its leverage, `w·zᵀ(ZᵀWZ + P)⁻¹z`: how far its own prediction follows its own label (Belsley, Kuh and Welsch,
///   *Regression Diagnostics*, 2.1; for generalized models Pregibon 1981);
/// - its share of the label's variation around the mean;
/// - its share of what correlates an input with the label.
pub(super) fn largest(table: &Table, fitted: &Fitted) -> Result<f64, TrainError> {
    let leverages = table.rows.iter().zip(&fitted.weights).map(|(row, weight)| {
        let cells: Vec<f64> = std::iter::once(1.0).chain(row.iter().copied()).collect();
        let half = fitted.curvature.forward(&cells);
        weight * dot(&half, &half)
    });
    let count = table.labels.len() as f64;
    let mean = table.labels.iter().sum::<f64>() / count;
    let variation = share(table.labels.iter().map(|label| (label - mean).powi(2)));
    let correlations = (0..table.means.len()).map(|column| {
        let cells = table.rows.iter().zip(&table.labels);
        share(cells.filter_map(|(row, label)| Some((row.get(column)? * (label - mean)).abs())))
    });
    let largest = leverages.chain([variation]).chain(correlations).fold(0.0, f64::max);
    match largest.is_finite() {
        true => Ok(largest),
        false => Err(TrainError::Failed),
    }
}

/// The share of the largest in the sum.
fn share(parts: impl Iterator<Item = f64>) -> f64 {
    let (sum, largest) = parts.fold((0.0, 0.0), |(sum, largest): (f64, f64), part| {
        (sum + part, largest.max(part))
    });
    if sum > 0.0 { largest / sum } else { 0.0 }
}
