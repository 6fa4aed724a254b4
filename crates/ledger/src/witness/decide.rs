//! What a witness decides about a request, by the largest checkpoint that it has cosigned for the log.
//!
//! ```text
//! AddCheckpoint ─vouch─► Vouched ─check─► cosign it
//!                  └─► refusal      └─► refusal, perhaps with a suspicion
//! ```

use super::{AddCheckpoint, Suspicion, WitnessRefusal};
use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::note::VerifierKey;
use crate::suite::Suite;
use crate::trust::advance;
use crate::verify::VerifyError;
use std::collections::BTreeMap;

/// The logs that a witness watches, by origin, each with the keys that it trusts for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WatchList {
    logs: BTreeMap<String, Vec<VerifierKey>>,
}

/// A request whose checkpoint a trusted key of a watched log has signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    request: AddCheckpoint,
    suite: Suite,
}

impl WatchList {
    /// Watches the log of this origin under this key too. A witness's key is refused, and one of another suite than
    /// the log's.
    pub fn watch(&mut self, origin: &str, key: VerifierKey) -> Result<(), VerifyError> {
        let first = self.logs.get(origin).and_then(|keys| keys.first());
        if !key.is_of_log() || first.is_some_and(|first| first.suite() != key.suite()) {
            return Err(VerifyError::UnsuitableKey { key: key.to_string() });
        }
        self.logs.entry(origin.to_owned()).or_default().push(key);
        Ok(())
    }

    /// The origins of the logs.
    pub fn origins(&self) -> impl Iterator<Item = &str> {
        self.logs.keys().map(String::as_str)
    }

    /// Checks that a trusted key of a watched log has signed the request's checkpoint.
    pub fn vouch(&self, request: AddCheckpoint) -> Result<Vouched, WitnessRefusal> {
        let origin = request.checkpoint.unverified().origin();
        let keys = self.logs.get(origin).ok_or_else(|| WitnessRefusal::UnknownLog {
            origin: origin.to_owned(),
        })?;
        request.checkpoint.note().verify(keys)?;
        // A signature by one of the keys has verified, so there is one, and all are of one suite.
        let suite = keys.first().map_or_else(Suite::default, VerifierKey::suite);
        Ok(Vouched { request, suite })
    }
}

impl Vouched {
    /// The checkpoint.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        self.request.checkpoint.unverified()
    }

    /// The request.
    #[must_use]
    pub const fn request(&self) -> &AddCheckpoint {
        &self.request
    }

    /// Checks that the checkpoint continues `last`, the largest cosigned one. If so, it may be kept, then cosigned.
    ///
    /// Between this check and the keeping nothing else may be kept for the log.
    pub fn check(&self, last: Option<&Checkpoint>) -> Result<(), WitnessRefusal> {
        let (old, next) = (self.request.old_size, self.checkpoint());
        if old > next.size() {
            return Err(WitnessRefusal::Backwards { old, size: next.size() });
        }
        let seen = last.map_or(0, Checkpoint::size);
        if old != seen {
            return Err(WitnessRefusal::OtherSize { seen, old });
        }
        let start = next.emptied(self.suite);
        advance(self.suite, last.unwrap_or(&start), next, &self.request.proof).map_err(WitnessRefusal::from)
    }

    /// What a refusal by [`check`](Self::check) against `last` says about the log. `cosigned` is the root that was
    /// cosigned earlier at the checkpoint's own size, where the witness remembers it.
    #[must_use]
    pub fn suspicion(&self, last: &Checkpoint, cosigned: Option<&Hash>, refusal: &WitnessRefusal) -> Option<Suspicion> {
        let next = self.checkpoint();
        let known = if next.size() == last.size() {
            Some(last.root())
        } else {
            cosigned
        };
        match known {
            Some(root) if root != next.root() => Some(Suspicion::Fork),
            None if next.size() < last.size() => Some(Suspicion::Shrunk),
            _ => matches!(refusal, WitnessRefusal::Inconsistent(_)).then_some(Suspicion::Inconsistent),
        }
    }
}

impl Checkpoint {
    /// The state of the same log before its first entry.
    fn emptied(&self, suite: Suite) -> Self {
        Self::new(self.origin(), 0, suite.empty_root()).unwrap_or_else(|_| self.clone())
    }
}
