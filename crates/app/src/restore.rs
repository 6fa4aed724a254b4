//! Backups and restores: a store copied whole, or as it was at an earlier size of its ledger.

use gongshu_ledger::{Checkpoint, NoteSigner, SignedCheckpoint};
use gongshu_store::{Copied, MeterRecord, Store};
use jiff::Timestamp;

use crate::error::AppError;
use crate::replay::{Auditor, ReplayReport, present};
use crate::snapshot::Snapshot;

/// Records read at once in the search for an instant.
const PAGE_RECORDS: u32 = 1_000;

/// Up to where a ledger is restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// All of it.
    Newest,
    /// Its first entries.
    Size(u64),
    /// The entries made at or before this instant, up to the first later one.
    Instant(Timestamp),
}

/// A restored store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What its replay found; a difference means that the backup is not sound.
    pub report: ReplayReport,
    /// Whether every entry of the backup is there.
    pub whole: bool,
}

/// Copies a store as it is at one moment, while it is served.
///
/// # Errors
/// When the target holds a ledger, or a database fails.
pub async fn back_up(from: &Store, to: &Store) -> Result<Copied, AppError> {
    let copied = from.copy_into(to, None).await?;
    to.put_head(copied.size, &copied.checkpoint, &[]).await?;
    Ok(copied)
}

/// Restores a store from a backup of it, and replays what was restored. Where entries are left out, or the log goes on
/// under another key, `signer` signs the checkpoint anew. `packs` are the rules of this release.
///
/// # Errors
/// When the target holds a ledger, the backup is shorter than asked for, or a database fails.
pub async fn restore(
    from: &Store,
    to: &Store,
    until: Until,
    signer: &NoteSigner,
    packs: &[&str],
) -> Result<Restored, AppError> {
    let size = match until {
        Until::Newest => None,
        Until::Size(size) => Some(size),
        Until::Instant(instant) => Some(size_at(from, instant).await?),
    };
    let held = from.size().await?;
    if size.is_some_and(|size| size > held) {
        return Err(AppError::Internal(format!("the backup has {held} entries only")));
    }
    let suite = from.suite().await?;
    if signer.suite() != suite {
        return Err(AppError::Internal(format!(
            "the backup's ledger is of the crypto suite `{suite}`, the log's key of `{}`; use the log.key that belongs to it",
            signer.suite()
        )));
    }
    let copied = from.copy_into(to, size).await?;
    let mut auditor = Auditor::new(suite, present(packs)?, None)?;
    auditor.derive(to, &mut |_| {}).await?;
    let meters = if copied.whole {
        Vec::new()
    } else {
        meters(&auditor.snapshot)
    };
    let checkpoint = checkpoint(to, &copied, signer).await?;
    to.put_head(copied.size, &checkpoint, &meters).await?;
    if auditor.report.difference.is_none() {
        auditor.finish(to).await?;
    }
    Ok(Restored {
        report: auditor.report,
        whole: copied.whole,
    })
}

/// The copied checkpoint where it still holds; a new one of this size otherwise; none of an empty ledger.
async fn checkpoint(store: &Store, copied: &Copied, signer: &NoteSigner) -> Result<String, AppError> {
    if copied.size == 0 {
        return Ok(String::new());
    }
    let origin = signer.verifier_key().name().clone();
    if copied.whole {
        let signed = SignedCheckpoint::parse(&copied.checkpoint).map_err(AppError::internal)?;
        if signed.unverified().origin() == origin.as_str() {
            return Ok(copied.checkpoint.clone());
        }
    }
    let root = store.edge(copied.size).await?.root();
    let checkpoint = Checkpoint::new(origin.as_str(), copied.size, root).map_err(AppError::internal)?;
    Ok(signer.sign(&checkpoint))
}

fn meters(snapshot: &Snapshot) -> Vec<MeterRecord> {
    let meters = snapshot.meters.iter();
    meters
        .map(|(key, meter)| MeterRecord {
            key: key.to_string(),
            calls: meter.calls,
            fen: meter.fen,
        })
        .collect()
}

/// How many entries there are before the first that was made after an instant.
async fn size_at(store: &Store, instant: Timestamp) -> Result<u64, AppError> {
    let size = store.size().await?;
    let mut from = 0;
    while from < size {
        let acts = store.acts(from, PAGE_RECORDS).await?;
        let calls = store.calls(from, PAGE_RECORDS).await?;
        // Of two lists that are cut off, only what both reach has been seen whole.
        let full = usize::try_from(PAGE_RECORDS).unwrap_or(usize::MAX);
        let seen_acts = acts.last().filter(|_| acts.len() == full).map(|act| act.index);
        let seen_calls = calls.last().filter(|_| calls.len() == full).map(|call| call.index);
        let seen = seen_acts.into_iter().chain(seen_calls).min().unwrap_or(size - 1);
        let made = acts.iter().map(|act| (act.index, act.at));
        let made = made.chain(calls.iter().map(|call| (call.index, call.at)));
        let later = made.filter(|(index, at)| *index <= seen && *at > instant);
        if let Some(first) = later.map(|(index, _)| index).min() {
            return Ok(first);
        }
        from = seen + 1;
    }
    Ok(size)
}
