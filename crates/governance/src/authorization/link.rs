//! The links of the chain, a function each.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{CallRequest, DataVersion, Usage};
use crate::Context;
use crate::agreement::Agreement;
use crate::calendar::day_of;
use crate::consent::{Consent, ConsentedUse};
use crate::identifier::{ConsentId, ResourceId};
use crate::money::Money;
use crate::product::{CheckedQuery, Product, check_engaged, check_fields};
use crate::refusal::Refusal;
use crate::resource::{VersionStatus, check_not_withdrawn};
use crate::rules::Rule;
use crate::scenario::{Scenario, ScenarioStatus, check_in_force, check_scope};
use crate::service;
use crate::state::State;
use crate::subscription::Subscription;
use crate::text::Text;

/// The chain above a product lives on this day: its agreement, its scenario within it, what the product reads within
/// that, every approval, every model, the engagement of the partner that made it. What is listed, sold or called has it.
pub(crate) fn above<'s>(
    state: &'s State,
    product: &Product,
    day: Date,
    context: &Context<'_>,
) -> Result<(&'s Agreement, &'s Scenario), Refusal> {
    let scenario = state.scenario(&product.submission.scenario, context)?;
    let agreement = state.agreement(&scenario.application.agreement, context)?;
    check_in_force(agreement, day, context)?;
    check_scope(agreement, &scenario.application, context)?;
    scenario_in_force(scenario, day, context)?;
    check_fields(scenario, &product.submission.checked, context)?;
    reviewed_since(product, scenario, context)?;
    approvals(scenario, day, context)?;
    product.submission.checked.models_in_force(state, context)?;
    check_engaged(state, product, day, context)?;
    Ok((agreement, scenario))
}

/// What the product reads is not under tighter rules than when it was reviewed.
fn reviewed_since(product: &Product, scenario: &Scenario, context: &Context<'_>) -> Result<(), Refusal> {
    // Before the packs had the rule, only the check of the query at its next call told so.
    let stop = service::narrowed(product, scenario).filter(|_| context.rules.states(Rule::ResourceRegrade));
    let Some(stop) = stop else { return Ok(()) };
    let (name, day) = (&product.submission.name, day_of(stop.from));
    Err(context.rules.refuse(
        Rule::ProductReviewed,
        Text::new(
            format!("产品“{name}”所用字段的放行规则已于 {day} 收紧，审核所依据的规则不再适用"),
            format!("the release rules of what `{name}` reads became tighter on {day}; it was reviewed by those of before"),
        ),
        Text::new(
            "请开发方按现行规则提交新版本，经审核上架后改用新版本",
            "let its developer submit the next version under the rules of now (`product.submit`), and use it once it is listed (`product.list`)",
        ),
    ))
}

pub(crate) fn scenario_in_force(scenario: &Scenario, day: Date, context: &Context<'_>) -> Result<(), Refusal> {
    let term = &scenario.application.term;
    let name = &scenario.application.name;
    match &scenario.status {
        ScenarioStatus::Applied => Err(context.rules.refuse(
            Rule::ScenarioInForce,
            Text::new(
                format!("场景“{name}”尚未批准"),
                format!("the scenario `{name}` is not granted"),
            ),
            Text::new("请待实施机构批准", "wait until the agency grants it"),
        )),
        ScenarioStatus::Frozen { causes, .. } => {
            let reasons: Vec<&str> = causes.iter().map(|freeze| freeze.reason.as_str()).collect();
            let reasons = reasons.join("；");
            Err(context.rules.refuse(
                Rule::ScenarioFrozen,
                Text::new(
                    format!("场景“{name}”已被冻结：{reasons}"),
                    format!("the scenario `{name}` is frozen: {reasons}"),
                ),
                Text::new(
                    "解冻前不提供服务，请联系决定冻结的单位",
                    "nothing is served until it is thawed; ask whoever froze it",
                ),
            ))
        }
        ScenarioStatus::Granted { .. } if !term.covers(day) => Err(context.rules.refuse(
            Rule::ScenarioInForce,
            Text::new(
                format!("场景“{name}”有效期为 {} 至 {}，{day} 不在其内", term.from, term.until),
                format!(
                    "the scenario `{name}` runs from {} to {}; {day} is outside",
                    term.from, term.until
                ),
            ),
            Text::new("请申请续接的场景授权", "apply for a scenario that follows it"),
        )),
        ScenarioStatus::Granted { .. } => Ok(()),
        ScenarioStatus::Refused { .. } | ScenarioStatus::Withdrawn { .. } | ScenarioStatus::Ended { .. } => {
            scenario.check_open(context)
        }
    }
}

