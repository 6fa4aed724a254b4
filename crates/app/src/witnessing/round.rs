//! Rounds: one checkpoint to all witnesses at once, so that their cosignatures meet on it.

use std::sync::{Arc, Weak};
use std::time::Duration;

use gongshu_ledger::{Policy, SignedCheckpoint, verify_checkpoint};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use super::ask::{Cosigned, Question};
use super::member::Member;
use super::{Board, WitnessLink};
use crate::district::{District, Inner};
use crate::error::AppError;
use crate::stamping::{OwnStamper, Stamper};

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
    stamper: Option<Arc<dyn Stamper>>,
    /// The size that was stamped last, and when the next one may be.
    stamped: (u64, Instant),
}

impl Rounds {
    pub(super) fn new(district: &District, policy: Policy, link: Arc<dyn WitnessLink>, board: Arc<Board>) -> Self {
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
            stamper: None,
            stamped: (0, Instant::now()),
        }
    }

    /// Lets an outside authority stamp final checkpoints.
    pub(super) fn stamped_by(self, stamper: Option<Arc<dyn Stamper>>) -> Self {
        Self { stamper, ..self }
    }

    /// Works until the district is closed.
    pub(super) async fn run(mut self) {
        let mut open = true;
        self.stamped.0 = self.stamped_before().await;
        while let Some(inner) = self.district.upgrade().filter(|_| open) {
            let district = District(inner);
            let size = self.round(&district).await;
            let stamp_due = self.stamp(&district).await;
            drop(district);
            open = self.rest(size, stamp_due).await;
        }
    }

    /// The size that was stamped before the district was opened: its stamp stays the earliest.
    async fn stamped_before(&self) -> u64 {
        let Some(inner) = self.district.upgrade() else { return 0 };
        let newest = inner.store.time_stamps(1).await;
        let newest = newest.ok().and_then(|stamps| stamps.first().copied());
        newest.map_or(0, |(size, _)| size)
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

    /// Stamps the final checkpoint if it has no stamp and the authority has rested; gives when to try again.
    async fn stamp(&mut self, district: &District) -> Option<Instant> {
        let last = district.final_checkpoint()?;
        let own = || Arc::new(OwnStamper(district.clone())) as Arc<dyn Stamper>;
        let own = district.0.stamp_authority.get().map(|_| own());
        let stamper = self.stamper.clone().or(own)?;
        let (size, due) = self.stamped;
        if last.unverified().size() <= size {
            return None;
        }
        if due > Instant::now() {
            return Some(due);
        }
        let due = Instant::now() + stamper.pause();
        match district.stamp(&stamper, &last).await {
            Ok(()) => {
                self.stamped = (last.unverified().size(), due);
                None
            }
            Err(error) => {
                tracing::warn!(%error, "a final checkpoint was not time-stamped");
                self.stamped = (size, due);
                Some(due)
            }
        }
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
