//! Which files an act names: every SHA-256 in its events that is one of a file on record.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{FileEvent, Naming, may_read};
use crate::event::Event;
use crate::state::State;
use crate::text::is_sha256;
use crate::{Command, Context};

/// The hashes that an event names: every text in it that is a SHA-256 in lower-case hex.
#[must_use]
pub fn hashes_in(event: &Event) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(&serde_json::to_value(event).unwrap_or_default(), &mut found);
    found
}

/// The documents that an event names by their hashes, whether they are on record as files or not. What the platform itself
/// hashes (queries, modules, contents, terms, manifests, documents that it sets and parties sign) is not among them.
#[must_use]
pub fn documents_in(event: &Event) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    documents(&serde_json::to_value(event).unwrap_or_default(), &mut found);
    found
}

/// Members that name a document by its hash.
pub(crate) const DOCUMENT: [&str; 8] = [
    "document_sha256",
    "evidence_sha256",
    "minutes_sha256",
    "report_sha256",
    "joint_liability_sha256",
    "proof_sha256",
    "registered_sha256",
    "publicized_sha256",
];
/// Members that hold hashes of documents by what each shows.
pub(crate) const DOCUMENTS: [&str; 2] = ["evidence", "proofs"];
/// Stands beside the hash of a document that the platform set.
const SIGNED: &str = "signature_sha256";

fn documents(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| documents(item, found)),
        Value::Object(members) if !members.contains_key(SIGNED) => {
            for (name, member) in members {
                match member {
                    Value::String(_) if DOCUMENT.contains(&name.as_str()) => collect(member, found),
                    Value::Object(_) if DOCUMENTS.contains(&name.as_str()) => {
                        collect(member, found);
                        documents(member, found);
                    }
                    other => documents(other, found),
                }
            }
        }
        Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if is_sha256(text) => {
            found.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(members) => members.values().for_each(|member| collect(member, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// That an act names files on record, an event a file; nothing where the same thing has named it by the same act of the
/// same party. A file that the actor may not read is passed over: the events of an act are opened to its actor, who would
/// learn that it is there.
pub(crate) fn naming(state: &State, command: &Command, events: &[Event], context: &Context<'_>) -> Vec<Event> {
    let of_files = matches!(
        command,
        Command::RecordFile(_) | Command::ReadFile(_) | Command::RemoveFile(_)
    );
    if of_files || state.documents.is_empty() {
        return Vec::new();
    }
    let naming = Naming::of(command.stream(), Some(command.act()), &context.actor.party);
    let hashes: BTreeSet<String> = events.iter().flat_map(hashes_in).collect();
    let readable = hashes.iter().filter(|hash| may_read(state, &context.actor.party, hash));
    readable
        .filter_map(|hash| state.documents.get(hash))
        .filter(|document| !document.named.contains(&naming))
        .filter_map(|document| document.files.first())
        .map(|file| {
            Event::File(FileEvent::Named {
                file: file.clone(),
                naming: naming.clone(),
            })
        })
        .collect()
}
