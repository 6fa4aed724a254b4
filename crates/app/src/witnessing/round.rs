//! Rounds: one checkpoint to all witnesses at once, so that their cosignatures meet on it.

use std::sync::{Arc, Weak};
use std::time::Duration;

use gongshu_ledger::{Policy, SignedCheckpoint, verify_checkpoint};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use super::ask::{Cosigned, Question};
use super::member::Member;
use super::stamps::Stamps;
use super::{Board, WitnessLink};
use crate::district::{District, Inner};
use crate::error::AppError;

/// The rest between two rounds: it bounds how often a witness is asked.
const PAUSE: Duration = Duration::from_millis(200);
/// How long a round waits for further witnesses once there are enough.
const GRACE: Duration = Duration::from_millis(300);
/// How long a round waits for enough of them. Who is slower answers into a later round.
const ROUND_MAX: Duration = Duration::from_secs(6);

pub(super) struct Rounds {
    district: Weak<Inner>,
    policy: Policy,
    link: Arc<dyn WitnessLink>,
    board: Arc<Board>,
    grown: watch::Receiver<u64>,
    members: Vec<Member>,
    asked: JoinSet<(usize, Result<Cosigned, String>)>,
    stamps: Stamps,
}

impl Rounds {
    pub(super) fn new(
        district: &District,
        policy: Policy,
        link: Arc<dyn WitnessLink>,
        board: Arc<Board>,
        stamps: Stamps,
    ) -> Self {
        let seen = district.final_checkpoint().map_or(0, |last| last.unverified().size());
        let members = policy.witnesses().iter().cloned();
        let members: Vec<Member> = members.map(|witness| Member::new(witness, seen)).collect();
        board.put(members.iter().map(|member| member.status(seen)).collect());
        Self {
            district: Arc::downgrade(&district.0),
            policy,
            link,
            board,
            grown: district.0.grown.clone(),
            members,
            asked: JoinSet::new(),
            stamps,
        }
    }

    /// Works until the district is closed.
    pub(super) async fn run(mut self) {
        let mut open = true;
        while let Some(inner) = self.district.upgrade().filter(|_| open) {
            let district = District(inner);
            let size = self.round(&district).await;
            let stamp_due = self.stamps.next(&district).await;
            drop(district);
            open = self.rest(size, stamp_due).await;
        }
    }

    /// Asks who is due about the newest checkpoint; gives its size.
    async fn round(&mut self, district: &District) -> u64 {
        self.grown.mark_unchanged();
        let Some(checkpoint) = district.head().checkpoint.clone() else {
            return 0;
        };
        let size = checkpoint.unverified().size();
        if let Err(error) = self.learn(district).await {
            tracing::error!(%error, "the newest final checkpoint cannot be read");
        }
        self.ask_due(district, &checkpoint);
        let mut until = Instant::now() + ROUND_MAX;
        while let Ok(Some(reply)) = timeout_at(until, self.asked.join_next()).await {
            let Ok((member, outcome)) = reply else { continue };
            if let Some(member) = self.members.get_mut(member) {
                member.take(outcome);
            }
            if self.finished(&checkpoint).is_some() {
                until = until.min(Instant::now() + GRACE);
            }
        }
        if let Err(error) = self.settle(district, &checkpoint).await {
            tracing::error!(%error, "a final checkpoint could not be stored");
        }
        self.board
            .put(self.members.iter().map(|member| member.status(size)).collect());
        size
    }

    /// Takes over what another server on the same database has made final.
    async fn learn(&self, district: &District) -> Result<(), AppError> {
        if !district.0.store.is_shared() {
            return Ok(());
        }
        let own = district.final_checkpoint().map_or(0, |last| last.unverified().size());
        let Some((size, text)) = district.0.store.newest_final().await? else {
            return Ok(());
        };
        let last = SignedCheckpoint::parse(&text).map_err(AppError::internal)?;
        if size > own && verify_checkpoint(&last, &self.policy).is_ok() {
            district.0.final_checkpoint.store(Some(Arc::new(last)));
        }
        Ok(())
    }

    fn ask_due(&mut self, district: &District, checkpoint: &Arc<SignedCheckpoint>) {
        let size = checkpoint.unverified().size();
        for (index, member) in self.members.iter_mut().enumerate() {
            let Some(url) = member.due(size) else { continue };
            member.busy = true;
            let question = Question {
                link: self.link.clone(),
                district: district.clone(),
                url,
                key: member.witness.key.clone(),
                checkpoint: checkpoint.clone(),
                from: member.from.min(size),
            };
            self.asked.spawn(async move { (index, question.ask().await) });
        }
    }

    /// The checkpoint with the cosignatures on it, once they are enough.
    fn finished(&self, checkpoint: &SignedCheckpoint) -> Option<SignedCheckpoint> {
        let size = checkpoint.unverified().size();
        let mut cosigned = checkpoint.clone();
        let signatures = self.members.iter().filter_map(|member| member.signature(size));
        signatures.for_each(|signature| cosigned.note_mut().push(signature.clone()));
        verify_checkpoint(&cosigned, &self.policy).is_ok().then_some(cosigned)
    }

    /// Stores and publishes the checkpoint if it is final, and says more than the final one before.
    async fn settle(&self, district: &District, checkpoint: &SignedCheckpoint) -> Result<(), AppError> {
        let Some(cosigned) = self.finished(checkpoint) else {
            return Ok(());
        };
        let worth = |one: &SignedCheckpoint| (one.unverified().size(), one.note().signatures().len());
        let before = district.final_checkpoint();
        if before.is_some_and(|before| worth(&before) >= worth(&cosigned)) {
            return Ok(());
        }
        let size = cosigned.unverified().size();
        district.0.store.put_final(size, &cosigned.to_string()).await?;
        district.0.final_checkpoint.store(Some(Arc::new(cosigned)));
        Ok(())
    }

    /// Waits until the log has grown, a witness is to be asked again or a stamp is due; `false` once the district is
    /// closed.
    async fn rest(&mut self, size: u64, stamp_due: Option<Instant>) -> bool {
        sleep(PAUSE).await;
        let retries = self.members.iter().filter_map(|member| member.retry(size));
        let retry = retries.chain(stamp_due).min();
        let retry = async {
            match retry {
                Some(retry) => sleep_until(retry).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            grown = self.grown.changed() => grown.is_ok(),
            () = retry => true,
        }
    }
}
