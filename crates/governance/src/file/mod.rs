//! Files behind the hashes that acts name: who put which there, which acts name them, who may read them.
//!
//! ```text
//! Held ─named by an act─► Named, and kept
//!   └─remove─► gone (once nobody names it and it is old enough)
//! ```
//!
//! The record holds what a file is called, its hash, size and media type; its content is in the vault. To know a hash is
//! to hold nothing: a party gets a file by putting it there itself, or by being one of those whom the thing concerns
//! whose act names it. An act opens a file only where whoever acts may read it, so that naming a hash finds out nothing.

mod mentions;
mod named;
mod read;
mod readers;
mod record;
mod remove;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::event::Moment;
use crate::identifier::{FileId, PartyId};
use crate::power::Act;
use crate::state::State;

pub use mentions::things_that_name;
pub use named::{documents_in, hashes_in};
pub use read::{ReadFile, decide_read};
pub use readers::may_read;
pub use record::{FILE_NAME_CHARACTERS_MAX, RecordFile, decide_record};
pub use remove::{RemoveFile, decide_remove};

pub(crate) use mentions::note;
pub(crate) use named::{DOCUMENT, DOCUMENTS, naming};

/// What happened to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event", content = "of")]
pub enum FileEvent {
    /// A party has put it there.
    Recorded {
        /// What it is.
        file: RecordFile,
        /// Who put it there.
        by: PartyId,
        /// The things that named its hash before.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        named: BTreeSet<String>,
    },
    /// An act names it.
    Named {
        /// The first that has been put there of this content.
        file: FileId,
        /// The naming.
        naming: Naming,
    },
    /// A party that did not put it there reads it.
    Read {
        /// The file.
        file: FileId,
        /// Who.
        by: PartyId,
    },
    /// It is removed.
    Removed(RemoveFile),
}

impl FileEvent {
    /// The file. That it is named does not change it, and is a stream of its own.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::Recorded { file, .. } => file.id.as_str(),
            Self::Named { naming, .. } => &naming.stream,
            Self::Read { file, .. } => file.as_str(),
            Self::Removed(removal) => removal.file.as_str(),
        }
    }
}

/// That a thing names a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Naming {
    /// `named/` and the stream of the thing. A stream of its own: a thing's revision counts what changes the thing.
    pub stream: String,
    /// The act that names it; none where the thing named it before it was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Act>,
    /// Whose act; of one that was there before the file, who put the file there.
    pub by: PartyId,
}

impl Naming {
    const STREAM: &'static str = "named/";

    fn of(thing: &str, act: Option<Act>, by: &PartyId) -> Self {
        Self {
            stream: format!("{}{thing}", Self::STREAM),
            act,
            by: by.clone(),
        }
    }

    /// The thing that names it.
    #[must_use]
    pub fn thing(&self) -> &str {
        self.stream.strip_prefix(Self::STREAM).unwrap_or(&self.stream)
    }
}

/// A file on record: one that a party has put there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// What it is.
    pub of: RecordFile,
    /// Who put it there.
    pub by: PartyId,
    /// When.
    pub at: Timestamp,
}

/// A content: the files that have it, and what names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The files, a party one at most, the first first.
    pub files: Vec<FileId>,
    /// What names it.
    pub named: BTreeSet<Naming>,
}

/// Applies it.
pub(crate) fn evolve(state: &mut State, event: &FileEvent, moment: Moment) {
    match event {
        FileEvent::Recorded { file, by, named } => {
            let mut document = document(state, &file.sha256);
            document.files.push(file.id.clone());
            let namings = named.iter().map(|thing| Naming::of(thing, None, by));
            document.named.extend(namings);
            state.documents.insert_mut(file.sha256.clone(), Arc::new(document));
            let file = File {
                of: file.clone(),
                by: by.clone(),
                at: moment.at,
            };
            state.files.insert_mut(file.of.id.clone(), Arc::new(file));
        }
        FileEvent::Named { file, naming } => {
            let Some(sha256) = state.files.get(file).map(|file| file.of.sha256.clone()) else {
                return;
            };
            let mut document = document(state, &sha256);
            document.named.insert(naming.clone());
            state.documents.insert_mut(sha256, Arc::new(document));
        }
        FileEvent::Read { .. } => {}
        FileEvent::Removed(removal) => removed(state, &removal.file),
    }
}

fn document(state: &State, sha256: &str) -> Document {
    state
        .documents
        .get(sha256)
        .map(|document| Document::clone(document))
        .unwrap_or_default()
}

fn removed(state: &mut State, id: &FileId) {
    let Some(sha256) = state.files.get(id).map(|file| file.of.sha256.clone()) else {
        return;
    };
    state.files.remove_mut(id);
    let mut document = document(state, &sha256);
    document.files.retain(|file| file != id);
    if document.files.is_empty() {
        state.documents.remove_mut(&sha256);
    } else {
        state.documents.insert_mut(sha256, Arc::new(document));
    }
}
