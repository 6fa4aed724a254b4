//! What is measured of a version when it is taken in, and what of it falls short.
//!
//! Measured is what can be: values that are there, values that come once where the specification says so, rows that keep
//! their types, code lists and checks, and whether the version came as often as the entry promises. Accuracy and
//! consistency are known by a check that somebody records.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Dimension, OpenWorkOrder, QualityEvent, WorkOrderStatus};
use crate::Context;
use crate::calendar::day_of;
use crate::deadline::Deadline;
use crate::event::Event;
use crate::identifier::{PartyId, ResourceId, VersionId, WorkOrderId};
use crate::resource::{Resource, Version};
use crate::rules::Rules;
use crate::state::State;

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Proportion {
    /// How many hold.
    pub held: u64,
    /// Of how many.
    pub of: u64,
}

impl Proportion {
    /// In basis points, rounded down; all of nothing is the whole.
    #[must_use]
    pub fn basis_points(self) -> u32 {
        if self.of == 0 {
            return 10_000;
        }
        let points = u128::from(self.held) * 10_000 / u128::from(self.of);
        u32::try_from(points).unwrap_or(u32::MAX)
    }
}

/// What was measured when a version was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Measured {
    /// Values that are there, of all cells.
    pub complete: Proportion,
    /// Rows that were stored, of those that were read.
    pub conforming: Proportion,
    /// Values that come once, of those in columns that are declared unique; none where there is no such column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unique: Option<Proportion>,
}

/// The work orders that a version opens: one for each dimension under its threshold.
pub(crate) fn short(state: &State, resource: &Resource, version: &Version, context: &Context<'_>) -> Vec<Event> {
    let mut found = Vec::new();
    if let Some(measured) = &version.quality {
        found.push((Dimension::Completeness, measured.complete));
        found.push((Dimension::Conformity, measured.conforming));
        found.extend(measured.unique.map(|unique| (Dimension::Uniqueness, unique)));
        found.extend(timely(resource, context.at, context.rules).map(|timely| (Dimension::Timeliness, timely)));
    }
    let least = &context.rules.parameters().quality_min;
    let under = found.into_iter().filter_map(|(dimension, there)| {
        let least = *least.get(&dimension).filter(|least| there.basis_points() < **least)?;
        let Proportion { held, of } = there;
        let text = format!("{}为 {held}/{of}，低于规定的万分之 {least}", dimension.words().0);
        let (resource, version) = (&resource.registration.id, &version.id);
        opened(state, (resource, version, dimension), text, None, context)
    });
    under.collect()
}

/// The work order of what falls short of a version in a dimension; none while one of that is not closed.
pub(super) fn opened(
    state: &State,
    (resource, version, dimension): (&ResourceId, &VersionId, Dimension),
    text: String,
    by: Option<PartyId>,
    context: &Context<'_>,
) -> Option<Event> {
    let first = format!("{}_{version}_{}", WorkOrderId::PREFIX, dimension.words().1);
    let later = (2_u32..).map(|number| format!("{first}_{number}"));
    let mut id = WorkOrderId::new(first.clone());
    for next in later {
        let Some(order) = state.work_orders.get(&id) else { break };
        if !matches!(order.status, WorkOrderStatus::Closed { .. }) {
            return None;
        }
        id = WorkOrderId::new(next);
    }
    let order = OpenWorkOrder {
        id,
        resource: resource.clone(),
        dimension,
        version: Some(version.clone()),
        text,
    };
    Some(Event::Quality(QualityEvent::Opened {
        order: Box::new(order),
        by,
        deadline: answer_until(context),
    }))
}

/// Until when a work order of today is answered.
pub(super) fn answer_until(context: &Context<'_>) -> Deadline {
    let days = context.rules.parameters().work_order_days;
    Deadline::count(day_of(context.at), days, context.rules.working_days())
}

/// Whether a version comes within the time that the entry promises after the one before it; nothing is said of the first,
/// and of a frequency that is not a plain period.
pub(super) fn timely(resource: &Resource, at: Timestamp, rules: &Rules) -> Option<Proportion> {
    let before = day_of(resource.updated?);
    let most = promised_days(&resource.registration.frequency, rules)?;
    let passed = i64::from(before.until(day_of(at)).ok()?.get_days());
    Some(Proportion {
        held: u64::from(passed <= most),
        of: 1,
    })
}

/// The longest time between two versions, in days, by the words of the pack.
fn promised_days(frequency: &str, rules: &Rules) -> Option<i64> {
    rules.parameters().update_periods.get(frequency.trim()).copied()
}

#[cfg(test)]
mod tests {
    use super::Proportion;

    #[test]
    fn a_proportion_is_rounded_down_and_nothing_of_nothing_is_whole() {
        let points = |held, of| Proportion { held, of }.basis_points();
        assert_eq!(
            [points(0, 0), points(0, 3), points(2, 3), points(3, 3)],
            [10_000, 0, 6_666, 10_000]
        );
    }
}
