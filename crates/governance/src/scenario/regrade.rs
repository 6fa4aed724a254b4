//! What a scenario keeps when the rules of a resource that it uses become tighter.

use std::collections::BTreeMap;

use super::narrow::narrowed;
use super::{NarrowScenario, Scenario, ScenarioEvent};
use crate::Context;
use crate::event::Event;
use crate::resource::{RegisterResource, ReleaseRule, Resource};
use crate::state::State;

/// Release rules by column.
type Rules = BTreeMap<String, ReleaseRule>;

/// Each open scenario under which a column of the resource is read more tightly by the registration of after is narrowed.
pub(crate) fn regraded_with(
    state: &State,
    resource: &Resource,
    (after, reason): (&RegisterResource, &str),
    context: &Context<'_>,
) -> Vec<Event> {
    let open = state.scenarios.values().filter(|scenario| scenario.status.is_open());
    // In an order of their own: a replay decides the same.
    let mut open: Vec<_> = open.collect();
    open.sort_by(|one, other| one.application.id.cmp(&other.application.id));
    let narrowed = |scenario: &std::sync::Arc<Scenario>| {
        let tightened = tightened_by(scenario, resource, after)?;
        let narrowing = NarrowScenario {
            scenario: scenario.application.id.clone(),
            resources: None,
            tightened: BTreeMap::from([(after.id.clone(), tightened)]),
            quota_calls_max: None,
            until: None,
            reason: reason.to_owned(),
        };
        Some(Event::Scenario(ScenarioEvent::Narrowed {
            granted: Box::new(narrowed(&scenario.application, &narrowing)),
            narrowing: Box::new(narrowing),
            by: context.actor.party.clone(),
        }))
    };
    open.into_iter().filter_map(narrowed).collect()
}

/// The rules under a scenario that change; none where it reads the resource as before.
///
/// Where the rows become guarded, or are guarded no more, since another column leaves in groups only, each of its columns
/// stands on other grounds.
fn tightened_by(scenario: &Scenario, resource: &Resource, after: &RegisterResource) -> Option<Rules> {
    let granted = scenario.application.resources.get(&after.id)?;
    let own = scenario.application.tightened.get(&after.id);
    let of = |name: &str| own.and_then(|rules| rules.get(name));
    let rules = |registration: &RegisterResource| -> Rules {
        let fields = registration.fields.iter();
        fields
            .map(|field| (field.name.clone(), within(of(&field.name), &field.release)))
            .collect()
    };
    let (before, after) = (rules(&resource.registration), rules(after));
    let guards = |rules: &Rules| rules.values().any(ReleaseRule::guards_rows);
    let whole = guards(&before) != guards(&after);
    let mut changed = after;
    changed.retain(|name, rule| {
        let changes = before.get(name) != Some(rule);
        let speaks = granted.contains(name) || of(name).is_some();
        changes && speaks || whole && granted.contains(name)
    });
    (!changed.is_empty()).then_some(changed)
}

/// The rule under a scenario that may have one of its own: the tighter of both, and nothing where neither is.
fn within(own: Option<&ReleaseRule>, registered: &ReleaseRule) -> ReleaseRule {
    match own {
        None => registered.clone(),
        Some(own) if registered.covers(own) => own.clone(),
        Some(own) if own.covers(registered) => registered.clone(),
        Some(_) => ReleaseRule::Closed,
    }
}
