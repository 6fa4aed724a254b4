//! A selection after an event.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Applicant, FailedSelection, Objection, ResolveObjection, Selection, SelectionEvent, WithdrawnApplication};
use crate::event::Moment;
use crate::identifier::SelectionId;
use crate::state::{State, change};

/// Applies an event to the selections.
pub(crate) fn evolve(state: &mut State, event: &SelectionEvent, moment: Moment, revision: u64) {
    if let SelectionEvent::Announced {
        announcement,
        agency,
        late_days,
    } = event
    {
        let selection = Selection {
            announcement: (**announcement).clone(),
            agency: agency.clone(),
            at: moment.at,
            announced_late_days: *late_days,
            applicants: BTreeMap::new(),
            panel: None,
            publicity: None,
            publicity_late_days: 0,
            withdrawn: Vec::new(),
            set_aside: BTreeSet::new(),
            objections: BTreeMap::new(),
            selected: None,
            failed: None,
            revision,
        };
        state
            .selections
            .insert_mut(announcement.id.clone(), Arc::new(selection));
        return;
    }
    let id = SelectionId::new(event.stream());
    change(&mut state.selections, &id, |selection| {
        selection.revision = revision;
        apply(selection, event, moment);
    });
}

fn apply(selection: &mut Selection, event: &SelectionEvent, moment: Moment) {
    match event {
        SelectionEvent::Announced { .. } => {}
        SelectionEvent::Applied { application, applicant } => {
            let record = Applicant {
                application: (**application).clone(),
                at: moment.at,
                qualification: None,
                scores: BTreeMap::new(),
            };
            selection.applicants.insert(applicant.clone(), record);
        }
        SelectionEvent::Qualified(decision) => {
            if let Some(applicant) = selection.applicants.get_mut(&decision.applicant) {
                applicant.qualification = Some(decision.clone());
            }
        }
        SelectionEvent::Seated(panel) => selection.panel = Some((**panel).clone()),
        SelectionEvent::Reseated(panel) => selection.panel = Some(panel.panel()),
        SelectionEvent::Left { withdrawal, applicant } => {
            selection.applicants.remove(applicant);
            selection.withdrawn.push(WithdrawnApplication {
                applicant: applicant.clone(),
                at: moment.at,
                reason: withdrawal.reason.clone(),
            });
        }
        SelectionEvent::Cancelled(cancellation) if cancellation.next_candidate => {
            selection.set_aside.extend(selection.selected.take());
            selection.publicity = None;
        }
        SelectionEvent::Cancelled(cancellation) => {
            selection.failed = Some(FailedSelection {
                at: moment.at,
                reason: cancellation.reason.clone(),
                notice: Some(cancellation.notice.clone()),
            });
        }
        SelectionEvent::Scored(score) => {
            if let Some(applicant) = selection.applicants.get_mut(&score.applicant) {
                applicant.scores = score.scores.clone();
            }
        }
        SelectionEvent::Publicized { publicity, late_days } => {
            selection.publicity = Some(publicity.clone());
            selection.publicity_late_days = *late_days;
        }
        SelectionEvent::Objected(raised) => {
            let Some(publicity) = &selection.publicity else { return };
            let objection = Objection {
                raised: (**raised).clone(),
                at: moment.at,
                candidate: publicity.applicant.clone(),
                answer: None,
                answered: None,
            };
            selection.objections.insert(raised.objection, objection);
        }
        SelectionEvent::Resolved(answer) => resolve(selection, answer, moment),
        SelectionEvent::Failed(failure) => {
            selection.failed = Some(FailedSelection {
                at: moment.at,
                reason: failure.reason.clone(),
                notice: None,
            });
        }
        SelectionEvent::Confirmed(_) => {
            selection.selected = selection
                .publicity
                .as_ref()
                .map(|publicity| publicity.applicant.clone());
        }
    }
}

/// An objection that is upheld sets its candidate aside; the next one may be publicized.
fn resolve(selection: &mut Selection, answer: &ResolveObjection, moment: Moment) {
    let Some(objection) = selection.objections.get_mut(&answer.objection) else {
        return;
    };
    objection.answer = Some(answer.clone());
    objection.answered = Some(moment.at);
    if answer.upheld {
        selection.set_aside.insert(objection.candidate.clone());
        let publicity = selection.publicity.take();
        selection.publicity = publicity.filter(|it| !selection.set_aside.contains(&it.applicant));
    }
}
