//! What raises an alert.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{AlertEvent, AlertKind, RaisedAlert, Usual};
use crate::Context;
use crate::calendar::day_of;
use crate::deadline::Deadline;
use crate::event::Event;
use crate::identifier::{AlertId, PartyId, ProductId, ScenarioId};
use crate::rules::{Rule, Rules};
use crate::state::State;

/// What was counted of a kind on the day, the newest included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Of which kind.
    pub kind: AlertKind,
    /// How many.
    pub figure: u64,
    /// What the consumer usually does; nothing of a kind that is not measured against it.
    pub usual: Usual,
}

/// The alerts that a consumer's call of a product raises, with what is counted by then.
#[must_use]
pub fn of_call(
    state: &State,
    (party, product): (&PartyId, &ProductId),
    counted: &[Counted],
    at: Timestamp,
    rules: &Rules,
) -> Vec<Event> {
    let reached = |counted: &&Counted| counted.figure >= counted.kind.bound(counted.usual, rules);
    let mut reached = counted.iter().filter(reached).peekable();
    if reached.peek().is_none() {
        return Vec::new();
    }
    let Some(scenario) = state.products.get(product).map(|it| &it.submission.scenario) else {
        return Vec::new();
    };
    let (day, about) = (day_of(at), (party, Some(product), scenario));
    reached
        .filter_map(|counted| raised(state, counted, about, day, rules))
        .collect()
}

/// The alert that one more refusal of the actor at the workbench raises.
pub(crate) fn at_workbench(state: &State, scenario: &ScenarioId, context: &Context<'_>) -> Option<Event> {
    let (party, day) = (&context.actor.party, day_of(context.at));
    let counted = Counted {
        kind: AlertKind::Workbench,
        figure: state.runs_of(party, scenario).map_or(0, |runs| runs.refused_on(day)) + 1,
        usual: Usual::default(),
    };
    if counted.figure < counted.kind.bound(counted.usual, context.rules) {
        return None;
    }
    raised(state, &counted, (party, None, scenario), day, context.rules)
}

/// The event, unless there was one of this kind on this day, or the rules of the record do not know it.
fn raised(
    state: &State,
    counted: &Counted,
    (party, product, scenario): (&PartyId, Option<&ProductId>, &ScenarioId),
    day: Date,
    rules: &Rules,
) -> Option<Event> {
    let Counted { kind, figure, usual } = *counted;
    let thing = product.map_or(scenario.as_str(), ProductId::as_str);
    let id = AlertId::new(format!("alr_{}_{}_{party}_{thing}", kind.id(), day.strftime("%Y%m%d")));
    if state.alerts.contains_key(&id) || !rules.states(kind.rule()) {
        return None;
    }
    let days = rules.parameters().alerts.working_days_max;
    Some(Event::Alert(AlertEvent::Raised(Box::new(RaisedAlert {
        id,
        kind,
        party: party.clone(),
        product: product.cloned(),
        scenario: scenario.clone(),
        day,
        figure,
        bound: kind.bound(usual, rules),
        deadline: Deadline::count(day, days, rules.working_days()),
    }))))
}

impl Rules {
    /// Whether calls are counted for alerts: the record of a release that knew none has none, and replay derives none of it.
    #[must_use]
    pub fn alerts(&self) -> bool {
        self.states(Rule::AlertSurge)
    }
}
