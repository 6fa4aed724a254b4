//! Data quality (GB/T 36344-2018; 论证, opinion 27): what was measured of a version, what was checked of it, and work orders
//! to the department it came from.
//!
//! ```text
//! Opened ─answer─► Answered ─close, accepted─► Closed
//!    ▲                └──close, not accepted──┐
//!    └────────────────────────────────────────┘
//! ```
//!
//! A version that falls short in a dimension that the packs name is held back: it does not answer until the agency lets it go
//! as it closes the work order. A better version goes into operation beside it.

mod check;
mod hold;
mod measure;
mod order;
mod standing;

use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use check::{RecordQualityCheck, decide_check};
pub(crate) use measure::short;
pub use measure::{Measured, Proportion};
pub use order::{AnswerWorkOrder, CloseWorkOrder, OpenWorkOrder, decide_answer, decide_close, decide_open};
pub use standing::{Standing, standing};

use crate::calendar::day_of;
use crate::deadline::Deadline;
use crate::event::Moment;
use crate::identifier::{PartyId, ResourceId, VersionId, WorkOrderId};
use crate::state::{State, change};

/// A dimension of quality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// 规范性: rows that keep types, code lists and checks.
    Conformity,
    /// 完整性: values that are there.
    Completeness,
    /// 准确性: by a recorded check alone.
    Accuracy,
    /// 一致性: by a recorded check alone.
    Consistency,
    /// 时效性: whether a version came as often as promised.
    Timeliness,
    /// 唯一性, an indicator of accuracy: values that come once where they have to.
    Uniqueness,
}

impl Dimension {
    /// The terms, in Chinese and English.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Conformity => ("规范性", "conformity"),
            Self::Completeness => ("完整性", "completeness"),
            Self::Accuracy => ("准确性", "accuracy"),
            Self::Consistency => ("一致性", "consistency"),
            Self::Timeliness => ("时效性", "timeliness"),
            Self::Uniqueness => ("唯一性", "uniqueness"),
        }
    }
}

/// What happens about quality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step", content = "with")]
pub enum QualityEvent {
    /// A check of a version is on record.
    Checked {
        /// What was checked.
        check: Box<RecordQualityCheck>,
        /// By whom.
        by: PartyId,
    },
    /// A version does not answer, since it falls short.
    HeldBack {
        /// Of which resource.
        resource: ResourceId,
        /// Which.
        version: VersionId,
        /// In which dimension.
        dimension: Dimension,
    },
    /// A work order is open.
    Opened {
        /// What is asked.
        order: Box<OpenWorkOrder>,
        /// By whom; none where what was measured opened it.
        by: Option<PartyId>,
        /// Until when it is answered.
        deadline: Deadline,
    },
    /// The department has answered.
    Answered(Box<AnswerWorkOrder>),
    /// It is closed, or goes back.
    Closed(CloseWorkOrder),
}

impl QualityEvent {
    /// The stream of the event.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::Checked { check, .. } => check.resource.as_str(),
            Self::HeldBack { resource, .. } => resource.as_str(),
            Self::Opened { order, .. } => order.id.as_str(),
            Self::Answered(answer) => answer.order.as_str(),
            Self::Closed(close) => close.order.as_str(),
        }
    }
}

/// A check on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// What was checked.
    pub check: RecordQualityCheck,
    /// By whom.
    pub by: PartyId,
}

/// A work order on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkOrder {
    /// What is asked.
    pub order: OpenWorkOrder,
    /// By whom; none where what was measured opened it.
    pub by: Option<PartyId>,
    /// Since when.
    pub at: Timestamp,
    /// Until when it is answered.
    pub deadline: Deadline,
    /// Answers, with when they came, the first first.
    pub answers: Vec<(Timestamp, AnswerWorkOrder)>,
    /// Where it stands.
    pub status: WorkOrderStatus,
    /// How many events changed it.
    pub revision: u64,
}

impl WorkOrder {
    /// Whether its last day passed without an answer.
    #[must_use]
    pub fn is_late(&self, now: Timestamp) -> bool {
        let answered = self.answers.first().map(|(at, _)| *at);
        self.deadline.is_over(day_of(answered.unwrap_or(now)))
    }

    /// Whether the version that it is about is held back for what it says.
    #[must_use]
    pub fn is_held_back(&self, state: &State) -> bool {
        hold::is_held(state, self)
    }
}

/// Where a work order stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum WorkOrderStatus {
    /// It waits for the department.
    Open,
    /// It waits for the agency.
    Answered,
    /// It is closed.
    Closed {
        /// When.
        at: Timestamp,
        /// With which finding.
        reason: String,
    },
}

/// Applies an event.
pub(crate) fn evolve(state: &mut State, event: &QualityEvent, moment: Moment, revision: u64) {
    match event {
        QualityEvent::Checked { check, by } => change(&mut state.resources, &check.resource, |resource| {
            let (check, by) = ((**check).clone(), by.clone());
            resource.checks.push(Check { check, by });
            resource.revision = revision;
        }),
        QualityEvent::HeldBack {
            resource,
            version,
            dimension,
        } => change(&mut state.resources, resource, |resource| {
            hold::back(resource, version, *dimension, moment.at);
            resource.revision = revision;
        }),
        QualityEvent::Opened { order, by, deadline } => {
            let record = WorkOrder {
                order: (**order).clone(),
                by: by.clone(),
                at: moment.at,
                deadline: *deadline,
                answers: Vec::new(),
                status: WorkOrderStatus::Open,
                revision,
            };
            state.work_orders.insert_mut(order.id.clone(), Arc::new(record));
        }
        QualityEvent::Answered(answer) => changed(state, &answer.order, revision, |order| {
            order.answers.push((moment.at, (**answer).clone()));
            order.status = WorkOrderStatus::Answered;
        }),
        QualityEvent::Closed(close) => {
            changed(state, &close.order, revision, |order| {
                order.status = if close.accepted {
                    WorkOrderStatus::Closed {
                        at: moment.at,
                        reason: close.reason.clone(),
                    }
                } else {
                    WorkOrderStatus::Open
                };
            });
            if close.put_into_operation {
                hold::release(state, &close.order, moment.at);
            }
        }
    }
}

fn changed(state: &mut State, id: &WorkOrderId, revision: u64, edit: impl FnOnce(&mut WorkOrder)) {
    change(&mut state.work_orders, id, |order| {
        edit(order);
        order.revision = revision;
    });
}
