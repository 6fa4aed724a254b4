//! What waits inside the domain to leave it: each thing sealed under a data key of its own, in `.kept`.
//!
//! | file | content |
//! | --- | --- |
//! | `ID.key` | the data key, wrapped under the master key |
//! | `ID.sealed` | the content, sealed with AES-256-GCM and bound to its id |
//!
//! The key is written last and removed first, so that what lies there without a key is a leftover.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rand::CryptoRng;

use super::destroy::overwrite;
use super::folder::{Folder, create_root, sync_folder, write_durably};
use crate::error::VaultError;
use crate::keys::{DataKey, KeyService, WrappedKey, seal};

const FOLDER: &str = ".kept";
const KEY: &str = "key";
const SEALED: &str = "sealed";
const CONTEXT: &str = "gongshu.vault/1/kept/";

/// Keeps `content` under a name of its own.
pub(crate) fn keep(
    root: &Path,
    name: &str,
    content: &[u8],
    keys: &dyn KeyService,
    rng: &mut dyn CryptoRng,
) -> Result<(), VaultError> {
    let (sealed_path, key_path) = paths(root, name)?;
    if key_path.exists() {
        return Err(VaultError::VersionExists(name.to_owned()));
    }
    create_root(&root.join(FOLDER))?;
    let key = DataKey::generate(keys.cipher(), rng);
    let sealed = seal::seal(&key, context(name).as_bytes(), content, rng);
    let sealed = sealed.map_err(|_| VaultError::Internal("a content cannot be sealed".to_owned()))?;
    let wrapped =
        serde_json::to_vec(&keys.wrap(&key, rng)?).map_err(|error| VaultError::Internal(error.to_string()))?;
    write_durably(&sealed_path, &sealed).map_err(VaultError::io("write", &sealed_path))?;
    write_durably(&key_path, &wrapped).map_err(VaultError::io("write", &key_path))?;
    sync_folder(&root.join(FOLDER))
}

/// What is kept under this name.
pub(crate) fn kept(root: &Path, name: &str, keys: &dyn KeyService) -> Result<Vec<u8>, VaultError> {
    let (sealed_path, key_path) = paths(root, name)?;
    let read = |path: &Path| match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(VaultError::UnknownVersion(name.to_owned())),
        read => read.map_err(VaultError::io("read", path)),
    };
    let altered = |file| VaultError::Altered {
        version: name.to_owned(),
        file,
    };
    let wrapped: WrappedKey = serde_json::from_slice(&read(&key_path)?).map_err(|_| altered(KEY))?;
    let key = keys.unwrap(&wrapped)?;
    seal::unseal(&key, context(name).as_bytes(), &read(&sealed_path)?).map_err(|_| altered(SEALED))
}

/// Destroys what is kept under this name: first its key, overwritten. Nothing there is no error.
pub(crate) fn discard(root: &Path, name: &str) -> Result<(), VaultError> {
    let (sealed_path, key_path) = paths(root, name)?;
    overwrite(&key_path).map_err(VaultError::io("overwrite", &key_path))?;
    for path in [key_path, sealed_path] {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(VaultError::io("remove", &path)(error));
            }
            Ok(()) | Err(_) => {}
        }
    }
    match root.join(FOLDER).exists() {
        true => sync_folder(&root.join(FOLDER)),
        false => Ok(()),
    }
}

/// The names of all that is kept, leftovers included, in order.
pub(crate) fn kept_names(root: &Path) -> Result<Vec<String>, VaultError> {
    let folder = root.join(FOLDER);
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(VaultError::io("list", &folder))? {
        let path = entry.map_err(VaultError::io("list", &folder))?.path();
        names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    names.sort();
    names.dedup();
    Ok(names)
}

fn context(name: &str) -> String {
    format!("{CONTEXT}{name}")
}

/// Names of kept things follow the rule of versions, so that none leads elsewhere.
fn paths(root: &Path, name: &str) -> Result<(PathBuf, PathBuf), VaultError> {
    let folder = root.join(FOLDER);
    Folder::of(&folder, name)?;
    let with = |ending: &str| folder.join(format!("{name}.{ending}"));
    Ok((with(SEALED), with(KEY)))
}
