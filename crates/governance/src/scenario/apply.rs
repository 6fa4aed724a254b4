//! Applying for a scenario.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FieldSet, PriceClass, Scenario, ScenarioStatus};
use crate::Context;
use crate::agreement::{Agreement, AgreementStatus, check_not_dropped, check_not_suspended};
use crate::calendar::{Term, day_of};
use crate::event::Event;
use crate::identifier::{AgreementId, ExitId, ResourceId, ScenarioId};
use crate::refusal::Refusal;
use crate::resource::{ReleaseRule, check_authorizable};
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Applies for a scenario: which resources and fields, for what, how, how much, until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApplyScenario {
    /// Its id.
    pub id: ScenarioId,
    /// The agreement it stands under.
    pub agreement: AgreementId,
    /// Its name.
    pub name: String,
    /// The purpose of use.
    pub purpose: String,
    /// How its use is charged.
    pub price_class: PriceClass,
    /// Resources and the fields of each that may be used.
    pub resources: BTreeMap<ResourceId, FieldSet>,
    /// Release rules that are tighter here than the resource states; none can be wider.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tightened: BTreeMap<ResourceId, BTreeMap<String, ReleaseRule>>,
    /// Who may consume, in words.
    pub consumer_class: String,
    /// How it is computed, in words.
    pub technique: String,
    /// Form of output, in words.
    pub output_form: String,
    /// Most calls under the scenario in all.
    pub quota_calls_max: u64,
    /// First and last day.
    pub term: Term,
    /// The granted scenario that it is to follow, for a longer term, a larger quota or more fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<ScenarioId>,
}

/// Decides an application.
///
/// # Errors
/// Refuses what exceeds the agreement in resources, purpose or time, unknown fields, a quota over
/// the maximum, and to follow what was not granted.
pub fn decide_apply(state: &State, command: &ApplyScenario, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    if state.scenarios.contains_key(&command.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该场景编号已存在", "a scenario with this id exists"),
            Text::new("请重新申请", "apply again"),
        ));
    }
    let agreement = state.agreement(&command.agreement, context)?;
    check_in_force(agreement, day_of(context.at), context)?;
    crate::assessment::check_not_failed(state, &command.agreement, context)?;
    crate::complaint::check_none_overdue(state, agreement, context)?;
    check_inside(agreement, command, context)?;
    check_fields(state, command, context)?;
    check_tightened(state, command, context)?;
    check_quota(command, context)?;
    check_follows(state, command, context)?;
    Ok(vec![Event::ScenarioApplied(Box::new(command.clone()))])
}

/// What a scenario follows was granted under the same agreement for the same purpose, and nothing else follows it.
pub(super) fn check_follows(state: &State, command: &ApplyScenario, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(id) = &command.follows else { return Ok(()) };
    let before = state.scenario(id, context)?;
    let was_granted = before.is_granted() || matches!(before.status, ScenarioStatus::Ended { .. });
    let same = before.application.agreement == command.agreement && before.application.purpose == command.purpose;
    let mut others = state.scenarios.values();
    let other = |it: &Scenario| {
        let application = &it.application;
        application.id != command.id && application.follows.as_ref() == Some(id) && it.status.is_open()
    };
    if was_granted && same && !others.any(|it| other(it)) {
        return Ok(());
    }
    let name = &before.application.name;
    Err(context.rules.refuse(
        Rule::LinkExceeds,
        Text::new(
            format!("场景“{name}”未获批准、用途或协议不同，或已有续接的场景"),
            format!("`{name}` was not granted, has another purpose or agreement, or is followed already"),
        ),
        Text::new(
            "请指明最新的已批准场景，或不填写续接",
            "name the newest granted scenario, or none",
        ),
    ))
}

/// The agreement above a scenario is in force today.
pub(crate) fn check_agreement(state: &State, scenario: &Scenario, context: &Context<'_>) -> Result<(), Refusal> {
    let agreement = state.agreement(&scenario.application.agreement, context)?;
    check_in_force(agreement, day_of(context.at), context)
}

/// The agreement is signed, no exit has begun, the day falls in its term, and nobody has suspended it.
pub(crate) fn check_in_force(agreement: &Agreement, day: Date, context: &Context<'_>) -> Result<(), Refusal> {
    check_in_term(agreement, day, context)?;
    check_not_suspended(agreement, context)
}

/// The agreement is signed, no exit has begun, and the day falls in its term; it may be suspended.
pub(crate) fn check_in_term(agreement: &Agreement, day: Date, context: &Context<'_>) -> Result<(), Refusal> {
    check_not_dropped(agreement, context)?;
    let term = &agreement.terms.term;
    match &agreement.status {
        AgreementStatus::Signed { .. } => {}
        AgreementStatus::Proposed | AgreementStatus::Dropped { .. } => {
            return Err(context.rules.refuse(
                Rule::AgreementInForce,
                Text::new("授权协议尚未签署", "the agreement is not signed"),
                Text::new("请运营机构先签署协议", "let the operator sign it first"),
            ));
        }
        AgreementStatus::Ended { at, exit, .. } => return Err(has_ended(*at, exit, context)),
    }
    if !term.covers(day) {
        return Err(context.rules.refuse(
            Rule::AgreementInForce,
            Text::new(
                format!("授权协议有效期为 {} 至 {}，{day} 不在其内", term.from, term.until),
                format!(
                    "the agreement runs from {} to {}; {day} is outside",
                    term.from, term.until
                ),
            ),
            Text::new("须有在有效期内的授权协议", "an agreement in its term is needed"),
        ));
    }
    Ok(())
}

