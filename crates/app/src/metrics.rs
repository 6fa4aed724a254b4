//! What the sequencer measures of itself, for whoever operates the platform.

use std::time::Duration;

use gongshu_governance::Event;
use gongshu_governance::alert::AlertEvent;
use gongshu_store::Batch;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Upper bounds of the classes of commit times, in seconds.
const COMMIT_SECONDS: [f64; 10] = [0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0];

/// Counters of the sequencer. Cheap to clone; all clones count together.
#[derive(Debug, Clone)]
pub struct Metrics {
    commit_seconds: Histogram,
    entries: Counter,
    failed_calls: Counter,
    alerts: Counter,
    failed_commits: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            commit_seconds: Histogram::new(COMMIT_SECONDS),
            entries: Counter::default(),
            failed_calls: Counter::default(),
            alerts: Counter::default(),
            failed_commits: Counter::default(),
        }
    }
}

impl Metrics {
    /// Names them in a registry.
    pub fn register(&self, registry: &mut Registry) {
        let (commits, entries, failed) = (&self.commit_seconds, &self.entries, &self.failed_commits);
        registry.register_with_unit(
            "commit",
            "Time from the first decision of a group to its durability",
            Unit::Seconds,
            commits.clone(),
        );
        registry.register("entries", "Entries that this server has made durable", entries.clone());
        registry.register(
            "failed_calls",
            "Calls that this server has put on record as permitted and without an answer",
            self.failed_calls.clone(),
        );
        registry.register(
            "alerts",
            "Alerts that this server has put on record",
            self.alerts.clone(),
        );
        registry.register(
            "failed_commits",
            "Groups of which nothing was acknowledged",
            failed.clone(),
        );
    }

    pub(crate) fn committed(&self, batch: &Batch, took: Duration) {
        self.commit_seconds.observe(took.as_secs_f64());
        self.entries.inc_by(batch.entries.len() as u64);
        let failed = batch.calls.iter().filter(|call| !call.failure.is_empty());
        self.failed_calls.inc_by(failed.count() as u64);
        let acts = batch.acts.iter().flat_map(|act| &act.events);
        let events = acts.chain(batch.calls.iter().flat_map(|call| &call.events));
        let raised = events.filter(|record| matches!(record.event, Event::Alert(AlertEvent::Raised(_))));
        self.alerts.inc_by(raised.count() as u64);
    }

    pub(crate) fn failed(&self) {
        self.failed_commits.inc();
    }
}
