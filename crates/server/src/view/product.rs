//! Products as the API shows them.

use gongshu_api as api;
use gongshu_api::product::ProductScenario;
use gongshu_app::governance::product::Product;
use gongshu_app::governance::resource::VersionStatus;
use gongshu_app::governance::scenario::ScenarioStatus;
use gongshu_app::governance::{State, Text};

use super::{party_named, resource_named, word};

pub(crate) fn product(state: &State, product: &Product) -> api::product::Product {
    let submission = &product.submission;
    let scenario = state.scenarios.get(&submission.scenario);
    let application = scenario.map(|scenario| &scenario.application);
    let status = scenario.map(|scenario| match scenario.status {
        ScenarioStatus::Applied => "applied",
        ScenarioStatus::Granted { .. } => "granted",
        ScenarioStatus::Frozen { .. } => "frozen",
    });
    let parameters = submission.parameters.iter().map(|parameter| api::product::Parameter {
        name: parameter.name.clone(),
        parameter_type: word(&parameter.parameter_type),
        meaning: parameter.meaning.clone(),
        example: parameter.example.clone(),
    });
    let subject = submission
        .subject
        .as_ref()
        .and_then(|subject| submission.parameters.get(subject.parameter));
    let reason = unavailable(state, product);
    api::product::Product {
        id: submission.id.to_string(),
        name: submission.name.clone(),
        summary: submission.summary.clone(),
        scenario: ProductScenario {
            id: submission.scenario.to_string(),
            name: application.map_or_else(String::new, |application| application.name.clone()),
            purpose: application.map_or_else(String::new, |application| application.purpose.clone()),
            status: status.unwrap_or_default().to_owned(),
        },
        developer: party_named(state, &product.developer),
        price_class: application.map_or_else(String::new, |application| word(&application.price_class)),
        price: product.price.map(|price| price.to_string()),
        ceiling: product.ceiling.map(|ceiling| ceiling.to_string()),
        listed: product.listed,
        sql: submission.sql.clone(),
        parameters: parameters.collect(),
        subject_parameter: subject.map(|parameter| parameter.name.clone()),
        resources: submission
            .checked
            .fields
            .keys()
            .map(|id| resource_named(state, id))
            .collect(),
        derivation_sha256: submission.checked.derivation_sha256.clone(),
        available: reason.is_none(),
        unavailable_reason: reason.map(Into::into),
        revision: product.revision,
    }
}

/// Why a product cannot answer now, in words for a catalogue. The chain itself decides at a call.
fn unavailable(state: &State, product: &Product) -> Option<Text> {
    if !product.listed {
        return Some(Text::new("尚未上架", "not listed yet"));
    }
    let scenario = state.scenarios.get(&product.submission.scenario)?;
    if let ScenarioStatus::Frozen { reason, .. } = &scenario.status {
        return Some(Text::new(
            format!("场景已冻结：{reason}"),
            format!("its scenario is frozen: {reason}"),
        ));
    }
    let resources = product
        .submission
        .checked
        .fields
        .keys()
        .filter_map(|id| state.resources.get(id));
    for resource in resources {
        let name = &resource.registration.name;
        match resource.current().map(|version| &version.status) {
            Some(VersionStatus::InOperation) => {}
            Some(VersionStatus::DestructionOrdered { at, .. } | VersionStatus::Destroyed { at, .. }) => {
                return Some(Text::new(
                    format!("所用资源“{name}”的数据已于 {at} 销毁"),
                    format!("the data of `{name}` was destroyed at {at}"),
                ));
            }
            None => {
                return Some(Text::new(
                    format!("资源“{name}”没有在用版本"),
                    format!("`{name}` has no version in operation"),
                ));
            }
        }
    }
    None
}
