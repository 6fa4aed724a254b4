//! What is in the vault and whether it is sound; asked at start-up, and whenever somebody wants to know.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::destroy::erase;
use super::filed;
use super::folder::{DATA, Folder, RECORD};
use super::place::{Contents, Place};
use super::record::{VersionFile, altered};
use super::stored::{open_version, verify};
use crate::error::VaultError;
use crate::keys::KeyService;

/// How closely to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckDepth {
    /// Records, keys, and the presence and length of files.
    Quick,
    /// Also the hash of every file.
    Full,
}

/// The state of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum VersionState {
    /// It can be read.
    Active {
        /// Its rows.
        rows: u64,
        /// When it was stored.
        ingested_at: Timestamp,
        /// SHA-256 of the encrypted file.
        stored_sha256: String,
    },
    /// It was destroyed.
    Destroyed {
        /// When.
        at: Timestamp,
    },
    /// Its record cannot be read.
    Damaged,
}

/// A version and its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VersionSummary {
    /// The version.
    pub version: String,
    /// Its state, as its record says; nothing is checked.
    pub state: VersionState,
}

/// Whether a version is sound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "health", rename_all = "kebab-case")]
pub enum Health {
    /// It can be read.
    Sound,
    /// It was destroyed, and nothing of it is left.
    Destroyed,
    /// It was destroyed, but a crash left something; a sweep removes it.
    DestructionUnfinished,
    /// It cannot be read, for this reason.
    Damaged {
        /// The code of the error.
        code: String,
        /// Its words.
        message: String,
    },
}

/// The health of one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VersionHealth {
    /// The version.
    pub version: String,
    /// Its health.
    pub health: Health,
}

/// The health of one file of a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileHealth {
    /// The file's name.
    pub file: String,
    /// Its health: sound, or damaged.
    pub health: Health,
}

/// The health of the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SelfCheck {
    /// All versions, in the order of their names.
    pub versions: Vec<VersionHealth>,
    /// All files of parties, in the order of their names.
    pub files: Vec<FileHealth>,
    /// What interrupted ingestions and uploads left; a sweep removes it.
    pub leftovers: Vec<PathBuf>,
}

impl SelfCheck {
    /// Whether nothing needs care.
    pub fn is_sound(&self) -> bool {
        let cared_for = |health: &Health| matches!(health, Health::Sound | Health::Destroyed);
        let mut all = self.versions.iter().map(|version| &version.health);
        let mut files = self.files.iter().map(|file| &file.health);
        self.leftovers.is_empty() && all.all(cared_for) && files.all(cared_for)
    }
}

/// Lists versions without touching keys.
pub(crate) fn versions(place: &Arc<dyn Place>) -> Result<Vec<VersionSummary>, VaultError> {
    let names = contents(place)?.versions;
    names
        .into_iter()
        .map(|version| {
            Ok(VersionSummary {
                state: state(place, &version)?,
                version,
            })
        })
        .collect()
}

fn state(place: &Arc<dyn Place>, version: &str) -> Result<VersionState, VaultError> {
    match VersionFile::read(&Folder::of(place, version)?, version) {
        Ok(VersionFile::Active { record, .. }) => Ok(VersionState::Active {
            rows: record.rows,
            ingested_at: record.ingested_at,
            stored_sha256: record.stored_sha256,
        }),
        Ok(VersionFile::Destroyed { certificate, .. }) => Ok(VersionState::Destroyed { at: certificate.at }),
        Err(VaultError::Altered { .. } | VaultError::UnknownFormat { .. }) => Ok(VersionState::Damaged),
        Err(other) => Err(other),
    }
}

/// Looks at every version and every file.
pub(crate) fn self_check(
    place: &Arc<dyn Place>,
    keys: &Arc<dyn KeyService>,
    depth: CheckDepth,
) -> Result<SelfCheck, VaultError> {
    let contents = contents(place)?;
    let look = |version: String| VersionHealth {
        health: health(place, &version, keys, depth),
        version,
    };
    let (files, of_files) = filed::found(place)?;
    let look_at_file = |file: String| FileHealth {
        health: filed::check(place, &file, keys.as_ref(), depth)
            .map_or_else(|error| damaged(&error), |()| Health::Sound),
        file,
    };
    let leftovers = contents.leftovers.iter().chain(&of_files);
    Ok(SelfCheck {
        versions: contents.versions.into_iter().map(look).collect(),
        files: files.into_iter().map(look_at_file).collect(),
        leftovers: leftovers.map(|name| place.path_of(name)).collect(),
    })
}

fn health(place: &Arc<dyn Place>, version: &str, keys: &Arc<dyn KeyService>, depth: CheckDepth) -> Health {
    match look(place, version, keys, depth) {
        Ok(()) => Health::Sound,
        Err(VaultError::Destroyed { .. }) if is_erased(place, version) => Health::Destroyed,
        Err(VaultError::Destroyed { .. }) => Health::DestructionUnfinished,
        Err(error) => damaged(&error),
    }
}

fn damaged(error: &VaultError) -> Health {
    Health::Damaged {
        code: error.code().to_owned(),
        message: error.to_string(),
    }
}

fn look(
    place: &Arc<dyn Place>,
    version: &str,
    keys: &Arc<dyn KeyService>,
    depth: CheckDepth,
) -> Result<(), VaultError> {
    let stored = open_version(place, version, keys)?;
    match depth {
        CheckDepth::Full => verify(&stored),
        CheckDepth::Quick => match Folder::of(place, version)?.length(DATA) {
            Ok(length) if length == stored.stored_bytes() => Ok(()),
            Ok(_) | Err(_) => Err(altered(version, DATA)),
        },
    }
}

fn is_erased(place: &Arc<dyn Place>, version: &str) -> bool {
    // Only the tombstone is left.
    Folder::of(place, version).is_ok_and(|folder| folder.has_only(RECORD))
}

/// Removes what interrupted ingestions left and finishes interrupted destructions. To be called when no
/// ingestion is under way; gives how many things were put in order.
pub(crate) fn sweep(place: &Arc<dyn Place>) -> Result<usize, VaultError> {
    let contents = contents(place)?;
    let mut swept = contents.leftovers.len();
    for name in contents.leftovers {
        let removed = place.discard(&name);
        removed.map_err(VaultError::io("remove", &place.path_of(&name)))?;
    }
    for version in contents.versions {
        let folder = Folder::of(place, &version)?;
        let destroyed = matches!(VersionFile::read(&folder, &version), Ok(VersionFile::Destroyed { .. }));
        if destroyed && !is_erased(place, &version) {
            erase(&folder)?;
            swept += 1;
        }
    }
    Ok(swept)
}

fn contents(place: &Arc<dyn Place>) -> Result<Contents, VaultError> {
    place.contents().map_err(VaultError::io("list", &place.path_of("")))
}
