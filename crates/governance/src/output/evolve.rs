//! An output after an event.

use std::sync::Arc;

use super::{Conclusion, Output, OutputEvent, OutputStatus, Review};
use crate::event::Moment;
use crate::identifier::OutputId;
use crate::state::{State, change};
use crate::workbench::{AttemptKind, count_answered};

/// Applies an event of an output.
pub(crate) fn evolve(state: &mut State, event: &OutputEvent, moment: Moment, revision: u64) {
    if let OutputEvent::Submitted {
        submission,
        scenario,
        checks,
        by,
    } = event
    {
        let before = submission.previous.as_ref().and_then(|id| state.outputs.get(id));
        let output = Output {
            number: before.map_or(1, |before| before.number.saturating_add(1)),
            submission: (**submission).clone(),
            scenario: scenario.clone(),
            checks: checks.clone(),
            by: by.clone(),
            at: moment.at,
            reviews: Vec::new(),
            status: OutputStatus::Submitted,
            collected: 0,
            revision,
        };
        state.outputs.insert_mut(submission.id.clone(), Arc::new(output));
        if let Some(attempt) = &submission.attempt {
            count_answered(state, attempt, (by, scenario, AttemptKind::Output), moment);
        }
        return;
    }
    change(&mut state.outputs, &OutputId::new(event.stream()), |output| {
        output.revision = revision;
        match event {
            OutputEvent::Submitted { .. } => {}
            OutputEvent::Reviewed { review, by, conclusion } => {
                output.reviews.push(Review {
                    by: by.clone(),
                    decision: review.decision,
                    reason: review.reason.clone(),
                    at: moment.at,
                });
                output.status = status(*conclusion, moment);
            }
            OutputEvent::Collected(_) => output.collected += 1,
            OutputEvent::Withdrawn(_) => output.status = OutputStatus::Withdrawn { at: moment.at },
        }
    });
}

fn status(conclusion: Conclusion, moment: Moment) -> OutputStatus {
    let at = moment.at;
    match conclusion {
        Conclusion::Waits => OutputStatus::Submitted,
        Conclusion::Released => OutputStatus::Released { at },
        Conclusion::Refused => OutputStatus::Refused { at },
        Conclusion::Returned => OutputStatus::Returned { at },
    }
}
