//! A call that reads: from the moment that it may, until what came of it is known. Whoever goes away meanwhile leaves a
//! failed call on record. That costs the answered path nothing: its one record is the answer's.

use gongshu_engine::ExecuteError;
use gongshu_governance::authorization::{CallFailure, Permit};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::district::District;
use crate::domain::{Ready, text_of};
use crate::error::AppError;
use crate::receipt::Sealed;
use crate::sequencer::{CallItem, Computed, Given, Item};

/// A call to record, and what to tell of it beside its receipt where it failed.
pub(super) struct Attempted {
    pub(super) item: CallItem,
    pub(super) error: Option<AppError>,
}

impl Attempted {
    /// One that was not permitted, and so read nothing.
    pub(super) fn unread(item: CallItem) -> Self {
        Self { item, error: None }
    }
}

/// Records the call as abandoned if it is dropped: the caller has left, or the computation panicked.
struct Reading<'a> {
    district: &'a District,
    item: Option<CallItem>,
}

impl District {
    /// Runs a permitted call.
    pub(super) async fn read(
        &self,
        mut item: CallItem,
        ready: Ready,
        (permit, consents): (Permit, Option<Sealed>),
    ) -> Result<Attempted, AppError> {
        item.losses.clone_from(&ready.losses);
        item.computed = Some(Computed {
            permit,
            given: Given::Failure(CallFailure::Abandoned),
            consents,
        });
        let mut reading = Reading {
            district: self,
            item: Some(item),
        };
        let outcome = ready.run().await;
        let given = match &outcome {
            Ok(answer) => {
                let (text, volume) = text_of(answer)?;
                Given::Answer(self.seal(text), volume)
            }
            Err(error) => Given::Failure(failure_of(error)),
        };
        let mut item = reading.end().ok_or_else(|| AppError::internal("a call ended twice"))?;
        if let Some(computed) = &mut item.computed {
            computed.given = given;
        }
        let error = outcome.err();
        if error.as_ref().is_some_and(ExecuteError::passes) {
            // The same request may be answered in a while: this failure is not what its key stands for.
            item.dedupe = None;
        }
        let error = error.map(|error| AppError::not_computed(&error));
        Ok(Attempted { item, error })
    }
}

impl Reading<'_> {
    fn end(&mut self) -> Option<CallItem> {
        self.item.take()
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        let Some(mut item) = self.item.take() else { return };
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
