//! Cells: where the parameters of one execution are, for the functions of its plan to read.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use datafusion::scalar::ScalarValue;

use crate::access::Consenting;
use crate::control::Measured;

/// The parameters and counters of one instance of a plan. An instance serves one call at a time.
#[derive(Debug, Default)]
pub(crate) struct Cell {
    values: RwLock<Vec<ScalarValue>>,
    consenting: RwLock<Arc<Consenting>>,
    suppressed: AtomicU64,
    measured: Mutex<Measured>,
}

impl Cell {
    /// Puts in the parameters of the next call, the call's day last of them, and whose rows it may see.
    pub(super) fn fill(&self, values: Vec<ScalarValue>, consenting: Arc<Consenting>) {
        *self.consenting.write().unwrap_or_else(PoisonError::into_inner) = consenting;
        *self.values.write().unwrap_or_else(PoisonError::into_inner) = values;
        self.suppressed.store(0, Ordering::Relaxed);
        *self.measured.lock().unwrap_or_else(PoisonError::into_inner) = Measured::default();
    }

    pub(crate) fn value(&self, index: usize) -> Option<ScalarValue> {
        self.values
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(index)
            .cloned()
    }

    pub(super) fn consenting(&self) -> Arc<Consenting> {
        self.consenting.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn last(&self) -> Option<ScalarValue> {
        self.values
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .last()
            .cloned()
    }

    /// Adds what a release has measured; how many cells it held back counts as told where it may be.
    pub(crate) fn measure(&self, measured: Measured, tells: bool) {
        if tells {
            self.suppressed.fetch_add(measured.held_back, Ordering::Relaxed);
        }
        let mut sum = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
        *sum = sum.and(measured);
    }

    pub(super) fn measured(&self) -> Measured {
        *self.measured.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn suppressed(&self) -> u64 {
        self.suppressed.load(Ordering::Relaxed)
    }
}

/// A cell that functions hold; two are equal when they are the same cell.
#[derive(Debug, Clone)]
pub(crate) struct CellRef(pub(crate) Arc<Cell>);

impl PartialEq for CellRef {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for CellRef {}

impl std::hash::Hash for CellRef {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.0).hash(state);
    }
}
