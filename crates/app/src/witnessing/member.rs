//! What the log knows of one witness.

use std::time::Duration;

use gongshu_ledger::{NoteSignature, PolicyWitness};
use jiff::Timestamp;
use tokio::time::Instant;

use super::ask::Cosigned;

/// The wait after the first failure; it doubles with each further one.
const BACK_OFF_MIN: Duration = Duration::from_millis(500);
/// The longest wait after failures.
const BACK_OFF_MAX: Duration = Duration::from_secs(60);

/// A witness as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessStatus {
    /// What the policy calls it.
    pub name: String,
    /// Its public key.
    pub key: String,
    /// Where it is asked.
    pub url: Option<String>,
    /// How many entries it has cosigned last; 0 before the first cosignature.
    pub size: u64,
    /// When.
    pub at: Option<Timestamp>,
    /// Whether the newest checkpoint was sent and its cosignature is missing.
    pub late: bool,
    /// Why the last request gave none.
    pub error: Option<String>,
}

/// A witness under way.
pub(super) struct Member {
    pub(super) witness: PolicyWitness,
    /// The size that it is thought to have cosigned last.
    pub(super) from: u64,
    /// Whether a request waits for its reply.
    pub(super) busy: bool,
    cosigned: Option<Cosigned>,
    failures: u32,
    error: Option<String>,
    retry: Instant,
}

impl Member {
    pub(super) fn new(witness: PolicyWitness, from: u64) -> Self {
        Self {
            error: witness.url.is_none().then(|| "it has no address".to_owned()),
            witness,
            from,
            busy: false,
            cosigned: None,
            failures: 0,
            retry: Instant::now(),
        }
    }

    /// Where to ask for a cosignature on a checkpoint of this size, if it is time to ask.
    pub(super) fn due(&self, size: u64) -> Option<String> {
        let open = !self.busy && self.signature(size).is_none() && self.retry <= Instant::now();
        self.witness.url.clone().filter(|_| open)
    }

    /// When to ask again about this size; nothing where it has cosigned or can't be asked.
    pub(super) fn retry(&self, size: u64) -> Option<Instant> {
        let open = self.witness.url.is_some() && self.signature(size).is_none();
        open.then_some(self.retry)
    }

    /// Its cosignature on the checkpoint of this size.
    pub(super) fn signature(&self, size: u64) -> Option<&NoteSignature> {
        let cosigned = self.cosigned.as_ref().filter(|cosigned| cosigned.size == size);
        cosigned.map(|cosigned| &cosigned.signature)
    }

    pub(super) fn take(&mut self, outcome: Result<Cosigned, String>) {
        self.busy = false;
        match outcome {
            Ok(cosigned) => {
                self.from = cosigned.size;
                self.cosigned = Some(cosigned);
                self.failures = 0;
                self.error = None;
                self.retry = Instant::now();
            }
            Err(error) => {
                tracing::warn!(witness = %self.witness.name, %error, "a witness did not cosign");
                self.retry = Instant::now() + back_off(self.failures);
                self.failures = self.failures.saturating_add(1);
                self.error = Some(error);
            }
        }
    }

    /// How it is shown after a round about a checkpoint of this size.
    pub(super) fn status(&self, size: u64) -> WitnessStatus {
        let time = self.cosigned.as_ref().map(|cosigned| cosigned.time_seconds);
        let second = time.and_then(|time| i64::try_from(time).ok());
        WitnessStatus {
            name: self.witness.name.clone(),
            key: self.witness.key.to_string(),
            url: self.witness.url.clone(),
            size: self.cosigned.as_ref().map_or(0, |cosigned| cosigned.size),
            at: second.and_then(|second| Timestamp::from_second(second).ok()),
            late: self.signature(size).is_none(),
            error: self.error.clone(),
        }
    }
}

/// The wait after so many failures before.
fn back_off(failures: u32) -> Duration {
    let factor = 2_u32.checked_pow(failures).unwrap_or(u32::MAX);
    BACK_OFF_MIN.saturating_mul(factor).min(BACK_OFF_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_to_its_limit() {
        let waits = [0, 1, 2, 6, 7, 40, u32::MAX].map(|failures| back_off(failures).as_millis());
        assert_eq!(waits, [500, 1_000, 2_000, 32_000, 60_000, 60_000, 60_000]);
    }
}
