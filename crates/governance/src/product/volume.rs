//! Charging by volume: an answer is counted before it is sealed, and priced by its rows or its bytes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Charging;
use crate::money::{BasisPoints, Money};

/// Bytes of a megabyte.
pub const MEGABYTE_BYTES: u64 = 1_000_000;

/// How much an answer holds, or answers together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Volume {
    /// Bytes of the text that its receipt commits to.
    pub bytes: u64,
    /// Rows.
    pub rows: u64,
}

impl Volume {
    /// Whether nothing was counted.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Both together, where they can be counted.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Some(Self {
            bytes: self.bytes.checked_add(other.bytes)?,
            rows: self.rows.checked_add(other.rows)?,
        })
    }
}

/// What a call costs by the volume of its answer, and who shares that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// By what.
    pub charging: Charging,
    /// Price of one of it.
    pub price: Money,
    /// The parts of those who share the fee, in their order.
    pub parts: Vec<BasisPoints>,
}

impl Rate {
    /// What an answer costs: a row the price, a megabyte the price and less than one its part of it, rounded down to a fen
    /// in favour of who pays. `None` where it cannot be counted.
    #[must_use]
    pub fn fee(&self, volume: Volume) -> Option<Money> {
        match self.charging {
            Charging::Row => self.price.times(volume.rows),
            Charging::Megabyte => self.price.for_parts(volume.bytes, MEGABYTE_BYTES),
            Charging::Call | Charging::Once | Charging::Month | Charging::Year => Some(Money::ZERO),
        }
    }
}
