//! One folder made like another that changes meanwhile.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Files that are written once; others are copied again.
fn is_written_once(name: &str) -> bool {
    name == "data.parquet" || name.starts_with(FILE) && name.ends_with(".sealed")
}

/// What the names of parties' files begin with.
const FILE: &str = "fil_";

/// Copies what is new or may have changed, and removes what is gone. A file that vanishes meanwhile is passed over.
pub(super) fn sync(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("{} cannot be made", to.display()))?;
    for (entry, name) in list(from)? {
        let target = to.join(&name);
        if entry.is_dir() {
            sync(&entry, &target)?;
        } else if !is_written_once(&name) || !target.exists() {
            match fs::copy(&entry, &target) {
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                copied => drop(copied.with_context(|| format!("{} cannot be copied", entry.display()))?),
            }
        }
    }
    for (entry, name) in list(to)? {
        let gone = !from.join(name).exists();
        let removed = match (gone, entry.is_dir()) {
            (false, _) => continue,
            (true, true) => fs::remove_dir_all(&entry),
            (true, false) => fs::remove_file(&entry),
        };
        removed.with_context(|| format!("{} cannot be removed", entry.display()))?;
    }
    Ok(())
}

/// Every file below a folder, by its path from there, in order.
pub(super) fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for (entry, name) in list(&root.join(&folder))? {
            let path = folder.join(name);
            if entry.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn list(folder: &Path) -> Result<Vec<(PathBuf, String)>> {
    let read = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        read => read.with_context(|| format!("{} cannot be listed", folder.display()))?,
    };
    let entries = read.map(|entry| {
        let entry = entry?;
        let name = entry.file_name().into_string();
        let name = name.map_err(|name| anyhow::anyhow!("{} is no name in UTF-8", name.display()))?;
        Ok((entry.path(), name))
    });
    entries.collect()
}
