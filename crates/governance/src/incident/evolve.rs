//! An incident after an event.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Duty, DutyKind, Fulfilled, Incident, IncidentEvent, Retracted};
use crate::event::Moment;
use crate::identifier::IncidentId;
use crate::state::{State, change};

/// Applies an event to the incidents.
pub(crate) fn evolve(state: &mut State, event: &IncidentEvent, moment: Moment, revision: u64) {
    if let IncidentEvent::Reported { report, by, duties } = event {
        let mut incident = Incident {
            report: (**report).clone(),
            by: by.clone(),
            at: moment.at,
            level: report.level,
            personal_information: report.personal_information,
            duties: BTreeMap::new(),
            retracted: None,
            closed: None,
            revision,
        };
        add(&mut incident, duties);
        state.incidents.insert_mut(report.id.clone(), Arc::new(incident));
        return;
    }
    change(&mut state.incidents, &IncidentId::new(event.stream()), |incident| {
        incident.revision = revision;
        match event {
            IncidentEvent::Reported { .. } => {}
            IncidentEvent::Graded { grade, duties } => {
                incident.level = grade.level;
                incident.personal_information = grade.personal_information;
                incident.report.scenarios.extend(grade.scenarios.iter().cloned());
                incident
                    .duties
                    .retain(|kind, duty| duty.done.is_some() || duty.due < moment.at || duties.contains_key(kind));
                add(incident, duties);
            }
            IncidentEvent::Fulfilled(fulfilled) => {
                if let Some(duty) = incident.duties.get_mut(&fulfilled.duty) {
                    duty.done = Some(Fulfilled {
                        at: moment.at,
                        how: fulfilled.how.clone(),
                        done_at: fulfilled.done_at,
                        document_sha256: fulfilled.document_sha256.clone(),
                        evidence_sha256: fulfilled.evidence_sha256.clone(),
                    });
                }
            }
            IncidentEvent::Retracted(retraction) => {
                let (at, retraction) = (moment.at, (**retraction).clone());
                incident.duties.retain(|_, duty| duty.done.is_some());
                incident.retracted = Some(Retracted { at, retraction });
            }
            IncidentEvent::Closed(close) => incident.closed = Some((**close).clone()),
        }
    });
}

/// What was a duty stays one, with the clock that it had.
fn add(incident: &mut Incident, duties: &BTreeMap<DutyKind, Timestamp>) {
    for (kind, due) in duties {
        let duty = Duty { due: *due, done: None };
        incident.duties.entry(*kind).or_insert(duty);
    }
}
