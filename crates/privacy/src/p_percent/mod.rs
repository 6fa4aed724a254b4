//! The p % rule: the second largest contributor must not be able to estimate the largest too closely. The guarantee
//! is in `guarantee.md`.

#[cfg(test)]
mod tests;

/// The rule: the largest contribution may not be estimable within `percent` of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PPercent {
    /// The protection asked for, in percent of the largest contribution (p).
    pub percent: u32,
}

impl PPercent {
    /// Whether the total tells too much. `largest` holds the largest sizes in descending order. Of a total without
    /// contributions nothing is told.
    #[must_use]
    pub fn is_broken(&self, total: f64, largest: &[f64]) -> bool {
        let first = largest.first().copied().unwrap_or(0.0);
        let second = largest.get(1).copied().unwrap_or(0.0);
        let remainder = total - first - second;
        let wide_enough = remainder * 100.0 >= first * f64::from(self.percent);
        !(wide_enough && first.is_finite())
    }
}
