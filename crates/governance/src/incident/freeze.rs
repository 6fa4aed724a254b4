//! Grave incidents freeze the scenarios they name, at once, until they are closed or graded lower.

use super::{Level, ReportIncident};
use crate::Context;
use crate::event::Event;
use crate::identifier::ScenarioId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::scenario::ScenarioStatus;
use crate::state::State;
use crate::text::Text;

/// The freezes that follow from an incident of this level: of the scenarios it names that are granted. A drill has none.
pub(super) fn freezes(state: &State, report: &ReportIncident, level: Level, context: &Context<'_>) -> Vec<Event> {
    if report.drill || !context.rules.parameters().freezing_levels.contains(&level) {
        return Vec::new();
    }
    let granted = |id: &&ScenarioId| {
        let scenario = state.scenarios.get(*id);
        scenario.is_some_and(|scenario| matches!(scenario.status, ScenarioStatus::Granted { .. }))
    };
    let freeze = |id: &ScenarioId| Event::ScenarioFrozen {
        scenario: id.clone(),
        reason: format!("安全事件 {}：{}", report.id, report.title),
    };
    report.scenarios.iter().filter(granted).map(freeze).collect()
}

/// Refuses to thaw a scenario while an incident keeps it frozen.
///
/// # Errors
/// [`Rule::IncidentFreeze`].
pub(crate) fn check_no_incident(state: &State, scenario: &ScenarioId, context: &Context<'_>) -> Result<(), Refusal> {
    let levels = &context.rules.parameters().freezing_levels;
    let keeps = state.incidents.values().find(|incident| {
        let named = incident.report.scenarios.contains(scenario) && !incident.report.drill;
        named && incident.closed.is_none() && levels.contains(&incident.level)
    });
    let Some(incident) = keeps else {
        return Ok(());
    };
    let title = &incident.report.title;
    Err(context.rules.refuse(
        Rule::IncidentFreeze,
        Text::new(
            format!("安全事件“{title}”未办结，所涉场景不得解冻"),
            format!("the incident `{title}` is not closed: the scenarios it names stay frozen"),
        ),
        Text::new(
            "请先办结该事件，或重新定级",
            "close the incident first, or grade it again",
        ),
    ))
}
