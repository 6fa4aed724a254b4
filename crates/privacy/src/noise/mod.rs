//! Noise for differential privacy: discrete Gaussian and discrete Laplace, from OpenDP. The guarantee is in
//! `guarantee.md`.

#[cfg(test)]
mod tests;

use opendp::core::Measurement;
use opendp::domains::AtomDomain;
use opendp::error::Error;
use opendp::measurements::{make_gaussian, make_laplace};
use opendp::measures::{MaxDivergence, ZeroConcentratedDivergence};
use opendp::metrics::AbsoluteDistance;

use crate::accountant::Rho;

/// A hair more noise than the formula asks, so that rounding never makes it less.
const MARGIN: f64 = 1.0 + 1e-9;

type Mechanism<M> = Measurement<AtomDomain<i64>, AbsoluteDistance<i64>, M, i64>;

/// How noise is distributed over the whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Distribution {
    /// Discrete Gaussian.
    #[default]
    Gaussian,
    /// Discrete Laplace.
    Laplace,
}

/// What one subject can change of the numbers that are released together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Change {
    /// How many of them, at most.
    pub numbers: u32,
    /// Each by how much, at most.
    pub step: u64,
}

/// Adds noise to whole numbers of which one subject can change so much.
pub struct Noise {
    drawn: Drawn,
    scale: f64,
}

enum Drawn {
    Gaussian(Mechanism<ZeroConcentratedDivergence>),
    Laplace(Mechanism<MaxDivergence>),
}

/// Why no noise can be made.
#[derive(Debug, thiserror::Error)]
pub enum NoiseError {
    /// A loss of nothing would need noise without end.
    #[error("a loss of zero allows no answer")]
    NoLoss,
    /// The library refuses.
    #[error("the noise library refuses: {0}")]
    Library(String),
}

impl Noise {
    /// Noise under which all numbers together lose at most `rho`, whichever subject changes.
    ///
    /// # Errors
    /// When the loss is zero.
    pub fn new(distribution: Distribution, change: Change, rho: Rho) -> Result<Self, NoiseError> {
        if rho == Rho::default() {
            return Err(NoiseError::NoLoss);
        }
        let step = i64::try_from(change.step).map_err(|error| NoiseError::Library(error.to_string()))?;
        let scale = scale(distribution, change, rho);
        let (domain, metric) = (AtomDomain::<i64>::default(), AbsoluteDistance::default());
        let numbers = f64::from(change.numbers.max(1));
        let (drawn, loss) = match distribution {
            Distribution::Gaussian => {
                let mechanism: Mechanism<_> = make_gaussian(domain, metric, scale, None).map_err(library)?;
                let each = mechanism.map(&step).map_err(library)?;
                (Drawn::Gaussian(mechanism), numbers * each)
            }
            Distribution::Laplace => {
                let mechanism: Mechanism<_> = make_laplace(domain, metric, scale, None).map_err(library)?;
                let all = numbers * mechanism.map(&step).map_err(library)?;
                (Drawn::Laplace(mechanism), all * all / 2.0)
            }
        };
        match loss <= rho.value() {
            true => Ok(Self { drawn, scale }),
            false => Err(NoiseError::Library("the loss is larger than asked for".to_owned())),
        }
    }

    /// Standard deviation of a Gaussian; of a Laplace, the mean size, which is a √2-th of it.
    #[must_use]
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The number with noise. Each call draws anew, from the operating system's randomness.
    ///
    /// # Errors
    /// When randomness cannot be had.
    pub fn release(&self, number: i64) -> Result<i64, NoiseError> {
        match &self.drawn {
            Drawn::Gaussian(mechanism) => mechanism.invoke(&number),
            Drawn::Laplace(mechanism) => mechanism.invoke(&number),
        }
        .map_err(library)
    }
}

/// A discrete Gaussian of variance σ² loses step² / 2σ² of ρ, in each number that changes. A discrete Laplace of scale b
/// loses step / b of ε in each, and ε of pure differential privacy is ε² / 2 of ρ.
fn scale(distribution: Distribution, change: Change, rho: Rho) -> f64 {
    let numbers = f64::from(change.numbers.max(1));
    let spread = match distribution {
        Distribution::Gaussian => numbers.sqrt(),
        Distribution::Laplace => numbers,
    };
    change.step as f64 * spread / (2.0 * rho.value()).sqrt() * MARGIN
}

#[expect(clippy::needless_pass_by_value, reason = "the form that `map_err` asks for")]
fn library(error: Error) -> NoiseError {
    NoiseError::Library(error.to_string())
}
