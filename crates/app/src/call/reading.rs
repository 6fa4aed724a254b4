//! A call that reads: from the moment that it may, until what came of it waits to be recorded. Whoever goes away meanwhile
//! leaves a failed call on record. That costs the answered path nothing: its one record is the answer's.

use gongshu_engine::ExecuteError;
use gongshu_governance::authorization::{CallFailure, Permit};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

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
    /// What it read before under grounds that no longer hold: on record where nothing later is.
    before: Option<Box<CallItem>>,
    /// What to tell of it beside its receipt, where it failed.
    error: Option<AppError>,
}

/// What came of a call that waited for the record.
pub(super) enum Came<'a> {
    /// It is on record, or is another's repeat; with what to tell where it failed.
    Settled(CallDone, Option<AppError>),
    /// It has to be computed again.
    Stale(Box<Attempted<'a>>),
}

impl<'a> Attempted<'a> {
    /// One that has read nothing so far but what an attempt before it did.
    pub(super) fn unread(district: &'a District, item: CallItem, before: Option<Box<Self>>) -> Self {
        let has_read = |mut before: Box<Self>| before.item.take().filter(read).map(Box::new).or(before.before.take());
        Self {
            district,
            item: Some(item),
            before: before.and_then(has_read),
            error: None,
        }
    }

    /// The call, until it goes to the record.
    pub(super) fn item(&self) -> Option<&CallItem> {
        self.item.as_ref()
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

    /// Waits until it is on record; gives what became of it.
    pub(super) async fn record(mut self) -> Result<Came<'a>, AppError> {
        let (reply, done) = oneshot::channel();
        let queue = self.district.0.queue.clone();
        let place = queue.reserve().await.map_err(AppError::internal)?;
        let item = self.item.take();
        let item = item.ok_or_else(|| AppError::internal("a call is recorded twice"))?;
        place.send(Item::Call(Box::new(item), reply));
        let waiting = Waiting {
            queue: queue.clone(),
            done: Some(done),
            before: self.before.take(),
        };
        let (done, before) = waiting.done().await?;
        if let CallDone::Stale(item) = done {
            (self.item, self.before) = (Some(*item), before);
            return Ok(Came::Stale(Box::new(self)));
        }
        Ok(Came::Settled(done, self.error.take()))
    }
}

impl Drop for Attempted<'_> {
    fn drop(&mut self) {
        // What has read nothing tells nothing.
        let left = self.item.take().filter(read).map(Box::new).or(self.before.take());
        leave(&self.district.0.queue, left);
    }
}

/// A call that waits for what the sequencer makes of it. Its caller may go away meanwhile: where the sequencer has it
/// computed again, nobody does, and what was read goes on record.
struct Waiting {
    queue: mpsc::Sender<Item>,
    done: Option<oneshot::Receiver<Result<CallDone, AppError>>>,
    before: Option<Box<CallItem>>,
}

