//! A bucket of an S3-compatible store, or a part of one.
//!
//! An object store has no folders to rename, so a version is there once its record is: `v1/.claim` is made first, by one
//! writer only; then the files; `version.json` last; then the claim goes. What has a claim and no record was interrupted.

mod client;
mod draft;
mod upload;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use futures::future::BoxFuture;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::{ObjectStoreExt, PutMode, PutOptions, PutPayload};

use super::super::folder::{RECORD, names_version};
use super::{Contents, Draft, Place, Sink};
use client::{Client, io_error};
use draft::BucketDraft;
use upload::Upload;

/// Files are copied in pieces of this length.
const COPY_BYTES: u64 = 8 << 20;
/// Says that this is a vault; it also shows how the store behaves.
const MARKER: &str = ".gongshu-vault";
/// Says that somebody is writing a version.
const CLAIM: &str = ".claim";
const SCHEME: &str = "s3://";

/// A bucket of an S3-compatible store in which a vault is. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Bucket(Arc<Client>);

/// Why a bucket cannot hold a vault.
#[derive(Debug, thiserror::Error)]
pub enum BucketError {
    /// The address is not one of a bucket.
    #[error("`{0}` is no address of a bucket; write s3://bucket or s3://bucket/prefix")]
    Address(String),
    /// A setting is unknown or cannot be used. Its value is not told.
    #[error("the setting `{0}` of the object store cannot be used")]
    Setting(String),
    /// The store cannot be reached or refuses.
    #[error("the bucket `{bucket}` cannot be used: {source}")]
    Unusable {
        /// The bucket.
        bucket: String,
        /// The store's reason.
        source: io::Error,
    },
    /// Objects that are overwritten or deleted stay.
    #[error(
        "the bucket `{0}` keeps earlier versions of objects, so that nothing in it can be destroyed for certain; take one that never had versioning on"
    )]
    KeepsVersions(String),
    /// Two writers could both make the same object.
    #[error(
        "the store of the bucket `{0}` ignores `If-None-Match`, so that two writers could mix; take a store that honours conditional writes"
    )]
    Unconditional(String),
}

impl Bucket {
    /// Connects to the bucket at `s3://bucket` or `s3://bucket/prefix`. Settings bear the names of the usual environment
    /// variables, such as `AWS_ENDPOINT_URL`, `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ALLOW_HTTP`.
    ///
    /// # Errors
    /// When the bucket cannot be used, keeps earlier versions, or its store does not honour conditional writes.
    pub fn connect(address: &str, settings: impl IntoIterator<Item = (String, String)>) -> Result<Self, BucketError> {
        let malformed = || BucketError::Address(address.to_owned());
        let rest = address.strip_prefix(SCHEME).ok_or_else(malformed)?;
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = object_store::path::Path::parse(prefix).map_err(|_| malformed())?;
        if name.is_empty() {
            return Err(malformed());
        }
        let mut builder = AmazonS3Builder::new().with_bucket_name(name);
        for (key, value) in settings {
            let known = key.to_ascii_lowercase().parse::<AmazonS3ConfigKey>();
            builder = builder.with_config(known.map_err(|_| BucketError::Setting(key))?, value);
        }
        let unusable = |source| BucketError::Unusable {
            bucket: address.to_owned(),
            source,
        };
        let store = builder.build().map_err(|error| unusable(io_error(error)))?;
        let client = Client::new(address, prefix, Arc::new(store)).map_err(unusable)?;
        let bucket = Self(Arc::new(client));
        bucket.check(address)?;
        Ok(bucket)
    }

    /// Writes the marker twice: the second time must be refused, and what is read back must bear no version.
    fn check(&self, address: &str) -> Result<(), BucketError> {
        let unusable = |source| BucketError::Unusable {
            bucket: address.to_owned(),
            source,
        };
        let exists = |result: io::Result<()>| match result {
            Ok(()) => Ok(false),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(true),
            Err(error) => Err(unusable(error)),
        };
        exists(self.create(MARKER, b"1"))?;
        let (store, path) = self.0.at(MARKER);
        let read = self.0.wait(async move { store.get(&path).await }).map_err(unusable)?;
        if read.meta.version.is_some() {
            return Err(BucketError::KeepsVersions(address.to_owned()));
        }
        match exists(self.create(MARKER, b"1"))? {
            true => Ok(()),
            false => Err(BucketError::Unconditional(address.to_owned())),
        }
    }
}

