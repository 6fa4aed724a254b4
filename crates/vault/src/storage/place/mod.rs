//! Where versions are kept: a folder, or a bucket of an S3-compatible store.

mod bucket;
mod folder;
mod reader;

use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures::future::BoxFuture;

use crate::error::VaultError;

pub use bucket::{Bucket, BucketError};
pub(crate) use folder::LocalFolder;
pub(crate) use reader::PlaceReader;

/// Where a vault keeps its versions.
#[derive(Debug, Clone)]
pub enum VaultPlace {
    /// A folder; it is made where it is not there.
    Folder(PathBuf),
    /// A bucket, or a part of one.
    Bucket(Bucket),
}

impl VaultPlace {
    pub(crate) fn open(self) -> Result<Arc<dyn Place>, VaultError> {
        Ok(match self {
            Self::Folder(root) => Arc::new(LocalFolder::create(root)?),
            Self::Bucket(bucket) => Arc::new(bucket),
        })
    }
}

impl From<&Path> for VaultPlace {
    fn from(root: &Path) -> Self {
        Self::Folder(root.to_owned())
    }
}

impl From<&PathBuf> for VaultPlace {
    fn from(root: &PathBuf) -> Self {
        Self::Folder(root.clone())
    }
}

impl From<Bucket> for VaultPlace {
    fn from(bucket: Bucket) -> Self {
        Self::Bucket(bucket)
    }
}

/// Files by their path from the place's root, such as `v1/key.json`.
///
/// Contract: what a call has written is durable when it returns, and seen by every later read. A file that is not there
/// is `NotFound`, one that must not be there and is, `AlreadyExists`. Calls block, and may come from several threads.
pub(crate) trait Place: Send + Sync {
    /// How people find the file.
    fn path_of(&self, file: &str) -> PathBuf;

    /// The whole of a small file.
    fn read(&self, file: &str) -> io::Result<Vec<u8>>;

    /// Writes a file that is not there yet, whole or not at all.
    fn create(&self, file: &str, bytes: &[u8]) -> io::Result<()>;

    /// Writes a file in the place of the one that is there, whole or not at all.
    fn replace(&self, file: &str, bytes: &[u8]) -> io::Result<()>;

    /// Begins a large file that is not there yet, which bears its name once it is complete.
    fn sink(&self, file: &str) -> io::Result<Box<dyn Sink>>;

    /// Overwrites a file and removes it; it may be gone already.
    fn wipe(&self, file: &str) -> io::Result<()>;

    /// Removes a file; it may be gone already.
    fn remove(&self, file: &str) -> io::Result<()>;

    /// The length of a file.
    fn length(&self, file: &str) -> io::Result<u64>;

    /// Copies a file of any length, in bounded memory.
    fn copy_to(&self, file: &str, sink: &mut dyn Write) -> io::Result<u64>;

    /// Parts of a file, as its readers ask for them. The future may be polled on any executor.
    fn ranges(&self, file: &str, ranges: Vec<Range<u64>>) -> BoxFuture<'static, io::Result<Vec<Bytes>>>;

    /// All versions, and what was interrupted.
    fn contents(&self) -> io::Result<Contents>;

    /// Names of the files of a version.
    fn names(&self, version: &str) -> io::Result<Vec<String>>;

    /// Removes something that was interrupted.
    fn discard(&self, leftover: &str) -> io::Result<()>;

    /// Begins a version; `number` is drawn at random and tells drafts apart.
    fn begin(&self, version: &str, number: u64) -> io::Result<Box<dyn Draft>>;
}

/// A version in the making. Nobody sees it before it is committed; dropped without, it is removed.
pub(crate) trait Draft {
    /// Begins a large file.
    fn create(&self, name: &str) -> io::Result<Box<dyn Sink>>;

    /// Writes a small file.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// Makes the version be there, all files and this record at once; `AlreadyExists` if another was first.
    fn commit(self: Box<Self>, record: &[u8]) -> io::Result<()>;
}

/// A large file in the making. What is not completed is no file.
pub(crate) trait Sink: Write + Send {
    /// Completes it and makes it durable.
    fn complete(self: Box<Self>) -> io::Result<()>;
}

/// What lies in a place.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) versions: Vec<String>,
    pub(crate) leftovers: Vec<String>,
}
