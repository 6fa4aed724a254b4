//! A dispute after an event.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::{Dispute, DisputeEvent, Due, EndProposed, RecordStep, StepTaken};
use crate::calendar::day_of;
use crate::event::Moment;
use crate::identifier::{DisputeId, PartyId};
use crate::state::{State, change};

/// Applies an event to the disputes.
pub(crate) fn evolve(state: &mut State, event: &DisputeEvent, moment: Moment, revision: u64) {
    if let DisputeEvent::Opened { claim, claimant, due } = event {
        let dispute = Dispute {
            claim: (**claim).clone(),
            claimant: claimant.clone(),
            at: moment.at,
            forum: claim.forum,
            answer_due: Some(*due),
            dues: Vec::new(),
            steps: Vec::new(),
            measures: BTreeMap::new(),
            end_proposed: None,
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
            let late = stepped(dispute, step, by, day_of(moment.at));
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
        DisputeEvent::EndProposed { close, by } => {
            dispute.end_proposed = Some(EndProposed {
                close: (**close).clone(),
                by: by.clone(),
                at: moment.at,
            });
        }
        DisputeEvent::Closed(close) => dispute.closed = Some((**close).clone()),
    }
}

/// What the step does of what is due from this party, and what is due next. Tells whether it came late.
fn stepped(dispute: &mut Dispute, step: &RecordStep, by: &PartyId, today: Date) -> bool {
    let mut late = false;
    if dispute.answers(step.step, by) {
        late = dispute.answer_due.take().is_some_and(|due| due < today);
    }
    for due in &mut dispute.dues {
        late |= due.by.remove(by) && due.on < today;
    }
    dispute.dues.retain(|due| !due.by.is_empty());
    if let Some(on) = step.next_due {
        let by = addressees(dispute, step, by);
        dispute.dues.push(Due { on, by });
    }
    late
}

/// Whom a step names; else all the parties but the one who took it.
fn addressees(dispute: &Dispute, step: &RecordStep, by: &PartyId) -> BTreeSet<PartyId> {
    match &step.next_by {
        Some(party) => BTreeSet::from([party.clone()]),
        None => dispute.parties().filter(|party| *party != by).cloned().collect(),
    }
}
