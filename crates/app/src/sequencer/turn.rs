//! Taking turns with other servers on the same database, and reading what they have written.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use gongshu_ledger::{Checkpoint, Edge, SignedCheckpoint};
use gongshu_store::Turn;
use jiff::Timestamp;

use super::{Head, Item, Sequencer, rebuild};
use crate::error::AppError;
use crate::feed::{FEED_LAG_ITEMS_MAX, between};

/// How often an idle server looks whether others have written.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(250);

impl Sequencer {
    /// Waits for the right to write next; then knows all that others have written, which of the items are repeats, and
    /// the time of what is recorded now.
    pub(super) async fn turn(&mut self, items: &[Item]) -> Result<(Turn, Vec<(String, u64)>, Timestamp), AppError> {
        let turn = self.store.turn().await?;
        let size = match turn.size() {
            Some(size) => size,
            None if self.unsure => self.store.size().await?,
            None => self.edge.size(),
        };
        if size != self.edge.size() {
            self.catch_up().await?;
        }
        self.unsure = false;
        let known = self.known_repeats(items).await?;
        let at = self.time.next(self.clock.now(), self.clock.elapsed())?;
        Ok((turn, known, at))
    }

    /// Reads what the database holds beyond what is known here: what others have written while there was nothing to do,
    /// or a batch whose commit was not confirmed. What does not continue the log that is known here is not taken over.
    pub(super) async fn look(&mut self) {
        let looked = async {
            if self.store.size().await? == self.edge.size() {
                return Ok(());
            }
            // Held while reading, so that nobody writes meanwhile.
            let _turn = self.store.turn().await?;
            self.catch_up().await
        };
        match looked.await {
            Ok(()) => self.unsure = false,
            Err(error) => tracing::error!(%error, "what the database holds cannot be read"),
        }
    }

    /// Reads and publishes what others have written since. The turn must be held.
    async fn catch_up(&mut self) -> Result<(), AppError> {
        let (seen, state) = (self.edge.size(), self.snapshot.load().state.clone());
        let news = self.store.news(seen, state.sequence).await?;
        let checkpoint = SignedCheckpoint::parse(&news.checkpoint).map_err(AppError::internal)?;
        let edge = self.continued(&news.entries, checkpoint.unverified())?;
        self.snapshot
            .store(Arc::new(rebuild(state, &news.events, &news.meters)));
        self.head.store(Arc::new(Head {
            edge: edge.clone(),
            checkpoint: Some(Arc::new(checkpoint)),
        }));
        self.edge = edge;
        self.keeper.see(&self.snapshot.load().state, &self.edge);
        self.time.learn(news.newest);
        self.grown.send_replace(self.edge.size());
        if self.feed.is_watched() {
            // Who lags further behind than this reads the list.
            let from = seen.max(self.edge.size().saturating_sub(FEED_LAG_ITEMS_MAX as u64));
            self.feed.send(between(&self.store, from, self.edge.size()).await?);
        }
        Ok(())
    }

    /// The edge with these entries, if they lead from what this server has seen to what the others have signed.
    fn continued(&self, entries: &[Vec<u8>], stated: &Checkpoint) -> Result<Edge, AppError> {
        let suite = self.edge.suite();
        let leaves: Vec<_> = entries.iter().map(|entry| suite.hash_leaf(entry)).collect();
        let edge = self.edge.append(&leaves).into_edge();
        if edge.size() == stated.size() && edge.root() == *stated.root() {
            return Ok(edge);
        }
        Err(AppError::Internal(format!(
            "the database's checkpoint of {} entries does not continue the {} that this server has seen",
            stated.size(),
            self.edge.size()
        )))
    }

    async fn known_repeats(&self, items: &[Item]) -> Result<Vec<(String, u64)>, AppError> {
        let keys: HashSet<String> = items
            .iter()
            .filter_map(|item| match item {
                Item::Call(call, _) => call.dedupe.clone(),
                Item::Act(..) => None,
            })
            .collect();
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<String> = keys.into_iter().collect();
        Ok(self.store.calls_by_dedupe(&keys).await?)
    }
}
