//! Complaints about how an operator goes about its business: no abuse of administrative power or market position, no monopoly by
//! data, algorithm, technology or capital (27号; 论证, opinion 21).
//!
//! ```text
//! Filed ─answer─► Answered ─decide─► Dismissed
//!   └──── time is over ────┴────────► Upheld ─rectify─► Rectified ─close─► Closed
//!                                       ▲                   │
//!                                       └──── not settled ──┘
//! ```
//!
//! Anybody whom an operator deals with may file one; the operator answers in time; agency or supervisor decide, never who filed
//! it. While what was found is not put right in time, no further scenario is granted under the operator's agreements.

mod decide;
mod file;
mod rectify;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Context;
use crate::agreement::Agreement;
use crate::calendar::day_of;
use crate::deadline::Deadline;
use crate::event::Moment;
use crate::identifier::{ComplaintId, PartyId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::{State, change};
use crate::text::Text;
use crate::working_days::WorkingDays;

pub use decide::{DecideComplaint, decide_decide};
pub use file::{AnswerComplaint, FileComplaint, decide_answer, decide_file};
pub use rectify::{CloseComplaint, RectifyComplaint, decide_close, decide_rectify};

/// What happened to a complaint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event", content = "of")]
pub enum ComplaintEvent {
    /// It is filed.
    Filed {
        /// What is complained of.
        complaint: Box<FileComplaint>,
        /// By whom.
        by: PartyId,
        /// Until when the operator answers.
        deadline: Deadline,
    },
    /// The operator has answered.
    Answered(Box<AnswerComplaint>),
    /// It is upheld or dismissed.
    Decided {
        /// What was found.
        decision: Box<DecideComplaint>,
        /// By whom.
        by: PartyId,
    },
    /// The operator says that what was found is put right.
    Rectified(Box<RectifyComplaint>),
    /// What was done settles it, or does not.
    Closed {
        /// What was found of it.
        close: Box<CloseComplaint>,
        /// By whom.
        by: PartyId,
    },
}

impl ComplaintEvent {
    /// The complaint.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::Filed { complaint, .. } => complaint.id.as_str(),
            Self::Answered(answer) => answer.complaint.as_str(),
            Self::Decided { decision, .. } => decision.complaint.as_str(),
            Self::Rectified(rectify) => rectify.complaint.as_str(),
            Self::Closed { close, .. } => close.complaint.as_str(),
        }
    }
}

/// Where a complaint stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComplaintStatus {
    /// Waits for the operator's answer.
    Filed,
    /// Waits for the decision.
    Answered,
    /// Was not upheld.
    Dismissed,
    /// Waits for the operator to put right what was found.
    Upheld,
    /// Waits for what was done to be looked at.
    Rectified,
    /// What was found is put right.
    Closed,
}

impl ComplaintStatus {
    /// The stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Filed => "filed",
            Self::Answered => "answered",
            Self::Dismissed => "dismissed",
            Self::Upheld => "upheld",
            Self::Rectified => "rectified",
            Self::Closed => "closed",
        }
    }
}

/// A complaint on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// What is complained of.
    pub complaint: FileComplaint,
    /// By whom.
    pub by: PartyId,
    /// When.
    pub at: Timestamp,
    /// Until when the operator answers.
    pub deadline: Deadline,
    /// What the operator answered, and when.
    pub answer: Option<(Timestamp, AnswerComplaint)>,
    /// What was found, by whom and when.
    pub decision: Option<(Timestamp, PartyId, DecideComplaint)>,
    /// What the operator did since, the first first.
    pub rectified: Vec<(Timestamp, RectifyComplaint)>,
    /// What was found of that at last, by whom and when.
    pub finding: Option<(Timestamp, PartyId, CloseComplaint)>,
    /// Where it stands.
    pub status: ComplaintStatus,
    /// How many events changed it.
    pub revision: u64,
}

impl Complaint {
    /// The day by which something is due from the operator, if something is, by the calendar of the day.
    #[must_use]
    pub fn due(&self, calendar: &WorkingDays) -> Option<Date> {
        match self.status {
            ComplaintStatus::Filed => Some(self.deadline.by(calendar).due),
            ComplaintStatus::Upheld => self.decision.as_ref().and_then(|(_, _, decision)| decision.due),
            ComplaintStatus::Answered
            | ComplaintStatus::Dismissed
            | ComplaintStatus::Rectified
            | ComplaintStatus::Closed => None,
        }
    }

