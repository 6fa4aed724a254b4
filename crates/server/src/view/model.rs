//! Models as the API shows them.

use gongshu_api as api;
use gongshu_api::Named;
use gongshu_app::governance::State;
use gongshu_app::governance::model::{Model, ModelFormat, ModelStatus};

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
        registrar: party_named(state, &model.registrar.party),
        status: status(state, &model.status),
        products,
        revision: model.revision,
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
        ModelStatus::Suspended { reason, at } => shown("suspended", Some(at), Some(reason)),
        ModelStatus::Withdrawn { reason, at } => shown("withdrawn", Some(at), Some(reason)),
    }
}
