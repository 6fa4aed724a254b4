//! Cell-key perturbation: noise that is a fixed function of the records in a cell. The guarantee is in
//! `guarantee.md`.

mod table;
#[cfg(test)]
mod tests;

use std::fmt;
use std::hash::Hasher;

use siphasher::sip::SipHasher24;

pub use table::{PerturbationTable, TableParameters};

/// The secret under which subjects become record keys.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RecordSecret([u8; 16]);

impl RecordSecret {
    /// From secret random bytes.
    #[must_use]
    pub fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes themselves, for what carries them to where record keys are computed.
    #[must_use]
    pub fn expose(&self) -> &[u8; 16] {
        &self.0
    }

    /// The record key of a subject: SipHash-2-4 of its identifier, which without the secret nobody can predict.
    #[must_use]
    pub fn record_key(&self, subject: &[u8]) -> u64 {
        let mut hasher = SipHasher24::new_with_key(&self.0);
        hasher.write(subject);
        hasher.finish()
    }
}

impl fmt::Debug for RecordSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RecordSecret(secret)")
    }
}

/// The key of a cell: a uniform number that is the same whenever the same records are in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellKey(u64);

impl CellKey {
    /// The key of records whose keys have this sum (modulo 2⁶⁴). Mixed, so that one record more changes every bit.
    #[must_use]
    pub fn of_sum(sum: u64) -> Self {
        Self(mixed(sum))
    }

    /// The key of what the same records say of one column. Noise of two columns is unrelated: were it the same, a column
    /// whose values are known would tell the noise of all others.
    #[must_use]
    pub fn of_column(self, column: ColumnSeed) -> Self {
        Self(mixed(self.0 ^ mixed(column.0)))
    }

    /// A uniform number in [0, 1), another one for each `purpose`.
    pub(crate) fn uniform(self, purpose: u64) -> f64 {
        const STEPS: f64 = (1_u64 << 53) as f64;
        (mixed(self.0 ^ mixed(purpose)) >> 11) as f64 / STEPS
    }
}

/// What tells the noise of one column from that of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ColumnSeed(u64);

impl ColumnSeed {
    /// The seed of a column. It is no secret: the record keys are.
    #[must_use]
    pub fn new(table: &str, column: &str) -> Self {
        let mut hasher = SipHasher24::new();
        hasher.write(table.as_bytes());
        // No name holds it, so that no two columns are written alike.
        hasher.write(&[0]);
        hasher.write(column.as_bytes());
        Self(hasher.finish())
    }
}

/// The finalizer of SplitMix64 (Steele, Lea, Flood, 2014).
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

/// A magnitude with noise of the size of its largest contribution: between half of `percent` and one and a half of
/// it, up or down, so that no cell comes out unchanged.
#[must_use]
pub fn perturb_magnitude(total: f64, largest: f64, percent: u32, key: CellKey) -> f64 {
    let scale = largest.abs() * f64::from(percent) / 100.0;
    let size = 0.5 + key.uniform(1);
    let sign = if key.uniform(2) < 0.5 { -1.0 } else { 1.0 };
    total + sign * size * scale
}
