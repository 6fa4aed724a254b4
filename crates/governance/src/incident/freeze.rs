//! Grave incidents freeze the scenarios they name, at once, until they are closed or graded lower.

use super::{Incident, Level, ReportIncident};
use crate::Context;
use crate::event::Event;
use crate::identifier::{IncidentId, ScenarioId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::scenario::{FreezeCause, frozen};
use crate::state::State;
use crate::text::Text;

/// The freezes that follow from an incident of this level: of the scenarios it names that are granted, whatever else
/// freezes them. A drill has none.
pub(super) fn freezes(state: &State, report: &ReportIncident, level: Level, context: &Context<'_>) -> Vec<Event> {
    if report.drill || !context.rules.parameters().freezing_levels.contains(&level) {
        return Vec::new();
    }
    let cause = || FreezeCause::Incident(report.id.clone());
    let free = |id: &&ScenarioId| {
        let scenario = state.scenarios.get(*id);
        scenario.is_some_and(|scenario| scenario.is_granted() && !scenario.is_frozen_for(&cause()))
    };
    let freeze = |id: &ScenarioId| frozen(id, cause(), format!("安全事件 {}：{}", report.id, report.title));
    report.scenarios.iter().filter(free).map(freeze).collect()
}

/// Refuses to lift the freeze of an incident that still asks for it.
///
/// # Errors
/// [`Rule::IncidentFreeze`].
pub(crate) fn check_over(state: &State, incident: &IncidentId, context: &Context<'_>) -> Result<(), Refusal> {
    let incident = state.incident(incident, context)?;
    if holds(incident, context) {
        return Err(refuse(incident, context));
    }
    Ok(())
}

/// Whether the scenarios that an incident names are to be frozen.
fn holds(incident: &Incident, context: &Context<'_>) -> bool {
    let levels = &context.rules.parameters().freezing_levels;
    !incident.report.drill && incident.is_open() && levels.contains(&incident.level)
}

/// Refuses to thaw or grant a scenario while an incident asks for a freeze.
///
/// # Errors
/// [`Rule::IncidentFreeze`].
pub(crate) fn check_no_incident(state: &State, scenario: &ScenarioId, context: &Context<'_>) -> Result<(), Refusal> {
    let named = |incident: &&std::sync::Arc<Incident>| incident.report.scenarios.contains(scenario);
    let mut named = state.incidents.values().filter(named);
    match named.find(|incident| holds(incident, context)) {
        None => Ok(()),
        Some(incident) => Err(refuse(incident, context)),
    }
}

fn refuse(incident: &Incident, context: &Context<'_>) -> Refusal {
    let title = &incident.report.title;
    context.rules.refuse_by(
        Rule::IncidentFreeze,
        "levels",
        Text::new(
            format!("安全事件“{title}”未办结，所涉场景应当冻结"),
            format!("the incident `{title}` is not closed: the scenarios it names are frozen"),
        ),
        Text::new(
            "请先办结该事件，或重新定级",
            "close the incident first, or grade it again",
        ),
    )
}
