//! Links of the chain: agreements, scenarios, subscriptions, consents.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;
use crate::document::AgreementSignature;

/// First and last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Term {
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
}

/// An agreement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Agreement {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The implementing agency.
    pub agency: Named,
    /// The operator.
    pub operator: Named,
    /// Its term.
    pub term: Term,
    /// Resources in scope.
    pub resources: Vec<Named>,
    /// Purposes in scope.
    pub purposes: Vec<String>,
    /// Clauses by id.
    pub clauses: BTreeMap<String, String>,
    /// Revenue shares.
    pub shares: Vec<Share>,
    /// Partners' part of the products listed under it.
    pub development: Development,
    /// `{state: proposed | signed | ended, at?}`.
    pub status: serde_json::Value,
    /// The scale that is authorized and provided.
    pub capacity: Vec<Capacity>,
    /// SHA-256 of the terms: what is signed or declined is what was read.
    pub terms_sha256: String,
    /// Why nothing is served under it for now, and by whom, the first first.
    pub suspended: Vec<Suspension>,
    /// The amendment that waits for the other side.
    pub proposed: Option<ProposedAmendment>,
    /// Amendments in force, the first first.
    pub amendments: Vec<Amendment>,
    /// Amendments that came to nothing, the first first.
    pub dropped: Vec<DroppedAmendment>,
    /// Signatures of the parties on its text, the first first.
    pub signatures: Vec<AgreementSignature>,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// An amount of an agreement's scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Capacity {
    /// What it measures, such as `calls_per_day`.
    pub measure: String,
    /// The same in Chinese, with its unit.
    pub name: String,
    /// How much.
    pub quantity: u64,
    /// How much of it is used now, in the same unit; for agency, operator and supervisor, where it is measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used: Option<String>,
    /// The same in percent of the amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<u64>,
    /// Whether its sides are told to amend it in time.
    pub nearly_used: bool,
    /// Versions that are not counted, since their bytes are not on record.
    pub unmeasured: u64,
}

/// What a party has suspended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Suspension {
    /// By whom; a record from before this was kept does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Named>,
    /// Since when, RFC 3339, UTC.
    pub at: String,
    /// Why.
    pub reason: String,
}

/// An amendment that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProposedAmendment {
    /// Which side proposed it; the other answers.
    pub by: Named,
    /// When.
    pub at: String,
    /// The last day for an answer, where there is one.
    pub answer_until: Option<String>,
    /// Why.
    pub reason: String,
    /// What changes, in Chinese, a line each.
    pub changes: Vec<String>,
    /// SHA-256 of the terms as they will stand; the acceptance names it.
    pub terms_sha256: String,
    /// Signatures on the text as it will stand.
    pub signatures: Vec<AgreementSignature>,
}

/// An amendment in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Amendment {
    /// Which side proposed it.
    pub by: Named,
    /// Since when.
    pub at: String,
    /// Why.
    pub reason: String,
}

/// An amendment that was declined, withdrawn or replaced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DroppedAmendment {
    /// Which side proposed it.
    pub by: Named,
    /// When it came to nothing.
    pub at: String,
    /// Why it was proposed.
    pub reason: String,
    /// What would have changed, in Chinese, a line each.
    pub changes: Vec<String>,
    /// `{end: declined | withdrawn | replaced, reason?}`.
    pub end: serde_json::Value,
}

/// How much of what is listed under an agreement partners have developed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Development {
    /// Products that partners have developed.
    pub by_partners: usize,
    /// All products that are listed.
    pub listed: usize,
    /// How many of a hundred partners may have developed; 100 where the district has set no limit.
    pub partner_percent_max: usize,
}

/// The engagement of a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Engagement {
    /// Its id.
    pub id: String,
    /// The partner.
    pub partner: Named,
    /// The operator that engaged it, under whose agreement it works.
    pub operator: Named,
    /// The scenarios that it works in.
    pub scenarios: Vec<Named>,
    /// SHA-256 of the joint-liability agreement that was signed.
    pub joint_liability_sha256: String,
    /// From and until when; as long as the agreement where it is left out.
    pub term: Option<Term>,
    /// Since when it is on record.
    pub at: String,
    /// `to_come`, `in_force`, `over` or `ended`.
    pub status: String,
    /// When and why it was ended.
    pub ended: Option<EngagementEnd>,
    /// What the partner has submitted in these scenarios.
    pub products: Vec<Named>,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// The end of an engagement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EngagementEnd {
    /// When.
    pub at: String,
    /// Why.
    pub reason: String,
}

