//! Assessments as the API shows them.

use gongshu_api as api;
use gongshu_api::Named;
use gongshu_app::governance::State;
use gongshu_app::governance::assessment::{Assessment, Indicator, figure};
use jiff::Timestamp;

use super::{party_named, word};

pub(crate) fn assessment(state: &State, assessment: &Assessment, at: Timestamp) -> api::assessment::Assessment {
    let opening = &assessment.opening;
    let agreement = state.agreements.get(&opening.agreement);
    let nobody = Named {
        id: String::new(),
        name: String::new(),
    };
    let conclusion = assessment.conclusion.as_ref();
    api::assessment::Assessment {
        id: opening.id.to_string(),
        agreement: Named {
            id: opening.agreement.to_string(),
            name: agreement.map_or_else(String::new, |it| it.terms.title.clone()),
        },
        operator: agreement.map_or(nobody, |it| party_named(state, &it.terms.operator)),
        assessor: party_named(state, &opening.assessor),
        year: opening.year,
        due: opening.due.to_string(),
        indicators: assessment
            .indicators
            .iter()
            .map(|it| indicator(state, assessment, it, at))
            .collect(),
        total: conclusion.map(|it| it.total),
        grade: conclusion.map(|it| word(&it.grade)),
        conclusion: conclusion.map(|it| it.said.conclusion.clone()),
        appeal: assessment.appeal.as_ref().map(|it| it.reason.clone()),
        answer: assessment.answer.as_ref().map(|it| it.reason.clone()),
        failed: assessment.is_failed(),
        revision: assessment.revision,
    }
}

fn indicator(
    state: &State,
    assessment: &Assessment,
    indicator: &Indicator,
    at: Timestamp,
) -> api::assessment::AssessmentIndicator {
    let found = assessment.findings.get(&indicator.name);
    let now = || {
        let opening = &assessment.opening;
        indicator
            .figure
            .map(|of| figure(state, of, &opening.agreement, opening.year, at))
    };
    api::assessment::AssessmentIndicator {
        name: indicator.name.clone(),
        weight: indicator.weight,
        figure: found.map_or_else(now, |found| found.figure.clone()),
        points: found.map(|it| it.said.points),
        finding: found.map(|it| it.said.finding.clone()),
        document_sha256: found.and_then(|it| it.said.document_sha256.clone()),
    }
}
