//! An assessment after an event.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Assessment, AssessmentEvent, Conclusion, Finding};
use crate::calendar::day_of;
use crate::event::Moment;
use crate::identifier::AssessmentId;
use crate::state::{State, change};

/// Applies an event to the assessments.
pub(crate) fn evolve(state: &mut State, event: &AssessmentEvent, moment: Moment, revision: u64) {
    if let AssessmentEvent::Opened { opening, indicators } = event {
        let assessment = Assessment {
            opening: opening.clone(),
            before: Vec::new(),
            at: moment.at,
            indicators: indicators.clone(),
            findings: BTreeMap::new(),
            conclusion: None,
            appeal: None,
            answer: None,
            rectified: None,
            revision,
        };
        state.assessments.insert_mut(opening.id.clone(), Arc::new(assessment));
        return;
    }
    let id = AssessmentId::new(event.stream());
    change(&mut state.assessments, &id, |assessment| {
        assessment.revision = revision;
        apply(assessment, event, moment);
    });
}

fn apply(assessment: &mut Assessment, event: &AssessmentEvent, moment: Moment) {
    match event {
        AssessmentEvent::Opened { .. } => {}
        AssessmentEvent::Reassigned(reassigned) => {
            let next = reassigned.assessor.clone();
            let last = std::mem::replace(&mut assessment.opening.assessor, next);
            assessment.before.push((last, reassigned.reason.clone()));
            assessment.opening.due = reassigned.due;
            assessment.findings.clear();
        }
        AssessmentEvent::Indicated { findings, figures } => {
            let found = findings.findings.iter().map(|(name, said)| {
                let (said, figure) = (said.clone(), figures.get(name).cloned());
                (name.clone(), Finding { said, figure })
            });
            assessment.findings.extend(found);
        }
        AssessmentEvent::Concluded {
            conclusion,
            total,
            grade,
        } => {
            assessment.conclusion = Some(Conclusion {
                said: (**conclusion).clone(),
                on: day_of(moment.at),
                total: *total,
                grade: *grade,
            });
        }
        AssessmentEvent::Appealed(appeal) => assessment.appeal = Some(appeal.clone()),
        AssessmentEvent::AppealAnswered { answer, total, grade } => {
            for (name, points) in &answer.points {
                if let Some(found) = assessment.findings.get_mut(name) {
                    found.said.points = *points;
                }
            }
            if let Some(conclusion) = &mut assessment.conclusion {
                (conclusion.total, conclusion.grade) = (*total, *grade);
            }
            assessment.answer = Some(answer.clone());
        }
        AssessmentEvent::Rectified(rectified) => assessment.rectified = Some(rectified.clone()),
    }
}
