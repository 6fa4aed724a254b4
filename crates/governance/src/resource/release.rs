//! Release rules: what of a column may leave the security domain.
//!
//! The rules form the contract between governance, which states them per field, and the engine,
//! which enforces them on the logical plan.

use std::collections::BTreeSet;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What of a column may leave the domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "rule")]
pub enum ReleaseRule {
    /// The value itself.
    Open,
    /// The value after `mask`, and nothing else.
    Masked {
        /// The one transformation through which the value may leave.
        mask: Mask,
    },
    /// Nothing; the column may only be an equality key between resources.
    Join,
    /// The value as the key of a group that passes the threshold.
    Group,
    /// Results of the named aggregates over groups that pass the threshold.
    Aggregate {
        /// The aggregates that may be applied; `count` of rows is always among them.
        functions: BTreeSet<AggregateFunction>,
    },
    /// Results of the named aggregates with calibrated noise, charged to the resource's privacy budget.
    Private {
        /// The aggregates that may be applied.
        functions: BTreeSet<AggregateFunction>,
        /// Loss of one result, in millionths of ρ (zero-concentrated differential privacy).
        rho_micro: u64,
        /// Values are clamped from below here.
        low: i64,
        /// And from above here.
        high: i64,
        /// How the noise is distributed.
        #[serde(default, skip_serializing_if = "NoiseDistribution::is_usual")]
        noise: NoiseDistribution,
        /// How much of what one subject has may count, where it has several records.
        #[serde(default, skip_serializing_if = "Contribution::is_usual")]
        contribution: Contribution,
    },
    /// The value, for a subject whose consent covers this purpose and consumer now.
    Consented,
    /// The output of a reviewed model of which the column is a declared input.
    Scored,
    /// Nothing; the column cannot be mentioned.
    Closed,
}

/// How the noise of a private result is distributed. Both are over whole numbers, and lose the same ρ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoiseDistribution {
    /// Discrete Gaussian: less noise where a subject counts in several groups.
    #[default]
    Gaussian,
    /// Discrete Laplace: pure differential privacy, of ε = √(2ρ).
    Laplace,
}

impl NoiseDistribution {
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// How much of what one subject has counts in one private result. More of it needs more noise for the same loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Contribution {
    /// In how many groups its records count at most.
    pub groups: u32,
    /// How many of its records count in each of them at most.
    pub rows: u32,
}

impl Default for Contribution {
    fn default() -> Self {
        Self { groups: 1, rows: 1 }
    }
}

impl Contribution {
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// Whether no less counts here than under the other.
    fn is_at_least(self, other: Self) -> bool {
        self.groups >= other.groups && self.rows >= other.rows
    }
}

/// A transformation that hides part of a value (GB/T 37964-2019).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "mask")]
pub enum Mask {
    /// Keeps the first `head` and last `tail` characters; the rest becomes `*`.
    Partial {
        /// Characters kept at the start.
        head: u8,
        /// Characters kept at the end.
        tail: u8,
    },
    /// Rounds a number down to a multiple of `width`.
    Band {
        /// Width of a band, in the unit of the column; at least 1.
        width: u32,
    },
    /// Keeps the year of a date.
    Year,
}

/// An aggregate that a field may allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AggregateFunction {
    /// Number of non-null values.
    Count,
    /// Sum of the values.
    Sum,
    /// Arithmetic mean.
    Mean,
}

impl AggregateFunction {
    /// The name as SQL writes it.
    #[must_use]
    pub fn sql(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Mean => "avg",
        }
    }
}

impl ReleaseRule {
    /// The rule's word in documents and messages.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Masked { .. } => "masked",
            Self::Join => "join",
            Self::Group => "group",
            Self::Aggregate { .. } => "aggregate",
            Self::Private { .. } => "private",
            Self::Consented => "consented",
            Self::Scored => "scored",
            Self::Closed => "closed",
        }
    }
}

impl ReleaseRule {
    /// Whether a column under this rule has the rows of its table guarded: it leaves in groups only, or joins resources.
    #[must_use]
    pub fn guards_rows(&self) -> bool {
        match self {
            Self::Join | Self::Group | Self::Aggregate { .. } | Self::Private { .. } => true,
            Self::Open | Self::Masked { .. } | Self::Consented | Self::Scored | Self::Closed => false,
        }
    }

    /// Whether everything that `other` lets leave may leave under this rule too: a grant may replace
    /// this rule by `other`.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Open, _) | (_, Self::Closed) => true,
            (Self::Masked { mask }, Self::Masked { mask: other }) => mask.covers(other),
            (Self::Aggregate { functions }, Self::Aggregate { functions: fewer }) => fewer.is_subset(functions),
            (Self::Aggregate { functions }, Self::Private { functions: fewer, .. }) => fewer.is_subset(functions),
            (Self::Private { .. }, Self::Private { .. }) => self.spends_at_least(other),
            (Self::Join | Self::Group | Self::Consented | Self::Scored, other) => self == other,
            (Self::Masked { .. } | Self::Aggregate { .. } | Self::Private { .. } | Self::Closed, _) => false,
        }
    }
}

