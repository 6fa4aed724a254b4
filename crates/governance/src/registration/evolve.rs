//! A registration after an event.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{
    Objection, Registrable, Registration, RegistrationEvent, RegistrationStatus, RegistrationType, Step, StepKind,
};
use crate::calendar::day_of;
use crate::deadline::Deadline;
use crate::event::Moment;
use crate::identifier::RegistrationId;
use crate::resource::changes_registered;
use crate::state::{State, change};

/// Applies an event to the registrations.
pub(crate) fn evolve(state: &mut State, event: &RegistrationEvent, moment: Moment, revision: u64) {
    if let RegistrationEvent::Applied {
        application,
        applicant,
        deadline,
    } = event
    {
        let registration = Registration {
            application: (**application).clone(),
            applicant: applicant.clone(),
            at: moment.at,
            steps: BTreeMap::from([(StepKind::Acceptance, open(*deadline))]),
            status: RegistrationStatus::Applied,
            objections: Vec::new(),
            revision,
        };
        let id = application.id.clone();
        state.registrations.insert_mut(id, Arc::new(registration));
        return;
    }
    let id = RegistrationId::new(event.stream());
    change(&mut state.registrations, &id, |registration| {
        registration.revision = revision;
        apply(registration, event, moment);
    });
    if let RegistrationEvent::Assigned { .. } | RegistrationEvent::TakenOver { .. } = event {
        index(state, &id);
        end_dues(state, &id);
    }
}

fn apply(registration: &mut Registration, event: &RegistrationEvent, moment: Moment) {
    match event {
        RegistrationEvent::Applied { .. } => {}
        RegistrationEvent::Accepted { deadline, .. } => {
            done(registration, StepKind::Acceptance, moment);
            registration.steps.insert(StepKind::Review, open(*deadline));
            registration.status = RegistrationStatus::Accepted;
        }
        RegistrationEvent::Publicized { review, deadline } => {
            done(registration, StepKind::Review, moment);
            registration.steps.insert(StepKind::Publicity, open(*deadline));
            registration.status = RegistrationStatus::Publicized {
                notice: review.notice.clone(),
                stopped: None,
            };
        }
        RegistrationEvent::Returned { reason, .. } => returned(registration, reason, moment),
        RegistrationEvent::Objected { objection, by } => {
            registration.objections.push(Objection {
                said: (**objection).clone(),
                by: by.clone(),
                at: moment.at,
                resolved: None,
            });
            if let RegistrationStatus::Publicized { stopped, .. } = &mut registration.status {
                stopped.get_or_insert(day_of(moment.at));
            }
        }
        RegistrationEvent::Dismissed { resolution, deadline } => {
            resolve(registration, resolution);
            let Some(deadline) = deadline else { return };
            registration.steps.insert(StepKind::Publicity, open(*deadline));
            if let RegistrationStatus::Publicized { stopped, .. } = &mut registration.status {
                *stopped = None;
            }
        }
        RegistrationEvent::Upheld(resolution) => {
            resolve(registration, resolution);
            returned(registration, &resolution.reason, moment);
        }
        RegistrationEvent::Withdrawn(withdrawal) => {
            end_steps(registration, moment);
            registration.status = RegistrationStatus::Withdrawn {
                reason: withdrawal.reason.clone(),
            };
        }
        RegistrationEvent::TakenOver { certificate, .. } => {
            done(registration, StepKind::Review, moment);
            registration.status = RegistrationStatus::Registered(certificate.clone());
        }
        RegistrationEvent::Assigned { certificate, .. } => {
            done(registration, StepKind::Publicity, moment);
            registration.status = RegistrationStatus::Registered(certificate.clone());
        }
    }
}

fn open(deadline: Deadline) -> Step {
    Step { deadline, done: None }
}

fn done(registration: &mut Registration, kind: StepKind, moment: Moment) {
    if let Some(step) = registration.steps.get_mut(&kind) {
        step.done = Some(moment.at);
    }
}

fn returned(registration: &mut Registration, reason: &str, moment: Moment) {
    end_steps(registration, moment);
    registration.status = RegistrationStatus::Returned {
        reason: reason.to_owned(),
    };
}

/// The step that was under way ends with the application; the publicity has no step of its own to be done.
fn end_steps(registration: &mut Registration, moment: Moment) {
    for step in registration.steps.values_mut() {
        step.done.get_or_insert(moment.at);
    }
}

fn resolve(registration: &mut Registration, resolution: &super::ResolveRegistrationObjection) {
    let index = resolution.objection.saturating_sub(1);
    if let Some(objection) = registration.objections.get_mut(index) {
        objection.resolved = Some(resolution.clone());
    }
}

/// What of a resource had changed before it was applied for is registered; its renewal says nothing of that.
fn end_dues(state: &mut State, id: &RegistrationId) {
    let Some(registration) = state.registrations.get(id).cloned() else {
        return;
    };
    let of = &registration.application;
    if let (Registrable::Resource { resource }, true) = (&of.thing, of.registration_type != RegistrationType::Renewal) {
        changes_registered(state, resource, &registration);
    }
}

/// Finds the newest registration of a thing by the thing and by its query code; what is cancelled by its code alone.
fn index(state: &mut State, id: &RegistrationId) {
    let Some(registration) = state.registrations.get(id) else {
        return;
    };
    let (thing, certificate) = (registration.application.thing.clone(), registration.certificate());
    let Some((query, cancelled)) = certificate.map(|it| (it.query_code.clone(), it.cancelled)) else {
        return;
    };
    state.registration_by_query.insert_mut(query, id.clone());
    if cancelled {
        state.registered.remove_mut(&thing);
    } else {
        state.registered.insert_mut(thing, id.clone());
    }
}
