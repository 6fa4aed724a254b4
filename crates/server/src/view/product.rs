//! Products as the API shows them.

use gongshu_api as api;
use gongshu_api::Named;
use gongshu_api::product::ProductScenario;
use gongshu_app::governance::identifier::ProductId;
use gongshu_app::governance::product::{Parameter, Product, ProductForm, ProductStatus};
use gongshu_app::governance::{State, Text};

use jiff::civil::Date;

use super::{party_named, resource_named, word};
use crate::problem::Failure;

/// A parameter as a product or a saved query states it.
pub(super) fn parameter(parameter: &Parameter) -> api::product::Parameter {
    api::product::Parameter {
        name: parameter.name.clone(),
        parameter_type: word(&parameter.parameter_type),
        meaning: parameter.meaning.clone(),
        example: parameter.example.clone(),
    }
}

/// A product, with what its chain says where it does not hold.
pub(crate) fn product(state: &State, product: &Product, chain: Option<Text>, today: Date) -> api::product::Product {
    let submission = &product.submission;
    let scenario = state.scenarios.get(&submission.scenario);
    let application = scenario.map(|scenario| &scenario.application);
    let status = scenario.map(|scenario| scenario.status.word());
    let parameters = submission.parameters.iter().map(parameter);
    let subject = submission
        .subject
        .as_ref()
        .and_then(|subject| submission.parameters.get(subject.parameter));
    let reason = unavailable(product, chain);
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
        form: submission.form.word().to_owned(),
        service_level: submission.service_level.clone(),
        version: product.version,
        replaces: submission.replaces.as_ref().map(|id| product_named(state, id)),
        charging: product.charging.word().to_owned(),
        price: product.price.map(|price| price.to_string()),
        price_from: price_from(product, today),
        ceiling: product.ceiling.map(|ceiling| ceiling.to_string()),
        listed: product.status == ProductStatus::Listed,
        status: product.status.word().to_owned(),
        served_until: served_until(&product.status),
        suspended: suspended(product),
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

/// The form of this word; the usual one where none is said.
pub(crate) fn form(word: Option<&str>) -> Result<ProductForm, Failure> {
    let Some(word) = word else {
        return Ok(ProductForm::default());
    };
    serde_json::from_value(word.into()).map_err(|error| Failure::Malformed(format!("the product's form: {error}")))
}

pub(super) fn product_named(state: &State, id: &ProductId) -> Named {
    let name = state.products.get(id).map(|product| product.submission.name.clone());
    Named {
        id: id.to_string(),
        name: name.unwrap_or_default(),
    }
}

/// From when the newest price holds for everybody, where that day is still to come.
fn price_from(product: &Product, today: Date) -> Option<String> {
    let newest = product.tariffs.last()?;
    (newest.from > today).then(|| newest.from.to_string())
}

fn served_until(status: &ProductStatus) -> Option<String> {
    match status {
        ProductStatus::Submitted
        | ProductStatus::Listed
        | ProductStatus::Refused { .. }
        | ProductStatus::Retracted { .. } => None,
        ProductStatus::Withdrawn { until, .. } => Some(until.to_string()),
    }
}

/// Why it is suspended, by all who have suspended it.
fn suspended(product: &Product) -> Option<String> {
    let reasons: Vec<&str> = product.suspended.iter().map(|it| it.reason.as_str()).collect();
    (!reasons.is_empty()).then(|| reasons.join("；"))
}

/// Why a product cannot answer now, in words for a catalogue: what is so of itself, or what its chain says.
fn unavailable(product: &Product, chain: Option<Text>) -> Option<Text> {
    if let Some(reasons) = suspended(product) {
        return Some(Text::new(format!("已暂停：{reasons}"), format!("suspended: {reasons}")));
    }
    match &product.status {
        ProductStatus::Listed => {}
        ProductStatus::Submitted => return Some(Text::new("尚未上架", "not listed yet")),
        ProductStatus::Refused { reason, .. } => {
            return Some(Text::new(
                format!("未予上架：{reason}"),
                format!("not listed: {reason}"),
            ));
        }
        ProductStatus::Retracted { reason, .. } => {
            return Some(Text::new(
                format!("提交已撤回：{reason}"),
                format!("its submission was retracted: {reason}"),
            ));
        }
        ProductStatus::Withdrawn { reason, until } => {
            return Some(Text::new(
                format!("已撤回：{reason}；已订购者服务至 {until}"),
                format!("withdrawn: {reason}; subscribers are served until {until}"),
            ));
        }
    }
    chain
}