impl Place for Bucket {
    fn path_of(&self, file: &str) -> PathBuf {
        self.0.path_of(file)
    }

    fn read(&self, file: &str) -> io::Result<Vec<u8>> {
        let (store, path) = self.0.at(file);
        let bytes = self.0.wait(async move { store.get(&path).await?.bytes().await })?;
        Ok(bytes.to_vec())
    }

    fn create(&self, file: &str, bytes: &[u8]) -> io::Result<()> {
        let (store, path) = self.0.at(file);
        let payload = PutPayload::from(bytes.to_vec());
        let options = PutOptions::from(PutMode::Create);
        self.0
            .wait(async move { store.put_opts(&path, payload, options).await })
            .map(drop)
    }

    fn replace(&self, file: &str, bytes: &[u8]) -> io::Result<()> {
        let (store, path) = self.0.at(file);
        let payload = PutPayload::from(bytes.to_vec());
        let put = self.0.wait(async move { store.put(&path, payload).await })?;
        match put.version {
            None => Ok(()),
            Some(_) => Err(io::Error::other(
                "the bucket began to keep earlier versions of objects; turn that off and delete them",
            )),
        }
    }

    fn sink(&self, file: &str) -> io::Result<Box<dyn Sink>> {
        Ok(Box::new(Upload::begin(self.0.clone(), file)?))
    }

    fn wipe(&self, file: &str) -> io::Result<()> {
        let length = match self.length(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            length => usize::try_from(length?).map_err(io::Error::other)?,
        };
        self.replace(file, &vec![0; length])?;
        self.remove(file)
    }

    fn remove(&self, file: &str) -> io::Result<()> {
        let (store, path) = self.0.at(file);
        match self.0.wait(async move { store.delete(&path).await }) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    fn length(&self, file: &str) -> io::Result<u64> {
        let (store, path) = self.0.at(file);
        Ok(self.0.wait(async move { store.head(&path).await })?.size)
    }

    fn copy_to(&self, file: &str, sink: &mut dyn Write) -> io::Result<u64> {
        let length = self.length(file)?;
        let mut start = 0;
        while start < length {
            let end = length.min(start + COPY_BYTES);
            let (store, path) = self.0.at(file);
            let piece = self.0.wait(async move { store.get_range(&path, start..end).await })?;
            sink.write_all(&piece)?;
            start = end;
        }
        Ok(length)
    }

    fn ranges(&self, file: &str, ranges: Vec<Range<u64>>) -> BoxFuture<'static, io::Result<Vec<Bytes>>> {
        let (store, path) = self.0.at(file);
        self.0.run(async move { store.get_ranges(&path, &ranges).await })
    }

    fn contents(&self) -> io::Result<Contents> {
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for file in self.0.list("")? {
            if let Some((version, name)) = file.split_once('/').filter(|(version, _)| names_version(version)) {
                found.entry(version.to_owned()).or_default().push(name.to_owned());
            }
        }
        let mut contents = Contents::default();
        for (version, names) in found {
            let has = |wanted: &str| names.iter().any(|name| name == wanted);
            match (has(RECORD), has(CLAIM)) {
                (false, true) => contents.leftovers.push(version),
                (true, true) => {
                    contents.leftovers.push(format!("{version}/{CLAIM}"));
                    contents.versions.push(version);
                }
                (true | false, false) => contents.versions.push(version),
            }
        }
        Ok(contents)
    }

    fn names(&self, version: &str) -> io::Result<Vec<String>> {
        let files = self.0.list(version)?;
        let name = |file: &String| file.split_once('/').map(|(_, name)| name.to_owned());
        Ok(files.iter().filter_map(name).collect())
    }

    fn discard(&self, leftover: &str) -> io::Result<()> {
        if leftover.ends_with(CLAIM) {
            return self.remove(leftover);
        }
        // The claim goes last, so that a crash leaves what this was.
        for name in self.names(leftover)?.iter().filter(|name| *name != CLAIM) {
            self.remove(&format!("{leftover}/{name}"))?;
        }
        self.remove(&format!("{leftover}/{CLAIM}"))
    }

    fn begin(&self, version: &str, number: u64) -> io::Result<Box<dyn Draft>> {
        Ok(Box::new(BucketDraft::claim(self.clone(), version, number)?))
    }
}
