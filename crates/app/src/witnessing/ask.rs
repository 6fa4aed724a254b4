//! One request to one witness, made again from where the witness stands.

use std::sync::Arc;
use std::time::Duration;

use gongshu_ledger::{AddCheckpoint, NoteSignature, SignedCheckpoint, VerifierKey, WitnessReply, read_reply};

use super::WitnessLink;
use crate::district::District;

/// Longest wait for a reply.
pub(super) const REPLY_TIMEOUT: Duration = Duration::from_secs(5);
/// Most requests about one checkpoint: one to learn where the witness stands, one from there, one more for a race.
const REQUESTS_MAX: usize = 3;

/// A witness asked for its cosignature.
pub(super) struct Question {
    pub(super) link: Arc<dyn WitnessLink>,
    pub(super) district: District,
    pub(super) url: String,
    pub(super) key: VerifierKey,
    pub(super) checkpoint: Arc<SignedCheckpoint>,
    /// The size that the witness is thought to have cosigned last.
    pub(super) from: u64,
}

/// A cosignature and what it is about.
pub(super) struct Cosigned {
    pub(super) size: u64,
    pub(super) signature: NoteSignature,
    pub(super) time_seconds: u64,
}

impl Question {
    /// Asks until there is a cosignature, or a reason why there is none.
    pub(super) async fn ask(mut self) -> Result<Cosigned, String> {
        let size = self.checkpoint.unverified().size();
        for _ in 0..REQUESTS_MAX {
            match self.request(size).await? {
                WitnessReply::Cosigned {
                    signature,
                    time_seconds,
                } => {
                    return Ok(Cosigned {
                        size,
                        signature,
                        time_seconds,
                    });
                }
                WitnessReply::At { size: seen } if seen > size => return Err(self.ahead(seen).await),
                WitnessReply::At { size: seen } => self.from = seen,
            }
        }
        Err("it names another size at each request".to_owned())
    }

    /// Why the witness has cosigned more entries than it is asked about.
    async fn ahead(&self, seen: u64) -> String {
        // Another server on the same database may have asked it about more.
        let size = self.district.0.store.size().await.unwrap_or(0);
        if seen <= size {
            return format!("it has cosigned {seen} entries for another server");
        }
        tracing::error!(url = %self.url, seen, size, "a witness has cosigned more entries than the log has");
        format!("it has cosigned {seen} entries, the log has {size}: the log was cut, or its key is used elsewhere")
    }

    async fn request(&self, size: u64) -> Result<WitnessReply, String> {
        let proof = self.district.prove_consistency(self.from, size).await;
        let request = AddCheckpoint {
            old_size: self.from,
            proof: proof.map_err(|error| error.to_string())?,
            checkpoint: (*self.checkpoint).clone(),
        };
        let sent = self.link.add_checkpoint(&self.url, request.to_string());
        let reply = tokio::time::timeout(REPLY_TIMEOUT, sent).await;
        let reply = reply.map_err(|_| format!("no reply within {} seconds", REPLY_TIMEOUT.as_secs()))??;
        let head = (reply.status, reply.content_type.as_str());
        read_reply(head, &reply.body, &self.checkpoint, &self.key).map_err(|error| error.to_string())
    }
}
