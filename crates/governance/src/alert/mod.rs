//! Alerts: that a consumer calls, or a developer is refused, in a way that is out of the ordinary (异常访问, 批量调用; 论证,
//! opinion 22; 数据安全法, article 29).
//!
//! ```text
//! raised ─handle─► handled: a false alarm, measures taken, or an incident
//! ```
//!
//! An alert is decided from the record alone, with the entry that reaches its bound: of a call when the call is recorded, of
//! the workbench when a refusal is. So replay derives every one again. There is at most one of a kind, a party, a product or
//! scenario, and a day. It stops nothing: what is done about it is decided by people, by the acts that are there.

mod handle;
mod kind;
mod raise;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use handle::{AlertMeasure, AlertOutcome, HandleAlert, decide_handle};
pub use kind::{AlertKind, Called, Usual};
pub(crate) use raise::at_workbench;
pub use raise::{Counted, of_call};

use crate::calendar::day_of;
use crate::deadline::Deadline;
use crate::event::Moment;
use crate::identifier::{AlertId, PartyId, ProductId, ScenarioId};
use crate::state::{State, change};
use crate::working_days::WorkingDays;

/// An alert as it is raised. It has numbers of entries and no value of data or of a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RaisedAlert {
    /// Its id, which follows from kind, party, thing and day.
    pub id: AlertId,
    /// What is out of the ordinary.
    pub kind: AlertKind,
    /// Whom it is about.
    pub party: PartyId,
    /// The product that was called; none at the workbench.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductId>,
    /// The scenario of the product, or the one that was worked under.
    pub scenario: ScenarioId,
    /// The day.
    pub day: Date,
    /// How many were counted on that day when it was raised.
    pub figure: u64,
    /// From how many on it is raised.
    pub bound: u64,
    /// Until when it is handled.
    pub deadline: Deadline,
}

/// What happened to an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event", content = "of")]
pub enum AlertEvent {
    /// It is raised.
    Raised(Box<RaisedAlert>),
    /// It is handled.
    Handled {
        /// What was found and done.
        handled: Box<HandleAlert>,
        /// By whom.
        by: PartyId,
    },
}

impl AlertEvent {
    /// The alert.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::Raised(raised) => raised.id.as_str(),
            Self::Handled { handled, .. } => handled.alert.as_str(),
        }
    }
}

/// That an alert was handled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handled {
    /// What was found and done.
    pub finding: HandleAlert,
    /// By whom.
    pub by: PartyId,
    /// When.
    pub at: Timestamp,
}

/// An alert on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// What was raised.
    pub raised: RaisedAlert,
    /// When.
    pub at: Timestamp,
    /// What came of it; none while it waits.
    pub handled: Option<Handled>,
    /// How many events changed it.
    pub revision: u64,
}

impl Alert {
    /// The operator under whose agreement it was raised.
    #[must_use]
    pub fn operator<'s>(&self, state: &'s State) -> Option<&'s PartyId> {
        let scenario = state.scenarios.get(&self.raised.scenario)?;
        let agreement = state.agreements.get(&scenario.application.agreement)?;
        Some(&agreement.terms.operator)
    }

    /// The last day on which it is handled in time.
    #[must_use]
    pub fn due(&self, calendar: &WorkingDays) -> Date {
        self.raised.deadline.by(calendar).due
    }

    /// Whether it was handled after its time, or waits and its time is over.
    #[must_use]
    pub fn is_late(&self, today: Date, calendar: &WorkingDays) -> bool {
        let ended = self.handled.as_ref().map_or(today, |handled| day_of(handled.at));
        self.raised.deadline.by(calendar).is_over(ended)
    }
}

/// Applies an event to the alerts.
pub(crate) fn evolve(state: &mut State, event: &AlertEvent, moment: Moment, revision: u64) {
    match event {
        AlertEvent::Raised(raised) => {
            let alert = Alert {
                raised: (**raised).clone(),
                at: moment.at,
                handled: None,
                revision,
            };
            state.alerts.insert_mut(raised.id.clone(), Arc::new(alert));
        }
        AlertEvent::Handled { handled, by } => change(&mut state.alerts, &handled.alert, |alert| {
            alert.handled = Some(Handled {
                finding: (**handled).clone(),
                by: by.clone(),
                at: moment.at,
            });
            alert.revision = revision;
        }),
    }
}