impl Waiting {
    async fn done(mut self) -> Result<(CallDone, Option<Box<CallItem>>), AppError> {
        let Some(done) = &mut self.done else {
            return Err(AppError::internal("a call waits twice"));
        };
        let came = done.await;
        self.done = None;
        let before = self.before.take();
        match came.map_err(AppError::internal).and_then(|recorded| recorded) {
            Ok(done) => Ok((done, before)),
            Err(error) => {
                // What could not be recorded gave no answer; what was read before it was read all the same.
                leave(&self.queue, before);
                Err(error)
            }
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let (Some(done), Ok(runtime)) = (self.done.take(), Handle::try_current()) else {
            return;
        };
        let (queue, before) = (self.queue.clone(), self.before.take());
        runtime.spawn(async move {
            if let Ok(Ok(CallDone::Stale(item))) = done.await
                && let Some(item) = Some(item).filter(|item| read(item)).or(before)
            {
                abandon(&queue, item).await;
            }
        });
    }
}

/// Whether a call has read anything.
fn read(item: &CallItem) -> bool {
    item.computed.is_some()
}

/// Has a call abandoned by nobody who waits for it. At the end of the process there is nobody to record it, as after a crash.
fn leave(queue: &mpsc::Sender<Item>, left: Option<Box<CallItem>>) {
    if let (Some(item), Ok(runtime)) = (left, Handle::try_current()) {
        let queue = queue.clone();
        runtime.spawn(async move { abandon(&queue, item).await });
    }
}

/// Puts on record that a call read, and that nobody waits for what it gave.
async fn abandon(queue: &mpsc::Sender<Item>, mut item: Box<CallItem>) {
    if let Some(computed) = &mut item.computed {
        computed.given = Given::Failure(CallFailure::Abandoned);
    }
    // Whoever lost the connection may ask again with the same key.
    item.dedupe = None;
    let (reply, _) = oneshot::channel();
    // Where nothing is recorded any more, the platform is closing.
    let _ = queue.send(Item::Call(item, reply)).await;
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use gongshu_governance::Actor;
    use gongshu_governance::authorization::{CallFailure, Chain, Permit};
    use gongshu_governance::identifier::{AgreementId, PartyId, ProductId, ScenarioId, SubscriptionId};
    use gongshu_governance::money::Money;
    use gongshu_governance::product::Volume;
    use gongshu_ledger::Suite;
    use tokio::sync::{mpsc, oneshot};

    use crate::error::AppError;

    use super::{CallDone, CallItem, Computed, Given, Item, Sealed, Waiting};

    fn sealed(value: &str) -> Sealed {
        Sealed {
            suite: Suite::International,
            salt: [0; 16],
            value: value.to_owned(),
        }
    }

    fn computed() -> Computed {
        let chain = Chain {
            agreement: AgreementId::new("agr_1"),
            scenario: ScenarioId::new("scn_1"),
            approvals: vec![],
            consent: None,
            consents: BTreeMap::new(),
            subscription: SubscriptionId::new("sub_1"),
        };
        let permit = Permit {
            sequence: 1,
            chain,
            product_revision: 1,
            narrowings: 0,
            derivation_sha256: String::new(),
            versions: vec![],
            rate: None,
            fee: Money::from_fen(180),
            split: vec![],
            crossing: None,
        };
        Computed {
            permit,
            given: Given::Answer(sealed("{}"), Volume::default()),
            consents: None,
        }
    }

    fn item(id: &str, computed: Option<Computed>) -> Box<CallItem> {
        Box::new(CallItem {
            id: id.to_owned(),
            actor: Actor {
                party: PartyId::new("pty_bank"),
                person: None,
            },
            product: ProductId::new("prd_1"),
            purpose: "信贷审核".to_owned(),
            subject: None,
            request: sealed("{}"),
            computed,
            losses: BTreeMap::new(),
            dedupe: Some("key".to_owned()),
        })
    }

    /// The caller goes away while the call waits; then the sequencer says this. What comes to be recorded?
    async fn left(before: Option<Box<CallItem>>, done: CallDone) -> Option<Box<CallItem>> {
        let (queue, mut inbox) = mpsc::channel(1);
        let (reply, waits) = oneshot::channel();
        drop(Waiting {
            queue,
            done: Some(waits),
            before,
        });
        reply.send(Ok(done)).unwrap();
        match inbox.recv().await {
            Some(Item::Call(item, _)) => Some(item),
            Some(Item::Act(..)) | None => None,
        }
    }

    #[tokio::test]
    async fn what_was_read_for_a_caller_who_left_is_recorded_once() {
        let read = left(None, CallDone::Stale(item("cal_1", Some(computed()))))
            .await
            .unwrap();
        assert_eq!(read.failure(), Some(CallFailure::Abandoned));
        assert!(read.answer().is_none() && read.dedupe.is_none());

        let (first, second) = (item("cal_1", Some(computed())), item("cal_2", Some(computed())));
        let read = left(Some(first), CallDone::Stale(second)).await.unwrap();
        assert_eq!(read.id, "cal_2");
        let first = item("cal_1", Some(computed()));
        let read = left(Some(first), CallDone::Stale(item("cal_2", None))).await.unwrap();
        assert_eq!(
            (read.id.as_str(), read.failure()),
            ("cal_1", Some(CallFailure::Abandoned))
        );
    }

    #[tokio::test]
    async fn what_was_read_before_a_failed_record_is_recorded() {
        let (queue, mut inbox) = mpsc::channel(1);
        let (reply, waits) = oneshot::channel();
        let waiting = Waiting {
            queue,
            done: Some(waits),
            before: Some(item("cal_1", Some(computed()))),
        };
        reply.send(Err(AppError::internal("the disk is full"))).unwrap();
        assert!(waiting.done().await.is_err());
        let Some(Item::Call(read, _)) = inbox.recv().await else {
            panic!("nothing is recorded");
        };
        assert_eq!(
            (read.id.as_str(), read.failure()),
            ("cal_1", Some(CallFailure::Abandoned))
        );
    }

    #[tokio::test]
    async fn what_read_nothing_or_is_on_record_leaves_no_second_record() {
        assert!(left(None, CallDone::Stale(item("cal_1", None))).await.is_none());
        let before = Some(item("cal_1", Some(computed())));
        assert!(left(before, CallDone::Repeat(7)).await.is_none());
    }
}
