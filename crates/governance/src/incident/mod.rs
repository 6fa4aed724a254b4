//! Incidents: what happened, the duties that follow with their clocks, and what was learnt.
//!
//! Larger incidents are reported to the cyberspace authority within hours that depend on whose system it is (国家网络安全
//! 事件报告管理办法, in force since 2025-11-01). Where personal information leaked, of whatever sensitivity, the authority and
//! the persons are notified (PIPL 57; 论证 24). A duty done late is recorded as late, never refused.

mod close;
mod duty;
mod evolve;
mod freeze;
mod report;
mod retract;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Context;
use crate::identifier::{AgreementId, IncidentId, PartyId};
use crate::refusal::Refusal;
use crate::state::State;
use crate::text::Text;

pub use close::{CloseIncident, decide_close};
pub use duty::{Duty, DutyKind, FulfilDuty, Fulfilled, decide_fulfil};
pub use report::{GradeIncident, Level, ReportIncident, System, decide_grade, decide_report};

pub use retract::{RetractIncident, Retracted, decide_retract};

pub(crate) use evolve::evolve;
pub(crate) use freeze::{check_no_incident, check_over};

/// What happened to an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event", content = "of")]
pub enum IncidentEvent {
    /// It is on record, with the duties that follow.
    Reported {
        /// What was found.
        report: Box<ReportIncident>,
        /// By whom.
        by: PartyId,
        /// What is to be done until when.
        duties: BTreeMap<DutyKind, Timestamp>,
    },
    /// Its level is another one. Duties may follow; one that no longer does is dropped, unless it is done or overdue.
    Graded {
        /// The new level.
        grade: Box<GradeIncident>,
        /// What is to be done until when.
        duties: BTreeMap<DutyKind, Timestamp>,
    },
    /// A duty is done.
    Fulfilled(Box<FulfilDuty>),
    /// It turns out to be none.
    Retracted(Box<RetractIncident>),
    /// It is closed.
    Closed(Box<CloseIncident>),
}

impl IncidentEvent {
    /// The incident.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::Reported { report, .. } => report.id.as_str(),
            Self::Graded { grade, .. } => grade.incident.as_str(),
            Self::Fulfilled(duty) => duty.incident.as_str(),
            Self::Retracted(retraction) => retraction.incident.as_str(),
            Self::Closed(close) => close.incident.as_str(),
        }
    }
}

/// An incident on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// What was found first, with the scenarios that were found to be concerned since.
    pub report: ReportIncident,
    /// Whose report it is.
    pub by: PartyId,
    /// When it was put on record.
    pub at: Timestamp,
    /// Its level now.
    pub level: Level,
    /// Whether personal information is concerned, as it was found last.
    pub personal_information: bool,
    /// What is to be done, and what was.
    pub duties: BTreeMap<DutyKind, Duty>,
    /// That it turned out to be none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retracted: Option<Retracted>,
    /// Its end.
    pub closed: Option<CloseIncident>,
    /// How many events changed it.
    pub revision: u64,
}

impl Incident {
    /// Whether it counts for an agreement: it is about one of its scenarios, or is its operator's and names none. A drill and
    /// a false alarm count for nobody.
    #[must_use]
    pub fn concerns(&self, state: &State, agreement: &AgreementId) -> bool {
        let operator = state.agreements.get(agreement).map(|it| &it.terms.operator);
        let mut named = self.report.scenarios.iter();
        let own = self.report.scenarios.is_empty() && operator == Some(&self.by);
        let counts = !self.report.drill && self.retracted.is_none();
        counts && (own || named.any(|scenario| state.is_under(scenario, agreement)))
    }

    /// Whether it is neither closed nor retracted.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.closed.is_none() && self.retracted.is_none()
    }
}

/// The incident of a command, if it is not closed.
fn open<'s>(state: &'s State, id: &IncidentId, context: &Context<'_>) -> Result<&'s Incident, Refusal> {
    let incident = state.incident(id, context)?;
    if incident.is_open() {
        return Ok(incident);
    }
    if incident.retracted.is_some() {
        return Err(context.rules.wrong_state(
            Text::new("该事件已认定不属于安全事件", "it was found to be no incident"),
            Text::new("如有新的情况，请另行报告", "report what is new as another incident"),
        ));
    }
    Err(context.rules.wrong_state(
        Text::new("该事件已办结", "the incident is closed"),
        Text::new("如有新的情况，请另行报告", "report what is new as another incident"),
    ))
}
