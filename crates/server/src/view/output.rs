//! Outputs as the API shows them. What was measured is for reviewers: it tells of subjects what a result may not.

use gongshu_api as api;
use gongshu_app::governance::State;
use gongshu_app::governance::output::{Figures, Output, OutputSource, OutputStatus};

use super::workbench::scenario_named;
use super::{party_named, word};

/// An output, to somebody who may review it or not.
pub(crate) fn output(state: &State, output: &Output, reviewable: bool) -> api::output::Output {
    let submission = &output.submission;
    let checks = output.checks.iter().map(|check| api::output::OutputCheck {
        check: word(&check.kind),
        passed: check.passed,
        bound: check.bound,
        measured: check.measured.filter(|_| reviewable),
    });
    let reviews = output.reviews.iter().map(|review| api::output::OutputReviewed {
        reviewer: party_named(state, &review.by.party),
        decision: word(&review.decision),
        reason: review.reason.clone(),
        at: review.at.to_string(),
    });
    api::output::Output {
        id: submission.id.to_string(),
        kind: submission.kind.word().to_owned(),
        title: submission.title.clone(),
        number: output.number,
        previous: submission.previous.as_ref().map(ToString::to_string),
        scenario: scenario_named(state, &output.scenario),
        made_from: made_from(&submission.made_from),
        justification: submission.justification.clone(),
        submitter: party_named(state, &output.by.party),
        at: output.at.to_string(),
        state: status(&output.status).to_owned(),
        content_sha256: submission.content.sha256.clone(),
        bytes: submission.content.bytes,
        derivation_sha256: submission.ran.checked.derivation_sha256.clone(),
        checks: checks.collect(),
        reviews: reviews.collect(),
        collected: output.collected,
        reviewable,
        revision: output.revision,
    }
}

fn made_from(source: &OutputSource) -> String {
    match source {
        OutputSource::Query(query) => query.to_string(),
        OutputSource::Model(model) => model.to_string(),
    }
}

fn status(status: &OutputStatus) -> &'static str {
    match status {
        OutputStatus::Submitted => "submitted",
        OutputStatus::Released { .. } => "released",
        OutputStatus::Refused { .. } => "refused",
        OutputStatus::Returned { .. } => "returned",
        OutputStatus::Withdrawn { .. } => "withdrawn",
    }
}

pub(crate) fn figures(figures: &Figures) -> api::output::OutputFigures {
    api::output::OutputFigures {
        rows: figures.rows,
        combinations: figures.combinations,
        unique: figures.unique,
        unique_basis_points: figures.unique_share(),
        suppressed: figures.suppressed,
        smallest: figures.smallest,
        subjects: figures.subjects,
    }
}
