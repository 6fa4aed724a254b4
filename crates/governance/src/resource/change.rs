//! What may change of a resource without another version, and its withdrawal.
//!
//! ```text
//! Registered thing ─amend─► change waits ─change registration gets its code─► changed
//! no registration  ─amend─► changed
//! ```
//!
//! Columns and the table stay as they are: data of another shape is another resource. Levels and release rules change by an
//! act of their own, see [`super::regrade`].

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::due::due_with;
use super::entry::check_entry;
use super::regrade::loosened;
use super::{
    ChangeDue, Changed, DecideRegrading, Entry, Grades, RecordClearance, RegisterResource, RegradeResource, Resource,
    WithdrawClearance,
};
use crate::Context;
use crate::calendar::day_of;
use crate::deadline::Deadline;
use crate::event::{Event, Moment};
use crate::identifier::ResourceId;
use crate::refusal::Refusal;
use crate::registration::Registrable;
use crate::rules::Rule;
use crate::state::{State, change};
use crate::text::Text;

/// Changes what a catalogue entry says. What is none stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AmendResource {
    /// The resource.
    pub resource: ResourceId,
    /// Its new name.
    #[serde(default)]
    pub name: Option<String>,
    /// What it is.
    #[serde(default)]
    pub summary: Option<String>,
    /// One of the fields of application of the rule pack.
    #[serde(default)]
    pub field_of_application: Option<String>,
    /// How often it is updated.
    #[serde(default)]
    pub frequency: Option<String>,
    /// Limits of its use.
    #[serde(default)]
    pub boundary: Option<String>,
    /// Legal basis of its collection.
    #[serde(default)]
    pub legal_basis: Option<String>,
    /// Whom to ask.
    #[serde(default)]
    pub contact: Option<String>,
    /// The new entry, whole.
    #[serde(default)]
    pub entry: Option<Entry>,
    /// New meanings of fields, by name.
    #[serde(default)]
    pub meanings: BTreeMap<String, String>,
    /// Why.
    pub reason: String,
}

/// Withdraws a resource: nothing new is authorized, applied for or ingested of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WithdrawResource {
    /// The resource.
    pub resource: ResourceId,
    /// Why.
    pub reason: String,
}

/// Why and since when a resource is withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Withdrawn {
    /// Since when.
    #[schemars(with = "crate::schema::Instant")]
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// What happens to a resource beside its versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step", content = "with")]
pub enum ResourceEvent {
    /// Its entry changes, at once or with the change registration.
    Amended {
        /// What.
        amendment: Box<AmendResource>,
        /// Whether it waits for the registration of the change.
        waits: bool,
    },
    /// The change that waited is registered.
    Changed {
        /// Which resource.
        resource: ResourceId,
    },
    /// An approval that it needs is on record.
    Cleared(RecordClearance),
    /// An approval is taken back.
    ClearanceWithdrawn(WithdrawClearance),
    /// It is withdrawn.
    Withdrawn(WithdrawResource),
    /// Its columns are graded anew.
    Regraded {
        /// What was asked for.
        regrading: Box<RegradeResource>,
        /// Of it, what is tighter, and holds.
        tightened: Grades,
        /// Of it, what is looser, and waits.
        loosened: Grades,
    },
    /// What waited to become looser is decided.
    RegradingDecided(DecideRegrading),
    /// The registration of a change is to be applied for.
    ChangeDue {
        /// Of which resource.
        resource: ResourceId,
        /// What has changed.
        changed: Changed,
        /// By when.
        deadline: Deadline,
    },
}

impl ResourceEvent {
    /// The resource.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::Amended { amendment, .. } => amendment.resource.as_str(),
            Self::Changed { resource } | Self::ChangeDue { resource, .. } => resource.as_str(),
            Self::Cleared(clearance) => clearance.resource.as_str(),
            Self::ClearanceWithdrawn(withdrawal) => withdrawal.resource.as_str(),
            Self::Withdrawn(withdrawal) => withdrawal.resource.as_str(),
            Self::Regraded { regrading, .. } => regrading.resource.as_str(),
            Self::RegradingDecided(decision) => decision.resource.as_str(),
        }
    }
}

