//! Models as the API shows them.

use gongshu_api as api;
use gongshu_api::Named;
use gongshu_app::governance::State;
use gongshu_app::governance::authorization::DataVersion;
use gongshu_app::governance::model::{Algorithm, Fit, Model, ModelFormat, ModelStatus, TrainModel};
use gongshu_app::governance::resource::Version;

use super::{party_named, resource_named};

pub(crate) fn model(state: &State, model: &Model) -> api::model::Model {
    let registration = &model.registration;
    let scenario = state.scenarios.get(&registration.scenario);
    let named = |id: &str, name: Option<&String>| Named {
        id: id.to_owned(),
        name: name.cloned().unwrap_or_default(),
    };
    let products = state.products.values().map(|product| &product.submission);
    let calling = products.filter(|submission| submission.checked.models.contains_key(&registration.id));
    let mut products: Vec<Named> = calling
        .map(|submission| named(submission.id.as_str(), Some(&submission.name)))
        .collect();
    products.sort_by(|a, b| a.id.cmp(&b.id));
    api::model::Model {
        id: registration.id.to_string(),
        name: registration.name.clone(),
        number: registration.number,
        function: registration.function(),
        summary: registration.summary.clone(),
        scenario: named(
            registration.scenario.as_str(),
            scenario.map(|scenario| &scenario.application.name),
        ),
        resource: resource_named(state, &registration.input.resource),
        fields: registration.input.fields.clone(),
        format: match registration.format {
            ModelFormat::Wasm => "wasm",
            ModelFormat::Onnx => "onnx",
        }
        .to_owned(),
        module_sha256: registration.module_sha256.clone(),
        lineage: model.training.as_deref().map(|training| lineage(state, training)),
        registrar: party_named(state, &model.registrar.party),
        status: status(state, &model.status),
        products,
        revision: model.revision,
    }
}

/// The lineage without the query, whose constants may be its developer's own.
fn lineage(state: &State, training: &TrainModel) -> api::model::Lineage {
    let source = |data: &DataVersion| {
        let resource = state.resources.get(&data.resource);
        let mut versions = resource.into_iter().flat_map(|resource| &resource.versions);
        let stands = |version: &Version| version.id == data.version && version.status.stands();
        api::model::ModelSource {
            resource: resource_named(state, &data.resource),
            version: data.version.to_string(),
            stands: versions.any(stands),
        }
    };
    api::model::Lineage {
        algorithm: algorithm(training.algorithm),
        label: training.label.iter().cloned().collect(),
        sources: training.ran.versions.iter().map(source).collect(),
        derivation_sha256: training.ran.checked.derivation_sha256.clone(),
        fit: fit(training.fit),
        sql_sha256: training.sql_sha256(),
        sql: None,
    }
}

pub(crate) fn fit(fit: Fit) -> api::model::Fit {
    api::model::Fit {
        subjects: fit.subjects,
        explained_percent: fit.explained_percent,
        ranked_percent: fit.ranked_percent,
        influence_percent: fit.influence_percent,
    }
}

pub(super) fn algorithm(algorithm: Algorithm) -> api::workbench::Algorithm {
    let rounds = Some(algorithm.rounds_max());
    let (kind, rounds_max) = match algorithm {
        Algorithm::LinearRegression { .. } => ("linear_regression", None),
        Algorithm::LogisticRegression { .. } => ("logistic_regression", rounds),
        Algorithm::PoissonRegression { .. } => ("poisson_regression", rounds),
    };
    api::workbench::Algorithm {
        kind: kind.to_owned(),
        penalty_milli: algorithm.penalty_milli(),
        rounds_max,
    }
}

/// The algorithm that a request names; none where there is no such, or with those parameters.
pub(crate) fn asked_algorithm(asked: &api::workbench::Algorithm) -> Option<Algorithm> {
    let penalty_milli = asked.penalty_milli;
    match (asked.kind.as_str(), asked.rounds_max) {
        ("linear_regression", None) => Some(Algorithm::LinearRegression { penalty_milli }),
        ("logistic_regression", Some(rounds_max)) => Some(Algorithm::LogisticRegression {
            penalty_milli,
            rounds_max,
        }),
        ("poisson_regression", Some(rounds_max)) => Some(Algorithm::PoissonRegression {
            penalty_milli,
            rounds_max,
        }),
        _ => None,
    }
}

/// Parties are named, persons are not.
fn status(state: &State, status: &ModelStatus) -> api::model::ModelStatus {
    let shown = |word: &str, at: Option<&jiff::Timestamp>, text: Option<&String>| api::model::ModelStatus {
        state: word.to_owned(),
        at: at.map(ToString::to_string),
        reviewer: None,
        text: text.cloned(),
    };
    match status {
        ModelStatus::Registered => shown("registered", None, None),
        ModelStatus::InForce { reviewer, report, at } => api::model::ModelStatus {
            reviewer: Some(party_named(state, &reviewer.party)),
            ..shown("in_force", Some(at), Some(report))
        },
        ModelStatus::Suspended { reason, at, .. } => shown("suspended", Some(at), Some(reason)),
        ModelStatus::Withdrawn { reason, at } => shown("withdrawn", Some(at), Some(reason)),
    }
}
