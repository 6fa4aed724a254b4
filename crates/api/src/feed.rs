//! The feed of acts and calls.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A line of the feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FeedItem {
    /// Index in the ledger.
    pub index: u64,
    /// When.
    pub at: String,
    /// `act` or `call`.
    pub kind: String,
    /// Id of the act.
    pub act: String,
    /// Name of the party.
    pub actor: String,
    /// Name of the product of a call.
    pub product: Option<String>,
    /// Scenario of a call, or what an act changed.
    pub stream: Option<String>,
    /// `recorded`, `answered`, `failed` or `refused`.
    pub outcome: String,
    /// Rule that refused a call.
    pub refused_by: Option<String>,
    /// What kept a permitted call from its answer: `time`, `memory`, `rows`, `bytes`, `model`, `execution`,
    /// `unreachable` or `abandoned`.
    pub failure: Option<String>,
    /// Kinds of the alerts that it raised: `surge`, `night`, `refusals`, `no_consent`, `failures` or `workbench`.
    pub alerts: Vec<String>,
    /// Fee in yuan.
    pub fee: String,
    /// The line in words.
    pub text: crate::Text,
}
