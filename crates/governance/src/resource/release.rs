//! Release rules: what of a column may leave the security domain.
//!
//! The rules form the contract between governance, which states them per field, and the engine,
//! which enforces them on the logical plan.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

/// What of a column may leave the domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "rule")]
pub enum ReleaseRule {
    /// The value itself.
    Open,
    /// The value after `mask`, and nothing else.
    Masked {
        /// The one transformation through which the value may leave.
        mask: Mask,
    },
    /// The value as the key of a group that passes the threshold.
    Group,
    /// Results of the named aggregates over groups that pass the threshold.
    Aggregate {
        /// The aggregates that may be applied; `count` of rows is always among them.
        functions: BTreeSet<AggregateFunction>,
    },
    /// The value, for a subject whose consent covers this purpose and consumer now.
    Consented,
    /// Nothing; the column cannot be mentioned.
    Closed,
}

/// A transformation that hides part of a value (GB/T 37964-2019).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
            Self::Group => "group",
            Self::Aggregate { .. } => "aggregate",
            Self::Consented => "consented",
            Self::Closed => "closed",
        }
    }
}

impl fmt::Display for ReleaseRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
