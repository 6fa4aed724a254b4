//! The accountant: budgets of zero-concentrated differential privacy. The guarantee is in `guarantee.md`.

#[cfg(test)]
mod tests;

use std::ops::Add;

/// Millionths in one ρ.
const MICRO: f64 = 1e6;

/// A loss of privacy ρ, in millionths, so that sums are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rho(u64);

impl Rho {
    /// From millionths.
    #[must_use]
    pub fn from_micro(micro: u64) -> Self {
        Self(micro)
    }

    /// In millionths.
    #[must_use]
    pub fn micro(self) -> u64 {
        self.0
    }

    /// ρ as a number.
    #[must_use]
    pub fn value(self) -> f64 {
        self.0 as f64 / MICRO
    }

    /// The half of it, rounded down.
    #[must_use]
    pub fn half(self) -> Self {
        Self(self.0 / 2)
    }

    /// The ε at this δ: ρ + 2·√(ρ·ln(1/δ)) (Bun, Steinke, 2016, proposition 1.3).
    #[must_use]
    pub fn epsilon(self, delta: f64) -> f64 {
        self.value() + 2.0 * (self.value() * (1.0 / delta).ln()).sqrt()
    }
}

impl Add for Rho {
    type Output = Self;

    /// Losses add up (Bun, Steinke, 2016, lemma 2.3). At the end of the range they stay there: never less than real.
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// What may be lost of one resource, by all products together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// The whole.
    pub limit: Rho,
    /// What is gone.
    pub spent: Rho,
}

/// The budget does not cover a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the budget has {} millionths of rho left, but {} are asked for", left.micro(), asked.micro())]
pub struct Spent {
    /// What is left.
    pub left: Rho,
    /// What was asked for.
    pub asked: Rho,
}

impl Budget {
    /// What is left.
    #[must_use]
    pub fn left(self) -> Rho {
        Rho(self.limit.0.saturating_sub(self.spent.0))
    }

    /// The budget after a charge.
    ///
    /// # Errors
    /// When the charge is larger than what is left; nothing is charged then.
    pub fn charge(self, asked: Rho) -> Result<Self, Spent> {
        match asked > self.left() {
            true => Err(Spent {
                left: self.left(),
                asked,
            }),
            false => Ok(Self {
                spent: self.spent + asked,
                ..self
            }),
        }
    }
}
