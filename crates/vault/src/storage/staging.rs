//! A version in the making, whatever the place. What is not committed is removed.

use std::io;
use std::sync::Arc;

use rand::CryptoRng;

use super::folder::{DATA, RECORD, names_version};
use super::place::{Draft, Place, Sink};
use crate::error::VaultError;

/// A version in the making.
pub(crate) struct Staging {
    place: Arc<dyn Place>,
    version: String,
    draft: Box<dyn Draft>,
}

impl Staging {
    /// Begins what is no version yet.
    pub(crate) fn begin(place: &Arc<dyn Place>, version: &str, rng: &mut dyn CryptoRng) -> Result<Self, VaultError> {
        if !names_version(version) {
            return Err(VaultError::InvalidVersion(version.to_owned()));
        }
        let draft = place.begin(version, rng.next_u64());
        Ok(Self {
            draft: draft.map_err(error(place.as_ref(), version, "create", ""))?,
            place: place.clone(),
            version: version.to_owned(),
        })
    }

    /// Begins the columnar file.
    pub(crate) fn data(&self) -> Result<Box<dyn Sink>, VaultError> {
        self.draft.create(DATA).map_err(self.error("create", DATA))
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), VaultError> {
        self.draft.write(name, bytes).map_err(self.error("write", name))
    }

    /// Makes the version be there.
    pub(crate) fn commit(self, record: &[u8]) -> Result<(), VaultError> {
        let Self { place, version, draft } = self;
        draft
            .commit(record)
            .map_err(error(place.as_ref(), &version, "create", RECORD))
    }

    fn error(&self, action: &'static str, name: &str) -> impl FnOnce(io::Error) -> VaultError {
        error(self.place.as_ref(), &self.version, action, name)
    }
}

fn error(place: &dyn Place, version: &str, action: &'static str, name: &str) -> impl FnOnce(io::Error) -> VaultError {
    let (path, version) = (place.path_of(&format!("{version}/{name}")), version.to_owned());
    move |source| match source.kind() {
        io::ErrorKind::AlreadyExists => VaultError::VersionExists(version),
        _ => VaultError::Io { action, path, source },
    }
}
