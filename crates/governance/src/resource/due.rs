//! 应办变更登记: what a registered resource is has changed, so that its holder applies for the registration of the change in
//! time (26号).
//!
//! ```text
//! changed entry, or grades that hold ─► due by a day ─ apply ─► under way ─ assign ─► done
//!                                        ▲                        │
//!                                        └──── returned, taken back
//! ```
//!
//! What has changed after the application was made is not what was registered by it, and stays due.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Resource, ResourceEvent};
use crate::Context;
use crate::calendar::day_of;
use crate::deadline::Deadline;
use crate::event::Event;
use crate::identifier::ResourceId;
use crate::registration::{Registrable, Registration};
use crate::state::{State, change};
use crate::working_days::WorkingDays;

/// What of a resource has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// Its entry, once the change is registered.
    Entry,
    /// Levels or release rules, which hold already.
    Grades,
}

/// A change that is to be registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeDue {
    /// What has changed.
    pub changed: Changed,
    /// Since when.
    pub at: Timestamp,
    /// By when its registration is applied for.
    pub deadline: Deadline,
}

impl ChangeDue {
    /// Whether its last day is over, by the calendar of the day.
    #[must_use]
    pub fn is_late(&self, today: Date, calendar: &WorkingDays) -> bool {
        self.deadline.by(calendar).due < today
    }
}

/// That a change of a resource is to be registered, where the resource is, and by when; nothing where the packs keep no time,
/// or where a change of the same kind is to be registered already.
pub(super) fn due_with(state: &State, resource: &Resource, changed: Changed, context: &Context<'_>) -> Option<Event> {
    let today = day_of(context.at);
    let id = &resource.registration.id;
    let thing = Registrable::Resource { resource: id.clone() };
    let certificate = state.certificate_of(&thing);
    let under_way = state.is_being_registered(&thing);
    let registered = under_way || certificate.is_some_and(|it| it.valid.covers(today));
    let counted = !under_way && resource.dues.iter().any(|due| due.changed == changed);
    let days = context.rules.parameters().registration.change_days;
    if days == 0 || !registered || counted {
        return None;
    }
    Some(Event::Resource(ResourceEvent::ChangeDue {
        resource: id.clone(),
        changed,
        deadline: Deadline::count(today, days, context.rules.working_days()),
    }))
}

/// What was registered is due no more: what had changed before it was applied for.
pub(crate) fn changes_registered(state: &mut State, id: &ResourceId, registration: &Registration) {
    let applied = registration.at;
    change(&mut state.resources, id, |resource| {
        resource.dues.retain(|due| applied < due.at);
    });
}

impl State {
    /// The change of a resource that its holder is to apply for first: none while an application for it is under way, nor for
    /// what is withdrawn or not registered any more.
    #[must_use]
    pub fn change_to_register<'r>(&self, resource: &'r Resource, today: Date) -> Option<&'r ChangeDue> {
        let thing = Registrable::Resource {
            resource: resource.registration.id.clone(),
        };
        let certificate = self.certificate_of(&thing).filter(|it| it.valid.covers(today));
        let stands = certificate.is_some() && resource.withdrawn.is_none() && !self.is_being_registered(&thing);
        let first = resource.dues.iter().min_by_key(|due| due.deadline.due);
        first.filter(|_| stands)
    }
}
