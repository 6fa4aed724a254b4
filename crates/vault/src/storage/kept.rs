//! What waits inside the domain to leave it: each thing sealed under a data key of its own, in `.kept`.
//!
//! | file | content |
//! | --- | --- |
//! | `ID.key` | the data key, wrapped under the master key |
//! | `ID.sealed` | the content, sealed with AES-256-GCM and bound to its id |
//!
//! The key is written last and removed first, so that what lies there without a key is a leftover.

use std::io;
use std::sync::Arc;

use rand::CryptoRng;

use super::folder::names_version;
use super::place::Place;
use crate::error::VaultError;
use crate::keys::{DataKey, KeyService, WrappedKey, seal};

const FOLDER: &str = ".kept";
const KEY: &str = "key";
const SEALED: &str = "sealed";
const CONTEXT: &str = "gongshu.vault/1/kept/";

/// Keeps `content` under a name of its own.
pub(crate) fn keep(
    place: &Arc<dyn Place>,
    name: &str,
    content: &[u8],
    keys: &dyn KeyService,
    rng: &mut dyn CryptoRng,
) -> Result<(), VaultError> {
    let (sealed_file, key_file) = files(name)?;
    match place.length(&key_file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        found => {
            found.map_err(VaultError::io("read", &place.path_of(&key_file)))?;
            return Err(VaultError::VersionExists(name.to_owned()));
        }
    }
    let key = DataKey::generate(keys.cipher(), rng);
    let sealed = seal::seal(&key, context(name).as_bytes(), content, rng);
    let sealed = sealed.map_err(|_| VaultError::Internal("a content cannot be sealed".to_owned()))?;
    let wrapped =
        serde_json::to_vec(&keys.wrap(&key, rng)?).map_err(|error| VaultError::Internal(error.to_string()))?;
    let written = place.replace(&sealed_file, &sealed);
    written.map_err(VaultError::io("write", &place.path_of(&sealed_file)))?;
    let written = place.create(&key_file, &wrapped);
    written.map_err(VaultError::io("write", &place.path_of(&key_file)))
}

/// What is kept under this name.
pub(crate) fn kept(place: &Arc<dyn Place>, name: &str, keys: &dyn KeyService) -> Result<Vec<u8>, VaultError> {
    let (sealed_file, key_file) = files(name)?;
    let read = |file: &str| match place.read(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(VaultError::UnknownVersion(name.to_owned())),
        read => read.map_err(VaultError::io("read", &place.path_of(file))),
    };
    let altered = |file| VaultError::Altered {
        version: name.to_owned(),
        file,
    };
    let wrapped: WrappedKey = serde_json::from_slice(&read(&key_file)?).map_err(|_| altered(KEY))?;
    let key = keys.unwrap(&wrapped)?;
    seal::unseal(&key, context(name).as_bytes(), &read(&sealed_file)?).map_err(|_| altered(SEALED))
}

/// Destroys what is kept under this name: first its key, overwritten. Nothing there is no error.
pub(crate) fn discard(place: &Arc<dyn Place>, name: &str) -> Result<(), VaultError> {
    let (sealed_file, key_file) = files(name)?;
    let wiped = place.wipe(&key_file);
    wiped.map_err(VaultError::io("overwrite", &place.path_of(&key_file)))?;
    let removed = place.remove(&sealed_file);
    removed.map_err(VaultError::io("remove", &place.path_of(&sealed_file)))
}

/// The names of all that is kept, leftovers included, in order.
pub(crate) fn kept_names(place: &Arc<dyn Place>) -> Result<Vec<String>, VaultError> {
    let files = match place.names(FOLDER) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        names => names.map_err(VaultError::io("list", &place.path_of(FOLDER)))?,
    };
    let name = |file: &String| file.rsplit_once('.').map(|(name, _)| name.to_owned());
    let mut names: Vec<String> = files
        .iter()
        .filter_map(name)
        .filter(|name| names_version(name))
        .collect();
    names.sort();
    names.dedup();
    Ok(names)
}

fn context(name: &str) -> String {
    format!("{CONTEXT}{name}")
}

/// Names of kept things follow the rule of versions, so that none leads elsewhere.
fn files(name: &str) -> Result<(String, String), VaultError> {
    if !names_version(name) {
        return Err(VaultError::InvalidVersion(name.to_owned()));
    }
    let with = |ending: &str| format!("{FOLDER}/{name}.{ending}");
    Ok((with(SEALED), with(KEY)))
}
