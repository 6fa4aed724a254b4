//! Yearly disclosure (披露): by the end of March, agency and operator each publish a page and a file about the year
//! before, made from the record.
//!
//! ```text
//! Prepared ─review─► Reviewed ─publish─► Published
//!     ▲                 │
//!     └────send back────┘
//! ```
//!
//! What is published is what was reviewed: the content stands in the event of its preparation. Late is on record as
//! late, and never refused. What was wrong is corrected by another one that names it and says why; both stay public.

mod content;
mod evolve;
mod owed;
mod prepare;
mod publish;
mod year;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::identifier::PartyId;
use crate::state::State;

pub use content::{
    AgencyContent, Authorized, Ceiling, Content, DisclosedParty, Listed, OperatorContent, Priced, UsedResource,
};
pub(crate) use evolve::evolve;
pub use owed::{Owed, owed};
pub use prepare::{PrepareDisclosure, decide_prepare};
pub use publish::{PublishDisclosure, ReviewDisclosure, decide_publish, decide_review};

/// What happened to a disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event", content = "of")]
pub enum DisclosureEvent {
    /// It is made from the record.
    Prepared {
        /// What was asked.
        prepare: Box<PrepareDisclosure>,
        /// By whom.
        by: PartyId,
        /// What the record says.
        content: Box<Content>,
        /// By when it is to be published.
        due: Date,
        /// The last day of the year as which the record had it so; a record from before this was kept has none, and says
        /// what was so when it was made.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        as_of: Option<Date>,
    },
    /// It is reviewed, or sent back.
    Reviewed {
        /// What was found.
        review: Box<ReviewDisclosure>,
        /// By whom.
        by: PartyId,
    },
    /// It is public.
    Published(Box<PublishDisclosure>),
}

impl DisclosureEvent {
    /// The disclosure.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::Prepared { prepare, .. } => prepare.id.as_str(),
            Self::Reviewed { review, .. } => review.disclosure.as_str(),
            Self::Published(publish) => publish.disclosure.as_str(),
        }
    }
}

/// Where a disclosure stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DisclosureStatus {
    /// Waits for its review.
    Prepared,
    /// Was sent back; another one is prepared in its place.
    SentBack {
        /// Why.
        report: String,
    },
    /// Can be published.
    Reviewed {
        /// By whom.
        by: PartyId,
    },
    /// Is public.
    Published {
        /// Where.
        place: String,
        /// When.
        at: Timestamp,
    },
}

impl DisclosureStatus {
    /// The stable word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::SentBack { .. } => "sent_back",
            Self::Reviewed { .. } => "reviewed",
            Self::Published { .. } => "published",
        }
    }
}

/// A disclosure on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// What was asked.
    pub prepare: PrepareDisclosure,
    /// Whose it is.
    pub by: PartyId,
    /// When it was made.
    pub at: Timestamp,
    /// What it says.
    pub content: Content,
    /// By when it is to be published.
    pub due: Date,
    /// The day as of which it speaks; none where that is the day on which it was made.
    pub as_of: Option<Date>,
    /// Where it stands.
    pub status: DisclosureStatus,
    /// How many events changed it.
    pub revision: u64,
}

impl Disclosure {
    /// The day as of which it speaks.
    #[must_use]
    pub fn as_of(&self) -> Date {
        self.as_of.unwrap_or_else(|| crate::calendar::day_of(self.at))
    }

    /// Whether it is public.
    #[must_use]
    pub fn is_published(&self) -> bool {
        matches!(self.status, DisclosureStatus::Published { .. })
    }

    /// The public one that corrects it.
    #[must_use]
    pub fn corrected_by<'s>(&self, state: &'s State) -> Option<&'s Self> {
        let corrects = |other: &&Self| other.prepare.corrects.as_ref() == Some(&self.prepare.id);
        let mut others = state.disclosures.values().map(|other| &**other);
        others.find(|other| corrects(other) && other.is_published())
    }

    /// Whether it was published after its day, or is not public and that day is over.
    #[must_use]
    pub fn is_late(&self, today: Date) -> bool {
        match &self.status {
            DisclosureStatus::Published { at, .. } => crate::calendar::day_of(*at) > self.due,
            DisclosureStatus::Prepared | DisclosureStatus::SentBack { .. } | DisclosureStatus::Reviewed { .. } => {
                today > self.due
            }
        }
    }
}
