//! Writers that each wait for the proof of an entry, then send the next; one sequencer that commits in groups, as the
//! platform's does: what arrives while a commit is under way shares the next one.

use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gongshu_ledger::{Appended, Edge, NoteSigner, Policy, Receipt, SignedCheckpoint, verify_receipt};
use gongshu_store::{Batch, Store};
use tokio::sync::{mpsc, oneshot};

use crate::figures::Times;
use crate::{ENTRY_BYTES, Outcome};

/// As in the platform's sequencer.
const BATCH_ITEMS_MAX: usize = 2_048;
const QUEUE_ITEMS_MAX: usize = 4_096;
/// Of so many entries one is verified as a stranger would.
const VERIFIED_EVERY: usize = 1_000;
const READ_ENTRIES: u32 = 4_096;

/// An entry, and whom to tell that it is durable.
struct Waiting {
    entry: Vec<u8>,
    reply: oneshot::Sender<Committed>,
}

struct Committed {
    index: u64,
    entry: Vec<u8>,
    appended: Arc<Appended>,
    checkpoint: Arc<SignedCheckpoint>,
}

/// What was measured.
pub(crate) struct Run {
    per_second: f64,
    times: Times,
    commits: u64,
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let group = self.times.count() as f64 / self.commits.max(1) as f64;
        write!(
            f,
            "{:>8.0} entries/s  {}  {group:.0} in a commit",
            self.per_second, self.times
        )
    }
}

pub(crate) async fn drive(store: &Store, signer: &NoteSigner, writers: usize, length: Duration) -> Outcome<Run> {
    let edge = store.load().await?.edge;
    let (queue, inbox) = mpsc::channel(QUEUE_ITEMS_MAX);
    let sequencer = tokio::spawn(sequence(store.clone(), signer.clone(), edge, inbox));
    let begun = Instant::now();
    let policy = Arc::new(Policy::new(signer.verifier_key())?);
    let each = (0..writers).map(|writer| tokio::spawn(write(writer, queue.clone(), policy.clone(), begun + length)));
    let each: Vec<_> = each.collect();
    drop(queue);
    let mut times = Vec::new();
    for writer in each {
        times.extend(writer.await??);
    }
    let elapsed = begun.elapsed().as_secs_f64();
    let commits = sequencer.await??;
    let per_second = times.len() as f64 / elapsed;
    let times = Times::new(times);
    Ok(Run {
        per_second,
        times,
        commits,
    })
}

/// Gives how many commits there were.
async fn sequence(
    store: Store,
    signer: NoteSigner,
    mut edge: Edge,
    mut inbox: mpsc::Receiver<Waiting>,
) -> Outcome<u64> {
    let mut waiting = Vec::with_capacity(BATCH_ITEMS_MAX);
    let mut commits = 0;
    while inbox.recv_many(&mut waiting, BATCH_ITEMS_MAX).await > 0 {
        let (entries, replies): (Vec<_>, Vec<_>) = waiting.drain(..).map(|item| (item.entry, item.reply)).unzip();
        let mut batch = Batch {
            entries,
            ..Batch::default()
        };
        let appended = Arc::new(batch.seal(&edge, &signer)?);
        store.turn().await?.commit(&batch).await?;
        let checkpoint = Arc::new(SignedCheckpoint::parse(&batch.checkpoint)?);
        for ((index, entry), reply) in (batch.size_before..).zip(batch.entries).zip(replies) {
            let (appended, checkpoint) = (appended.clone(), checkpoint.clone());
            drop(reply.send(Committed {
                index,
                entry,
                appended,
                checkpoint,
            }));
        }
        edge = appended.edge().clone();
        commits += 1;
    }
    Ok(commits)
}

async fn write(
    writer: usize,
    queue: mpsc::Sender<Waiting>,
    policy: Arc<Policy>,
    until: Instant,
) -> Outcome<Vec<Duration>> {
    let mut times = Vec::new();
    while Instant::now() < until {
        let begun = Instant::now();
        let mut entry = format!("writer {writer}, entry {}", times.len()).into_bytes();
        entry.resize(ENTRY_BYTES, b'.');
        let (reply, done) = oneshot::channel();
        queue.send(Waiting { entry, reply }).await?;
        let receipt = receipt(done.await?)?;
        times.push(begun.elapsed());
        if times.len() % VERIFIED_EVERY == 1 {
            verify_receipt(&receipt, &policy)?;
        }
    }
    Ok(times)
}

/// The receipt as a client gets it.
fn receipt(committed: Committed) -> Outcome<String> {
    let proof = committed.appended.prove(committed.index)?;
    let receipt = Receipt {
        entry: Some(committed.entry),
        index: committed.index,
        proof,
        checkpoint: (*committed.checkpoint).clone(),
    };
    Ok(receipt.to_string())
}

/// Reads everything back, hashes it to the signed root, and gives entries and bytes on disk per entry.
pub(crate) async fn weigh(store: &Store, folder: &Path) -> Outcome<(u64, f64)> {
    store.tidy_up().await?;
    let loaded = store.load().await?;
    let suite = store.suite().await?;
    let mut edge = Edge::new(suite);
    while edge.size() < loaded.size {
        let entries = store.entries(edge.size(), READ_ENTRIES).await?;
        let leaves: Vec<_> = entries.iter().map(|entry| suite.hash_leaf(entry)).collect();
        edge = edge.append(&leaves).into_edge();
    }
    if edge.root() != loaded.edge.root() {
        return Err("the entries do not lead to the signed root".into());
    }
    let bytes = fs::metadata(folder.join("store.db"))?.len();
    Ok((loaded.size, bytes as f64 / loaded.size.max(1) as f64))
}
