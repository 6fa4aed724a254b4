//! Products.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;

/// A parameter of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// `text`, `integer`, `float`, `decimal` or `date`.
    #[serde(rename = "type")]
    pub parameter_type: String,
    /// What it means.
    pub meaning: String,
    /// An example.
    #[serde(default)]
    pub example: String,
}

/// The scenario of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProductScenario {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The purpose of use.
    pub purpose: String,
    /// `applied`, `granted`, `frozen`, `refused`, `withdrawn` or `ended`.
    pub status: String,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Product {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it answers.
    pub summary: String,
    /// The scenario it is built under.
    pub scenario: ProductScenario,
    /// Who built it.
    pub developer: Named,
    /// `public_governance`, `public_welfare` or `industry`.
    pub price_class: String,
    /// `api`, `data_set`, `report`, `model`, `verification` or `application`.
    pub form: String,
    /// What service is promised with it.
    pub service_level: String,
    /// Which version it is, from 1.
    pub version: u32,
    /// The product of which it is the next version.
    pub replaces: Option<Named>,
    /// By what it is charged: `call`, `once` (a subscription), `month`, `year`, `row` or `megabyte` (of an answer).
    pub charging: String,
    /// Price in yuan, for whoever subscribes now.
    pub price: Option<String>,
    /// From when those pay it who had subscribed before, where that is still to come.
    pub price_from: Option<String>,
    /// Ceiling of the price in yuan.
    pub ceiling: Option<String>,
    /// Whether it is listed.
    pub listed: bool,
    /// `submitted`, `listed` or `withdrawn`.
    pub status: String,
    /// The last day on which a withdrawn product is served.
    pub served_until: Option<String>,
    /// Why it is suspended; none while it runs.
    pub suspended: Option<String>,
    /// Its query.
    pub sql: String,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// The parameter that names the data subject.
    pub subject_parameter: Option<String>,
    /// Resources it reads.
    pub resources: Vec<Named>,
    /// Hash of the derivation that let its query through.
    pub derivation_sha256: String,
    /// Whether it can be called now.
    pub available: bool,
    /// Why it cannot.
    pub unavailable_reason: Option<crate::Text>,
    /// Revision, for `If-Match`.
    pub revision: u64,
}
