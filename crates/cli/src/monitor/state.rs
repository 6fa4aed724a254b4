//! The monitor's own file: what it knows, replaced atomically; and evidence beside it.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use gongshu_ledger::{Follower, Suite};

use super::read_text;
use super::report::Problem;

/// The file, locked so that two monitors do not write it in turn.
pub(crate) struct StateFile {
    path: PathBuf,
    _lock: File,
}

impl StateFile {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let lock_path = beside(path, "lock");
        let lock = File::create(&lock_path).with_context(|| format!("{} cannot be made", lock_path.display()))?;
        lock.try_lock()
            .with_context(|| format!("another monitor uses {}", path.display()))?;
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }

    /// What is known so far of the log, which is of this suite; nothing at the first run.
    pub(crate) fn read(&self, suite: Suite) -> Result<Follower> {
        if !self.path.exists() {
            return Ok(Follower::new(suite));
        }
        Follower::from_state(suite, &read_text(&self.path)?)
            .with_context(|| format!("{} cannot be gone on from", self.path.display()))
    }

    /// Replaces it by a rename, synced: after a crash there is the old state or the new one.
    pub(crate) fn write(&self, follower: &Follower) -> Result<()> {
        let fresh = beside(&self.path, "new");
        let written = || -> std::io::Result<()> {
            let mut file = File::create(&fresh)?;
            file.write_all(follower.to_state().as_bytes())?;
            file.sync_all()?;
            fs::rename(&fresh, &self.path)
        };
        written().with_context(|| format!("{} cannot be written", self.path.display()))
    }

    /// Keeps what the log has signed before and shows now.
    pub(crate) fn keep_evidence(&self, follower: &Follower, problem: &Problem) -> Result<()> {
        let path = beside(&self.path, "evidence");
        let last = follower.last().map(ToString::to_string).unwrap_or_default();
        let Problem { code, message, shown } = problem;
        let text = format!("{code}: {message}\n\nfollowed to:\n\n{last}\nshown now:\n\n{shown}");
        fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))
    }
}

/// The file of this further ending.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}
