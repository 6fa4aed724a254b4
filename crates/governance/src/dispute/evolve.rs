//! A dispute after an event.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Dispute, DisputeEvent, StepTaken};
use crate::calendar::day_of;
use crate::event::Moment;
use crate::identifier::DisputeId;
use crate::state::{State, change};

/// Applies an event to the disputes.
pub(crate) fn evolve(state: &mut State, event: &DisputeEvent, moment: Moment, revision: u64) {
    if let DisputeEvent::Opened { claim, claimant, due } = event {
        let dispute = Dispute {
            claim: (**claim).clone(),
            claimant: claimant.clone(),
            at: moment.at,
            forum: claim.forum,
            due: Some(*due),
            steps: Vec::new(),
            measures: BTreeMap::new(),
            closed: None,
            revision,
        };
        state.disputes.insert_mut(claim.id.clone(), Arc::new(dispute));
        return;
    }
    let id = DisputeId::new(event.stream());
    change(&mut state.disputes, &id, |dispute| {
        dispute.revision = revision;
        apply(dispute, event, moment);
    });
}

fn apply(dispute: &mut Dispute, event: &DisputeEvent, moment: Moment) {
    match event {
        DisputeEvent::Opened { .. } => {}
        DisputeEvent::Stepped { step, by } => {
            let late = dispute.is_late(day_of(moment.at));
            dispute.due = step.next_due;
            dispute.steps.push(StepTaken {
                step: (**step).clone(),
                by: by.clone(),
                at: moment.at,
                late,
            });
        }
        DisputeEvent::Moved(moved) => dispute.forum = moved.forum,
        DisputeEvent::MeasureOrdered(order) => {
            dispute.measures.insert(order.scenario.clone(), order.clone());
        }
        DisputeEvent::MeasureLifted(lift) => {
            dispute.measures.remove(&lift.scenario);
        }
        DisputeEvent::Closed(close) => dispute.closed = Some((**close).clone()),
    }
}
