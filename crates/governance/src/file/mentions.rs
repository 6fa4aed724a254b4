//! Which things named which hashes, as their events said it: a file that comes later is found by its hash, and not by a
//! look through everything on record.
//!
//! The index holds what was ever named; what an act has replaced since is sorted out when it is asked.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;

use crate::event::Event;
use crate::identifier::{
    AgreementId, AssessmentId, ComplaintId, DisclosureId, DisputeId, EngagementId, ExitId, ExportId, IncidentId,
    LoanId, ModelId, OutputId, PartyId, PlanId, RegistrationId, ReportId, ResourceId, RevenueId, ScenarioId,
    SelectionId, WorkOrderId,
};
use crate::state::State;

/// Hexadecimal digits of a SHA-256.
const DIGITS: usize = 64;

/// Notes the hashes of an event.
pub(crate) fn note(state: &mut State, event: &Event) {
    match event {
        Event::ConsentGiven {
            given, proof_sha256, ..
        } => {
            if let Some(proof) = proof_sha256 {
                let named = state.consents_by_proof.get(proof).cloned().unwrap_or_default();
                let named = named.insert(given.id.clone());
                state.consents_by_proof.insert_mut(proof.clone(), named);
            }
        }
        // A file is not what names it.
        Event::ConsentWithdrawn { .. } | Event::File(_) => {}
        _ => {
            for hash in hashes(event) {
                note_one(state, hash, event.stream());
            }
        }
    }
}

fn note_one(state: &mut State, hash: String, thing: &str) {
    match state.mentions.get_mut(&hash) {
        Some(things) if things.contains(thing) => {}
        Some(things) => drop(Arc::make_mut(things).insert(thing.to_owned())),
        None => state
            .mentions
            .insert_mut(hash, Arc::new(BTreeSet::from([thing.to_owned()]))),
    }
}

/// The things on record that name a hash. What an act has replaced since is not among them.
#[must_use]
pub fn things_that_name(state: &State, sha256: &str) -> BTreeSet<String> {
    let named = state.mentions.get(sha256).into_iter().flat_map(|things| things.iter());
    let named = named.filter(|thing| names(state, thing, sha256)).cloned();
    let consents = state.consents_by_proof.get(sha256).into_iter().flatten();
    named.chain(consents.map(ToString::to_string)).collect()
}

fn names(state: &State, thing: &str, sha256: &str) -> bool {
    macro_rules! any {
        ($($records:ident: $id:ty),*) => {
            $(state.$records.get(&<$id>::new(thing)).is_some_and(|it| hashes(&**it).contains(sha256)))||*
        };
    }
    any! {
        standings: PartyId,
        resources: ResourceId,
        work_orders: WorkOrderId,
        plans: PlanId,
        selections: SelectionId,
        agreements: AgreementId,
        scenarios: ScenarioId,
        engagements: EngagementId,
        models: ModelId,
        outputs: OutputId,
        registrations: RegistrationId,
        revenues: RevenueId,
        exits: ExitId,
        loans: LoanId,
        exports: ExportId,
        incidents: IncidentId,
        disputes: DisputeId,
        assessments: AssessmentId,
        disclosures: DisclosureId,
        reports: ReportId,
        complaints: ComplaintId
    }
}

/// Every SHA-256 in lower-case hex in what a thing is as JSON, wherever it stands.
fn hashes(thing: &impl Serialize) -> BTreeSet<String> {
    let mut scan = Scan::default();
    // INVARIANT: a scan takes every byte; what cannot be written as JSON is on no record.
    let _ = serde_json::to_writer(&mut scan, thing);
    scan.end();
    scan.found
}

/// Takes JSON as it is written, and keeps the hashes alone.
#[derive(Default)]
struct Scan {
    run: String,
    /// Whether the run is longer than a hash.
    long: bool,
    found: BTreeSet<String>,
}

impl Scan {
    fn end(&mut self) {
        if self.run.len() == DIGITS && !self.long {
            self.found.insert(self.run.clone());
        }
        self.run.clear();
        self.long = false;
    }
}

impl Write for Scan {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            match byte {
                b'0'..=b'9' | b'a'..=b'f' if self.run.len() < DIGITS => self.run.push(char::from(*byte)),
                b'0'..=b'9' | b'a'..=b'f' => self.long = true,
                _ if self.run.is_empty() => {}
                _ => self.end(),
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::hashes;

    #[test]
    fn a_hash_is_found_wherever_it_stands_and_nothing_else_is() {
        let (one, two) = ("ab".repeat(32), "0".repeat(64));
        let thing = serde_json::json!({
            "document_sha256": one, "text": format!("见文件 {two}。"), "near": format!("{one}f"),
            "short": "abcdef", "upper": one.to_uppercase(), "list": [7, {"cd".repeat(32): null}],
        });
        let found = hashes(&thing);
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [two, one, "cd".repeat(32)]);
    }
}
