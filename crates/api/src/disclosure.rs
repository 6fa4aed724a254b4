//! Yearly disclosures.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;
use crate::chain::Term;

/// The disclosure of a party about a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Disclosure {
    /// Its id; none while nothing is made.
    pub id: Option<String>,
    /// Whose it is.
    pub party: Named,
    /// About which year.
    pub year: i16,
    /// By when it is to be published.
    pub due: String,
    /// `owed`, `prepared`, `sent_back`, `reviewed` or `published`.
    pub status: String,
    /// Whether it was published after that day, or is not public and that day is over.
    pub late: bool,
    /// When it was published.
    pub published: Option<String>,
    /// Where, beside this platform.
    pub place: Option<String>,
    /// The one that it corrects, and why.
    pub corrects: Option<String>,
    /// What was wrong with that.
    pub reason: Option<String>,
    /// The public one that corrects it.
    pub corrected_by: Option<String>,
    /// What it says; to the public once it is published.
    pub content: Option<DisclosureContent>,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// What a disclosure says. Of an agency: authorizations and ceilings; of an operator: resources, products and prices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DisclosureContent {
    /// The day as of which it speaks: the last one of its year.
    pub as_of: String,
    /// `agency` or `operator`.
    pub kind: String,
    /// Name of the party.
    pub name: String,
    /// Its unified social credit code.
    pub code: Option<String>,
    /// What it says of itself.
    pub about: String,
    /// What the agency has authorized.
    pub authorizations: Vec<DisclosedAuthorization>,
    /// Ceilings of prices.
    pub ceilings: Vec<DisclosedPrice>,
    /// Resources authorized to the operator.
    pub resources: Vec<DisclosedResource>,
    /// Products and services that it offers.
    pub products: Vec<DisclosedProduct>,
    /// Actual prices.
    pub prices: Vec<DisclosedPrice>,
}

/// An authorization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DisclosedAuthorization {
    /// Title of the agreement.
    pub title: String,
    /// To whom.
    pub operator: String,
    /// First and last day.
    pub term: Term,
    /// For what.
    pub purposes: Vec<String>,
    /// What.
    pub resources: Vec<String>,
}

/// A resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DisclosedResource {
    /// Its name.
    pub name: String,
    /// Who holds it.
    pub provider: String,
    /// Its field of application.
    pub field_of_application: String,
}

/// A product or service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DisclosedProduct {
    /// Its name.
    pub name: String,
    /// What it answers.
    pub summary: String,
    /// Its form.
    pub form: String,
    /// What service is promised with it.
    pub service_level: String,
    /// Its scenario.
    pub scenario: String,
    /// `public_governance`, `public_welfare` or `industry`.
    pub price_class: String,
}

/// The price of a product, or its ceiling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DisclosedPrice {
    /// The product.
    pub product: String,
    /// By what it is charged; none of a ceiling.
    pub charging: Option<String>,
    /// The amount in yuan; none where it is free.
    pub amount: Option<String>,
    /// Since when, of a price.
    pub since: Option<String>,
}
