//! Money: exact amounts of yuan, counted in fen.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};
use std::str::FromStr;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An exact amount of yuan in whole fen. Written with two places: `1.80`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Money(i64);

/// A text that is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an amount of yuan with at most two places, such as `1.80`")]
pub struct MoneyError(String);

/// A part of a whole in basis points: 10,000 is all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct BasisPoints(pub u32);

impl BasisPoints {
    /// The whole.
    pub const WHOLE: u32 = 10_000;

    /// The part in percent, for people: `12.5`.
    #[must_use]
    pub fn percent(self) -> Decimal {
        Decimal::new(i64::from(self.0), 2).normalize()
    }
}

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount in fen.
    #[must_use]
    pub const fn from_fen(fen: i64) -> Self {
        Self(fen)
    }

    /// The amount in fen.
    #[must_use]
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// The sum, where it can be counted.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The amount so many times, where it can be counted.
    #[must_use]
    pub fn times(self, count: u64) -> Option<Self> {
        self.0.checked_mul(i64::try_from(count).ok()?).map(Self)
    }

    /// The amount for `count` of which it buys `whole`, rounded down to a fen; `None` where it cannot be counted.
    #[must_use]
    pub fn for_parts(self, count: u64, whole: u64) -> Option<Self> {
        let fen = (i128::from(self.0) * i128::from(count)).checked_div_euclid(i128::from(whole))?;
        i64::try_from(fen).ok().map(Self)
    }

    /// A part of the amount, rounded down to a fen; `None` where it cannot be counted.
    #[must_use]
    pub fn part(self, part: BasisPoints) -> Option<Self> {
        let product = i128::from(self.0) * i128::from(part.0);
        let fen = product.div_euclid(i128::from(BasisPoints::WHOLE));
        i64::try_from(fen).ok().map(Self)
    }

    /// Splits the amount into `parts` that add up to it exactly.
    ///
    /// Every part is rounded down to a fen; what is left over goes, one fen each, to the parts with
    /// the largest remainders, the earlier part first where they are equal (largest remainder
    /// method). `parts` add up to [`BasisPoints::WHOLE`]; the amount is not negative.
    #[must_use]
    pub fn split(self, parts: &[BasisPoints]) -> Vec<Self> {
        let weights: Vec<i128> = parts.iter().map(|part| i128::from(part.0)).collect();
        self.largest_remainder(&weights, i128::from(BasisPoints::WHOLE))
    }

    /// Apportions the amount in proportion to `weights`, adding up to it exactly; rounded as by [`Self::split`].
    ///
    /// None of the amounts is negative. Where the amount is at most the weights' sum, no part is more than its weight.
    /// Without any weight there is nothing to apportion to, and every part is zero.
    #[must_use]
    pub fn apportion(self, weights: &[Self]) -> Vec<Self> {
        let weights: Vec<i128> = weights.iter().map(|weight| i128::from(weight.0)).collect();
        match weights.iter().sum() {
            0 => vec![Self::ZERO; weights.len()],
            whole => self.largest_remainder(&weights, whole),
        }
    }

    fn largest_remainder(self, weights: &[i128], whole: i128) -> Vec<Self> {
        let products: Vec<i128> = weights.iter().map(|weight| i128::from(self.0) * weight).collect();
        let mut shares: Vec<i128> = products.iter().map(|product| product / whole).collect();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|&index| std::cmp::Reverse(products[index] % whole));
        let left = i128::from(self.0) - shares.iter().sum::<i128>();
        for &index in order.iter().take(usize::try_from(left).unwrap_or(0)) {
            shares[index] += 1;
        }
        shares
            .into_iter()
            .map(|share| Self(i64::try_from(share).unwrap_or(i64::MAX)))
            .collect()
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(
            f,
            "{sign}{}.{:02}",
            self.0.unsigned_abs() / 100,
            self.0.unsigned_abs() % 100
        )
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || MoneyError(text.to_owned());
        let amount = Decimal::from_str(text).map_err(|_| error())?.normalize();
        if amount.scale() > 2 {
            return Err(error());
        }
        let fen = amount.checked_mul(Decimal::ONE_HUNDRED).ok_or_else(error)?;
        i64::try_from(fen).map(Self).map_err(|_| error())
    }
}

impl TryFrom<String> for Money {
    type Error = MoneyError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Money> for String {
    fn from(money: Money) -> Self {
        money.to_string()
    }
}

impl Add for Money {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Money {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_read_and_print_exactly() {
        for (text, fen) in [("1.80", 180), ("1.8", 180), ("0", 0), ("200", 20_000), ("-0.05", -5)] {
            assert_eq!(text.parse::<Money>().unwrap().fen(), fen, "{text}");
        }
        assert_eq!(Money::from_fen(180).to_string(), "1.80");
        assert_eq!(Money::from_fen(-5).to_string(), "-0.05");
        for text in ["1.805", "one", "", "1e40", "99999999999999999999"] {
            assert!(text.parse::<Money>().is_err(), "{text}");
        }
    }

    #[test]
    fn leftover_fen_go_to_the_largest_remainders() {
        let parts = [BasisPoints(3_333), BasisPoints(3_333), BasisPoints(3_334)];
        let shares: Vec<i64> = Money::from_fen(100).split(&parts).into_iter().map(Money::fen).collect();
        assert_eq!(shares, [33, 33, 34]);
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_whole(fen in 0_i64..1_000_000_000_000, cuts in proptest::collection::vec(0_u32..=10_000, 0..6)) {
            let mut cuts = cuts;
            cuts.push(0);
            cuts.push(10_000);
            cuts.sort_unstable();
            let parts: Vec<BasisPoints> = cuts.windows(2).map(|pair| BasisPoints(pair[1] - pair[0])).collect();
            let shares = Money::from_fen(fen).split(&parts);
            prop_assert_eq!(shares.iter().copied().sum::<Money>().fen(), fen);
            for (share, part) in shares.iter().zip(&parts) {
                let exact = i128::from(fen) * i128::from(part.0);
                prop_assert!((i128::from(share.fen()) * 10_000 - exact).abs() < 10_000);
            }
        }
    }
}