fn has_ended(at: Timestamp, exit: &ExitId, context: &Context<'_>) -> Refusal {
    let day = day_of(at);
    context.rules.refuse(
        Rule::ExitAccess,
        Text::new(
            format!("授权协议已于 {day} 启动退出（`{exit}`），其下一切使用随即终止"),
            format!("an exit (`{exit}`) of the agreement began on {day}; every use under it has ended"),
        ),
        Text::new(
            "请联系实施机构；如需继续使用，须另订授权协议",
            "ask the agency; further use needs a new agreement",
        ),
    )
}

fn check_inside(agreement: &Agreement, command: &ApplyScenario, context: &Context<'_>) -> Result<(), Refusal> {
    check_scope(agreement, command, context)?;
    if command.term.from <= command.term.until && agreement.terms.term.contains(&command.term) {
        return Ok(());
    }
    Err(exceeds(
        format!("场景期限 {} 至 {} 超出协议期限", command.term.from, command.term.until),
        format!(
            "the scenario's term {} to {} exceeds the agreement's",
            command.term.from, command.term.until
        ),
        context,
    ))
}

/// A scenario uses what its agreement authorizes: at its application, and at every call, since an agreement is amended.
pub(crate) fn check_scope(
    agreement: &Agreement,
    scenario: &ApplyScenario,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let terms = &agreement.terms;
    let mut resources = scenario.resources.keys();
    if let Some(resource) = resources.find(|resource| !terms.resources.contains(resource)) {
        return Err(exceeds(
            format!("资源 `{resource}` 不在协议范围内"),
            format!("the resource `{resource}` is outside the agreement"),
            context,
        ));
    }
    if !terms.purposes.contains(&scenario.purpose) {
        return Err(exceeds(
            format!("用途 `{}` 不在协议范围内", scenario.purpose),
            format!("the purpose `{}` is outside the agreement", scenario.purpose),
            context,
        ));
    }
    Ok(())
}

fn exceeds(zh: String, en: String, context: &Context<'_>) -> Refusal {
    let remedy = Text::new(
        "请缩小场景（已批准的，办理缩小场景授权），或先变更授权协议",
        "ask for less, narrow what is granted, or amend the agreement first",
    );
    context.rules.refuse(Rule::LinkExceeds, Text::new(zh, en), remedy)
}

fn check_fields(state: &State, command: &ApplyScenario, context: &Context<'_>) -> Result<(), Refusal> {
    for (id, fields) in &command.resources {
        let resource = state.resource(id, context)?;
        check_authorizable(resource, context)?;
        let known = resource.field_names();
        if let Some(field) = fields.iter().find(|field| !known.contains(*field)) {
            let table = &resource.registration.table;
            return Err(context.rules.unknown(
                &Text::new(format!("`{table}` 的字段"), format!("field of `{table}`")),
                field,
            ));
        }
    }
    if command.resources.values().any(FieldSet::is_empty) || command.resources.is_empty() {
        return Err(context.rules.input(
            Text::new(
                "场景未列明资源或字段",
                "the scenario names no resource, or a resource without fields",
            ),
            Text::new("请逐项列明所用字段", "name the fields it uses"),
        ));
    }
    Ok(())
}

/// A grant may tighten a release rule, never widen it.
fn check_tightened(state: &State, command: &ApplyScenario, context: &Context<'_>) -> Result<(), Refusal> {
    for (id, rules) in &command.tightened {
        let resource = state.resource(id, context)?;
        let covered =
            |name: &String, rule: &ReleaseRule| resource.field(name).is_some_and(|field| field.release.covers(rule));
        if let Some((name, rule)) = rules.iter().find(|(name, rule)| !covered(name, rule)) {
            let table = &resource.registration.table;
            return Err(context.rules.refuse(
                Rule::LinkExceeds,
                Text::new(
                    format!("场景不能把字段 `{table}.{name}` 的放行规则改为 `{rule}`：不比资源登记的更严"),
                    format!("the scenario cannot set `{rule}` for `{table}.{name}`: it is not tighter than what the resource states"),
                ),
                Text::new("场景只能收紧放行规则", "a scenario may tighten a release rule only"),
            ));
        }
    }
    Ok(())
}

fn check_quota(command: &ApplyScenario, context: &Context<'_>) -> Result<(), Refusal> {
    let most = context.rules.parameters().quota_calls_max;
    if (1..=most).contains(&command.quota_calls_max) {
        return Ok(());
    }
    Err(context.rules.refuse_by(
        Rule::Quota,
        "calls_max",
        Text::new(
            format!("调用额度应在 1 到 {most} 次之间"),
            format!("a quota is between 1 and {most} calls"),
        ),
        Text::new("请调整额度", "adjust the quota"),
    ))
}
