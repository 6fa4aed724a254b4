//! The live feed: what supervisors watch. Items are sent after they are durable.

use std::sync::Arc;

use gongshu_governance::Event;
use gongshu_governance::alert::{AlertEvent, AlertKind};
use gongshu_governance::authorization::CallFailure;
use gongshu_store::{ActRecord, Batch, CallRecord, EventRecord, Store};
use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::broadcast;

use crate::leaf::outcome_of;

/// Most items that a slow watcher may lag behind before it loses some (and is told so).
pub const FEED_LAG_ITEMS_MAX: usize = 4_096;

/// One line of the feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedItem {
    /// Index in the ledger.
    pub index: u64,
    /// When.
    pub at: Timestamp,
    /// `act` or `call`.
    pub kind: &'static str,
    /// Id of the act; `product.call` for a call.
    pub act: String,
    /// Party that acted or called.
    pub actor: String,
    /// Product of a call.
    pub product: Option<String>,
    /// Scenario of a call, or the stream an act changed.
    pub stream: Option<String>,
    /// `recorded`, `answered`, `failed` or `refused`.
    pub outcome: &'static str,
    /// Rule that refused a call.
    pub refused_by: Option<String>,
    /// What kept a call from its answer.
    pub failure: Option<CallFailure>,
    /// Fee in fen.
    pub fee_fen: i64,
    /// The kinds of alerts that it raised.
    pub alerts: Vec<AlertKind>,
}

/// Sends feed items to whoever watches.
#[derive(Debug, Clone)]
pub struct Feed(broadcast::Sender<Arc<FeedItem>>);

impl Default for Feed {
    fn default() -> Self {
        Self(broadcast::channel(FEED_LAG_ITEMS_MAX).0)
    }
}

impl Feed {
    /// Watches from now on.
    #[must_use]
    pub fn watch(&self) -> broadcast::Receiver<Arc<FeedItem>> {
        self.0.subscribe()
    }

    /// Whether anybody watches.
    pub(crate) fn is_watched(&self) -> bool {
        self.0.receiver_count() > 0
    }

    pub(crate) fn publish(&self, batch: &Batch) {
        if !self.is_watched() {
            return;
        }
        let acts = batch.acts.iter().map(FeedItem::from);
        let mut items: Vec<FeedItem> = acts.chain(batch.calls.iter().map(FeedItem::from)).collect();
        items.sort_by_key(|item| item.index);
        self.send(items);
    }

    pub(crate) fn send(&self, items: Vec<FeedItem>) {
        for item in items {
            // Nobody watching any more is no fault.
            let _ = self.0.send(Arc::new(item));
        }
    }
}

impl From<&ActRecord> for FeedItem {
    fn from(act: &ActRecord) -> Self {
        Self {
            index: act.index,
            at: act.at,
            kind: "act",
            act: act.act.clone(),
            actor: act.actor.party.to_string(),
            product: None,
            stream: act.events.first().map(|record| record.event.stream().to_owned()),
            outcome: "recorded",
            refused_by: None,
            failure: None,
            fee_fen: 0,
            alerts: raised(&act.events),
        }
    }
}

impl From<&CallRecord> for FeedItem {
    fn from(call: &CallRecord) -> Self {
        let (refused, failure) = (!call.refused_by.is_empty(), CallFailure::of(&call.failure));
        Self {
            index: call.index,
            at: call.at,
            kind: "call",
            act: "product.call".to_owned(),
            actor: call.consumer.clone(),
            product: Some(call.product.clone()),
            stream: Some(call.scenario.clone()).filter(|scenario| !scenario.is_empty()),
            outcome: outcome_of(!refused, failure),
            refused_by: refused.then(|| call.refused_by.clone()),
            failure,
            fee_fen: call.fee_fen,
            alerts: raised(&call.events),
        }
    }
}

fn raised(events: &[EventRecord]) -> Vec<AlertKind> {
    let kinds = events.iter().filter_map(|record| match &record.event {
        Event::Alert(AlertEvent::Raised(raised)) => Some(raised.kind),
        _ => None,
    });
    kinds.collect()
}

impl crate::District {
    /// The lines of the entries from `from` to before `end`, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn history(&self, from: u64, end: u64) -> Result<Vec<FeedItem>, crate::AppError> {
        between(self.store(), from, end).await
    }
}

/// The lines of the entries from `from` to before `end`, oldest first.
pub(crate) async fn between(store: &Store, from: u64, end: u64) -> Result<Vec<FeedItem>, crate::AppError> {
    let count = u32::try_from(end.saturating_sub(from)).unwrap_or(u32::MAX);
    let acts = store.acts(from, count).await?;
    let calls = store.calls(from, count).await?;
    let all = acts.iter().map(FeedItem::from).chain(calls.iter().map(FeedItem::from));
    let mut items: Vec<FeedItem> = all.filter(|item| item.index < end).collect();
    items.sort_by_key(|item| item.index);
    Ok(items)
}
