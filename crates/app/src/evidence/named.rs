//! The files that entries name: those that are there and open to the applicant, and of the others that they are missing.

use std::collections::{BTreeMap, BTreeSet};

use gongshu_governance::file::documents_in;
use serde::{Deserialize, Serialize};

use super::package::{FILES, FILES_LIST, Files};
use super::{EvidenceError, Record};
use crate::district::District;
use crate::error::AppError;
use crate::files::readable;
use gongshu_governance::Actor;

/// Most bytes of the files of a package: with all else it stays under what is read of one.
const NAMED_BYTES_MAX: u64 = 192 << 20;

/// A file that entries of a package name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedFile {
    /// Its SHA-256, lower-case hex; in the package it is `files/<sha256>`.
    pub sha256: String,
    /// The entries that name it.
    pub entries: BTreeSet<u64>,
    /// Whether it is in the package.
    pub there: bool,
    /// What it is called, where it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its media type, where it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
}

impl District {
    /// Adds the files that opened entries name; says of each whether it is there. What the applicant may not read is
    /// missing like what nobody has put there.
    pub(super) async fn add_named(
        &self,
        files: &mut Files,
        actor: &Actor,
        records: &[(u64, Record)],
    ) -> Result<Vec<NamedFile>, AppError> {
        let snapshot = self.snapshot();
        let (mut named, mut left) = (Vec::new(), NAMED_BYTES_MAX);
        for (sha256, entries) in self.named_by(actor, records)? {
            let mut found = NamedFile {
                sha256,
                entries,
                there: false,
                name: None,
                media_type: None,
            };
            for file in readable(&snapshot.state, &actor.party, &found.sha256) {
                let fits = left.checked_sub(file.of.bytes);
                let (Some(rest), Some(content)) = (fits, self.whole_content(&file.of).await?) else {
                    continue;
                };
                left = rest;
                files.put(&format!("{FILES}{}", found.sha256), content);
                (found.there, found.name, found.media_type) = (true, Some(file.of.name), Some(file.of.media_type));
                break;
            }
            named.push(found);
        }
        if !named.is_empty() {
            files.put_json(FILES_LIST, &serde_json::to_value(&named).map_err(AppError::internal)?)?;
        }
        Ok(named)
    }

    /// The entries that name each document; those only whose events are opened to the applicant.
    fn named_by(&self, actor: &Actor, records: &[(u64, Record)]) -> Result<BTreeMap<String, BTreeSet<u64>>, AppError> {
        let mut named: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
        for (index, record) in records {
            let Record::Act(act) = record else { continue };
            if self.openings(actor, record)?.is_empty() {
                continue;
            }
            for sha256 in act.events.iter().flat_map(|record| documents_in(&record.event)) {
                named.entry(sha256).or_default().insert(*index);
            }
        }
        Ok(named)
    }

    /// The content of a file; none where it is damaged or lost, which is told where it is found.
    async fn whole_content(&self, file: &gongshu_governance::file::RecordFile) -> Result<Option<Vec<u8>>, AppError> {
        let reader = match self.checked_content(file).await {
            Err(AppError::FileAltered(_)) => return Ok(None),
            reader => reader?,
        };
        let read = move || reader.collect::<Result<Vec<_>, _>>().map(|pieces| pieces.concat());
        let read = tokio::task::spawn_blocking(read).await.map_err(AppError::internal)?;
        read.map(Some).map_err(AppError::internal)
    }
}

/// What a package says of the files that its entries name; those that are there are what their hashes say.
pub(super) fn checked(files: &Files) -> Result<Vec<NamedFile>, EvidenceError> {
    let listed: Vec<NamedFile> = match files.get(FILES_LIST) {
        None => Vec::new(),
        Some(list) => serde_json::from_slice(list).map_err(|error| EvidenceError::Form(error.to_string()))?,
    };
    for file in listed.iter().filter(|file| file.there) {
        let name = format!("{FILES}{}", file.sha256);
        let content = files
            .get(&name)
            .ok_or_else(|| EvidenceError::FileMissing(name.clone()))?;
        if super::package::sha256(content) != file.sha256 {
            return Err(EvidenceError::FileAltered(name));
        }
    }
    Ok(listed)
}
