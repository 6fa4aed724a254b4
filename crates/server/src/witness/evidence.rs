//! What a witness keeps when a log contradicts what it was cosigned at: both checkpoints, signed by the log itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use gongshu_app::ledger::{AddCheckpoint, SignedCheckpoint, Suite, Suspicion};

use super::{WitnessError, folder_error};

/// Most pieces that are kept; anyone can send an old checkpoint again, and must not fill the disk with it.
const PIECES_MAX: usize = 1_000;

pub(super) struct Evidence {
    folder: PathBuf,
    names: Mutex<BTreeSet<String>>,
}

impl Evidence {
    pub(super) fn open(folder: &Path) -> Result<Self, WitnessError> {
        let folder = folder.join("evidence");
        fs::create_dir_all(&folder).map_err(folder_error(&folder))?;
        let entries = fs::read_dir(&folder).map_err(folder_error(&folder))?;
        let names = entries
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok());
        Ok(Self {
            names: Mutex::new(names.collect()),
            folder,
        })
    }

    /// Keeps and reports a piece that is not there yet.
    pub(super) fn keep(&self, suspicion: Suspicion, last: &SignedCheckpoint, request: &AddCheckpoint) {
        let stated = request.checkpoint.unverified();
        // It only names the file, whatever the suite of the log.
        let hash = Suite::International.hash_leaf(request.checkpoint.note().text().as_bytes());
        let hash = hash.to_string();
        let name = format!("{}-{}-{}", suspicion.name(), stated.size(), &hash[..16]);
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if names.len() >= PIECES_MAX || !names.insert(name.clone()) {
            return;
        }
        let (origin, size, seen) = (stated.origin(), stated.size(), last.unverified().size());
        tracing::error!(%origin, size, seen, kind = suspicion.name(), evidence = %name, "a log contradicts what was cosigned");
        let text = format!("cosigned last:\n\n{last}\nrefused now:\n\n{request}");
        if let Err(error) = fs::write(self.folder.join(&name), text) {
            tracing::error!(%error, evidence = %name, "the evidence could not be kept");
        }
    }

    /// How many pieces there are of each kind.
    pub(super) fn counts(&self) -> BTreeMap<&'static str, usize> {
        let names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let kinds = [Suspicion::Fork, Suspicion::Shrunk, Suspicion::Inconsistent].map(Suspicion::name);
        let count = |kind: &str| names.iter().filter(|name| name.split('-').next() == Some(kind)).count();
        kinds.into_iter().map(|kind| (kind, count(kind))).collect()
    }
}
