//! Narrowing a scenario that is granted: less of everything, never more (授权不得超出上一级).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ApplyScenario, FieldSet, Scenario, ScenarioEvent};
use crate::Context;
use crate::agreement::ProposeAgreement;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::{PartyId, ResourceId, ScenarioId};
use crate::party::Role;
use crate::refusal::Refusal;
use crate::resource::{ReleaseRule, Resource};
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Narrows a scenario. What is none stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NarrowScenario {
    /// The scenario.
    pub scenario: ScenarioId,
    /// Resources and fields that stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<BTreeMap<ResourceId, FieldSet>>,
    /// Release rules that become tighter.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tightened: BTreeMap<ResourceId, BTreeMap<String, ReleaseRule>>,
    /// The smaller quota.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota_calls_max: Option<u64>,
    /// The earlier last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<crate::schema::Day>")]
    pub until: Option<Date>,
    /// Why.
    pub reason: String,
}

/// A narrowing on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Narrowing {
    /// By whom.
    pub by: PartyId,
    /// When.
    pub at: Timestamp,
    /// What changed, and why.
    pub narrowing: NarrowScenario,
}

/// Decides a narrowing: by the agency, by the operator that applied, and by a provider for its own resource.
///
/// # Errors
/// Refuses it of a scenario that is not granted, what is wider than before or changes nothing, a rule that is not tighter,
/// another's resource, and no reason.
pub fn decide_narrow(state: &State, command: &NarrowScenario, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let scenario = state.scenario(&command.scenario, context)?;
    context.rules.said(&command.reason, ("缩小理由", "reason"))?;
    scenario.check_open(context)?;
    if !scenario.is_granted() {
        return Err(context.rules.wrong_state(
            Text::new("该场景尚未批准", "the scenario is not granted"),
            Text::new(
                "请撤回申请，缩小后重新申请",
                "withdraw the application, and apply for less",
            ),
        ));
    }
    let granted = &scenario.application;
    let narrower = narrowed(granted, command);
    check_own(state, (granted, &narrower), command, context)?;
    check_resources(granted, &narrower, context)?;
    check_rules(state, granted, command, context)?;
    check_extent(granted, &narrower, context)?;
    if narrower == *granted {
        return Err(context.rules.input(
            Text::new("与现行授权相同", "it changes nothing"),
            Text::new("请写明缩小的内容", "say what becomes less"),
        ));
    }
    Ok(vec![Event::Scenario(ScenarioEvent::Narrowed {
        narrowing: Box::new(command.clone()),
        by: context.actor.party.clone(),
        granted: Box::new(narrower),
    })])
}

/// What stays granted.
pub(super) fn narrowed(granted: &ApplyScenario, command: &NarrowScenario) -> ApplyScenario {
    let mut after = granted.clone();
    if let Some(resources) = &command.resources {
        after.resources.clone_from(resources);
        after.tightened.retain(|resource, _| resources.contains_key(resource));
    }
    for (resource, rules) in &command.tightened {
        let of_resource = after.tightened.entry(resource.clone()).or_default();
        of_resource.extend(rules.clone());
    }
    after.quota_calls_max = command.quota_calls_max.unwrap_or(granted.quota_calls_max);
    after.term.until = command.until.unwrap_or(granted.term.until);
    after
}

/// A provider speaks for its own resource alone.
fn check_own(
    state: &State,
    (granted, narrower): (&ApplyScenario, &ApplyScenario),
    command: &NarrowScenario,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let actor = state.party(&context.actor.party, context)?;
    if actor.role != Role::Provider {
        return Ok(());
    }
    let own = |id: &ResourceId| {
        let resource = state.resources.get(id);
        resource.is_some_and(|resource| resource.registration.provider == actor.id)
    };
    let touched = granted.resources.iter().any(|(id, fields)| {
        let same = narrower.resources.get(id) == Some(fields);
        !own(id) && (!same || command.tightened.contains_key(id))
    });
    if !touched && command.quota_calls_max.is_none() && command.until.is_none() {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::Approval,
        Text::new(
            "数源单位只能就本单位的资源缩小授权",
            "a provider narrows the use of its own resource only",
        ),
        Text::new(
            "额度、期限和其他资源请由实施机构、运营机构或其数源单位办理",
            "quota, term and other resources are for the agency, the operator and their providers",
        ),
    ))
}

