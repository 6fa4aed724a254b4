//! Time-stamps on final checkpoints, one after another, at the authority's pace.

use std::sync::Arc;

use tokio::time::Instant;

use crate::district::District;
use crate::stamping::{OwnStamper, Stamper};

/// Which authority stamps, and what it has stamped.
pub(super) struct Stamps {
    /// The outside authority; the district's own where there is none.
    outside: Option<Arc<dyn Stamper>>,
    /// The size that was stamped last, once it is known.
    size: Option<u64>,
    /// When the authority may be asked again.
    due: Instant,
}

impl Stamps {
    pub(super) fn by(outside: Option<Arc<dyn Stamper>>) -> Self {
        Self {
            outside,
            size: None,
            due: Instant::now(),
        }
    }

    /// Stamps the final checkpoint if it has no stamp and the authority has rested; gives when to try again.
    pub(super) async fn next(&mut self, district: &District) -> Option<Instant> {
        let last = district.final_checkpoint()?;
        let stamper = self.stamper(district)?;
        if last.unverified().size() <= self.stamped(district).await {
            return None;
        }
        if self.due > Instant::now() {
            return Some(self.due);
        }
        self.due = Instant::now() + stamper.pause();
        match district.stamp(&stamper, &last).await {
            Ok(()) => {
                self.size = Some(last.unverified().size());
                None
            }
            Err(error) => {
                tracing::warn!(%error, "a final checkpoint was not time-stamped");
                Some(self.due)
            }
        }
    }

    fn stamper(&self, district: &District) -> Option<Arc<dyn Stamper>> {
        let own = || Arc::new(OwnStamper(district.clone())) as Arc<dyn Stamper>;
        let built_in = district.0.stamp_authority.get().map(|_| own());
        self.outside.clone().or(built_in)
    }

    /// The size that was stamped last. What was stamped before the district was opened keeps its earlier stamp.
    async fn stamped(&mut self, district: &District) -> u64 {
        if let Some(size) = self.size {
            return size;
        }
        let newest = district.0.store.time_stamps(1).await;
        let newest = newest.ok().and_then(|stamps| stamps.first().copied());
        let size = newest.map_or(0, |(size, _)| size);
        self.size = Some(size);
        size
    }
}
