//! Plans and their review.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;
use crate::chain::Term;

/// A plan of authorized operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Plan {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Whose it is.
    pub agency: Named,
    /// `under_review`, `concluded`, `decided` or `published`.
    pub state: String,
    /// The sections of the newest version, in the order of the rule pack.
    pub sections: Vec<PlanSection>,
    /// Its versions, the first first.
    pub versions: Vec<PlanVersion>,
    /// The panel, once there is one.
    pub panel: Option<Panel>,
    /// When the public was or is asked, and where.
    pub comment: Option<Comment>,
    /// Opinions in their order.
    pub opinions: Vec<Opinion>,
    /// What the panel concluded.
    pub conclusion: Option<Conclusion>,
    /// The meeting that decided.
    pub decision: Option<Decision>,
    /// Reviews and meetings in which a version of it failed, the first first.
    pub failed: Vec<FailedVersion>,
    /// The number under which it was published.
    pub document_number: Option<String>,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// A review or a meeting in which a version failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FailedVersion {
    /// The version, counted from 1.
    pub version: u32,
    /// When, RFC 3339, UTC.
    pub at: String,
    /// What the panel concluded, where most experts were against it.
    pub conclusion: Option<Conclusion>,
    /// The meeting that did not adopt it.
    pub decision: Option<Decision>,
}

/// A section of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlanSection {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A version of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlanVersion {
    /// Counted from 1.
    pub number: u32,
    /// When.
    pub at: String,
    /// Why; empty of the first.
    pub reason: String,
    /// What differs from the version before; nothing of the first.
    pub changes: Vec<PlanChange>,
}

/// A section that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlanChange {
    /// The section.
    pub section: String,
    /// As it was.
    pub before: String,
    /// As it is.
    pub after: String,
}

/// The panel of experts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Panel {
    /// Who leads it.
    pub leader: String,
    /// Its experts.
    pub experts: Vec<Expert>,
}

/// An expert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Expert {
    /// Name.
    pub name: String,
    /// Where the expert works.
    pub works_for: String,
    /// What the expert knows.
    pub speciality: String,
}

/// A public comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Comment {
    /// From and until when.
    pub term: Term,
    /// Where the draft is published.
    pub notice: String,
    /// Days by which it came on record after it began.
    pub late_days: u32,
    /// The notice as it was published, where it came on record late.
    pub evidence_sha256: Option<String>,
}

/// An opinion and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Opinion {
    /// Its number.
    pub number: u32,
    /// The expert; nobody where it came from the public.
    pub expert: Option<String>,
    /// The section it is about; none where it is about the whole.
    pub section: Option<String>,
    /// What was said.
    pub text: String,
    /// The version it speaks of.
    pub version: u32,
    /// The answer; none while it waits.
    pub answer: Option<OpinionAnswer>,
}

/// An answer to an opinion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpinionAnswer {
    /// `adopted`, `partly_adopted` or `declined`.
    pub verdict: String,
    /// What was changed, or why it was not.
    pub reason: String,
    /// The law or document it is declined by.
    pub basis: String,
}

/// What a panel concluded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Conclusion {
    /// Experts in favour.
    pub in_favour: u32,
    /// Experts against.
    pub against: u32,
    /// On legality and reasonableness.
    pub text: String,
}

/// A collective decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Decision {
    /// The meeting, by its minutes.
    pub meeting: String,
    /// SHA-256 of the minutes.
    pub minutes_sha256: String,
}
