//! What a backup says of itself: `backup.json`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::folder::files;

const FILE: &str = "backup.json";
const FORMAT: &str = "gongshu-backup/1";

/// The manifest.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    format: String,
    /// Entries of the ledger.
    pub(super) size: u64,
    /// Their root, lower-case hex.
    pub(super) root: String,
    /// The signed checkpoint of this size; empty where there are no entries.
    pub(super) checkpoint: String,
    /// SHA-256 of every other file, lower-case hex, by its path.
    pub(super) files: BTreeMap<PathBuf, String>,
}

impl Manifest {
    /// Describes what lies in a folder.
    pub(super) fn of(folder: &Path, size: u64, root: String, checkpoint: String) -> Result<Self> {
        let files = files(folder)?.into_iter().map(|path| {
            let hash = sha256(&folder.join(&path))?;
            Ok((path, hash))
        });
        Ok(Self {
            format: FORMAT.to_owned(),
            size,
            root,
            checkpoint,
            files: files.collect::<Result<_>>()?,
        })
    }

    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let file = File::create_new(folder.join(FILE))?;
        serde_json::to_writer_pretty(&file, self)?;
        Ok(file.sync_all()?)
    }

    /// Reads a backup's manifest and compares every file with it.
    pub(super) fn check(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE);
        let text = fs::read_to_string(&path).with_context(|| {
            format!(
                "{} 不是备份目录 / is no backup: {FILE} cannot be read",
                folder.display()
            )
        })?;
        let manifest: Self = serde_json::from_str(&text).with_context(|| format!("{} is damaged", path.display()))?;
        if manifest.format != FORMAT {
            bail!(
                "{} is of the format {}; this release reads {FORMAT}",
                path.display(),
                manifest.format
            );
        }
        for (path, hash) in &manifest.files {
            if sha256(&folder.join(path))? != *hash {
                bail!(
                    "备份文件 {} 已损坏或被改动 / {} is damaged or was altered: take another backup",
                    path.display(),
                    path.display()
                );
            }
        }
        Ok(manifest)
    }
}

fn sha256(path: &Path) -> Result<String> {
    let mut hasher = Sha256::new();
    let mut file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    io::copy(&mut file, &mut HashWriter(&mut hasher))?;
    Ok(hex::encode(hasher.finalize()))
}

struct HashWriter<'a>(&'a mut Sha256);

impl io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