/// Decides a change. Where another waits, it joins that one; what leads back to the present text lets none wait.
///
/// # Errors
/// Refuses one of a withdrawn resource, of fields that are not there, to a field of application that is not listed, that
/// changes nothing, one without a reason, and one while a registration is under way.
pub(crate) fn decide_amend(
    state: &State,
    command: &AmendResource,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let resource = state.resource(&command.resource, context)?;
    check_not_withdrawn(resource, context)?;
    context.rules.said(&command.reason, ("变更理由", "reason"))?;
    if let Some(field) = command.meanings.keys().find(|name| resource.field(name).is_none()) {
        return Err(context.rules.unknown(&Text::new("字段", "field"), field));
    }
    let thing = Registrable::Resource {
        resource: command.resource.clone(),
    };
    check_not_under_way(state, &thing, &resource.registration.name, context)?;
    let change = joined(resource.pending.as_ref(), command);
    let after = amended(&resource.registration, &change);
    let waiting = resource.pending.as_ref();
    let before = waiting.map_or_else(
        || resource.registration.clone(),
        |waiting| amended(&resource.registration, waiting),
    );
    if after == before {
        return Err(context.rules.refuse(
            Rule::ResourceChange,
            Text::new("变更与现行登记内容相同", "the change changes nothing"),
            Text::new(
                "请写明变更内容；级别和放行规则的改变办理分级变更，字段的改变须另行登记资源",
                "say what changes; levels and release rules change by `resource.regrade`, other fields are another resource (`resource.register`)",
            ),
        ));
    }
    super::decide::check_stated(&after, context)?;
    check_entry(&after.entry, &after.fields, context)?;
    let certificate = state.certificate_of(&thing);
    let waits = certificate.is_some_and(|certificate| certificate.valid.covers(day_of(context.at)));
    let mut events = vec![Event::Resource(ResourceEvent::Amended {
        amendment: Box::new(change),
        waits,
    })];
    if waits && after != resource.registration {
        events.extend(due_with(state, resource, Changed::Entry, context));
    }
    Ok(events)
}

/// What is reviewed stays as it was applied for until the review is over.
pub(super) fn check_not_under_way(
    state: &State,
    thing: &Registrable,
    name: &str,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    if !state.is_being_registered(thing) {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::ResourceChange,
        Text::new(
            format!("“{name}”已有登记申请在办，其内容不得变更"),
            format!("an application for the registration of `{name}` is under way, and what it says does not change meanwhile"),
        ),
        Text::new(
            "请待登记机构赋码或退回后再变更",
            "wait until it is registered (`registration.assign`) or returned (`registration.review`)",
        ),
    ))
}

/// Decides a withdrawal.
///
/// # Errors
/// Refuses it while the provider's approval for an open scenario under a living agreement stands, twice, and without a reason.
pub(crate) fn decide_withdraw(
    state: &State,
    command: &WithdrawResource,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let resource = state.resource(&command.resource, context)?;
    check_not_withdrawn(resource, context)?;
    context.rules.said(&command.reason, ("撤回理由", "reason"))?;
    let today = day_of(context.at);
    let in_use = state.scenarios.values().find(|scenario| {
        let agreement = state.agreements.get(&scenario.application.agreement);
        let uses = scenario.application.resources.contains_key(&command.resource);
        // Silence approves where the rules say so.
        let mut unapproved = scenario.unapproved(context.rules, today);
        let approved = uses && !unapproved.any(|resource| *resource == command.resource);
        approved && scenario.status.is_open() && agreement.is_some_and(|it| it.is_alive())
    });
    if let Some(scenario) = in_use {
        let name = &scenario.application.name;
        return Err(context.rules.refuse(
            Rule::ResourceChange,
            Text::new(
                format!("场景“{name}”仍在使用该资源"),
                format!("the scenario `{name}` still uses the resource"),
            ),
            Text::new(
                "请先撤回对该场景的同意，再撤回资源",
                "decline its use there first (`approval.decline`)",
            ),
        ));
    }
    Ok(vec![Event::Resource(ResourceEvent::Withdrawn(command.clone()))])
}

/// What is withdrawn is not used anew.
///
/// # Errors
/// [`Rule::State`].
pub(crate) fn check_not_withdrawn(resource: &Resource, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(withdrawn) = &resource.withdrawn else {
        return Ok(());
    };
    let (name, day) = (&resource.registration.name, day_of(withdrawn.at));
    Err(context.rules.wrong_state(
        Text::new(
            format!("资源“{name}”已于 {day} 撤回"),
            format!("the resource `{name}` was withdrawn on {day}"),
        ),
        Text::new(
            "如仍需提供，请另行登记资源",
            "register another one (`resource.register`)",
        ),
    ))
}

