//! Scenarios: the second link of the chain. Under an agreement, the operator applies; the agency
//! grants; every provider whose resource is used approves; a supervisor may freeze.
//!
//! ```text
//! Applied ─grant─► Granted ─freeze─► Frozen
//!                     ▲                 │
//!                     └──────thaw───────┘
//! ```
//!
//! Approvals run beside it: the scenario is in force when it is granted and every resource in it
//! is approved by its provider.

mod apply;
mod approval;
mod freeze;
mod grant;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use apply::{ApplyScenario, decide_apply};
pub(crate) use apply::{check_agreement, check_in_force};
pub use approval::{ApproveResource, DeclineResource, decide_approve, decide_decline};
pub use freeze::{FreezeScenario, ThawScenario, decide_freeze, decide_thaw};
pub use grant::{GrantScenario, decide_grant};

use crate::identifier::ResourceId;

/// How a use treats its fee (65号).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PriceClass {
    /// 公共治理: free.
    PublicGovernance,
    /// 公益事业: free.
    PublicWelfare,
    /// 产业发展、行业发展: a fee under the ceiling.
    Industry,
}

impl PriceClass {
    /// Whether use is free of charge.
    #[must_use]
    pub fn is_free(self) -> bool {
        match self {
            Self::PublicGovernance | Self::PublicWelfare => true,
            Self::Industry => false,
        }
    }
}

/// A scenario on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    /// What was applied for.
    pub application: ApplyScenario,
    /// Where it stands.
    pub status: ScenarioStatus,
    /// What each provider said of its resource.
    pub approvals: BTreeMap<ResourceId, Approval>,
    /// How many events changed it.
    pub revision: u64,
}

impl Scenario {
    /// Resources whose provider has not approved.
    pub fn unapproved(&self) -> impl Iterator<Item = &ResourceId> {
        let approved = |resource: &ResourceId| matches!(self.approvals.get(resource), Some(Approval::Given { .. }));
        self.application
            .resources
            .keys()
            .filter(move |resource| !approved(resource))
    }
}

/// Where a scenario stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum ScenarioStatus {
    /// Waits for the agency.
    Applied,
    /// Granted.
    Granted {
        /// When.
        at: Timestamp,
    },
    /// Frozen by a supervisor.
    Frozen {
        /// When it was granted.
        granted: Timestamp,
        /// When it was frozen.
        at: Timestamp,
        /// Why.
        reason: String,
    },
}

/// What a provider said of the use of its resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Approval {
    /// Approved.
    Given {
        /// When.
        at: Timestamp,
    },
    /// Declined.
    Declined {
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
}

/// The fields of one resource that a scenario may use.
pub type FieldSet = BTreeSet<String>;
