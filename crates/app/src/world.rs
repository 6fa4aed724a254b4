//! Clock and randomness: the only places where the outside world enters a decision.

use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// A moment before any that is asked about.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The instant now, in UTC.
    fn now(&self) -> Timestamp;

    /// Time that has passed since some fixed moment, whatever is done to the calendar meanwhile.
    fn elapsed(&self) -> Duration {
        START.elapsed()
    }
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A source of randomness that everything draws from; the same seed gives the same draws.
#[derive(Debug)]
pub struct Entropy(Mutex<StdRng>);

impl Entropy {
    /// Seeded by the operating system.
    #[must_use]
    pub fn from_system() -> Self {
        Self(Mutex::new(rand::make_rng()))
    }

    /// Seeded by a number; for tests and simulations.
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }

    /// Fresh random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill(&mut bytes[..]);
        bytes
    }

    /// A generator of its own, seeded from this one.
    #[must_use]
    pub fn fork(&self) -> StdRng {
        StdRng::from_seed(self.bytes())
    }

    /// A sortable, opaque id with this prefix.
    #[must_use]
    pub fn id(&self, prefix: &str, at: Timestamp) -> String {
        let millisecond = u64::try_from(at.as_millisecond()).unwrap_or(0);
        let ulid = ulid::Ulid::from_parts(millisecond, u128::from_le_bytes(self.bytes()));
        format!("{prefix}_{}", ulid.to_string().to_ascii_lowercase())
    }
}
