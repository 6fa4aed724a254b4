//! What a witness has cosigned last, a file a log: replaced atomically, synced before anything is said about it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use gongshu_app::ledger::{Hash, SignedCheckpoint, Suite, Suspicion, Vouched, WitnessRefusal};

use super::{WitnessError, folder_error};

/// The last checkpoints of all watched logs.
pub(super) struct Keeper {
    logs: BTreeMap<String, Kept>,
    /// Held as long as the witness runs, so that no second one works in the folder.
    _lock: File,
}

struct Kept {
    path: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    last: Option<SignedCheckpoint>,
    /// Roots that were cosigned lately, by size: they tell an old checkpoint that is sent again from a forged one.
    recent: BTreeMap<u64, Hash>,
}

/// Most roots that are remembered for a log.
const RECENT_MAX: usize = 10_000;

/// Why a checkpoint was not kept.
pub(super) enum KeepError {
    /// It does not continue the last one; perhaps it contradicts it.
    Refused {
        refusal: WitnessRefusal,
        contradicts: Option<(Suspicion, Box<SignedCheckpoint>)>,
    },
    /// It could not be written.
    Failed(WitnessError),
}

impl Keeper {
    pub(super) fn open(folder: &Path, origins: &[&str]) -> Result<Self, WitnessError> {
        let checkpoints = folder.join("checkpoints");
        fs::create_dir_all(&checkpoints).map_err(folder_error(&checkpoints))?;
        let lock = lock(folder)?;
        let logs = origins.iter().map(|origin| {
            // An origin is any text; its hash is a file name, the same for logs of either suite.
            let path = checkpoints.join(Suite::International.hash_leaf(origin.as_bytes()).to_string());
            let state = Mutex::new(State::of(read(&path, origin)?));
            Ok(((*origin).to_owned(), Kept { path, state }))
        });
        Ok(Self {
            logs: logs.collect::<Result<_, WitnessError>>()?,
            _lock: lock,
        })
    }

    pub(super) fn last(&self, origin: &str) -> Option<SignedCheckpoint> {
        let kept = self.logs.get(origin)?;
        let state = kept.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.last.clone()
    }

    /// Checks a checkpoint against the last one and puts it in its place, as one step for each log.
    pub(super) fn replace(&self, vouched: &Vouched) -> Result<(), KeepError> {
        let origin = vouched.checkpoint().origin();
        let Some(kept) = self.logs.get(origin) else {
            return Err(KeepError::Refused {
                refusal: WitnessRefusal::UnknownLog {
                    origin: origin.to_owned(),
                },
                contradicts: None,
            });
        };
        let mut state = kept.state.lock().unwrap_or_else(PoisonError::into_inner);
        let last = state.last.as_ref().map(SignedCheckpoint::unverified);
        if let Err(refusal) = vouched.check(last) {
            let contradicts = state.contradicts(vouched, &refusal);
            return Err(KeepError::Refused { refusal, contradicts });
        }
        // A checkpoint that is kept already need not be written again.
        if last != Some(vouched.checkpoint()) {
            let next = &vouched.request().checkpoint;
            write(&kept.path, &next.to_string()).map_err(KeepError::Failed)?;
            state.set(next.clone());
        }
        Ok(())
    }
}

impl State {
    fn of(last: Option<SignedCheckpoint>) -> Self {
        let mut state = Self::default();
        last.into_iter().for_each(|last| state.set(last));
        state
    }

    fn set(&mut self, next: SignedCheckpoint) {
        let stated = next.unverified();
        self.recent.insert(stated.size(), *stated.root());
        if self.recent.len() > RECENT_MAX {
            self.recent.pop_first();
        }
        self.last = Some(next);
    }

    fn contradicts(&self, vouched: &Vouched, refusal: &WitnessRefusal) -> Option<(Suspicion, Box<SignedCheckpoint>)> {
        let last = self.last.as_ref()?;
        let cosigned = self.recent.get(&vouched.checkpoint().size());
        let suspicion = vouched.suspicion(last.unverified(), cosigned, refusal)?;
        Some((suspicion, Box::new(last.clone())))
    }
}

fn lock(folder: &Path) -> Result<File, WitnessError> {
    let path = folder.join("lock");
    let file = File::create(&path).map_err(folder_error(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(WitnessError::Busy(folder.to_owned())),
        Err(fs::TryLockError::Error(source)) => Err(WitnessError::Folder { path, source }),
    }
}

fn read(path: &Path, origin: &str) -> Result<Option<SignedCheckpoint>, WitnessError> {
    if !path.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(path).map_err(folder_error(path))?;
    let damaged = |reason: String| WitnessError::Damaged {
        path: path.to_owned(),
        reason,
    };
    let kept = SignedCheckpoint::parse(&text).map_err(|error| damaged(error.to_string()))?;
    if kept.unverified().origin() != origin {
        return Err(damaged(format!("it is of `{}`", kept.unverified().origin())));
    }
    Ok(Some(kept))
}

/// Replaces a file by a rename, and syncs file and folder: after a crash there is the old text or the new one.
fn write(path: &Path, text: &str) -> Result<(), WitnessError> {
    let fresh = path.with_extension("new");
    let written = || -> std::io::Result<()> {
        let mut file = File::create(&fresh)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&fresh, path)?;
        path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    };
    written().map_err(folder_error(path))
}
