//! Data products: built under a scenario, listed by the operator, priced under a ceiling.
//!
//! ```text
//! Submitted ─list─► Listed ─withdraw─► Withdrawn
//!     ├──refuse──► Refused
//!     └──retract─► Retracted
//! ```
//!
//! Whoever is a consumer subscribes on the same terms: the price is the product's, and a subscription is refused by rules
//! alone. A suspension stops a product for everybody.

mod form;
mod offer;
mod partner;
mod price;
mod review;
mod share;
mod submit;
mod tariff;
mod volume;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use form::{Charging, ProductForm};
pub(crate) use offer::evolve as evolve_offer;
pub use offer::{
    OfferEvent, ResumeProduct, SuspendProduct, Suspension, WithdrawProduct, decide_resume, decide_suspend,
    decide_withdraw,
};
pub use partner::{
    EndEngagement, EngagePartner, EngagedPartner, Engagement, EngagementEnd, EngagementStatus, decide_end,
    decide_engage,
};
pub(crate) use partner::{check_engaged, disengaged};
pub(crate) use price::check_ceiling;
pub use price::{SetCeiling, SetPrice, decide_ceiling, decide_price};
pub use review::{RefuseProduct, RetractProduct, decide_refuse, decide_retract};
pub use share::Development;
pub use submit::{CheckedQuery, ListProduct, Parameter, SubjectParameter, SubmitProduct, decide_list, decide_submit};
pub(crate) use submit::{check_developer, check_fields};
pub use tariff::{HeldCeiling, Tariff};
pub use volume::{MEGABYTE_BYTES, Rate, Volume};

use crate::identifier::PartyId;
use crate::money::Money;
use crate::service::Stops;

/// A product on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// What was submitted.
    pub submission: SubmitProduct,
    /// Who submitted it.
    pub developer: PartyId,
    /// Which version it is, from 1.
    pub version: u32,
    /// Where it stands.
    pub status: ProductStatus,
    /// How often its scenario had been narrowed when it was submitted.
    #[serde(default)]
    pub narrowings: usize,
    /// When it was listed; none while it waits.
    #[serde(default)]
    pub listed: Option<Timestamp>,
    /// By whose decisions it is stopped, the oldest first; none while it runs.
    pub suspended: Vec<Suspension>,
    /// When it was stopped.
    #[serde(default)]
    pub stops: Stops,
    /// By what it is charged.
    pub charging: Charging,
    /// Ceiling of its price, set by the agency.
    pub ceiling: Option<Money>,
    /// Its price for whoever subscribes now, set by the operator.
    pub price: Option<Money>,
    /// Its prices, oldest first.
    pub tariffs: Vec<Tariff>,
    /// The ceilings of its price, oldest first.
    pub ceilings: Vec<HeldCeiling>,
    /// How many events changed it.
    pub revision: u64,
}

/// Where a product stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum ProductStatus {
    /// Waits to be listed.
    Submitted,
    /// On the list.
    Listed,
    /// Off the list.
    Withdrawn {
        /// Why.
        reason: String,
        /// The last day on which those who have subscribed are served.
        until: Date,
    },
    /// Not listed, by the operator's decision.
    Refused {
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// Taken back before it was listed.
    Retracted {
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
}

impl ProductStatus {
    /// Whether its submission has not come to nothing.
    #[must_use]
    pub fn may_serve(&self) -> bool {
        match self {
            Self::Submitted | Self::Listed | Self::Withdrawn { .. } => true,
            Self::Refused { .. } | Self::Retracted { .. } => false,
        }
    }

    /// Whether it is sold, or waits for that.
    #[must_use]
    pub fn is_sold(&self) -> bool {
        match self {
            Self::Submitted | Self::Listed => true,
            Self::Withdrawn { .. } | Self::Refused { .. } | Self::Retracted { .. } => false,
        }
    }

    /// The stable word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Listed => "listed",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Refused { .. } => "refused",
            Self::Retracted { .. } => "retracted",
        }
    }
}