impl ReleaseRule {
    /// Of two private rules: whether the other loses no more, for no more functions, within the same bounds, with no
    /// weaker a promise and no more of each subject.
    fn spends_at_least(&self, other: &Self) -> bool {
        let (
            Self::Private {
                functions,
                rho_micro,
                low,
                high,
                noise,
                contribution,
            },
            Self::Private {
                functions: fewer,
                rho_micro: less,
                low: above,
                high: below,
                noise: purer,
                contribution: smaller,
            },
        ) = (self, other)
        else {
            return false;
        };
        let within = above >= low && below <= high && contribution.is_at_least(*smaller);
        fewer.is_subset(functions) && less <= rho_micro && noise <= purer && within
    }
}

impl Mask {
    /// Whether `other` keeps nothing that this mask hides.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Partial { head, tail }, Self::Partial { head: h, tail: t }) => h <= head && t <= tail,
            (Self::Band { width }, Self::Band { width: wider }) => wider % (*width).max(1) == 0 && wider >= width,
            (Self::Year, Self::Year) => true,
            (Self::Partial { .. } | Self::Band { .. } | Self::Year, _) => false,
        }
    }
}

impl fmt::Display for ReleaseRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::{AggregateFunction as F, Contribution, Mask, NoiseDistribution, ReleaseRule as R};

    fn rules() -> Vec<R> {
        let aggregate = |functions: &[F]| R::Aggregate {
            functions: functions.iter().copied().collect(),
        };
        vec![
            R::Open,
            R::Masked {
                mask: Mask::Partial { head: 3, tail: 4 },
            },
            R::Masked {
                mask: Mask::Partial { head: 1, tail: 0 },
            },
            R::Masked {
                mask: Mask::Band { width: 10 },
            },
            R::Masked {
                mask: Mask::Band { width: 20 },
            },
            R::Masked {
                mask: Mask::Band { width: 25 },
            },
            R::Masked { mask: Mask::Year },
            R::Join,
            R::Group,
            aggregate(&[F::Sum, F::Mean]),
            aggregate(&[F::Mean]),
            private(10, NoiseDistribution::Gaussian, 3),
            private(5, NoiseDistribution::Gaussian, 3),
            private(5, NoiseDistribution::Laplace, 3),
            private(5, NoiseDistribution::Laplace, 2),
            R::Consented,
            R::Scored,
            R::Closed,
        ]
    }

    fn private(rho_micro: u64, noise: NoiseDistribution, groups: u32) -> R {
        R::Private {
            functions: [F::Mean].into(),
            rho_micro,
            low: 0,
            high: 90,
            noise,
            contribution: Contribution { groups, rows: 2 },
        }
    }

    #[test]
    fn a_rule_on_record_keeps_its_words() {
        let old = r#"{"rule":"private","functions":["mean"],"rho_micro":10,"low":0,"high":90}"#;
        let rule: R = serde_json::from_str(old).unwrap();
        assert_eq!(serde_json::to_string(&rule).unwrap(), old);
        let new = serde_json::to_string(&private(5, NoiseDistribution::Laplace, 3)).unwrap();
        assert_eq!(
            serde_json::from_str::<R>(&new).unwrap(),
            private(5, NoiseDistribution::Laplace, 3)
        );
        assert!(
            new.contains(r#""noise":"laplace","contribution":{"groups":3,"rows":2}"#),
            "{new}"
        );
    }

    #[test]
    fn tighter_is_an_order() {
        let rules = rules();
        for a in &rules {
            assert!(a.covers(a) && R::Open.covers(a) && a.covers(&R::Closed), "{a:?}");
            assert!(!R::Closed.covers(a) || *a == R::Closed, "{a:?}");
            for b in &rules {
                assert!(a == b || !(a.covers(b) && b.covers(a)), "{a:?} {b:?}");
                for c in rules.iter().filter(|c| a.covers(b) && b.covers(c)) {
                    assert!(a.covers(c), "{a:?} {b:?} {c:?}");
                }
            }
        }
    }

    #[test]
    fn a_wider_mask_or_another_rule_is_not_covered() {
        let rules = rules();
        let covered = |wide: usize| rules.iter().filter(|rule| rules[wide].covers(rule)).count();
        assert_eq!(
            [1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 13, 14].map(covered),
            [3, 2, 3, 2, 2, 2, 7, 6, 5, 4, 3, 2]
        );
    }
}
