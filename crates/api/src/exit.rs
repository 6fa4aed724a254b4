//! Exits: the inventory, whose each asset is to deal with, and what became of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;
use crate::books::Settlement;

/// An exit from an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Exit {
    /// Its id.
    pub id: String,
    /// The agreement that ends.
    pub agreement: Named,
    /// Who leaves.
    pub operator: Named,
    /// `term_ends`, `terminated`, `serious_breach`, `qualification_lost` or `public_interest`.
    pub ground: String,
    /// The facts behind it.
    pub reason: String,
    /// When use under the agreement ended.
    pub started_at: String,
    /// The day by which every asset is to be accounted for.
    pub due: String,
    /// Whether that day is over and the exit still open.
    pub late: bool,
    /// When the closing report went on record.
    pub closed_at: Option<String>,
    /// What it has come to; none while it goes on.
    pub conclusion: Option<String>,
    /// Whether all assets are shown: to agency, operator and supervisor; to others their own, and those of their steps.
    pub whole: bool,
    /// The steps: those planned, and those that the plan is still to name.
    pub steps: Vec<ExitStep>,
    /// The assets.
    pub assets: Vec<ExitAsset>,
    /// The final settlement; for agency, operator and supervisor.
    pub settlement: Option<Settlement>,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// An asset of an exit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExitAsset {
    /// The id of the version, product, model, output or subscription.
    pub id: String,
    /// The step that deals with it.
    pub step: String,
    /// `raw_data`, `product`, `derived_model`, `trained_model`, `sealed_output` or `open_subscription`.
    pub class: String,
    /// Its name.
    pub name: String,
    /// What it comes from: a resource, scenario or product.
    pub origin: Named,
    /// Whose it is to deal with.
    pub owner: Option<Named>,
    /// The act by which the owner deals with it before it can be reported.
    pub act: Option<String>,
    /// When its key was destroyed; of raw data only.
    pub destroyed_at: Option<String>,
    /// The ways in which it may be reported now: `destroyed`, `handed_over`, `licensed`, `refunded`, `continued`.
    pub outcomes: Vec<String>,
    /// Of an order that the plan says is continued: the successor's agreement; none where it is refunded.
    pub continued_under: Option<Named>,
    /// What was reported to have become of it.
    pub outcome: Option<String>,
    /// What shows it.
    pub evidence: Option<String>,
    /// Of an order that is continued: the subscription at the successor.
    pub successor: Option<String>,
    /// Of a model that is kept: SHA-256 of the assessment whether it reveals raw data.
    pub assessment_sha256: Option<String>,
    /// Of a model that is kept: what the assessment concludes.
    pub reveals_raw_data: Option<bool>,
    /// Whether it is not dealt with and the exit is late.
    pub late: bool,
}

/// A step of an exit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExitStep {
    /// `raw_data`, `models`, `products`, `subscriptions`, `hand_over` or `settlement`.
    pub step: String,
    /// Who answers for it; none until it is planned.
    pub owner: Option<Named>,
    /// The day by which it is done.
    pub due: Option<String>,
    /// When it was reported as done.
    pub done_at: Option<String>,
    /// What shows it.
    pub evidence: Option<String>,
    /// Whether it is not done and its day is over.
    pub late: bool,
}