fn check_resources(granted: &ApplyScenario, narrower: &ApplyScenario, context: &Context<'_>) -> Result<(), Refusal> {
    for (id, fields) in &narrower.resources {
        let before = granted.resources.get(id);
        let wider = fields
            .iter()
            .find(|field| before.is_none_or(|before| !before.contains(*field)));
        if let Some(field) = wider {
            return Err(wider_than(
                format!("字段 `{field}`（资源 `{id}`）不在现行授权之内"),
                format!("the field `{field}` of `{id}` is not granted now"),
                context,
            ));
        }
    }
    if !narrower.resources.is_empty() && narrower.resources.values().all(|fields| !fields.is_empty()) {
        return Ok(());
    }
    Err(context.rules.input(
        Text::new(
            "缩小后没有资源，或资源没有字段",
            "no resource is left, or a resource without fields",
        ),
        Text::new(
            "请保留所用资源和字段；不再使用的，请终止场景",
            "keep what is used, or end the scenario",
        ),
    ))
}

/// What becomes tighter is tighter than the rule in force.
fn check_rules(
    state: &State,
    granted: &ApplyScenario,
    command: &NarrowScenario,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    for (id, rules) in &command.tightened {
        let resource = state.resource(id, context)?;
        let tighter = |name: &String, rule: &ReleaseRule| {
            let current = in_force(granted, resource, name).filter(|_| granted.resources.contains_key(id));
            current.is_some_and(|current| current.covers(rule) && !rule.covers(current))
        };
        if let Some((name, rule)) = rules.iter().find(|(name, rule)| !tighter(name, rule)) {
            let table = &resource.registration.table;
            return Err(wider_than(
                format!("字段 `{table}.{name}` 的放行规则 `{rule}` 不比现行的更严"),
                format!("the rule `{rule}` for `{table}.{name}` is not tighter than the one in force"),
                context,
            ));
        }
    }
    Ok(())
}

/// The release rule of a field under the scenario.
fn in_force<'a>(granted: &'a ApplyScenario, resource: &'a Resource, name: &str) -> Option<&'a ReleaseRule> {
    let tightened = granted.tightened.get(&resource.registration.id);
    let tightened = tightened.and_then(|rules| rules.get(name));
    tightened.or_else(|| resource.field(name).map(|field| &field.release))
}

fn check_extent(granted: &ApplyScenario, narrower: &ApplyScenario, context: &Context<'_>) -> Result<(), Refusal> {
    let today = day_of(context.at);
    let (quota, most) = (narrower.quota_calls_max, granted.quota_calls_max);
    if !(1..=most).contains(&quota) {
        return Err(wider_than(
            format!("额度 {quota} 次应在 1 到现行的 {most} 次之间"),
            format!("a quota of {quota} calls is not between 1 and the {most} granted now"),
            context,
        ));
    }
    let (until, last) = (narrower.term.until, granted.term.until);
    if until > last {
        return Err(wider_than(
            format!("截止日 {until} 晚于现行的 {last}"),
            format!("the last day {until} is later than the one granted now, {last}"),
            context,
        ));
    }
    if until != last && until < today {
        return Err(context.rules.input(
            Text::new(
                format!("截止日 {until} 早于今日 {today}"),
                format!("the last day {until} lies before today, {today}"),
            ),
            Text::new(
                "请填写今日或以后的日期，或终止场景",
                "give today or a later day, or end the scenario",
            ),
        ));
    }
    Ok(())
}

fn wider_than(zh: String, en: String, context: &Context<'_>) -> Refusal {
    context.rules.refuse(
        Rule::LinkExceeds,
        Text::new(zh, en),
        Text::new(
            "授权只能缩小；需要更多的，请申请续接的场景，经同意和批准后使用",
            "a grant is only narrowed; for more, apply for a scenario that follows it, to be approved and granted",
        ),
    )
}

impl Scenario {
    /// A narrowing takes effect: a resource that is used no more stops nothing from then on.
    pub(crate) fn narrow(&mut self, narrowing: Narrowing, granted: &ApplyScenario) {
        self.application = granted.clone();
        let used = |resource: &ResourceId| granted.resources.contains_key(resource);
        self.approvals.retain(|resource, _| used(resource));
        for (_, stops) in self.declined.iter_mut().filter(|(resource, _)| !used(resource)) {
            stops.end(narrowing.at);
        }
        self.narrowings.push(narrowing);
    }

    /// From this moment on it lies within these terms of its agreement, or outside.
    pub(crate) fn measure(&mut self, terms: &ProposeAgreement, at: Timestamp) {
        let used = &self.application;
        let mut resources = used.resources.keys();
        if resources.all(|id| terms.resources.contains(id)) && terms.purposes.contains(&used.purpose) {
            self.outside.end(at);
        } else {
            self.outside.begin(at);
        }
    }
}
