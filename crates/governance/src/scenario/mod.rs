//! Scenarios: the second link of the chain. Under an agreement, the operator applies; the agency
//! grants; every provider whose resource is used approves; a supervisor may freeze.
//!
//! ```text
//! Applied ─grant─► Granted ─freeze─► Frozen ─┐
//!    │                ▲ │               │    ├─end─► Ended
//!    │                └─┼────thaw───────┘    │
//!    │                  ├─narrow─► less of it│
//!    ├─refuse──► Refused└────────────────────┘
//!    └─withdraw─► Withdrawn
//! ```
//!
//! What is granted only becomes less. For a longer term, a larger quota or more fields the operator applies for a scenario
//! that follows it, which its providers approve and the agency grants; products go over to it as new versions.
//!
//! Before the grant, the operator assesses the risks, and a supervisor may object. Approvals run beside it: the scenario is in force when it is granted and every resource in it
//! is approved by its provider.

mod apply;
mod approval;
mod end;
mod freeze;
mod grant;
mod narrow;
mod objection;
mod regrade;
mod risk;
mod turn_down;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use apply::{ApplyScenario, decide_apply};
pub(crate) use apply::{check_agreement, check_in_force, check_in_term, check_scope};
pub use approval::{ApproveResource, DeclineResource, decide_approve, decide_decline};
pub use end::{EndScenario, decide_end};
pub use freeze::{Freeze, FreezeCause, FreezeScenario, ThawScenario, decide_freeze, decide_thaw};
pub(crate) use freeze::{frozen, thawed};
pub use grant::{GrantScenario, decide_grant};

pub use narrow::{NarrowScenario, Narrowing, decide_narrow};
pub use objection::{LiftObjection, ObjectScenario, Objection, decide_lift, decide_object};
pub(crate) use regrade::regraded_with;
pub use risk::{AssessRisk, RiskFinding, decide_risk};
pub use turn_down::{RefuseScenario, WithdrawScenario, decide_refuse, decide_withdraw};

use crate::calendar::day_of;
use crate::deadline::Deadline;
use crate::identifier::{PartyId, ResourceId};
use crate::rules::Rules;
use crate::service::Stops;

/// What happened to a scenario beside its grant and its freezes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event", content = "of")]
pub enum ScenarioEvent {
    /// Its risks are assessed.
    RiskAssessed(Box<AssessRisk>),
    /// A supervisor objects.
    Objected {
        /// What it says.
        #[serde(flatten)]
        objection: ObjectScenario,
        /// Which; a record from before this was kept does not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PartyId>,
    },
    /// A supervisor takes its objection back; all are by a record that does not say whose.
    ObjectionLifted {
        /// What has settled it.
        #[serde(flatten)]
        lift: LiftObjection,
        /// Which.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PartyId>,
    },
    /// The agency refuses it.
    Refused(RefuseScenario),
    /// Its application is taken back.
    Withdrawn(WithdrawScenario),
    /// It becomes less.
    Narrowed {
        /// What changes, and why.
        narrowing: Box<NarrowScenario>,
        /// By whom.
        by: PartyId,
        /// What stays granted.
        granted: Box<ApplyScenario>,
    },
    /// It has ended.
    Ended {
        /// Why.
        end: EndScenario,
        /// By whom.
        by: PartyId,
    },
}

impl ScenarioEvent {
    /// The scenario.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::RiskAssessed(risk) => risk.scenario.as_str(),
            Self::Objected { objection, .. } => objection.scenario.as_str(),
            Self::ObjectionLifted { lift, .. } => lift.scenario.as_str(),
            Self::Refused(refusal) => refusal.scenario.as_str(),
            Self::Withdrawn(withdrawal) => withdrawal.scenario.as_str(),
            Self::Narrowed { narrowing, .. } => narrowing.scenario.as_str(),
            Self::Ended { end, .. } => end.scenario.as_str(),
        }
    }
}

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
    /// What was applied for, as far as it was not narrowed since.
    pub application: ApplyScenario,
    /// How it was narrowed, the first first.
    pub narrowings: Vec<Narrowing>,
    /// Where it stands.
    pub status: ScenarioStatus,
    /// When it was applied for.
    pub applied: Timestamp,
    /// Its risks, once they are assessed.
    pub risk: Option<AssessRisk>,
    /// Supervisors' objections that stand, the oldest first.
    pub objections: Vec<Objection>,
    /// What each provider said of its resource.
    pub approvals: BTreeMap<ResourceId, Approval>,
    /// When it was frozen.
    #[serde(default)]
    pub stops: Stops,
    /// When the provider of a resource declined its use.
    #[serde(default)]
    pub declined: BTreeMap<ResourceId, Stops>,
    /// When amendments left it outside its agreement.
    #[serde(default)]
    pub outside: Stops,
    /// How many events changed it.
    pub revision: u64,
}

impl ScenarioStatus {
    /// The stable word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Granted { .. } => "granted",
            Self::Frozen { .. } => "frozen",
            Self::Refused { .. } => "refused",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Ended { .. } => "ended",
        }
    }

    /// Whether it may still be used, or come to be.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self {
            Self::Applied | Self::Granted { .. } | Self::Frozen { .. } => true,
            Self::Refused { .. } | Self::Withdrawn { .. } | Self::Ended { .. } => false,
        }
    }
}

impl Scenario {
    /// When it was granted; none while it waits, and where it never was.
    #[must_use]
    pub fn granted(&self) -> Option<Timestamp> {
        match self.status {
            ScenarioStatus::Applied | ScenarioStatus::Refused { .. } | ScenarioStatus::Withdrawn { .. } => None,
            ScenarioStatus::Granted { at }
            | ScenarioStatus::Frozen { granted: at, .. }
            | ScenarioStatus::Ended { granted: at, .. } => Some(at),
        }
    }

    /// The last day on which a provider is in time with its decision, by the calendar of the day.
    #[must_use]
    pub fn approvals_due(&self, rules: &Rules) -> Date {
        self.approval_deadline(rules).due
    }

    fn approval_deadline(&self, rules: &Rules) -> Deadline {
        let days = rules.parameters().approval_working_days;
        Deadline::count(day_of(self.applied), days, rules.working_days())
    }

    /// Whether the time is over, for certain: a deadline in a year that is not arranged yet ends nothing.
    fn is_silent(&self, rules: &Rules, day: Date) -> bool {
        let deadline = self.approval_deadline(rules);
        !deadline.provisional && deadline.is_over(day)
    }

    /// Resources whose provider has not approved, as things are on this day: where the rules say so, silence is approval
    /// once the time is over.
    pub fn unapproved<'s>(&'s self, rules: &Rules, day: Date) -> impl Iterator<Item = &'s ResourceId> + use<'s> {
        let silence = rules.parameters().silence_approves && self.is_silent(rules, day);
        let approved = move |resource: &ResourceId| match self.approvals.get(resource) {
            Some(Approval::Given { .. }) => true,
            Some(Approval::Declined { .. }) => false,
            None => silence,
        };
        let resources = self.application.resources.keys();
        resources.filter(move |resource| !approved(resource))
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
    /// Frozen.
    Frozen {
        /// When it was granted.
        granted: Timestamp,
        /// For what, the oldest first; it is thawed with the last of them.
        causes: Vec<Freeze>,
    },
    /// Refused by the agency.
    Refused {
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// Its application was taken back.
    Withdrawn {
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// Ended.
    Ended {
        /// When it was granted.
        granted: Timestamp,
        /// When it ended.
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
