//! A call that reads: from the moment that it may, until what came of it waits to be recorded. Whoever goes away meanwhile
//! leaves a failed call on record. That costs the answered path nothing: its one record is the answer's.

use gongshu_engine::ExecuteError;
use gongshu_governance::authorization::{CallFailure, Permit};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::district::District;
use crate::domain::{Ready, text_of};
use crate::error::AppError;
use crate::receipt::Sealed;
use crate::sequencer::{CallDone, CallItem, Computed, Given, Item};

/// A call on its way to the record. Dropped after it began to read, it is recorded as abandoned: its caller has left, or
/// the computation panicked.
pub(super) struct Attempted<'a> {
    district: &'a District,
    item: Option<CallItem>,
    /// What to tell of it beside its receipt, where it failed.
    error: Option<AppError>,
}

impl<'a> Attempted<'a> {
    /// One that has read nothing so far.
    pub(super) fn unread(district: &'a District, item: CallItem) -> Self {
        Self {
            district,
            item: Some(item),
            error: None,
        }
    }

    /// Runs it under this permit.
    pub(super) async fn read(
        &mut self,
        ready: Ready,
        (permit, consents): (Permit, Option<Sealed>),
    ) -> Result<(), AppError> {
        let Some(item) = &mut self.item else { return Ok(()) };
        item.losses.clone_from(&ready.losses);
        let computed = item.computed.insert(Computed {
            permit,
            given: Given::Failure(CallFailure::Abandoned),
            consents,
        });
        match ready.run().await {
            Ok(answer) => {
                let (text, volume) = text_of(&answer)?;
                computed.given = Given::Answer(self.district.seal(text), volume);
            }
            Err(error) => {
                computed.given = Given::Failure(failure_of(&error));
                if error.passes() {
                    // The same request may be answered in a while: this failure is not what its key stands for.
                    item.dedupe = None;
                }
                self.error = Some(AppError::not_computed(&error));
            }
        }
        Ok(())
    }

    /// Waits until it is on record; gives what became of it, and what to tell where it failed.
    pub(super) async fn record(mut self) -> Result<(CallDone, Option<AppError>), AppError> {
        let (reply, done) = oneshot::channel();
        let place = self.district.0.queue.reserve().await.map_err(AppError::internal)?;
        let item = self.item.take();
        let item = item.ok_or_else(|| AppError::internal("a call is recorded twice"))?;
        place.send(Item::Call(Box::new(item), reply));
        let done = done.await.map_err(AppError::internal)??;
        Ok((done, self.error.take()))
    }
}

impl Drop for Attempted<'_> {
    fn drop(&mut self) {
        let Some(mut item) = self.item.take() else { return };
        // What has read nothing tells nothing.
        let Some(computed) = &mut item.computed else { return };
        computed.given = Given::Failure(CallFailure::Abandoned);
        // Whoever lost the connection may ask again with the same key.
        item.dedupe = None;
        let (queue, (reply, _)) = (self.district.0.queue.clone(), oneshot::channel());
        // At the end of the process there is nobody to record it, as after a crash.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move { queue.send(Item::Call(Box::new(item), reply)).await });
        }
    }
}

fn failure_of(error: &ExecuteError) -> CallFailure {
    match error {
        ExecuteError::Time(_) | ExecuteError::ClusterTime(_) => CallFailure::Time,
        ExecuteError::Rows(_) => CallFailure::Rows,
        ExecuteError::Bytes(_) => CallFailure::Bytes,
        ExecuteError::Memory => CallFailure::Memory,
        ExecuteError::Model(_) => CallFailure::Model,
        ExecuteError::Cluster(_) | ExecuteError::Storage(_) => CallFailure::Unreachable,
        ExecuteError::Failed(_) => CallFailure::Execution,
    }
}
