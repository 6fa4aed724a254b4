//! Yearly operating reports (65号): how an agreement was operated in a year, with the figures that the books have and the
//! cost that the operator states; the agency accepts each, or sends it back.
//!
//! ```text
//! Submitted ─review─► Accepted
//!     ▲         │
//!     └─another─┴─► SentBack
//! ```
//!
//! The figures stand in the event, so that what was accepted is what was reported. Late is on record as late, and never refused.

mod figures;
mod owed;
mod review;
mod submit;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::day_of;
use crate::event::Moment;
use crate::identifier::{PartyId, ReportId};
use crate::state::{State, change};

pub use figures::{OperatingFigures, PermittedIn, ProductFigures, Received};
pub use owed::{OwedReport, owed};
pub use review::{ReviewReport, decide_review};
pub use submit::{SubmitReport, decide_submit};

/// What happened to an operating report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event", content = "of")]
pub enum ReportEvent {
    /// It is made of the books and of what the operator states.
    Submitted {
        /// What the operator states.
        report: Box<SubmitReport>,
        /// Whose it is.
        by: PartyId,
        /// What the record says.
        figures: Box<OperatingFigures>,
        /// By when it was due.
        due: Date,
    },
    /// It is accepted, or sent back.
    Reviewed {
        /// What was found.
        review: Box<ReviewReport>,
        /// By whom.
        by: PartyId,
    },
}

impl ReportEvent {
    /// The report.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::Submitted { report, .. } => report.id.as_str(),
            Self::Reviewed { review, .. } => review.operating_report.as_str(),
        }
    }
}

/// Where an operating report stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum ReportStatus {
    /// Waits for the agency.
    Submitted,
    /// Is accepted.
    Accepted {
        /// By whom.
        by: PartyId,
        /// When.
        at: Timestamp,
        /// What was found.
        finding: String,
    },
    /// Was sent back; another one takes its place.
    SentBack {
        /// By whom.
        by: PartyId,
        /// Why.
        finding: String,
    },
}

impl ReportStatus {
    /// The stable word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Accepted { .. } => "accepted",
            Self::SentBack { .. } => "sent_back",
        }
    }

    /// Whether it is accepted, or may still be.
    #[must_use]
    pub fn stands(&self) -> bool {
        !matches!(self, Self::SentBack { .. })
    }
}

/// An operating report on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatingReport {
    /// What the operator states.
    pub report: SubmitReport,
    /// Whose it is.
    pub by: PartyId,
    /// When it came.
    pub at: Timestamp,
    /// What the record said.
    pub figures: OperatingFigures,
    /// By when it was due.
    pub due: Date,
    /// Where it stands.
    pub status: ReportStatus,
    /// How many events changed it.
    pub revision: u64,
}

impl OperatingReport {
    /// Whether it came after its day.
    #[must_use]
    pub fn is_late(&self) -> bool {
        day_of(self.at) > self.due
    }
}

/// Applies an event to the reports.
pub(crate) fn evolve(state: &mut State, event: &ReportEvent, moment: Moment, revision: u64) {
    let id = ReportId::new(event.stream());
    match event {
        ReportEvent::Submitted {
            report,
            by,
            figures,
            due,
        } => {
            let record = OperatingReport {
                report: (**report).clone(),
                by: by.clone(),
                at: moment.at,
                figures: (**figures).clone(),
                due: *due,
                status: ReportStatus::Submitted,
                revision,
            };
            state.reports.insert_mut(id, Arc::new(record));
        }
        ReportEvent::Reviewed { review, by } => change(&mut state.reports, &id, |record| {
            let (by, finding) = (by.clone(), review.reason.clone());
            record.revision = revision;
            record.status = if review.accepted {
                let at = moment.at;
                ReportStatus::Accepted { by, at, finding }
            } else {
                ReportStatus::SentBack { by, finding }
            };
        }),
    }
}
