//! A disclosure after an event.

use std::sync::Arc;

use super::{Disclosure, DisclosureEvent, DisclosureStatus};
use crate::event::Moment;
use crate::identifier::DisclosureId;
use crate::state::{State, change};

/// Applies an event to the disclosures.
pub(crate) fn evolve(state: &mut State, event: &DisclosureEvent, moment: Moment, revision: u64) {
    let id = DisclosureId::new(event.stream());
    match event {
        DisclosureEvent::Prepared {
            prepare,
            by,
            content,
            due,
            as_of,
        } => {
            let disclosure = Disclosure {
                prepare: (**prepare).clone(),
                by: by.clone(),
                at: moment.at,
                content: (**content).clone(),
                due: *due,
                as_of: *as_of,
                status: DisclosureStatus::Prepared,
                revision,
            };
            state.disclosures.insert_mut(id, Arc::new(disclosure));
        }
        DisclosureEvent::Reviewed { review, by } => change(&mut state.disclosures, &id, |disclosure| {
            disclosure.revision = revision;
            disclosure.status = if review.passed {
                DisclosureStatus::Reviewed { by: by.clone() }
            } else {
                DisclosureStatus::SentBack {
                    report: review.report.clone(),
                }
            };
        }),
        DisclosureEvent::Published(publish) => change(&mut state.disclosures, &id, |disclosure| {
            disclosure.revision = revision;
            disclosure.status = DisclosureStatus::Published {
                place: publish.place.clone(),
                at: moment.at,
            };
        }),
    }
}
