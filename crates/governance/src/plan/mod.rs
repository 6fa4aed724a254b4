//! The plan (实施方案) and its expert review (专家论证).
//!
//! ```text
//! draft ─► panel, opinions, public comment ─► answers ─► revision … ─► conclusion ─► collective decision ─► publication
//! ```
//!
//! Every version is kept. Each opinion is answered: adopted in a later version, adopted in part with a reason, or declined
//! with a reason and a legal basis. Nothing changes once the review is concluded, and nothing at all once it is published.

mod answer;
mod draft;
mod evolve;
mod finish;
mod opinion;
mod panel;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Context;
use crate::identifier::{PartyId, PlanId};
use crate::refusal::Refusal;
use crate::state::State;
use crate::text::Text;

pub use answer::{AnswerOpinion, Verdict, decide_answer};
pub use draft::{DraftPlan, RevisePlan, decide_draft, decide_revise};
pub use finish::{ConcludeReview, DecidePlan, PublishPlan, decide_conclude, decide_decision, decide_publish};
pub use opinion::{OpenComment, RecordOpinion, decide_comment, decide_opinion};
pub use panel::{Expert, FormPanel, ReformPanel, decide_panel, decide_reform};

pub(crate) use evolve::evolve;

/// What happened to a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event", content = "of")]
pub enum PlanEvent {
    /// There is a draft.
    Drafted {
        /// The draft.
        draft: Box<DraftPlan>,
        /// Whose it is.
        agency: PartyId,
    },
    /// There is a further version.
    Revised(Box<RevisePlan>),
    /// The panel is formed.
    PanelFormed(Box<FormPanel>),
    /// Another is formed in its place.
    PanelReformed(Box<ReformPanel>),
    /// The public is asked.
    CommentOpened {
        /// When and where.
        comment: OpenComment,
        /// Days by which the record is later than the first day.
        late_days: u32,
    },
    /// An opinion is on record.
    OpinionRecorded(Box<RecordOpinion>),
    /// An opinion is answered.
    OpinionAnswered(Box<AnswerOpinion>),
    /// The review is concluded.
    ReviewConcluded {
        /// What the experts conclude.
        #[serde(flatten)]
        conclusion: Box<ConcludeReview>,
        /// Whether it has passed, where that is not what most experts say: the rules asked for more of them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        passed: Option<bool>,
    },
    /// It is decided collectively.
    Decided(Box<DecidePlan>),
    /// It is public.
    Published(PublishPlan),
}

impl PlanEvent {
    /// The plan.
    #[must_use]
    pub fn stream(&self) -> &str {
        let plan = match self {
            Self::Drafted { draft, .. } => &draft.id,
            Self::Revised(revision) => &revision.plan,
            Self::PanelFormed(panel) => &panel.plan,
            Self::PanelReformed(panel) => &panel.plan,
            Self::CommentOpened { comment, .. } => &comment.plan,
            Self::OpinionRecorded(opinion) => &opinion.plan,
            Self::OpinionAnswered(answer) => &answer.plan,
            Self::ReviewConcluded { conclusion, .. } => &conclusion.plan,
            Self::Decided(decision) => &decision.plan,
            Self::Published(publication) => &publication.plan,
        };
        plan.as_str()
    }
}

/// A plan on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// Its title.
    pub title: String,
    /// Whose it is.
    pub agency: PartyId,
    /// Its versions, the first first.
    pub versions: Vec<PlanVersion>,
    /// The panel that reviews it.
    pub panel: Option<FormPanel>,
    /// When the public may comment, and where it reads the draft.
    pub comment: Option<OpenComment>,
    /// Days by which that came on record late.
    pub comment_late_days: u32,
    /// Opinions by number.
    pub opinions: BTreeMap<u32, Opinion>,
    /// What the panel concluded.
    pub conclusion: Option<ConcludeReview>,
    /// What was decided collectively.
    pub decision: Option<DecidePlan>,
    /// Reviews and meetings in which a version of it failed, the first first.
    #[serde(default)]
    pub failed: Vec<Failed>,
    /// Under what number it is public.
    pub publication: Option<PublishPlan>,
    /// How many events changed it.
    pub revision: u64,
}

/// A review or a meeting in which a version failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// The version, counted from 1.
    pub version: u32,
    /// When.
    pub at: Timestamp,
    /// What it was.
    pub outcome: FailedOutcome,
}

/// In what a version failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailedOutcome {
    /// Most experts were against it.
    Review(ConcludeReview),
    /// The meeting did not adopt it.
    Meeting(DecidePlan),
}

/// A version of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanVersion {
    /// Its sections by their names.
    pub sections: BTreeMap<String, String>,
    /// When.
    pub at: Timestamp,
    /// Why; empty of the first.
    pub reason: String,
}

/// An opinion on a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// What was said, by whom, of which section.
    pub said: RecordOpinion,
    /// The version it speaks of, counted from 1.
    pub version: u32,
    /// The answer.
    pub answer: Option<AnswerOpinion>,
}

impl Plan {
    /// The number of the newest version, counted from 1.
    #[must_use]
    pub fn newest(&self) -> u32 {
        u32::try_from(self.versions.len()).unwrap_or(u32::MAX)
    }

    /// Refuses what may only be done before the review is concluded.
    fn under_review(&self, context: &Context<'_>) -> Result<(), Refusal> {
        if self.conclusion.is_none() {
            return Ok(());
        }
        Err(context.rules.wrong_state(
            Text::new(
                "论证已有结论，方案不再变动",
                "the review is concluded; the plan changes no more",
            ),
            Text::new("如需调整，请另行起草方案", "draft another plan to change it"),
        ))
    }
}

/// The plan of a command, if its review goes on.
fn reviewed<'s>(state: &'s State, id: &PlanId, context: &Context<'_>) -> Result<&'s Plan, Refusal> {
    let plan = state.plan(id, context)?;
    plan.under_review(context)?;
    Ok(plan)
}
