//! Whether a log is behind what its witnesses have seen of it: then entries are lost, and new ones would make a fork.

use gongshu_ledger::{AddCheckpoint, ConsistencyProof, WitnessReply, read_reply};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::ask::REPLY_TIMEOUT;
use super::{WitnessLink, Witnessing};
use crate::district::District;

/// A witness that has cosigned more entries than the log has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ahead {
    /// What the policy calls it.
    pub witness: String,
    /// Entries that it has cosigned.
    pub seen: u64,
    /// Entries of the log.
    pub size: u64,
}

impl District {
    /// The witnesses that have seen more of the log than there is. To be asked before a district is served; a witness
    /// that gives no answer is passed over, and refuses later what does not follow from what it has seen.
    pub async fn behind(&self, witnessing: &Witnessing) -> Vec<Ahead> {
        let Some(checkpoint) = self.head().checkpoint.clone() else {
            return Vec::new();
        };
        let size = checkpoint.unverified().size();
        // It names the size it stands at where that is another than this.
        let request = AddCheckpoint {
            old_size: size,
            proof: ConsistencyProof::new(Vec::new()),
            checkpoint: (*checkpoint).clone(),
        };
        let mut asked = JoinSet::new();
        for witness in witnessing.policy.witnesses().iter().cloned() {
            let (link, body, checkpoint) = (witnessing.link.clone(), request.to_string(), checkpoint.clone());
            asked.spawn(async move {
                let sent = WitnessLink::add_checkpoint(&*link, witness.url.as_ref()?, body);
                let reply = timeout(REPLY_TIMEOUT, sent).await.ok()?.ok()?;
                let head = (reply.status, reply.content_type.as_str());
                match read_reply(head, &reply.body, &checkpoint, &witness.key) {
                    Ok(WitnessReply::At { size: seen }) if seen > size => Some(Ahead {
                        witness: witness.name,
                        seen,
                        size,
                    }),
                    _ => None,
                }
            });
        }
        asked.join_all().await.into_iter().flatten().collect()
    }
}
