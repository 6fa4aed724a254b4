//! A plan after an event.

use std::sync::Arc;

use super::{Failed, FailedOutcome, Opinion, Plan, PlanEvent, PlanVersion};
use crate::event::Moment;
use crate::identifier::PlanId;
use crate::state::{State, change};

/// Applies an event to the plans.
pub(crate) fn evolve(state: &mut State, event: &PlanEvent, moment: Moment, revision: u64) {
    if let PlanEvent::Drafted { draft, agency } = event {
        let plan = Plan {
            id: draft.id.clone(),
            title: draft.title.clone(),
            agency: agency.clone(),
            versions: vec![PlanVersion {
                sections: draft.sections.clone(),
                at: moment.at,
                reason: String::new(),
            }],
            panel: None,
            comment: None,
            comment_late_days: 0,
            opinions: std::collections::BTreeMap::new(),
            conclusion: None,
            decision: None,
            failed: Vec::new(),
            publication: None,
            revision,
        };
        state.plans.insert_mut(draft.id.clone(), Arc::new(plan));
        return;
    }
    let id = PlanId::new(event.stream());
    change(&mut state.plans, &id, |plan| {
        plan.revision = revision;
        apply(plan, event, moment);
    });
}

fn apply(plan: &mut Plan, event: &PlanEvent, moment: Moment) {
    match event {
        PlanEvent::Drafted { .. } => {}
        PlanEvent::Revised(revised) => {
            let mut sections = plan
                .versions
                .last()
                .map_or_else(Default::default, |version| version.sections.clone());
            sections.extend(revised.sections.clone());
            plan.versions.push(PlanVersion {
                sections,
                at: moment.at,
                reason: revised.reason.clone(),
            });
        }
        PlanEvent::PanelReformed(panel) => plan.panel = Some(panel.panel()),
        PlanEvent::PanelFormed(panel) => plan.panel = Some((**panel).clone()),
        PlanEvent::CommentOpened { comment, late_days } => {
            plan.comment = Some(comment.clone());
            plan.comment_late_days = *late_days;
        }
        PlanEvent::OpinionRecorded(said) => {
            let opinion = Opinion {
                said: (**said).clone(),
                version: plan.newest(),
                answer: None,
            };
            plan.opinions.insert(said.opinion, opinion);
        }
        PlanEvent::OpinionAnswered(answer) => {
            if let Some(opinion) = plan.opinions.get_mut(&answer.opinion) {
                opinion.answer = Some((**answer).clone());
            }
        }
        PlanEvent::ReviewConcluded { conclusion, passed } => {
            if passed.unwrap_or(conclusion.in_favour > conclusion.against) {
                plan.conclusion = Some((**conclusion).clone());
            } else {
                fail(plan, FailedOutcome::Review((**conclusion).clone()), moment);
            }
        }
        PlanEvent::Decided(decision) if !decision.adopted => {
            plan.conclusion = None;
            fail(plan, FailedOutcome::Meeting((**decision).clone()), moment);
        }
        PlanEvent::Decided(decision) => plan.decision = Some((**decision).clone()),
        PlanEvent::Published(publication) => plan.publication = Some(publication.clone()),
    }
}

fn fail(plan: &mut Plan, outcome: FailedOutcome, moment: Moment) {
    let (version, at) = (plan.newest(), moment.at);
    plan.failed.push(Failed { version, at, outcome });
}
