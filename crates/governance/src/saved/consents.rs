//! Consents as bytes: they are most of a large state. Uses and sets of fields, which many consents share, are written
//! once; consents stand by the subject's code, oldest first.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rpds::{HashTrieMapSync, RedBlackTreeSetSync};

use super::bytes::{Reader, Writer};
use crate::calendar::Term;
use crate::consent::{Consent, Fields, GiveConsent};
use crate::identifier::{ConsentId, PartyId, ResourceId};
use crate::layered::Layered;
use crate::state::State;

/// Consents of one part: parts are read side by side.
const PART_CONSENTS: usize = 16_384;

type Use = (PartyId, String, ResourceId);
/// The consents of one subject.
pub(super) type Subject = (Arc<str>, Vec<Arc<Consent>>);

/// What consents refer to.
pub(super) struct Shared {
    uses: Vec<Use>,
    fields: Vec<Fields>,
}

/// Writes all consents: what they share, then the parts. `None` where the lookups do not name each consent once.
pub(super) fn write(state: &State) -> Option<(Vec<u8>, Vec<Vec<u8>>)> {
    let uses: HashMap<&Use, usize> = state.consents_by_use.keys().zip(0..).collect();
    let mut fields: HashMap<&BTreeSet<String>, usize> = HashMap::new();
    let (mut parts, mut part, mut in_part, mut in_all) = (Vec::new(), Writer::default(), 0, 0);
    for (code, ids) in state.consents_by_code.iter() {
        part.text(code);
        part.count(ids.len());
        let mut subject_before = None;
        for id in ids.iter() {
            let consent = state.consents.get(id)?;
            let next = fields.len();
            let fields = *fields.entry(&consent.given.fields).or_insert(next);
            let uses = *uses.get(&consent.given.use_key())?;
            write_one(&mut part, consent, (uses, fields), subject_before);
            subject_before = Some(&consent.subject);
        }
        in_all += ids.len();
        in_part += ids.len();
        if in_part >= PART_CONSENTS {
            parts.push(std::mem::take(&mut part.0));
            in_part = 0;
        }
    }
    parts.push(part.0);
    (in_all == state.consents.size()).then(|| (shared(&uses, &fields), parts))
}

fn shared(uses: &HashMap<&Use, usize>, fields: &HashMap<&BTreeSet<String>, usize>) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.count(uses.len());
    for (consumer, purpose, resource) in in_order(uses) {
        writer.text(consumer.as_str());
        writer.text(purpose);
        writer.text(resource.as_str());
    }
    writer.count(fields.len());
    for set in in_order(fields) {
        writer.count(set.len());
        set.iter().for_each(|field| writer.text(field));
    }
    writer.0
}

fn in_order<'a, T>(numbered: &HashMap<&'a T, usize>) -> Vec<&'a T> {
    let mut all: Vec<_> = numbered.iter().map(|(item, number)| (*number, *item)).collect();
    all.sort_unstable_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, item)| item).collect()
}

const SUBJECT: u8 = 1;
const SUBJECT_AS_BEFORE: u8 = 2;
const PROOF: u8 = 4;
const WITHDRAWN: u8 = 8;

fn write_one(writer: &mut Writer, consent: &Consent, (uses, fields): (usize, usize), before: Option<&Option<PartyId>>) {
    writer.text(consent.given.id.as_str());
    writer.count(uses);
    writer.count(fields);
    writer.day(consent.given.term.from);
    writer.day(consent.given.term.until);
    writer.number(consent.revision);
    let subject = match &consent.subject {
        same if before == Some(same) => SUBJECT_AS_BEFORE,
        Some(_) => SUBJECT,
        None => 0,
    };
    let proof = consent.proof_sha256.as_ref().map_or(0, |_| PROOF);
    let withdrawn = consent.withdrawn.map_or(0, |_| WITHDRAWN);
    writer.0.push(subject | proof | withdrawn);
    if let Some(party) = consent.subject.as_ref().filter(|_| subject == SUBJECT) {
        writer.text(party.as_str());
    }
    consent.proof_sha256.iter().for_each(|proof| writer.text(proof));
    consent.withdrawn.iter().for_each(|at| writer.instant(*at));
}

/// Reads what consents share.
pub(super) fn read_shared(bytes: &[u8]) -> Option<Shared> {
    let reader = &mut Reader(bytes);
    let mut uses = Vec::new();
    for _ in 0..reader.count()? {
        let consumer = PartyId::new(reader.text()?);
        uses.push((consumer, reader.text()?.to_owned(), ResourceId::new(reader.text()?)));
    }
    let mut fields = Vec::new();
    for _ in 0..reader.count()? {
        let mut set = BTreeSet::new();
        for _ in 0..reader.count()? {
            set.insert(reader.text()?.to_owned());
        }
        fields.push(set.into());
    }
    Some(Shared { uses, fields })
}

