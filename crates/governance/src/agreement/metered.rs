//! What the record knows of the use of an agreement's scale (论证, opinion 13).
//!
//! Counted is what entries state: resources, bytes of versions, calls. Nothing on record tells how much computing serves a
//! call, so that amount is shown as agreed and never as used.

use jiff::civil::Date;

use super::{Agreement, Amount, Measure};
use crate::resource::{Resource, Version};
use crate::state::State;

/// Bytes of a gigabyte.
pub const GIGABYTE: u64 = 1_000_000_000;

/// The use of an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// What was agreed.
    pub amount: Amount,
    /// How much is used: bytes where the unit is a gigabyte; none where nobody measures it.
    pub used: Option<u64>,
    /// Versions that count and whose bytes are not on record, since they are from before they were.
    pub unmeasured: u64,
}

impl Use {
    /// How much of the agreed amount is used, in percent, rounded down.
    #[must_use]
    pub fn percent(&self) -> Option<u64> {
        let whole = u128::from(self.amount.quantity) * u128::from(unit(self.amount.measure));
        let part = u128::from(self.used?) * 100;
        u64::try_from(part.checked_div(whole)?).ok()
    }

    /// The used amount in its unit, as a decimal number.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let used = self.used?;
        Some(match unit(self.amount.measure) {
            1 => used.to_string(),
            unit => format!("{}.{:06}", used / unit, used % unit / (unit / 1_000_000)),
        })
    }
}

/// What one of the unit is in the numbers that are counted.
fn unit(measure: Measure) -> u64 {
    match measure {
        Measure::Resources | Measure::CallsPerDay | Measure::Compute => 1,
        Measure::DataPerYear | Measure::Storage => GIGABYTE,
    }
}

/// The use of each amount of an agreement, on a day on which so many calls were made under it.
#[must_use]
pub fn used(state: &State, agreement: &Agreement, today: Date, calls: u64) -> Vec<Use> {
    let covered = agreement.covered.iter().filter_map(|id| state.resources.get(id));
    let covered: Vec<&Resource> = covered.map(|resource| &**resource).collect();
    let amounts = agreement.terms.capacity.iter();
    amounts
        .map(|amount| {
            let (used, unmeasured) = match amount.measure {
                Measure::Resources => (Some(agreement.terms.resources.len() as u64), 0),
                Measure::CallsPerDay => (Some(calls), 0),
                Measure::Compute => (None, 0),
                Measure::DataPerYear => supplied(&covered, today.year()),
                Measure::Storage => stored(&covered),
            };
            Use {
                amount: amount.clone(),
                used,
                unmeasured,
            }
        })
        .collect()
}

/// Bytes in the vault of versions whose keys are not destroyed.
fn stored(covered: &[&Resource]) -> (Option<u64>, u64) {
    let versions = covered.iter().flat_map(|resource| &resource.versions);
    sum(versions
        .filter(|version| !version.status.is_destroyed())
        .map(|version| version.stored_bytes))
}

/// Bytes of the files that came in a year.
fn supplied(covered: &[&Resource], year: i16) -> (Option<u64>, u64) {
    let of_year = |resource: &&Resource| {
        let came = |version: &&Version| resource.came.get(&version.id) == Some(&year);
        let versions = resource.versions.iter().filter(came);
        versions.map(|version| version.source_bytes).collect::<Vec<_>>()
    };
    sum(covered.iter().flat_map(of_year))
}

/// The sum of what is known, and how much is not.
fn sum(bytes: impl Iterator<Item = Option<u64>>) -> (Option<u64>, u64) {
    let (mut all, mut unmeasured) = (0_u64, 0);
    for bytes in bytes {
        match bytes {
            Some(bytes) => all = all.saturating_add(bytes),
            None => unmeasured += 1,
        }
    }
    (Some(all), unmeasured)
}
