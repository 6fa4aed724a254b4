//! The files of a package, its manifest, and the zip file that holds them.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::check::EvidenceError;
use crate::error::AppError;

/// What the manifest is called.
pub(super) const MANIFEST: &str = "manifest.json";
/// The receipt of the package's making, whose events name the manifest's hash.
pub(super) const MAKING: &str = "making.json";
/// The time-stamped checkpoint.
pub(super) const STAMPED: &str = "time-stamp/checkpoint";
/// The authority's reply over it.
pub(super) const STAMP_REPLY: &str = "time-stamp/reply.tsr";
/// The authority's certificate, where it is the district's own.
pub(super) const STAMP_AUTHORITY: &str = "time-stamp/authority.pem";
/// Below it the certificates.
pub(super) const CERTIFICATES: &str = "certificates/";
/// Below it the files that entries name, by their SHA-256.
pub(super) const FILES: &str = "files/";
/// What is said of them, those that are missing included.
pub(super) const FILES_LIST: &str = "files.json";
/// The report.
pub(super) const REPORT: &str = "报告.md";
const FORMAT: &str = "gongshu-evidence/1";
/// Most files of a package that is read.
const FILES_MAX: usize = 10_000;
/// Most bytes of all files of a package that is read.
const BYTES_MAX: u64 = 256 * 1_048_576;

/// Files by name, in order.
#[derive(Debug, Default)]
pub(super) struct Files(BTreeMap<String, Vec<u8>>);

/// What a package says of its files.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    format: String,
    /// SHA-256 of each file, lower-case hex. Manifest and making are not among them.
    pub(super) files: BTreeMap<String, String>,
}

impl Files {
    pub(super) fn put(&mut self, name: &str, bytes: Vec<u8>) {
        self.0.insert(name.to_owned(), bytes);
    }

    pub(super) fn put_json(&mut self, name: &str, value: &serde_json::Value) -> Result<(), AppError> {
        self.put(name, serde_json::to_vec_pretty(value).map_err(AppError::internal)?);
        Ok(())
    }

    pub(super) fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// The files that lie below a folder.
    pub(super) fn below(&self, folder: &str) -> impl Iterator<Item = (&String, &Vec<u8>)> {
        self.0.iter().filter(move |(name, _)| name.starts_with(folder))
    }

    /// The manifest of all files so far, as it is written.
    pub(super) fn manifest(&self) -> Result<Vec<u8>, AppError> {
        let files = self.0.iter().map(|(name, bytes)| (name.clone(), sha256(bytes)));
        let manifest = Manifest {
            format: FORMAT.to_owned(),
            files: files.collect(),
        };
        serde_json::to_vec_pretty(&manifest).map_err(AppError::internal)
    }

    /// Compares every file with the manifest; names the first that is not as it was.
    pub(super) fn check(&self, manifest: &Manifest) -> Result<(), EvidenceError> {
        if manifest.format != FORMAT {
            return Err(EvidenceError::Form(format!(
                "the format `{}` is not {FORMAT}",
                manifest.format
            )));
        }
        for (name, hash) in &manifest.files {
            let bytes = self.get(name).ok_or_else(|| EvidenceError::FileMissing(name.clone()))?;
            if sha256(bytes) != *hash {
                return Err(EvidenceError::FileAltered(name.clone()));
            }
        }
        let known = |name: &String| manifest.files.contains_key(name) || name == MANIFEST || name == MAKING;
        match self.0.keys().find(|name| !known(name)) {
            Some(name) => Err(EvidenceError::FileUnknown(name.clone())),
            None => Ok(()),
        }
    }

    pub(super) fn zip(&self) -> Result<Vec<u8>, AppError> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in &self.0 {
            zip.start_file(name.as_str(), SimpleFileOptions::default())
                .map_err(AppError::internal)?;
            zip.write_all(bytes).map_err(AppError::internal)?;
        }
        Ok(zip.finish().map_err(AppError::internal)?.into_inner())
    }

    /// Reads a zip file that anybody may have made: within limits, and no name twice.
    pub(super) fn unzip(bytes: &[u8]) -> Result<Self, EvidenceError> {
        let form = |error: &dyn std::fmt::Display| EvidenceError::Form(error.to_string());
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| form(&error))?;
        if zip.len() > FILES_MAX {
            return Err(form(&format_args!("more than {FILES_MAX} files")));
        }
        let (mut files, mut left) = (BTreeMap::new(), BYTES_MAX);
        for number in 0..zip.len() {
            let file = zip.by_index(number).map_err(|error| form(&error))?;
            let name = file.name().map_err(|error| form(&error))?.into_owned();
            let mut bytes = Vec::new();
            // What the head of a file says of its size proves nothing.
            let read = file
                .take(left + 1)
                .read_to_end(&mut bytes)
                .map_err(|error| form(&error))?;
            left = left
                .checked_sub(read as u64)
                .ok_or_else(|| form(&format_args!("more than {BYTES_MAX} bytes")))?;
            files.insert(name, bytes);
        }
        Ok(Self(files))
    }
}

pub(super) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