/// Reads a part.
pub(super) fn read_part(bytes: &[u8], shared: &Shared) -> Option<Vec<Subject>> {
    let reader = &mut Reader(bytes);
    let mut subjects = Vec::new();
    while !reader.0.is_empty() {
        let code = reader.text()?;
        let mut consents: Vec<Arc<Consent>> = Vec::new();
        for _ in 0..reader.count()? {
            let before = consents.last().and_then(|consent| consent.subject.clone());
            consents.push(Arc::new(read_one(reader, shared, code, before)?));
        }
        subjects.push((Arc::from(code), consents));
    }
    Some(subjects)
}

fn read_one(reader: &mut Reader<'_>, shared: &Shared, code: &str, before: Option<PartyId>) -> Option<Consent> {
    let id = ConsentId::new(reader.text()?);
    let (consumer, purpose, resource) = shared.uses.get(usize::try_from(reader.number()?).ok()?)?.clone();
    let fields = shared.fields.get(usize::try_from(reader.number()?).ok()?)?.clone();
    let term = Term {
        from: reader.day()?,
        until: reader.day()?,
    };
    let revision = reader.number()?;
    let flags = reader.flag()?;
    let subject = match flags & (SUBJECT | SUBJECT_AS_BEFORE) {
        SUBJECT => Some(PartyId::new(reader.text()?)),
        SUBJECT_AS_BEFORE => before,
        _ => None,
    };
    let proof_sha256 = match flags & PROOF {
        0 => None,
        _ => Some(reader.text()?.to_owned()),
    };
    let withdrawn = match flags & WITHDRAWN {
        0 => None,
        _ => Some(reader.instant()?),
    };
    let given = GiveConsent {
        id,
        consumer,
        purpose,
        resource,
        fields,
        term,
    };
    Some(Consent {
        given,
        subject,
        code: code.to_owned(),
        proof_sha256,
        withdrawn,
        revision,
    })
}

/// Consents by their id.
pub(super) fn by_id(subjects: &[Vec<Subject>]) -> Layered<ConsentId, Arc<Consent>> {
    let mut map = HashMap::with_capacity(count(subjects));
    for consent in each(subjects) {
        map.insert(consent.given.id.clone(), consent.clone());
    }
    map.into()
}

/// The ids of consents by the subject's code.
pub(super) fn by_code(subjects: &[Vec<Subject>]) -> Layered<Arc<str>, Arc<Vec<ConsentId>>> {
    let mut map = HashMap::with_capacity(subjects.iter().map(Vec::len).sum());
    for (code, consents) in subjects.iter().flatten() {
        let ids = consents.iter().map(|consent| consent.given.id.clone()).collect();
        map.insert(code.clone(), Arc::new(ids));
    }
    map.into()
}

/// How many consents there are.
pub(super) fn count(subjects: &[Vec<Subject>]) -> usize {
    subjects.iter().flatten().map(|(_, consents)| consents.len()).sum()
}

/// Each consent.
pub(super) fn each(subjects: &[Vec<Subject>]) -> impl Iterator<Item = &Arc<Consent>> {
    subjects.iter().flatten().flat_map(|(_, consents)| consents)
}

/// The ids of consents that are not withdrawn, by their use.
pub(super) fn by_use(
    subjects: &[Vec<Subject>],
    shared: &Shared,
) -> HashTrieMapSync<Use, RedBlackTreeSetSync<ConsentId>> {
    let mut live: HashMap<Use, RedBlackTreeSetSync<ConsentId>> = (shared.uses.iter().cloned())
        .map(|of| (of, RedBlackTreeSetSync::default()))
        .collect();
    for consent in each(subjects).filter(|consent| consent.withdrawn.is_none()) {
        let ids = live.entry(consent.given.use_key()).or_default();
        ids.insert_mut(consent.given.id.clone());
    }
    live.into_iter().collect()
}

/// The ids of consents by what proves them.
pub(super) fn by_proof(subjects: &[Vec<Subject>]) -> HashTrieMapSync<String, RedBlackTreeSetSync<ConsentId>> {
    let mut named: HashMap<String, RedBlackTreeSetSync<ConsentId>> = HashMap::new();
    for consent in each(subjects) {
        if let Some(proof) = &consent.proof_sha256 {
            let ids = named.entry(proof.clone()).or_default();
            ids.insert_mut(consent.given.id.clone());
        }
    }
    named.into_iter().collect()
}
