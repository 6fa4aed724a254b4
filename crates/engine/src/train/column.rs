//! Tests of single columns: the label suits the algorithm, and no column sets few subjects apart.

use gongshu_governance::model::Algorithm;

use super::error::TrainError;
use super::rows::Table;

/// What refusals call the label.
const LABEL: &str = "label";

/// Whether the label suits, and at least so many subjects lie on each side of the mean of every column.
pub(super) fn check(table: &Table, names: &[String], algorithm: Algorithm, least: u64) -> Result<(), TrainError> {
    suits(&table.labels, algorithm)?;
    let count = table.labels.len().max(1) as f64;
    let mean = table.labels.iter().sum::<f64>() / count;
    let (below, above) = sides(table.labels.iter().map(|label| label - mean));
    if below.min(above) < least {
        return Err(apart(LABEL, least));
    }
    for (column, name) in names.iter().enumerate() {
        let cells = table.rows.iter().filter_map(|row| row.get(column).copied());
        let (below, above) = sides(cells);
        let varies = below.max(above) > 0;
        if varies && below.min(above) < least {
            return Err(apart(name, least));
        }
    }
    Ok(())
}

fn suits(labels: &[f64], algorithm: Algorithm) -> Result<(), TrainError> {
    let all = |suits: fn(&f64) -> bool| labels.iter().all(suits);
    match algorithm {
        Algorithm::LinearRegression { .. } => Ok(()),
        Algorithm::LogisticRegression { .. } if all(|label| *label == 0.0 || *label == 1.0) => Ok(()),
        Algorithm::LogisticRegression { .. } => Err(TrainError::Label("0 or 1")),
        Algorithm::PoissonRegression { .. } if all(|label| *label >= 0.0) => Ok(()),
        Algorithm::PoissonRegression { .. } => Err(TrainError::Label("0 or more")),
    }
}

/// How many lie below the mean, and how many above, but for what rounding makes of it.
fn sides(from_mean: impl Iterator<Item = f64>) -> (u64, u64) {
    from_mean.fold((0, 0), |(below, above), value| match value {
        value if value < -f64::EPSILON => (below + 1, above),
        value if value > f64::EPSILON => (below, above + 1),
        _ => (below, above),
    })
}

fn apart(column: &str, least: u64) -> TrainError {
    TrainError::Apart {
        column: column.to_owned(),
        least,
    }
}