pub(super) fn purpose(scenario: &Scenario, purpose: &str, context: &Context<'_>) -> Result<(), Refusal> {
    let granted = &scenario.application.purpose;
    if granted == purpose {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::Purpose,
        Text::new(
            format!("用途 `{purpose}` 与授权用途 `{granted}` 不符"),
            format!("the purpose `{purpose}` is not the granted one, `{granted}`"),
        ),
        Text::new(format!("请仅为 `{granted}` 调用"), format!("call for `{granted}` only")),
    ))
}

pub(crate) fn approvals(scenario: &Scenario, day: Date, context: &Context<'_>) -> Result<(), Refusal> {
    match scenario.unapproved(context.rules, day).next() {
        None => Ok(()),
        Some(resource) => Err(context.rules.refuse(
            Rule::Approval,
            Text::new(
                format!("资源 `{resource}` 的数源单位未同意该场景"),
                format!("the provider of `{resource}` has not approved this scenario"),
            ),
            Text::new("请待数源单位同意", "wait until the provider approves"),
        )),
    }
}

/// The versions in operation of what a checked query reads.
pub(crate) fn versions(
    state: &State,
    checked: &CheckedQuery,
    context: &Context<'_>,
) -> Result<Vec<DataVersion>, Refusal> {
    let resources = checked.fields.keys();
    resources.map(|resource| version(state, resource, context)).collect()
}

fn version(state: &State, id: &ResourceId, context: &Context<'_>) -> Result<DataVersion, Refusal> {
    let resource = state.resource(id, context)?;
    check_not_withdrawn(resource, context)?;
    let name = &resource.registration.name;
    let refuse = |zh: String, en: String| {
        let remedy = Text::new("请待数源单位更新数据", "wait for a new version from the provider");
        Err(context.rules.refuse(Rule::VersionAvailable, Text::new(zh, en), remedy))
    };
    match resource.current() {
        None => refuse(
            format!("资源“{name}”没有在用版本"),
            format!("the resource `{name}` has no version in operation"),
        ),
        Some(version) => match &version.status {
            VersionStatus::InOperation => Ok(DataVersion {
                resource: id.clone(),
                version: version.id.clone(),
            }),
            VersionStatus::DestructionOrdered { at, .. } | VersionStatus::Destroyed { at, .. } => {
                let day = day_of(*at);
                refuse(
                    format!("资源“{name}”的数据已于 {day} 销毁，密钥不复存在"),
                    format!("the data of the resource `{name}` was destroyed on {day}; its key is gone"),
                )
            }
        },
    }
}

pub(super) fn consent(
    state: &State,
    product: &Product,
    request: &CallRequest<'_>,
    day: Date,
    context: &Context<'_>,
) -> Result<Option<ConsentId>, Refusal> {
    let named = product.submission.subject.as_ref();
    let needed = named.and_then(|subject| product.consented_fields().get_key_value(&subject.resource));
    let Some((resource, fields)) = needed else {
        return Ok(None);
    };
    let use_of = use_of(request, resource, fields, day);
    let live = request
        .subject
        .and_then(|code| state.consents_of(code).find(|consent| consent.covers(&use_of)));
    match live {
        Some(consent) => Ok(Some(consent.given.id.clone())),
        None => Err(context.rules.refuse(
            Rule::Consent,
            Text::new(
                "数据主体未就该用途、该使用方给予有效的授权同意",
                "the data subject has no live consent for this purpose and consumer",
            ),
            Text::new(
                "请先取得数据主体的授权同意",
                "ask the data subject for its consent first",
            ),
        )),
    }
}

