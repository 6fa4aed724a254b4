//! A version's files, by their names.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::place::{Place, PlaceReader};
use super::record::altered;
use crate::error::VaultError;

pub(crate) const RECORD: &str = "version.json";
pub(crate) const KEY: &str = "key.json";
pub(crate) const DATA: &str = "data.parquet";
pub(crate) const PROFILE: &str = "profile.sealed";
pub(crate) const QUARANTINE: &str = "quarantine.sealed";
const NAME_MAX: usize = 128;

/// The files of a version.
#[derive(Clone)]
pub(crate) struct Folder {
    place: Arc<dyn Place>,
    version: String,
}

impl Folder {
    /// Names the files of a version; it need not exist.
    pub(crate) fn of(place: &Arc<dyn Place>, version: &str) -> Result<Self, VaultError> {
        if !names_version(version) {
            return Err(VaultError::InvalidVersion(version.to_owned()));
        }
        Ok(Self {
            place: place.clone(),
            version: version.to_owned(),
        })
    }

    /// How people find the file.
    pub(crate) fn path_of(&self, name: &str) -> PathBuf {
        self.place.path_of(&self.file(name))
    }

    pub(crate) fn read(&self, name: &'static str) -> Result<Vec<u8>, VaultError> {
        match self.place.read(&self.file(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(altered(&self.version, name)),
            read => read.map_err(self.error("read", name)),
        }
    }

    pub(crate) fn exists(&self) -> Result<bool, VaultError> {
        match self.place.names(&self.version) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            names => Ok(!names.map_err(self.error("list", ""))?.is_empty()),
        }
    }

    /// Whether this is the only file.
    pub(crate) fn has_only(&self, name: &str) -> bool {
        self.place.names(&self.version).is_ok_and(|names| names == [name])
    }

    pub(crate) fn length(&self, name: &str) -> Result<u64, VaultError> {
        self.place.length(&self.file(name)).map_err(self.error("read", name))
    }

    pub(crate) fn copy_to(&self, name: &str, sink: &mut dyn io::Write) -> Result<u64, VaultError> {
        let copied = self.place.copy_to(&self.file(name), sink);
        copied.map_err(self.error("read", name))
    }

    /// Replaces a file, whole or not at all.
    pub(crate) fn replace(&self, name: &str, bytes: &[u8]) -> Result<(), VaultError> {
        let replaced = self.place.replace(&self.file(name), bytes);
        replaced.map_err(self.error("replace", name))
    }

    /// Overwrites a file and removes it; it may be gone already.
    pub(crate) fn wipe(&self, name: &str) -> Result<(), VaultError> {
        self.place.wipe(&self.file(name)).map_err(self.error("overwrite", name))
    }

    /// Removes all files but one.
    pub(crate) fn remove_all_but(&self, kept: &str) -> Result<(), VaultError> {
        let names = self.place.names(&self.version).map_err(self.error("list", ""))?;
        for name in names.iter().filter(|name| *name != kept) {
            let removed = self.place.remove(&self.file(name));
            removed.map_err(self.error("remove", name))?;
        }
        Ok(())
    }

    pub(crate) fn reader(&self, name: &str, length: u64) -> PlaceReader {
        PlaceReader::new(self.place.clone(), self.file(name), length)
    }

    fn file(&self, name: &str) -> String {
        format!("{}/{name}", self.version)
    }

    fn error(&self, action: &'static str, name: &str) -> impl FnOnce(io::Error) -> VaultError {
        let path = self.path_of(name);
        move |source| VaultError::Io { action, path, source }
    }
}

/// A version's name is a folder's name, so it must not lead elsewhere.
pub(crate) fn names_version(name: &str) -> bool {
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphanumeric());
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-@".contains(&byte);
    starts_well && name.len() <= NAME_MAX && name.bytes().all(allowed)
}
