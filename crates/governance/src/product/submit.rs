//! Submitting and listing a product.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::partner::is_engaged;
use super::review::check_not_dropped;
use super::share::check_share;
use super::{Product, ProductForm, ProductStatus};
use crate::Context;
use crate::authorization::link;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::{ModelId, ProductId, ResourceId, ScenarioId};
use crate::party::Role;
use crate::refusal::Refusal;
use crate::registration::{Registrable, check_required};
use crate::resource::FieldType;
use crate::rules::Rule;
use crate::scenario::{Scenario, check_agreement};
use crate::state::State;
use crate::text::Text;

/// A parameter of a product's query; `$1` is the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Parameter {
    /// Its name in the API.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub parameter_type: FieldType,
    /// What it means.
    pub meaning: String,
    /// An example a console can offer.
    #[serde(default)]
    pub example: String,
}

/// Which parameter names the data subject whose information a call uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubjectParameter {
    /// The resource that speaks of the subject.
    pub resource: ResourceId,
    /// Index of the parameter, from 0.
    pub parameter: usize,
}

/// What the engine found when it checked the query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckedQuery {
    /// SHA-256 of the derivation, lower-case hex.
    pub derivation_sha256: String,
    /// Fields the query reads.
    pub fields: BTreeMap<ResourceId, BTreeSet<String>>,
    /// Of these, the fields that need consent.
    pub consented: BTreeMap<ResourceId, BTreeSet<String>>,
    /// The models that the query calls, with the SHA-256 of their modules.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub models: BTreeMap<ModelId, String>,
}

/// Submits a product for listing; its query has passed the information-flow check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubmitProduct {
    /// Its id.
    pub id: ProductId,
    /// The scenario it is built under.
    pub scenario: ScenarioId,
    /// Its name.
    pub name: String,
    /// What it answers.
    pub summary: String,
    /// Its form.
    #[serde(default, skip_serializing_if = "ProductForm::is_usual")]
    pub form: ProductForm,
    /// What service is promised with it: availability, answers to questions, support.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub service_level: String,
    /// The product of which it is the next version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<ProductId>,
    /// Its query.
    pub sql: String,
    /// The query's parameters.
    pub parameters: Vec<Parameter>,
    /// Which parameter names a data subject, where one is spoken of.
    pub subject: Option<SubjectParameter>,
    /// What the engine found.
    pub checked: CheckedQuery,
}

/// Lists a submitted product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListProduct {
    /// Which.
    pub product: ProductId,
}

/// Decides a submission.
///
/// # Errors
/// Refuses a scenario that is not in force, what exceeds it, a partner without engagement, a subject parameter that is
/// none.
pub fn decide_submit(state: &State, command: &SubmitProduct, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    if state.products.contains_key(&command.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该产品编号已存在", "a product with this id exists"),
            Text::new("请重新提交", "submit it again"),
        ));
    }
    let scenario = state.scenario(&command.scenario, context)?;
    check_developer(state, scenario, context)?;
    check_agreement(state, scenario, context)?;
    link::scenario_in_force(scenario, day_of(context.at), context)?;
    check_fields(scenario, &command.checked, context)?;
    command.checked.models_in_force(state, context)?;
    check_subject(command, context)?;
    check_version(state, command, context)?;
    let developer = context.actor.party.clone();
    Ok(vec![Event::ProductSubmitted {
        submission: Box::new(command.clone()),
        developer,
    }])
}

/// Decides a listing.
///
/// # Errors
/// Refuses a product that is already listed, or above which a link of the chain does not hold: the agreement, the
/// scenario, the approval of a resource, a model, the partner's engagement; and more products of partners than the packs
/// allow.
pub fn decide_list(state: &State, command: &ListProduct, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let product = state.product(&command.product, context)?;
    check_not_dropped(product, context)?;
    if product.status != ProductStatus::Submitted {
        return Err(context.rules.wrong_state(
            Text::new("该产品已经上架或撤回", "the product is already listed, or withdrawn"),
            Text::new("无需重复上架", "there is nothing to do"),
        ));
    }
    link::above(state, product, day_of(context.at), context)?;
    check_share(state, product, context)?;
    let thing = Registrable::Product {
        product: command.product.clone(),
    };
    check_required(state, &thing, context)?;
    Ok(vec![Event::ProductListed {
        product: command.product.clone(),
    }])
}