    /// Whether that day is over.
    #[must_use]
    pub fn is_late(&self, today: Date, calendar: &WorkingDays) -> bool {
        self.due(calendar).is_some_and(|due| due < today)
    }

    /// Whether it can be decided: the operator has answered, or has had its time.
    #[must_use]
    pub fn is_heard(&self, today: Date, calendar: &WorkingDays) -> bool {
        match self.status {
            ComplaintStatus::Filed => self.deadline.by(calendar).is_over(today),
            ComplaintStatus::Answered => true,
            ComplaintStatus::Dismissed
            | ComplaintStatus::Upheld
            | ComplaintStatus::Rectified
            | ComplaintStatus::Closed => false,
        }
    }

    /// Whether what was complained of was found to be so.
    #[must_use]
    pub fn is_upheld(&self) -> bool {
        self.decision.as_ref().is_some_and(|(_, _, decision)| decision.upheld)
    }
}

/// Refuses what widens the use of an operator's agreement while it has not put right in time what was found of it.
pub(crate) fn check_none_overdue(state: &State, agreement: &Agreement, context: &Context<'_>) -> Result<(), Refusal> {
    let today = day_of(context.at);
    let operator = &agreement.terms.operator;
    let overdue = state.complaints.values().filter(|it| {
        let of = state.agreements.get(&it.complaint.agreement);
        let of_operator = of.is_some_and(|of| of.terms.operator == *operator);
        of_operator && it.status == ComplaintStatus::Upheld && it.is_late(today, context.rules.working_days())
    });
    let Some(complaint) = overdue.min_by_key(|it| it.complaint.id.clone()) else {
        return Ok(());
    };
    let FileComplaint { id, conduct, .. } = &complaint.complaint;
    Err(context.rules.refuse(
        Rule::OperatorConduct,
        Text::new(
            format!("运营机构有认定成立的投诉（{conduct}，`{id}`）逾期未整改"),
            format!("a complaint about the operator (`{id}`) was upheld, and is not put right in time"),
        ),
        Text::new(
            "请运营机构先整改，并经核验办结后再批准新的场景",
            "let the operator put it right first (`complaint.rectify`), and close the complaint (`complaint.close`)",
        ),
    ))
}

/// Applies an event to the complaints.
pub(crate) fn evolve(state: &mut State, event: &ComplaintEvent, moment: Moment, revision: u64) {
    let id = ComplaintId::new(event.stream());
    let at = moment.at;
    if let ComplaintEvent::Filed {
        complaint,
        by,
        deadline,
    } = event
    {
        let record = Complaint {
            complaint: (**complaint).clone(),
            by: by.clone(),
            at,
            deadline: *deadline,
            answer: None,
            decision: None,
            rectified: Vec::new(),
            finding: None,
            status: ComplaintStatus::Filed,
            revision,
        };
        state.complaints.insert_mut(id, Arc::new(record));
        return;
    }
    change(&mut state.complaints, &id, |record| {
        record.revision = revision;
        step(record, event, at);
    });
}

fn step(record: &mut Complaint, event: &ComplaintEvent, at: Timestamp) {
    match event {
        ComplaintEvent::Filed { .. } => {}
        ComplaintEvent::Answered(answer) => {
            record.answer = Some((at, (**answer).clone()));
            record.status = ComplaintStatus::Answered;
        }
        ComplaintEvent::Decided { decision, by } => {
            record.status = match decision.upheld {
                true => ComplaintStatus::Upheld,
                false => ComplaintStatus::Dismissed,
            };
            record.decision = Some((at, by.clone(), (**decision).clone()));
        }
        ComplaintEvent::Rectified(rectify) => {
            record.rectified.push((at, (**rectify).clone()));
            record.status = ComplaintStatus::Rectified;
        }
        ComplaintEvent::Closed { close, by } => {
            record.status = match close.accepted {
                true => ComplaintStatus::Closed,
                false => ComplaintStatus::Upheld,
            };
            record.finding = Some((at, by.clone(), (**close).clone()));
        }
    }
}
