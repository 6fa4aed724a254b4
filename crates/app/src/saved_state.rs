//! The saved state: what a start has without applying every event again.
//!
//! A file of this server, written off the commit's path and replaced whole by one rename. It names the sources that wrote
//! it, the log it belongs to by size and root, and the hash of its bytes. Where one of them does not fit, a line in the
//! log says which, and all events are applied. `audit replay` and `restore` never read it.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use gongshu_governance::{SCHEMA, SavedError, State};
use gongshu_ledger::Edge;
use gongshu_store::{Store, StoreError};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use crate::error::AppError;

/// What the file begins with.
const MAGIC: &str = "gongshu-state-1";
/// Lines before the state.
const HEAD_LINES: usize = 5;

/// Where the state is saved, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keeping {
    /// The file. Its folder holds the district's own data: the state names parties and subjects as the store does.
    pub path: PathBuf,
    /// How many events lie between two saved states.
    pub events: u64,
}

/// Why a file is not of use.
#[derive(Debug, thiserror::Error)]
enum Unfit {
    #[error("it is no saved state")]
    Head,
    #[error("other sources wrote it")]
    Schema,
    #[error("its bytes are damaged")]
    Damaged,
    #[error("it is of another log, or of entries that are not there")]
    Log,
    #[error(transparent)]
    State(#[from] SavedError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The state that was saved, where there is one that fits what the store holds.
pub(crate) async fn read(store: &Store, keeping: Option<&Keeping>) -> Result<Option<State>, AppError> {
    let Some(Keeping { path, .. }) = keeping else {
        return Ok(None);
    };
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            tracing::warn!(file = %path.display(), %error, "the saved state cannot be read; every event is applied");
            return Ok(None);
        }
    };
    match fit(store, bytes).await {
        Ok(state) => Ok(Some(state)),
        Err(Unfit::Store(error)) => Err(error.into()),
        Err(error) => {
            tracing::warn!(file = %path.display(), %error, "the saved state is not of use; every event is applied");
            Ok(None)
        }
    }
}

async fn fit(store: &Store, bytes: Vec<u8>) -> Result<State, Unfit> {
    let mut lines = bytes.splitn(HEAD_LINES + 1, |byte| *byte == b'\n');
    let mut line = || lines.next().and_then(|line| std::str::from_utf8(line).ok());
    let head = || Unfit::Head;
    if line() != Some(MAGIC) {
        return Err(Unfit::Head);
    }
    if line().ok_or_else(head)? != SCHEMA {
        return Err(Unfit::Schema);
    }
    let size: u64 = line().and_then(|line| line.parse().ok()).ok_or_else(head)?;
    let root = line().ok_or_else(head)?;
    if size == 0 || size > store.size().await? || store.edge(size).await?.root().to_string() != root {
        return Err(Unfit::Log);
    }
    let sha256 = line().ok_or_else(head)?.to_owned();
    let body = lines.next().ok_or_else(head)?;
    let start = bytes.len() - body.len();
    let work = move || restore(&bytes[start..], &sha256);
    tokio::task::spawn_blocking(work).await.map_err(|_| Unfit::Damaged)?
}

/// Reads the state while its bytes are hashed.
fn restore(body: &[u8], sha256: &str) -> Result<State, Unfit> {
    std::thread::scope(|threads| {
        let hash = threads.spawn(|| hex::encode(Sha256::digest(body)));
        let state = State::restore(body);
        if hash.join().ok().as_deref() != Some(sha256) {
            return Err(Unfit::Damaged);
        }
        Ok(state?)
    })
}

/// A state and the log it follows from.
#[derive(Debug)]
struct Kept {
    state: State,
    size: u64,
    root: String,
}

/// Has states saved from time to time.
#[derive(Debug)]
pub(crate) struct Keeper {
    events: u64,
    /// How many events the newest saved state has.
    saved: u64,
    given: mpsc::Sender<Kept>,
}

impl Keeper {
    /// Begins: `saved` events are in the file. Ends when it is dropped.
    pub(crate) fn start(keeping: Option<Keeping>, saved: u64) -> Self {
        let (given, taken) = mpsc::channel(1);
        let events = keeping.as_ref().map_or(u64::MAX, |keeping| keeping.events);
        if let Some(keeping) = keeping {
            tokio::spawn(keep(keeping.path, taken));
        }
        Self { events, saved, given }
    }

    /// Looks at the newest state, and has it saved when it is due and none waits. The state is shared, not copied.
    pub(crate) fn see(&mut self, state: &State, edge: &Edge) {
        if state.sequence.saturating_sub(self.saved) < self.events {
            return;
        }
        let Ok(place) = self.given.try_reserve() else {
            return;
        };
        place.send(Kept {
            state: state.clone(),
            size: edge.size(),
            root: edge.root().to_string(),
        });
        self.saved = state.sequence;
    }
}

/// Saves what is given.
async fn keep(path: PathBuf, mut taken: mpsc::Receiver<Kept>) {
    while let Some(kept) = taken.recv().await {
        let (path, begun, events) = (path.clone(), Instant::now(), kept.state.sequence);
        let work = move || write(&path, &kept);
        match tokio::task::spawn_blocking(work).await.map_err(AppError::internal) {
            Ok(Ok(bytes)) => tracing::info!(
                events,
                bytes,
                seconds = begun.elapsed().as_secs_f64(),
                "the state is saved"
            ),
            Ok(Err(error)) | Err(error) => tracing::warn!(%error, "the state is not saved"),
        }
    }
}

/// Writes the whole file under another name, and renames it once it is on disk.
fn write(path: &Path, kept: &Kept) -> Result<usize, AppError> {
    let body = kept.state.save().map_err(AppError::internal)?;
    let sha256 = hex::encode(Sha256::digest(&body));
    let head = format!("{MAGIC}\n{SCHEMA}\n{}\n{}\n{sha256}\n", kept.size, kept.root);
    let new = path.with_extension(format!("{}.new", std::process::id()));
    let mut options = OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let write = || {
        let mut file = options.open(&new)?;
        file.write_all(head.as_bytes())?;
        file.write_all(&body)?;
        file.sync_all()?;
        fs::rename(&new, path)?;
        path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    };
    write().map_err(AppError::internal)?;
    Ok(head.len() + body.len())
}

/// Removes what a crash left half written. Only while no other server uses the folder.
pub(crate) fn tidy_up(keeping: Option<&Keeping>) {
    let Some(path) = keeping.map(|keeping| &keeping.path) else {
        return;
    };
    let Some((folder, stem)) = path.parent().zip(path.file_stem().and_then(|stem| stem.to_str())) else {
        return;
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let left = name
            .to_str()
            .is_some_and(|name| name.starts_with(stem) && name.ends_with(".new"));
        if left && let Err(error) = fs::remove_file(entry.path()) {
            tracing::warn!(%error, "a half written state cannot be removed");
        }
    }
}