/// A version follows a listed product under the same agreement, and is the only one that does.
fn check_version(state: &State, command: &SubmitProduct, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(id) = &command.replaces else { return Ok(()) };
    let before = state.product(id, context)?;
    let agreement = |scenario| Ok::<_, Refusal>(&state.scenario(scenario, context)?.application.agreement);
    let same = agreement(&before.submission.scenario)? == agreement(&command.scenario)?;
    let mut products = state.products.values();
    let followed = products.any(|it| it.submission.replaces.as_ref() == Some(id) && it.status.may_serve());
    if same && !followed && before.status != ProductStatus::Submitted && before.status.may_serve() {
        return Ok(());
    }
    let name = &before.submission.name;
    Err(context.rules.refuse(
        Rule::ProductVersion,
        Text::new(
            format!("“{name}”未上架、已有新版本，或不在同一协议之下"),
            format!("`{name}` is not listed, has a new version, or is under another agreement"),
        ),
        Text::new("请指明最新的已上架版本", "name the newest listed version"),
    ))
}

impl CheckedQuery {
    /// Every model that the query calls is in force, with the module that was checked.
    ///
    /// # Errors
    /// Refuses a model that waits for its review, is suspended or withdrawn.
    pub(crate) fn models_in_force(&self, state: &State, context: &Context<'_>) -> Result<(), Refusal> {
        for (id, sha256) in &self.models {
            let model = state.model(id, context)?;
            if model.is_in_force() && model.registration.module_sha256 == *sha256 {
                continue;
            }
            let function = model.registration.function();
            return Err(context.rules.refuse(
                Rule::ModelInForce,
                Text::new(
                    format!("模型 `{function}` 未经审查、已暂停或已撤回"),
                    format!("the model `{function}` waits for a review, is suspended or withdrawn"),
                ),
                Text::new(
                    "请待模型经审查恢复，或改用在用的模型版本",
                    "wait until it is reviewed again, or use a version that is in force",
                ),
            ));
        }
        Ok(())
    }
}

/// The operator of the agreement may develop; a partner may where it is engaged.
pub(crate) fn check_developer(state: &State, scenario: &Scenario, context: &Context<'_>) -> Result<(), Refusal> {
    let actor = state.party(&context.actor.party, context)?;
    let engaged = |party| is_engaged(state, party, &scenario.application.id, day_of(context.at));
    if actor.role != Role::Partner || engaged(&actor.id) {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::Partner,
        Text::new(
            format!("`{}` 未被引入该场景，授权不得转授", actor.name),
            format!(
                "`{}` is not engaged for this scenario; an authorization is not passed on",
                actor.name
            ),
        ),
        Text::new(
            "请运营机构先登记数据安全连带责任协议",
            "let the operator record the joint-liability agreement first",
        ),
    ))
}

/// What a query reads is granted to its scenario.
pub(crate) fn check_fields(scenario: &Scenario, checked: &CheckedQuery, context: &Context<'_>) -> Result<(), Refusal> {
    for (resource, fields) in &checked.fields {
        let granted = scenario.application.resources.get(resource);
        let outside = fields
            .iter()
            .find(|field| !granted.is_some_and(|granted| granted.contains(*field)));
        if let Some(field) = outside {
            return Err(context.rules.refuse(
                Rule::LinkExceeds,
                Text::new(
                    format!("字段 `{field}` 不在场景授权范围内"),
                    format!("the field `{field}` is outside the scenario"),
                ),
                Text::new(
                    "请改写查询，或为该字段申请场景授权",
                    "change the query, or apply for the field",
                ),
            ));
        }
    }
    Ok(())
}

/// A subject that is named must be one whose consent the query needs. Where none is named, a call sees the rows of
/// all subjects who consent to it.
fn check_subject(command: &SubmitProduct, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(subject) = &command.subject else { return Ok(()) };
    let consented = &command.checked.consented;
    let named = subject.parameter < command.parameters.len();
    if named && (consented.is_empty() || consented.contains_key(&subject.resource)) {
        return Ok(());
    }
    let resource = &subject.resource;
    Err(context.rules.refuse(
        Rule::Consent,
        Text::new(
            format!("所指明的数据主体参数不存在，或查询未使用 `{resource}` 中需授权同意的字段"),
            format!(
                "there is no such subject parameter, or the query uses no field of `{resource}` that needs consent"
            ),
        ),
        Text::new(
            "请指定标识数据主体的参数；集合查询则不指定，仅返回已同意主体的记录",
            "say which parameter names the data subject, or name none: a set query sees those who consent",
        ),
    ))
}

impl Product {
    /// Fields for which a call needs the subject's consent.
    #[must_use]
    pub fn consented_fields(&self) -> &BTreeMap<ResourceId, BTreeSet<String>> {
        &self.submission.checked.consented
    }
}
