//! Models: programs that score rows inside the domain, registered, reviewed by a second person, pinned by hash.
//!
//! ```text
//! Registered ─review─► InForce ─suspend─► Suspended ─review─► InForce
//!      └──────────── withdraw ───┴─────────────┴──────► Withdrawn
//! ```
//!
//! Whoever has suspended a model reviews it before it is in force again: nobody undoes another party's suspension.
//!
//! A version is never changed: another module is another version, with a review of its own.
//!
//! A model is brought in by a developer, with its file on record; or trained inside the domain (衍生模型), and then its
//! lineage is on record while its file is sealed in the vault and destroyed when the model is withdrawn.

mod end;
mod register;
mod review;
mod train;
mod training;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use end::{SuspendModel, WithdrawModel, decide_suspend, decide_withdraw};
pub use register::{INPUTS_MAX, ModelFormat, ModelInput, RegisterModel, decide_register};
pub use review::{ReviewModel, decide_review};
pub(crate) use train::suspended_with;
pub use train::{TrainModel, check_algorithm, decide_train};
pub use training::{Algorithm, Fit, PENALTY_MILLI_MAX, ROUNDS_MAX, SUBJECTS_STEP, TrainingTerms};

use crate::event::{Actor, Moment};
use crate::identifier::{ModelId, PartyId, RunId};
use crate::service::Stops;
use crate::state::{State, change};
use crate::workbench::{AttemptKind, count_answered};

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
    /// It was trained inside the domain, and is on record.
    Trained {
        /// What was trained, on what.
        training: Box<TrainModel>,
        /// By whom.
        trainer: Actor,
    },
    /// A second person has reviewed it.
    Reviewed {
        /// What the review says.
        review: Box<ReviewModel>,
        /// Who reviewed.
        reviewer: Actor,
    },
    /// It is suspended.
    Suspended {
        /// What was asked.
        #[serde(flatten)]
        suspension: SuspendModel,
        /// By whom; nobody where the end of what it was trained on brings it, or a record does not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PartyId>,
    },
    /// It is withdrawn for good.
    Withdrawn(WithdrawModel),
}

impl ModelEvent {
    /// The model it belongs to.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::Registered { registration, .. } => registration.id.as_str(),
            Self::Trained { training, .. } => training.id.as_str(),
            Self::Reviewed { review, .. } => review.model.as_str(),
            Self::Suspended { suspension, .. } => suspension.model.as_str(),
            Self::Withdrawn(withdrawn) => withdrawn.model.as_str(),
        }
    }
}

/// A model on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// What was registered.
    pub registration: RegisterModel,
    /// Its lineage, where it was trained inside the domain. Its registration then has no file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training: Option<Box<TrainModel>>,
    /// Who registered it, or had it trained.
    pub registrar: Actor,
    /// Where it stands.
    pub status: ModelStatus,
    /// When products could not call it, once they could.
    #[serde(default)]
    pub stops: Stops,
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
        /// By whom: it stays so until each of them has reviewed it.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        by: BTreeSet<PartyId>,
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
    let set = |state: &mut State, id: &ModelId, status: ModelStatus| {
        change(&mut state.models, id, |model| {
            match status {
                ModelStatus::Registered => {}
                ModelStatus::InForce { .. } => model.stops.end(at),
                ModelStatus::Suspended { .. } | ModelStatus::Withdrawn { .. } => model.stops.begin(at),
            }
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
                training: None,
                registrar: registrar.clone(),
                status: ModelStatus::Registered,
                stops: Stops::default(),
                revision,
            };
            state.models.insert_mut(registration.id.clone(), Arc::new(model));
        }
        ModelEvent::Trained { training, trainer } => {
            let model = Model {
                registration: registration_of(training),
                training: Some(training.clone()),
                registrar: trainer.clone(),
                status: ModelStatus::Registered,
                stops: Stops::default(),
                revision,
            };
            state.models.insert_mut(training.id.clone(), Arc::new(model));
            // One that did not begin under an id of its own is counted under the model's.
            let own = || RunId::new(training.id.as_str());
            let attempt = training.attempt.clone().unwrap_or_else(own);
            let attempted = (trainer, &training.scenario, AttemptKind::Training);
            count_answered(state, &attempt, attempted, moment);
        }
        ModelEvent::Reviewed { review, reviewer } => {
            let before = state.models.get(&review.model).map(|model| model.status.clone());
            let status = reviewed(before, review, reviewer, at);
            set(state, &review.model, status);
        }
        ModelEvent::Suspended { suspension, by } => {
            let before = state.models.get(&suspension.model).map(|model| model.status.clone());
            let status = suspended(before, suspension, by.as_ref(), at);
            set(state, &suspension.model, status);
        }
        ModelEvent::Withdrawn(WithdrawModel { model, reason }) => {
            let reason = reason.clone();
            set(state, model, ModelStatus::Withdrawn { reason, at });
        }
    }
}

/// A review puts a model in force, unless others than the reviewer's party have suspended it as well.
fn reviewed(before: Option<ModelStatus>, review: &ReviewModel, reviewer: &Actor, at: Timestamp) -> ModelStatus {
    match before {
        Some(ModelStatus::Suspended { reason, at, mut by }) if by.iter().any(|party| *party != reviewer.party) => {
            by.remove(&reviewer.party);
            ModelStatus::Suspended { reason, at, by }
        }
        _ => ModelStatus::InForce {
            reviewer: reviewer.clone(),
            report: review.report.clone(),
            at,
        },
    }
}

/// What is suspended may be suspended by another as well: it is since the first, and for all their reasons.
fn suspended(
    before: Option<ModelStatus>,
    SuspendModel { reason, .. }: &SuspendModel,
    by: Option<&PartyId>,
    at: Timestamp,
) -> ModelStatus {
    let (reason, at, mut parties) = match before {
        Some(ModelStatus::Suspended { reason: first, at, by }) => (format!("{first}；{reason}"), at, by),
        _ => (reason.clone(), at, BTreeSet::new()),
    };
    parties.extend(by.cloned());
    ModelStatus::Suspended {
        reason,
        at,
        by: parties,
    }
}

/// What a trained model is as one that is used: everything but a file.
fn registration_of(training: &TrainModel) -> RegisterModel {
    RegisterModel {
        id: training.id.clone(),
        scenario: training.scenario.clone(),
        name: training.name.clone(),
        number: training.number,
        summary: training.summary.clone(),
        input: training.input.clone(),
        format: ModelFormat::Onnx,
        module: String::new(),
        module_sha256: training.module_sha256.clone(),
    }
}

/// The function of a model in SQL.
fn function_of(name: &str, number: u32) -> String {
    format!("score_{name}_v{number}")
}
