//! Models: programs that score rows inside the domain, registered, reviewed by a second person, pinned by hash.
//!
//! ```text
//! Registered ─review─► InForce ─suspend─► Suspended ─review─► InForce
//!      └──────────── withdraw ───┴─────────────┴──────► Withdrawn
//! ```
//!
//! A version is never changed: another module is another version, with a review of its own.

mod end;
mod register;
mod review;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use end::{SuspendModel, WithdrawModel, decide_suspend, decide_withdraw};
pub use register::{ModelFormat, ModelInput, RegisterModel, decide_register};
pub use review::{ReviewModel, decide_review};

use crate::event::{Actor, Moment};
use crate::state::{State, change};

/// What happened to a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelEvent {
    /// It is on record.
    Registered {
        /// What was registered.
        registration: Box<RegisterModel>,
        /// By whom.
        registrar: Actor,
    },
    /// A second person has reviewed it.
    Reviewed {
        /// What the review says.
        review: Box<ReviewModel>,
        /// Who reviewed.
        reviewer: Actor,
    },
    /// It is suspended.
    Suspended(SuspendModel),
    /// It is withdrawn for good.
    Withdrawn(WithdrawModel),
}

impl ModelEvent {
    /// The model it belongs to.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::Registered { registration, .. } => registration.id.as_str(),
            Self::Reviewed { review, .. } => review.model.as_str(),
            Self::Suspended(suspended) => suspended.model.as_str(),
            Self::Withdrawn(withdrawn) => withdrawn.model.as_str(),
        }
    }
}

/// A model on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// What was registered.
    pub registration: RegisterModel,
    /// Who registered it.
    pub registrar: Actor,
    /// Where it stands.
    pub status: ModelStatus,
    /// How many events changed it.
    pub revision: u64,
}

/// Where a model stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum ModelStatus {
    /// It waits for its review.
    Registered,
    /// Products may call it.
    InForce {
        /// Who reviewed it.
        reviewer: Actor,
        /// What the review found.
        report: String,
        /// Since when.
        at: Timestamp,
    },
    /// Its products are stopped until another review.
    Suspended {
        /// Why.
        reason: String,
        /// Since when.
        at: Timestamp,
    },
    /// It never comes back.
    Withdrawn {
        /// Why.
        reason: String,
        /// Since when.
        at: Timestamp,
    },
}

impl Model {
    /// Whether products may call it.
    #[must_use]
    pub fn is_in_force(&self) -> bool {
        matches!(self.status, ModelStatus::InForce { .. })
    }
}

/// Applies an event of a model.
pub(crate) fn evolve(state: &mut State, event: &ModelEvent, moment: Moment, revision: u64) {
    let at = moment.at;
    let mut set = |id, status| {
        change(&mut state.models, id, |model| {
            model.status = status;
            model.revision = revision;
        });
    };
    match event {
        ModelEvent::Registered {
            registration,
            registrar,
        } => {
            let model = Model {
                registration: (**registration).clone(),
                registrar: registrar.clone(),
                status: ModelStatus::Registered,
                revision,
            };
            state.models.insert_mut(registration.id.clone(), Arc::new(model));
        }
        ModelEvent::Reviewed { review, reviewer } => {
            let (reviewer, report) = (reviewer.clone(), review.report.clone());
            set(&review.model, ModelStatus::InForce { reviewer, report, at });
        }
        ModelEvent::Suspended(SuspendModel { model, reason }) => {
            let reason = reason.clone();
            set(model, ModelStatus::Suspended { reason, at });
        }
        ModelEvent::Withdrawn(WithdrawModel { model, reason }) => {
            let reason = reason.clone();
            set(model, ModelStatus::Withdrawn { reason, at });
        }
    }
}
