//! Alerts: that a consumer calls, or a developer is refused, in a way that is out of the ordinary.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Named, Text};

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Alert {
    /// Its id.
    pub id: String,
    /// `surge`, `night`, `refusals`, `no_consent`, `failures` or `workbench`.
    pub kind: String,
    /// What it is called.
    pub name: Text,
    /// The rule by which it was raised.
    pub rule: String,
    /// Whom it is about.
    pub party: Named,
    /// The product that was called; none at the workbench.
    pub product: Option<Named>,
    /// The scenario.
    pub scenario: Named,
    /// The day that was counted.
    pub day: String,
    /// How many were counted on that day when it was raised.
    pub figure: u64,
    /// From how many on it is raised.
    pub bound: u64,
    /// When it was raised.
    pub raised: String,
    /// The last day on which it is handled in time.
    pub due: String,
    /// Whether it was handled after that, or waits and it is over.
    pub late: bool,
    /// What came of it; none while it waits.
    pub handled: Option<AlertHandled>,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// What came of an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AlertHandled {
    /// `false_alarm`, `measures_taken` or `made_incident`.
    pub outcome: String,
    /// What it is called.
    pub name: Text,
    /// Why, or what was found and done.
    pub how: String,
    /// The measures by their names.
    pub measures: Vec<Text>,
    /// The incident that it was made.
    pub incident: Option<Named>,
    /// By whom.
    pub by: Named,
    /// When.
    pub at: String,
}
