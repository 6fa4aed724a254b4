//! The (n, k) dominance rule: a total of which few make up most tells about them. The guarantee is in `guarantee.md`.

#[cfg(test)]
mod tests;

/// The rule: no `contributors` largest may make up more than `percent` of a total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dominance {
    /// How many of the largest contributions are taken together (n).
    pub contributors: u32,
    /// How much of the total they may make up, in percent (k).
    pub percent: u32,
}

impl Dominance {
    /// Whether the total tells too much. `total` is the sum of the sizes of all contributions, `largest` the largest
    /// sizes in descending order; what is not a number counts as dominating.
    #[must_use]
    pub fn is_broken(&self, total: f64, largest: &[f64]) -> bool {
        let together: f64 = largest.iter().take(self.contributors as usize).sum();
        let within = together * 100.0 <= total * f64::from(self.percent);
        !(within && together.is_finite())
    }
}
