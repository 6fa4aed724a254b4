//! Noise for differential privacy: discrete Gaussian, from OpenDP. The guarantee is in `guarantee.md`.

#[cfg(test)]
mod tests;

use opendp::core::Measurement;
use opendp::domains::AtomDomain;
use opendp::measurements::make_gaussian;
use opendp::measures::ZeroConcentratedDivergence;
use opendp::metrics::AbsoluteDistance;

use crate::accountant::Rho;

/// A hair more noise than the formula asks, so that rounding never makes it less.
const MARGIN: f64 = 1.0 + 1e-9;

type Mechanism = Measurement<AtomDomain<i64>, AbsoluteDistance<i64>, ZeroConcentratedDivergence, i64>;

/// Adds noise to a whole number that one subject can move by at most a stated step.
pub struct Gaussian {
    mechanism: Mechanism,
    scale: f64,
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

impl Gaussian {
    /// Noise for numbers that one subject moves by at most `step`, at a loss of at most `rho`.
    ///
    /// # Errors
    /// When the loss is zero.
    pub fn new(step: u64, rho: Rho) -> Result<Self, NoiseError> {
        if rho == Rho::default() {
            return Err(NoiseError::NoLoss);
        }
        let library = |error: opendp::error::Error| NoiseError::Library(error.to_string());
        let step = i64::try_from(step).map_err(|error| NoiseError::Library(error.to_string()))?;
        // A discrete Gaussian of variance σ² loses step² / 2σ².
        let scale = step as f64 / (2.0 * rho.value()).sqrt() * MARGIN;
        let mechanism = make_gaussian(AtomDomain::<i64>::default(), AbsoluteDistance::default(), scale, None);
        let mechanism: Mechanism = mechanism.map_err(library)?;
        match mechanism.map(&step).map_err(library)? <= rho.value() {
            true => Ok(Self { mechanism, scale }),
            false => Err(NoiseError::Library("the loss is larger than asked for".to_owned())),
        }
    }

    /// Standard deviation of the noise.
    #[must_use]
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The number with noise. Each call draws anew, from the operating system's randomness.
    ///
    /// # Errors
    /// When randomness cannot be had.
    pub fn release(&self, number: i64) -> Result<i64, NoiseError> {
        self.mechanism
            .invoke(&number)
            .map_err(|error| NoiseError::Library(error.to_string()))
    }
}