/// A revenue share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Share {
    /// Who receives it.
    pub party: Named,
    /// Basis points of the fee.
    pub share: u32,
}

/// A scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Scenario {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The agreement it stands under.
    pub agreement: Named,
    /// The purpose of use.
    pub purpose: String,
    /// `public_governance`, `public_welfare` or `industry`.
    pub price_class: String,
    /// Resources, their fields and their providers' word.
    pub resources: Vec<ScenarioResource>,
    /// Who may consume.
    pub consumer_class: String,
    /// How it is computed.
    pub technique: String,
    /// Form of output.
    pub output_form: String,
    /// Most calls in all.
    pub quota_calls_max: u64,
    /// Calls answered so far.
    pub calls: u64,
    /// Calls that were permitted and gave no answer so far; they use up the quota too.
    pub failed: u64,
    /// Its term.
    pub term: Term,
    /// `{state: applied | granted | frozen | refused | withdrawn | ended, at?, granted?, reason?, causes?: [{cause, at, reason}]}`.
    pub status: serde_json::Value,
    /// The last day on which a provider's approval is in time.
    pub approvals_due: String,
    /// A supervisor's objection that stands.
    pub objection: Option<String>,
    /// Its risks, once they are assessed.
    pub risks: Vec<ScenarioRisk>,
    /// SHA-256 of the report on them, for agency, operator and supervisor.
    pub risk_report_sha256: Option<String>,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// A risk of a scenario, its measure taken into account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ScenarioRisk {
    /// Its name.
    pub name: String,
    /// How likely it stays, 1 to 5.
    pub likelihood: u32,
    /// How much harm it would do, 1 to 5.
    pub impact: u32,
    /// What is done against it.
    pub measure: String,
}

/// A resource in a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ScenarioResource {
    /// The resource.
    pub resource: Named,
    /// Its provider.
    pub provider: Named,
    /// Fields that may be used.
    pub fields: Vec<String>,
    /// `{state: given | declined, at, reason?}`, or none while it waits.
    pub approval: Option<serde_json::Value>,
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Subscription {
    /// Its id.
    pub id: String,
    /// The consumer.
    pub consumer: Named,
    /// The product.
    pub product: Named,
    /// The purpose.
    pub purpose: String,
    /// Most calls.
    pub quota_calls_max: u64,
    /// Calls answered so far.
    pub calls: u64,
    /// Calls that were permitted and gave no answer so far; they use up the quota too.
    pub failed: u64,
    /// Of those of today, the ones that may tell of the data.
    pub failed_today: u64,
    /// Most of those on a day (`chain.failures`).
    pub failed_today_max: u64,
    /// Charged so far, in yuan.
    pub charged: String,
    /// The quota that one side has proposed and the other not agreed to yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed: Option<ProposedQuota>,
    /// Whether it runs.
    pub open: bool,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// Another quota of a subscription that one side has proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProposedQuota {
    /// By whom.
    pub by: Named,
    /// When, RFC 3339, UTC.
    pub at: String,
    /// Most calls in all.
    pub quota_calls_max: u64,
}

/// A consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Consent {
    /// Its id.
    pub id: String,
    /// Who gave it.
    pub subject: Named,
    /// Who may use.
    pub consumer: Named,
    /// For what.
    pub purpose: String,
    /// Which resource.
    pub resource: Named,
    /// Which fields.
    pub fields: Vec<String>,
    /// Its term.
    pub term: Term,
    /// When it was withdrawn.
    pub withdrawn: Option<String>,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// What a party has received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Revenue {
    /// The party.
    pub party: Named,
    /// Received, in yuan.
    pub received: String,
    /// Calls it came from.
    pub calls: u64,
}
