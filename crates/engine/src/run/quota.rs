//! Memory of one call: its own limit within the memory of all.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use datafusion::error::{DataFusionError, Result};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryPool, MemoryReservation};

/// Passes on to the shared pool what stays within its own limit.
#[derive(Debug)]
pub(crate) struct Quota {
    shared: Arc<dyn MemoryPool>,
    bytes_max: usize,
    used: AtomicUsize,
}

impl Quota {
    pub(crate) fn new(shared: Arc<dyn MemoryPool>, bytes_max: usize) -> Self {
        let used = AtomicUsize::new(0);
        Self {
            shared,
            bytes_max,
            used,
        }
    }
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at most {} bytes of {}", self.bytes_max, self.shared)
    }
}

impl MemoryPool for Quota {
    fn name(&self) -> &'static str {
        "quota"
    }

    fn register(&self, consumer: &MemoryConsumer) {
        self.shared.register(consumer);
    }

    fn unregister(&self, consumer: &MemoryConsumer) {
        self.shared.unregister(consumer);
    }

    fn grow(&self, reservation: &MemoryReservation, additional: usize) {
        self.used.fetch_add(additional, Ordering::Relaxed);
        self.shared.grow(reservation, additional);
    }

    fn shrink(&self, reservation: &MemoryReservation, shrink: usize) {
        self.used.fetch_sub(shrink, Ordering::Relaxed);
        self.shared.shrink(reservation, shrink);
    }

    fn try_grow(&self, reservation: &MemoryReservation, additional: usize) -> Result<()> {
        let used = self.used.fetch_add(additional, Ordering::Relaxed) + additional;
        let granted = match used > self.bytes_max {
            true => Err(DataFusionError::ResourcesExhausted(
                "the call's memory is used up".to_owned(),
            )),
            false => self.shared.try_grow(reservation, additional),
        };
        if granted.is_err() {
            self.used.fetch_sub(additional, Ordering::Relaxed);
        }
        granted
    }

    fn reserved(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }
}
