//! Folders and files of versions, and the care that makes writes durable.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rand::CryptoRng;

use crate::error::VaultError;

pub(crate) const RECORD: &str = "version.json";
pub(crate) const KEY: &str = "key.json";
pub(crate) const DATA: &str = "data.parquet";
pub(crate) const PROFILE: &str = "profile.sealed";
pub(crate) const QUARANTINE: &str = "quarantine.sealed";
const STAGING_PREFIX: &str = ".staging-";
const DRAFT: &str = ".version.json.new";
const NAME_MAX: usize = 128;

/// The folder of a version.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Names the folder of a version; it need not exist.
    pub(crate) fn of(root: &Path, version: &str) -> Result<Self, VaultError> {
        if !names_version(version) {
            return Err(VaultError::InvalidVersion(version.to_owned()));
        }
        Ok(Self {
            path: root.join(version),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    pub(crate) fn read(&self, name: &str) -> Result<Vec<u8>, VaultError> {
        let path = self.file(name);
        fs::read(&path).map_err(VaultError::io("read", &path))
    }

    /// Replaces a file, whole or not at all.
    pub(crate) fn replace_record(&self, bytes: &[u8]) -> Result<(), VaultError> {
        let draft = self.file(DRAFT);
        let path = self.file(RECORD);
        write_durably(&draft, bytes).map_err(VaultError::io("write", &draft))?;
        fs::rename(&draft, &path).map_err(VaultError::io("replace", &path))?;
        self.sync()
    }

    /// Removes a file; it may be gone already.
    pub(crate) fn remove(&self, name: &str) -> Result<(), VaultError> {
        let path = self.file(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(VaultError::io("remove", &path)(error)),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Removes the draft of a record that was never put in place.
    pub(crate) fn remove_draft(&self) -> Result<(), VaultError> {
        self.remove(DRAFT)
    }

    /// Makes the names in the folder durable.
    pub(crate) fn sync(&self) -> Result<(), VaultError> {
        sync_folder(&self.path)
    }
}

/// A version in the making. What is not committed is removed.
#[derive(Debug)]
pub(crate) struct Staging {
    root: PathBuf,
    folder: Folder,
    target: Folder,
    committed: bool,
}

impl Staging {
    /// Makes a folder that is no version yet.
    pub(crate) fn begin(root: &Path, version: &str, rng: &mut dyn CryptoRng) -> Result<Self, VaultError> {
        let target = Folder::of(root, version)?;
        if target.path().exists() {
            return Err(VaultError::VersionExists(version.to_owned()));
        }
        let path = root.join(format!("{STAGING_PREFIX}{:016x}", rng.next_u64()));
        fs::create_dir(&path).map_err(VaultError::io("create", &path))?;
        Ok(Self {
            root: root.to_owned(),
            folder: Folder { path },
            target,
            committed: false,
        })
    }

    pub(crate) fn data_file(&self) -> PathBuf {
        self.folder.file(DATA)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), VaultError> {
        let path = self.folder.file(name);
        write_durably(&path, bytes).map_err(VaultError::io("write", &path))
    }

    /// Gives the version its name. Renaming onto another version fails, so two writers cannot mix.
    pub(crate) fn commit(mut self) -> Result<(), VaultError> {
        self.folder.sync()?;
        let target = self.target.path();
        fs::rename(self.folder.path(), target).map_err(|error| match error.kind() {
            io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists => {
                VaultError::VersionExists(target.file_name().unwrap_or_default().to_string_lossy().into_owned())
            }
            _ => VaultError::io("create", target)(error),
        })?;
        self.committed = true;
        sync_folder(&self.root)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.committed {
            // What cannot be removed now is removed by the sweep at the next start.
            let _ = fs::remove_dir_all(self.folder.path());
        }
    }
}

/// What lies in the vault's folder.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) versions: Vec<String>,
    pub(crate) leftovers: Vec<PathBuf>,
}

/// Lists versions, in order, and what interrupted ingestions left.
pub(crate) fn contents(root: &Path) -> Result<Contents, VaultError> {
    let mut contents = Contents::default();
    for entry in fs::read_dir(root).map_err(VaultError::io("list", root))? {
        let entry = entry.map_err(VaultError::io("list", root))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(STAGING_PREFIX) {
            contents.leftovers.push(entry.path());
        } else if names_version(&name) && entry.path().is_dir() {
            contents.versions.push(name);
        }
    }
    contents.versions.sort();
    Ok(contents)
}

/// Makes the vault's folder, for its owner only.
pub(crate) fn create_root(root: &Path) -> Result<(), VaultError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(root).map_err(VaultError::io("create", root))
}

/// A version's name is a folder's name, so it must not lead elsewhere.
fn names_version(name: &str) -> bool {
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphanumeric());
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-@".contains(&byte);
    starts_well && name.len() <= NAME_MAX && name.bytes().all(allowed)
}

pub(super) fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

pub(super) fn sync_folder(path: &Path) -> Result<(), VaultError> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(VaultError::io("sync", path))
}
