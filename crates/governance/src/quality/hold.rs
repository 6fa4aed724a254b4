//! Versions that are held back: they are there, and do not answer.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Dimension, QualityEvent, WorkOrder};
use crate::Context;
use crate::event::Event;
use crate::identifier::{ResourceId, VersionId, WorkOrderId};
use crate::resource::{Resource, Version, VersionStatus};
use crate::state::{State, change};

/// The holding back of a version that falls short in a dimension, where the packs ask for it.
pub(super) fn held(
    resource: &ResourceId,
    version: &Version,
    dimension: Dimension,
    context: &Context<'_>,
) -> Option<Event> {
    let already = in_which(version).is_some_and(|dimensions| dimensions.contains(&dimension));
    let asked = context.rules.parameters().quality_holds.contains(&dimension);
    (asked && !already && version.status.stands()).then(|| {
        Event::Quality(QualityEvent::HeldBack {
            resource: resource.clone(),
            version: version.id.clone(),
            dimension,
        })
    })
}

/// Whether the version that a work order is about is held back for what the order says.
pub(super) fn is_held(state: &State, order: &WorkOrder) -> bool {
    let resource = state.resources.get(&order.order.resource);
    let versions = resource.into_iter().flat_map(|resource| &resource.versions);
    let mut named = versions.filter(|version| order.order.version.as_ref() == Some(&version.id));
    let dimensions = named.find_map(in_which);
    dimensions.is_some_and(|dimensions| dimensions.contains(&order.order.dimension))
}

fn in_which(version: &Version) -> Option<&BTreeSet<Dimension>> {
    match &version.status {
        VersionStatus::HeldBack { dimensions, .. } => Some(dimensions),
        VersionStatus::InOperation | VersionStatus::DestructionOrdered { .. } | VersionStatus::Destroyed { .. } => None,
    }
}

/// Holds a version back.
pub(super) fn back(resource: &mut Resource, version: &VersionId, dimension: Dimension, at: Timestamp) {
    edit(resource, version, at, |status| match status {
        VersionStatus::InOperation => {
            let dimensions = BTreeSet::from([dimension]);
            *status = VersionStatus::HeldBack { dimensions, at };
        }
        VersionStatus::HeldBack { dimensions, .. } => {
            dimensions.insert(dimension);
        }
        VersionStatus::DestructionOrdered { .. } | VersionStatus::Destroyed { .. } => {}
    });
}

/// Lets the version of a work order go, as far as the order's dimension held it.
pub(super) fn release(state: &mut State, order: &WorkOrderId, at: Timestamp) {
    let Some(order) = state.work_orders.get(order).map(|order| order.order.clone()) else {
        return;
    };
    let Some(version) = order.version else { return };
    change(&mut state.resources, &order.resource, |resource| {
        edit(resource, &version, at, |status| {
            if let VersionStatus::HeldBack { dimensions, .. } = status {
                dimensions.remove(&order.dimension);
                if dimensions.is_empty() {
                    *status = VersionStatus::InOperation;
                }
            }
        });
    });
}

/// Edits the status of a version, and keeps count of when nothing of the resource answers.
fn edit(resource: &mut Resource, version: &VersionId, at: Timestamp, edit: impl FnOnce(&mut VersionStatus)) {
    if let Some(version) = resource.versions.iter_mut().find(|known| known.id == *version) {
        edit(&mut version.status);
    }
    if resource.current().is_some_and(|current| current.status.stands()) {
        resource.stops.end(at);
    } else {
        resource.stops.begin(at);
    }
}