/// The change that waits, applied with the registration of a change or correction.
pub(crate) fn changed_with(state: &State, thing: &Registrable) -> Option<Event> {
    let Registrable::Resource { resource } = thing else {
        return None;
    };
    state.resources.get(resource)?.pending.as_ref()?;
    let resource = resource.clone();
    Some(Event::Resource(ResourceEvent::Changed { resource }))
}

/// A change on top of the one that waits: what it does not speak of is still to change as was asked before.
fn joined(waiting: Option<&AmendResource>, change: &AmendResource) -> AmendResource {
    let Some(waiting) = waiting else {
        return change.clone();
    };
    let later = |text: &Option<String>, before: &Option<String>| text.as_ref().or(before.as_ref()).cloned();
    let meanings = waiting.meanings.iter().chain(&change.meanings);
    AmendResource {
        resource: change.resource.clone(),
        name: later(&change.name, &waiting.name),
        summary: later(&change.summary, &waiting.summary),
        field_of_application: later(&change.field_of_application, &waiting.field_of_application),
        frequency: later(&change.frequency, &waiting.frequency),
        boundary: later(&change.boundary, &waiting.boundary),
        legal_basis: later(&change.legal_basis, &waiting.legal_basis),
        contact: later(&change.contact, &waiting.contact),
        entry: change.entry.as_ref().or(waiting.entry.as_ref()).cloned(),
        meanings: meanings.map(|(name, text)| (name.clone(), text.clone())).collect(),
        reason: change.reason.clone(),
    }
}

/// The registration after a change.
fn amended(registration: &RegisterResource, change: &AmendResource) -> RegisterResource {
    let mut after = registration.clone();
    let texts = [
        (&mut after.name, &change.name),
        (&mut after.summary, &change.summary),
        (&mut after.field_of_application, &change.field_of_application),
        (&mut after.frequency, &change.frequency),
        (&mut after.boundary, &change.boundary),
        (&mut after.legal_basis, &change.legal_basis),
        (&mut after.contact, &change.contact),
    ];
    for (text, new) in texts {
        if let Some(new) = new {
            text.clone_from(new);
        }
    }
    if let Some(entry) = &change.entry {
        after.entry.clone_from(entry);
    }
    for field in &mut after.fields {
        if let Some(meaning) = change.meanings.get(&field.name) {
            field.meaning.clone_from(meaning);
        }
    }
    after
}

/// Applies an event.
pub(crate) fn evolve(state: &mut State, event: &ResourceEvent, moment: Moment, revision: u64) {
    let id = ResourceId::new(event.stream());
    if let ResourceEvent::RegradingDecided(DecideRegrading { approved: true, .. }) = event {
        loosened(state, &id);
    }
    change(&mut state.resources, &id, |resource| {
        resource.revision = revision;
        match event {
            ResourceEvent::Amended { amendment, waits: true } => {
                let after = amended(&resource.registration, amendment);
                let changes = after != resource.registration;
                resource.pending = changes.then(|| (**amendment).clone());
                if !changes {
                    resource.dues.retain(|due| due.changed != Changed::Entry);
                }
            }
            ResourceEvent::Amended { amendment, .. } => {
                resource.registration = amended(&resource.registration, amendment);
                // What waited has joined it; an event from before changes did so says less than what waited.
                let joins = |waiting: &mut AmendResource| joined(Some(waiting), amendment) == **amendment;
                resource.pending.take_if(joins);
            }
            ResourceEvent::Changed { .. } => {
                if let Some(pending) = resource.pending.take() {
                    resource.registration = amended(&resource.registration, &pending);
                }
            }
            ResourceEvent::Cleared(clearance) => resource.clear(clearance, moment.at),
            ResourceEvent::ClearanceWithdrawn(withdrawal) => resource.withdraw_clearance(withdrawal, moment.at),
            ResourceEvent::Withdrawn(withdrawal) => {
                resource.withdrawn = Some(Withdrawn {
                    at: moment.at,
                    reason: withdrawal.reason.clone(),
                });
            }
            ResourceEvent::Regraded {
                regrading,
                tightened,
                loosened,
            } => resource.regrade(regrading, (tightened, loosened), moment.at),
            ResourceEvent::RegradingDecided(_) => resource.regrading.clear(),
            ResourceEvent::ChangeDue { changed, deadline, .. } => resource.dues.push(ChangeDue {
                changed: *changed,
                at: moment.at,
                deadline: *deadline,
            }),
        }
    });
}
