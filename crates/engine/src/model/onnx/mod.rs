//! Networks: ONNX models, whose every step is known before one of them runs.
//!
//! A network is not metered while it runs, since its runtime has no meter. Instead nothing runs whose cost is not known
//! from its file: no branch, no loop, no shape that depends on a value. [`graph`] reads the file by a small calculus in
//! which every value is a constant or holds one row of numbers for each row of the batch, and an operator is known or
//! refused. What it passes cannot mix rows; [`probe`] then tries whether the runtime keeps to that.

mod attribute;
mod constant;
mod fault;
mod graph;
mod inputs;
mod network;
mod operator;
mod probe;
mod step;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Instant;

use datafusion::arrow::array::{ArrayRef, Float64Array};
use quick_cache::sync::Cache;

pub use fault::GraphFault;
use network::Network;

use super::{Model, ModelError, ModelLimits};

/// Most networks that are held ready.
const NETWORKS_MAX: usize = 64;
/// Stack for reading a file and making it ready.
const STACK_BYTES: usize = 16 << 20;

/// Makes networks ready and runs them.
pub(super) struct Networks {
    limits: ModelLimits,
    ready: Cache<String, Arc<Network>>,
}

impl Networks {
    pub(super) fn new(limits: ModelLimits) -> Self {
        Self {
            limits,
            ready: Cache::new(NETWORKS_MAX),
        }
    }

    /// Whether this is a network of so many columns that can be run here, and that keeps rows apart.
    pub(super) fn check(&self, code: &[u8], columns: usize) -> Result<(), ModelError> {
        let network = self.make(code, columns)?;
        within(&self.limits, move || probe::keeps_rows_apart(&network))
    }

    /// The scores of these rows; none for a row that lacks an input.
    pub(super) fn score(&self, model: &Model, columns: &[ArrayRef], rows: usize) -> Result<Float64Array, ModelError> {
        if !model.is_pinned() {
            return Err(ModelError::Pin);
        }
        let make = || self.make(&model.code, columns.len()).map(Arc::new);
        let network = self.ready.get_or_insert_with(&model.sha256, make)?;
        let deadline = Instant::now() + self.limits.time;
        let scored = catch_unwind(AssertUnwindSafe(|| network.score(columns, rows, deadline)));
        match scored.unwrap_or(Err(network::Halt::Failed)) {
            Ok(scores) => Ok(scores),
            Err(network::Halt::Late) => Err(ModelError::Time(self.limits.time)),
            Err(network::Halt::Failed) => Err(ModelError::Failed),
        }
    }

    fn make(&self, code: &[u8], columns: usize) -> Result<Network, ModelError> {
        if code.len() > self.limits.code_bytes {
            return Err(ModelError::Code(self.limits.code_bytes));
        }
        let (code, limits) = (code.to_vec(), self.limits.clone());
        within(&self.limits, move || Network::of(&code, columns, &limits))
    }
}

/// Runs this on a thread of its own and waits as long as a batch may take. A thread cannot be stopped from outside: one
/// that is late goes on until it is done, within the bounds that the file was found to keep, and is not waited for.
fn within<T: Send + 'static>(
    limits: &ModelLimits,
    run: impl FnOnce() -> Result<T, ModelError> + Send + 'static,
) -> Result<T, ModelError> {
    let (done, result) = sync_channel(1);
    let thread = thread::Builder::new().stack_size(STACK_BYTES);
    let started = thread.spawn(move || {
        let made = catch_unwind(AssertUnwindSafe(run)).unwrap_or(Err(ModelError::Failed));
        // Nobody may be waiting any more.
        let _ = done.send(made);
    });
    started.map_err(|_| ModelError::Failed)?;
    result.recv_timeout(limits.time).unwrap_or_else(|error| match error {
        RecvTimeoutError::Timeout => Err(ModelError::Time(limits.time)),
        RecvTimeoutError::Disconnected => Err(ModelError::Failed),
    })
}
