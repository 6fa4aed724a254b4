//! The sequencer: one writer that puts acts and calls in one order and makes them durable together.
//!
//! Items that arrive while a commit is under way share the next one: one decision after another
//! against the newest state, then one transaction, one signature, one sync to disk. Because a call
//! is decided here again, after every act before it in the order, no call is recorded after its
//! authorization ended (linear revocation).
//!
//! Several servers may share a PostgreSQL database. Each has its sequencer; they take turns, and whoever has the turn
//! first reads what the others have written, so that there is still one order.

mod batch;
mod item;
mod time;
mod turn;

use std::sync::Arc;

use arc_swap::ArcSwap;
use gongshu_governance::power::Powers;
use gongshu_governance::rules::RuleBook;
use gongshu_governance::{Moment, State, evolve};
use gongshu_ledger::{Appended, Edge, NoteSigner, SignedCheckpoint};
use gongshu_store::{EventRecord, MeterRecord, Store, Turn};
use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep};

pub(crate) use batch::encode_events;
pub(crate) use item::{ActDone, ActItem, CallDone, CallItem, Computed, Given, Item};
pub use time::ClockFault;
pub(crate) use time::RecordTime;

use crate::error::AppError;
use crate::exported::Veil;
use crate::feed::Feed;
use crate::metrics::Metrics;
use crate::saved_state::Keeper;
use crate::snapshot::Snapshot;
use crate::world::{Clock, Entropy};
use batch::Work;
use turn::LOOK_EVERY;

/// Most items that share one commit.
pub const BATCH_ITEMS_MAX: usize = 2_048;
/// Most items that wait; more senders wait their turn.
pub const QUEUE_ITEMS_MAX: usize = 4_096;

/// All that the sequencer decides with.
pub(crate) struct Sequencer {
    pub(crate) store: Store,
    pub(crate) book: Arc<RuleBook>,
    pub(crate) powers: Arc<Powers>,
    pub(crate) signer: NoteSigner,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<Entropy>,
    /// Hides the persons that are counted.
    pub(crate) veil: Arc<Veil>,
    pub(crate) snapshot: Arc<ArcSwap<Snapshot>>,
    pub(crate) head: Arc<ArcSwap<Head>>,
    pub(crate) feed: Feed,
    pub(crate) metrics: Metrics,
    pub(crate) edge: Edge,
    pub(crate) time: RecordTime,
    /// Whether the database may hold more than is known here: a commit failed, and it could not be read since.
    pub(crate) unsure: bool,
    /// Tells the size of the log after each commit.
    pub(crate) grown: watch::Sender<u64>,
    /// Has the state saved from time to time.
    pub(crate) keeper: Keeper,
}

/// The newest durable checkpoint and edge: what the log's readers are served.
#[derive(Debug)]
pub struct Head {
    /// The right edge.
    pub edge: Edge,
    /// The signed checkpoint; none while the log is empty.
    pub checkpoint: Option<Arc<SignedCheckpoint>>,
}

/// The state that loaded events lead to, from the state before them.
pub(crate) fn rebuild(before: State, events: &[(EventRecord, Timestamp)], meters: &[MeterRecord]) -> Snapshot {
    let mut snapshot: Snapshot = meters.iter().cloned().collect();
    snapshot.state = before;
    for (record, at) in events {
        evolve(
            &mut snapshot.state,
            &record.event,
            Moment {
                sequence: record.sequence,
                at: *at,
            },
        );
    }
    snapshot
}

impl Sequencer {
    /// Works until every sender is gone.
    pub(crate) async fn run(mut self, mut inbox: mpsc::Receiver<Item>) {
        let mut items = Vec::with_capacity(BATCH_ITEMS_MAX);
        loop {
            tokio::select! {
                received = inbox.recv_many(&mut items, BATCH_ITEMS_MAX) => match received {
                    0 => return,
                    _ => self.commit(&mut items).await,
                },
                () = sleep(LOOK_EVERY), if self.store.is_shared() => self.look().await,
            }
        }
    }

    async fn commit(&mut self, items: &mut Vec<Item>) {
        let begun = Instant::now();
        let (turn, known, at) = match self.turn(items).await {
            Ok(turn) => turn,
            Err(error) => return self.fail(items.drain(..), &error),
        };
        let mut work = Work::new(self, known, at);
        for item in items.drain(..) {
            work.take(item);
        }
        match self.write(&mut work, turn).await {
            Ok(None) => work.answer_unrecorded(),
            Ok(Some((appended, checkpoint))) => {
                self.metrics.committed(&work.batch, begun.elapsed());
                self.publish(&mut work, &appended, &checkpoint);
                work.answer(&appended, &checkpoint);
            }
            Err(error) => {
                tracing::error!(%error, "a group commit failed; nothing of it is acknowledged");
                self.metrics.failed();
                work.fail(&error);
                // The database is the truth: it may hold the batch though the commit was not confirmed.
                self.unsure = true;
                self.look().await;
            }
        }
    }

    /// Hashes, signs and writes the batch in one transaction; nothing to write gives nothing.
    async fn write(
        &self,
        work: &mut Work,
        turn: Turn,
    ) -> Result<Option<(Arc<Appended>, Arc<SignedCheckpoint>)>, AppError> {
        if work.batch.entries.is_empty() {
            return Ok(None);
        }
        work.total();
        let appended = work.batch.seal(&self.edge, &self.signer).map_err(AppError::internal)?;
        turn.commit(&work.batch).await?;
        let parsed = SignedCheckpoint::parse(&work.batch.checkpoint).map_err(AppError::internal)?;
        Ok(Some((Arc::new(appended), Arc::new(parsed))))
    }

    /// What is durable now is what the next decision is taken on.
    fn publish(&mut self, work: &mut Work, appended: &Appended, checkpoint: &Arc<SignedCheckpoint>) {
        self.edge = appended.edge().clone();
        self.keeper.see(&work.snapshot.state, &self.edge);
        self.snapshot.store(Arc::new(std::mem::take(&mut work.snapshot)));
        let head = Head {
            edge: self.edge.clone(),
            checkpoint: Some(checkpoint.clone()),
        };
        self.head.store(Arc::new(head));
        self.grown.send_replace(self.edge.size());
        self.feed.publish(&work.batch);
    }

    /// Tells everyone that nothing was decided.
    fn fail(&self, items: impl Iterator<Item = Item>, error: &AppError) {
        tracing::error!(%error, "a group could not begin");
        self.metrics.failed();
        for item in items {
            let error = error.again();
            match item {
                Item::Act(_, reply) => drop(reply.send(Err(error))),
                Item::Call(_, reply) => drop(reply.send(Err(error))),
            }
        }
    }
}