/// The consents of whoever's rows a set query may see: of each resource whose consented fields it reads without
/// naming one subject. Nobody's consent is no refusal; the answer then speaks of nobody.
pub(super) fn consents(
    state: &State,
    product: &Product,
    request: &CallRequest<'_>,
    day: Date,
) -> BTreeMap<ResourceId, Vec<ConsentId>> {
    let named = product.submission.subject.as_ref().map(|subject| &subject.resource);
    let sets = product.consented_fields().iter();
    sets.filter(|(resource, _)| Some(*resource) != named)
        .map(|(resource, fields)| {
            let use_of = use_of(request, resource, fields, day);
            let id = |consent: &Consent| consent.given.id.clone();
            (resource.clone(), state.consents_to(&use_of).map(id).collect())
        })
        .collect()
}

fn use_of<'a>(
    request: &CallRequest<'a>,
    resource: &'a ResourceId,
    fields: &'a BTreeSet<String>,
    day: Date,
) -> ConsentedUse<'a> {
    ConsentedUse {
        consumer: &request.actor.party,
        purpose: request.purpose,
        resource,
        fields,
        day,
    }
}

pub(super) fn subscription<'s>(
    state: &'s State,
    request: &CallRequest<'_>,
    context: &Context<'_>,
) -> Result<&'s Subscription, Refusal> {
    let subscription = state.open_subscription(&request.actor.party, request.product);
    subscription.ok_or_else(|| {
        context.rules.refuse(
            Rule::Subscription,
            Text::new("未订购该产品", "there is no open subscription to this product"),
            Text::new("请先订购", "subscribe first"),
        )
    })
}

pub(super) fn quota(
    scenario: &Scenario,
    subscription: &Subscription,
    usage: Usage,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let refuse = |of: Text, most: u64, remedy: Text| {
        Err(context.rules.refuse(
            Rule::Quota,
            Text::new(
                format!("{}的 {most} 次调用额度已用完", of.zh),
                format!("the quota of {most} calls of the {} is used up", of.en),
            ),
            remedy,
        ))
    };
    let scenario_max = scenario.application.quota_calls_max;
    let subscription_max = subscription.order.quota_calls_max;
    if usage.scenario_calls >= scenario_max {
        let remedy = Text::new(
            "请运营机构申请额度更大的续接场景",
            "let the operator apply for a scenario with a larger quota that follows this one",
        );
        return refuse(Text::new("场景", "scenario"), scenario_max, remedy);
    }
    if usage.subscription_calls >= subscription_max {
        let remedy = Text::new(
            "请与运营机构议定更大的订购额度",
            "agree on a larger quota with the operator",
        );
        return refuse(Text::new("订购", "subscription"), subscription_max, remedy);
    }
    Ok(())
}

/// Errors may tell of the data, so a day has so many of them.
pub(super) fn failures(usage: Usage, context: &Context<'_>) -> Result<(), Refusal> {
    let most = context.rules.parameters().failed_calls_max;
    if usage.failed_today < most {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::Failures,
        Text::new(
            format!("贵单位今日对该产品已有 {most} 次调用未能得出结果，当日不再受理"),
            format!("{most} calls of this product gave you no answer today; it takes no more of yours on this day"),
        ),
        Text::new(
            "请检查参数后次日再调用，或联系运营机构",
            "check the parameters and call tomorrow, or ask the operator",
        ),
    ))
}

pub(super) fn fee(
    product: &Product,
    scenario: &Scenario,
    subscription: &Subscription,
    day: Date,
    context: &Context<'_>,
) -> Result<Money, Refusal> {
    if scenario.application.price_class.is_free() {
        return Ok(Money::ZERO);
    }
    product.call_price(subscription, day).ok_or_else(|| {
        context.rules.refuse(
            Rule::PriceSet,
            Text::new("该产品尚未定价", "the product has no price yet"),
            Text::new("请待运营机构定价", "wait until the operator sets it"),
        )
    })
}
