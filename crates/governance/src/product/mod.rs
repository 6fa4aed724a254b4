//! Data products: built under a scenario, listed by the operator, priced under a ceiling.
//!
//! ```text
//! Submitted ─list─► Listed
//! ```

mod partner;
mod price;
mod submit;

use serde::{Deserialize, Serialize};

pub use partner::{EngagePartner, Engagement, decide_engage};
pub(crate) use price::check_ceiling;
pub use price::{SetCeiling, SetPrice, decide_ceiling, decide_price};
pub use submit::{CheckedQuery, ListProduct, Parameter, SubjectParameter, SubmitProduct, decide_list, decide_submit};
pub(crate) use submit::{check_developer, check_fields};

use crate::identifier::PartyId;
use crate::money::Money;

/// A product on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// What was submitted.
    pub submission: SubmitProduct,
    /// Who submitted it.
    pub developer: PartyId,
    /// Whether it is listed.
    pub listed: bool,
    /// Ceiling of its price per call, set by the agency.
    pub ceiling: Option<Money>,
    /// Its price per call, set by the operator.
    pub price: Option<Money>,
    /// How many events changed it.
    pub revision: u64,
}
