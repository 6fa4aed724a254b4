//! State as bytes, so that a start need not apply every event again.
//!
//! It is a cache, and never the record: only the sources that wrote it can read it ([`SCHEMA`]), and what is amiss with it
//! is an error, after which the events lead to the same state. Rules are no part of it, since `evolve` knows none. What is
//! numerous has a compact form (`consents.rs`, and the revisions here); everything else is JSON, a map after the other.

mod bytes;
mod consents;

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;
use std::thread::{Scope, ScopedJoinHandle, available_parallelism, scope};

use rpds::HashTrieMapSync;
use serde::Serialize;
use serde::de::DeserializeOwned;

use self::bytes::{Reader, Writer};
use self::consents::{Shared, Subject};
use crate::layered::Layered;
use crate::state::State;

/// Fingerprint of the sources by which state follows from events.
pub const SCHEMA: &str = env!("GONGSHU_STATE_SCHEMA");

/// Why a state cannot be saved, or bytes are no saved state.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SavedError {
    /// The lookups of the state do not belong together.
    #[error("the lookups of consents do not name each of them once")]
    Lookups,
    /// The bytes end early, or are not what was written.
    #[error("the bytes of {0} are not a saved state's")]
    Malformed(&'static str),
    /// A map is not written as it should be.
    #[error("the {0} cannot be written or read")]
    Map(&'static str, #[source] serde_json::Error),
    /// A thread that read a part failed.
    #[error("a reader of a part failed")]
    Thread,
}

/// Writes and reads the maps that are JSON, and names those that are not: a new map of the state belongs in one of the lists.
macro_rules! maps {
    (json: $($map:ident),*; compact: $($compact:ident),*;) => {
        fn write_maps(state: &State, writer: &mut Writer) -> Result<(), SavedError> {
            let State { sequence, $($map,)* $($compact: _,)* } = state;
            writer.number(*sequence);
            $(writer.bytes(&json(stringify!($map), $map)?);)*
            Ok(())
        }

        /// The state with the maps that are JSON, the others empty; what follows them stays to be read.
        fn read_maps(reader: &mut Reader<'_>) -> Result<State, SavedError> {
            let malformed = SavedError::Malformed;
            let sequence = reader.number().ok_or(malformed("sequence"))?;
            $(let $map = parsed(stringify!($map), reader.bytes())?;)*
            Ok(State { sequence, $($map,)* $($compact: Default::default(),)* })
        }
    };
}

maps! {
    json: parties, party_by_code, standings, credentials, credential_by_hash, posts, posts_by_party, delegations, filed, resources, work_orders, plans,
        selections, agreements, scenarios, engagements, models, products, runs, queries, outputs, registrations, registered,
        registration_by_query, revenues, periods, books, exits, subscriptions, subscription_by_use, loans, exports,
        exports_by_use, erasures, erased, disclosures, complaints, reports, alerts, incidents, disputes, assessments, evidence, files, documents,
        mentions;
    compact: consents, consents_by_code, consents_by_use, consents_by_proof, revisions;
}

fn json<K: Serialize + Eq + Hash, V: Serialize>(
    name: &'static str,
    map: &HashTrieMapSync<K, V>,
) -> Result<Vec<u8>, SavedError> {
    let pairs: Vec<(&K, &V)> = map.iter().collect();
    serde_json::to_vec(&pairs).map_err(|error| SavedError::Map(name, error))
}

fn parsed<K: DeserializeOwned + Eq + Hash, V: DeserializeOwned>(
    name: &'static str,
    bytes: Option<&[u8]>,
) -> Result<HashTrieMapSync<K, V>, SavedError> {
    let bytes = bytes.ok_or(SavedError::Malformed(name))?;
    let pairs: Vec<(K, V)> = serde_json::from_slice(bytes).map_err(|error| SavedError::Map(name, error))?;
    Ok(pairs.into_iter().collect())
}

impl State {
    /// The state as bytes.
    ///
    /// # Errors
    /// Where it cannot be written; a state that events led to can.
    pub fn save(&self) -> Result<Vec<u8>, SavedError> {
        let (shared, parts) = consents::write(self).ok_or(SavedError::Lookups)?;
        let mut writer = Writer::default();
        writer.bytes(&shared);
        writer.count(parts.len());
        parts.iter().for_each(|part| writer.bytes(part));
        writer.bytes(&self.other_revisions());
        write_maps(self, &mut writer)?;
        Ok(writer.0)
    }

    /// Revisions of streams but those of consents, which stand with the consents.
    fn other_revisions(&self) -> Vec<u8> {
        let own = |stream: &str, revision: u64| {
            let consent = self.consents.get(&crate::identifier::ConsentId::new(stream));
            consent.is_some_and(|consent| consent.revision == revision)
        };
        let mut writer = Writer::default();
        for (stream, revision) in self
            .revisions
            .iter()
            .filter(|(stream, revision)| !own(stream, **revision))
        {
            writer.text(stream);
            writer.number(*revision);
        }
        writer.0
    }

    /// The state that these bytes were written from.
    ///
    /// # Errors
    /// Where they are not those of a saved state.
    pub fn restore(bytes: &[u8]) -> Result<Self, SavedError> {
        let malformed = || SavedError::Malformed("consents");
        let reader = &mut Reader(bytes);
        let shared = reader.bytes().and_then(consents::read_shared).ok_or_else(malformed)?;
        let mut parts = Vec::new();
        for _ in 0..reader.count().ok_or_else(malformed)? {
            parts.push(reader.bytes().ok_or_else(malformed)?);
        }
        let revisions = reader.bytes().ok_or_else(malformed)?;
        let mut maps = *reader;
        scope(|threads| {
            let rest = threads.spawn(move || read_maps(&mut maps));
            let subjects = Arc::new(subjects(threads, &parts, &shared)?);
            let same = subjects.clone();
            let revisions = threads.spawn(move || read_revisions(revisions, &same));
            let (consents, by_code) = (consents::by_id(&subjects), consents::by_code(&subjects));
            let by_use = consents::by_use(&subjects, &shared);
            let mut state = join(rest)??;
            (state.consents, state.consents_by_code, state.consents_by_use) = (consents, by_code, by_use);
            state.consents_by_proof = consents::by_proof(&subjects);
            state.revisions = join(revisions)?.ok_or(SavedError::Malformed("revisions"))?;
            Ok(state)
        })
    }
}

/// Reads the parts, as many at once as there are processors.
fn subjects<'scope>(
    threads: &'scope Scope<'scope, '_>,
    parts: &'scope [&[u8]],
    shared: &'scope Shared,
) -> Result<Vec<Vec<Subject>>, SavedError> {
    let at_once = available_parallelism().map_or(1, usize::from);
    let slices = parts.chunks(parts.len().div_ceil(at_once).max(1));
    let read = |slice: &'scope [&[u8]]| {
        threads.spawn(move || {
            let parts = slice.iter().map(|part| consents::read_part(part, shared));
            parts.collect::<Option<Vec<_>>>()
        })
    };
    let readers: Vec<_> = slices.map(read).collect();
    let mut subjects = Vec::new();
    for reader in readers {
        subjects.extend(join(reader)?.ok_or(SavedError::Malformed("consents"))?);
    }
    Ok(subjects)
}

fn join<T>(thread: ScopedJoinHandle<'_, T>) -> Result<T, SavedError> {
    thread.join().map_err(|_| SavedError::Thread)
}

fn read_revisions(bytes: &[u8], subjects: &[Vec<Subject>]) -> Option<Layered<Arc<str>, u64>> {
    let mut revisions = HashMap::with_capacity(consents::count(subjects));
    for consent in consents::each(subjects) {
        revisions.insert(Arc::from(&consent.given.id), consent.revision);
    }
    let reader = &mut Reader(bytes);
    while !reader.0.is_empty() {
        let stream = Arc::from(reader.text()?);
        revisions.insert(stream, reader.number()?);
    }
    Some(revisions.into())
}
