//! Output review: what leaves the domain and is not an answer of a product — a report, a data set, a query's text, a
//! model. The platform makes it and measures it; automatic checks are recorded first, then people review.
//!
//! ```text
//! Submitted ─release─► Released ─withdraw─► Withdrawn
//!     ├─refuse─► Refused        (the content is destroyed)
//!     ├─change─► Returned       (the content is destroyed; another version follows)
//!     └─withdraw─► Withdrawn    (the content is destroyed)
//! ```

mod check;
mod collect;
mod evolve;
mod review;
mod submit;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use check::{Check, CheckKind, Figures};
pub use collect::{CollectOutput, WithdrawOutput, decide_collect, decide_withdraw};
pub(crate) use evolve::evolve;
pub use review::{Conclusion, Decision, Review, ReviewOutput, decide_review};
pub(crate) use submit::source_owner;
pub use submit::{Content, OutputKind, OutputSource, SubmitOutput, decide_submit};

use crate::event::Actor;
use crate::identifier::ScenarioId;

/// What happened to an output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event", content = "of")]
pub enum OutputEvent {
    /// It waits for its review.
    Submitted {
        /// What was submitted, with what the platform measured.
        submission: Box<SubmitOutput>,
        /// The scenario it comes from.
        scenario: ScenarioId,
        /// What the automatic checks found.
        checks: Vec<Check>,
        /// By whom.
        by: Actor,
    },
    /// A person has reviewed it.
    Reviewed {
        /// What the review says.
        review: Box<ReviewOutput>,
        /// Who reviewed.
        by: Actor,
        /// What the reviews so far come to.
        conclusion: Conclusion,
    },
    /// Its submitter takes it out of the domain.
    Collected(CollectOutput),
    /// Its submitter takes it back.
    Withdrawn(WithdrawOutput),
}

impl OutputEvent {
    /// The output.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::Submitted { submission, .. } => submission.id.as_str(),
            Self::Reviewed { review, .. } => review.output.as_str(),
            Self::Collected(collected) => collected.output.as_str(),
            Self::Withdrawn(withdrawn) => withdrawn.output.as_str(),
        }
    }
}

/// An output on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// What was submitted.
    pub submission: SubmitOutput,
    /// The scenario it comes from.
    pub scenario: ScenarioId,
    /// Its version: one more than that of the output it replaces.
    pub number: u32,
    /// What the automatic checks found.
    pub checks: Vec<Check>,
    /// Who submitted it.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// What reviewers said.
    pub reviews: Vec<Review>,
    /// Where it stands.
    pub status: OutputStatus,
    /// How often it was collected.
    pub collected: u64,
    /// How many events changed it.
    pub revision: u64,
}

/// Where an output stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum OutputStatus {
    /// It waits for reviews.
    Submitted,
    /// It may be collected.
    Released {
        /// Since when.
        at: Timestamp,
    },
    /// It does not leave.
    Refused {
        /// Since when.
        at: Timestamp,
    },
    /// Another version is asked for.
    Returned {
        /// Since when.
        at: Timestamp,
    },
    /// Its submitter took it back.
    Withdrawn {
        /// Since when.
        at: Timestamp,
    },
}

impl OutputStatus {
    /// Whether the content is kept.
    #[must_use]
    pub fn keeps_content(&self) -> bool {
        match self {
            Self::Submitted | Self::Released { .. } => true,
            Self::Refused { .. } | Self::Returned { .. } | Self::Withdrawn { .. } => false,
        }
    }
}
