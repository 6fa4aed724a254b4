//! A version in the making in a bucket.

use std::io;

use super::super::super::folder::RECORD;
use super::super::{Draft, Place, Sink};
use super::upload::Upload;
use super::{Bucket, CLAIM};

/// A claim that is ours, and what was written under it.
pub(super) struct BucketDraft {
    bucket: Bucket,
    version: String,
    number: String,
    committed: bool,
}

impl BucketDraft {
    /// Only one writer gets the claim of a version.
    pub(super) fn claim(bucket: Bucket, version: &str, number: u64) -> io::Result<Self> {
        let exists = || Err(io::ErrorKind::AlreadyExists.into());
        if !bucket.names(version)?.is_empty() {
            return exists();
        }
        let (claim, number) = (format!("{version}/{CLAIM}"), format!("{number:016x}"));
        bucket.create(&claim, number.as_bytes())?;
        // Another may have come, written and gone between the two.
        if bucket.names(version)?.iter().any(|name| name == RECORD) {
            bucket.remove(&claim)?;
            return exists();
        }
        Ok(Self {
            bucket,
            version: version.to_owned(),
            number,
            committed: false,
        })
    }

    fn file(&self, name: &str) -> String {
        format!("{}/{name}", self.version)
    }

    /// A sweep may have taken a slow writer for a dead one.
    fn refuse_lost(&self) -> io::Result<()> {
        match self.bucket.read(&self.file(CLAIM))? == self.number.as_bytes() {
            true => Ok(()),
            false => Err(io::Error::other(
                "the version in the making was swept away; ingest the file again",
            )),
        }
    }
}

impl Draft for BucketDraft {
    fn create(&self, name: &str) -> io::Result<Box<dyn Sink>> {
        Ok(Box::new(Upload::begin(self.bucket.0.clone(), &self.file(name))?))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.bucket.create(&self.file(name), bytes)
    }

    fn commit(mut self: Box<Self>, record: &[u8]) -> io::Result<()> {
        self.refuse_lost()?;
        self.bucket.create(&self.file(RECORD), record)?;
        self.committed = true;
        // The version is there; a claim that stays now is removed by the sweep at the next start.
        let _ = self.bucket.remove(&self.file(CLAIM));
        Ok(())
    }
}

impl Drop for BucketDraft {
    fn drop(&mut self) {
        if self.committed || self.refuse_lost().is_err() {
            return;
        }
        // The answer to a record may have been lost on the way, so it may be there. What cannot be removed now is removed
        // by the sweep at the next start.
        if self.bucket.remove(&self.file(RECORD)).is_ok() {
            let _ = self.bucket.discard(&self.version);
        }
    }
}
