//! Selection of the operator (遴选运营机构): by open tender, invited tender, negotiation, or another way of fair competition
//! (27号). No condition may speak of shares in equity or of ownership (公平竞争 13(5); 论证, opinion 5).
//!
//! ```text
//! announcement ─► applications ─► qualification ─► panel, scores ─► publicity ─► objections ─► result
//! ```
//!
//! The panel may be seated anew until it has scored; an applicant takes its application back while applications are taken;
//! the agency gives a selection up with its reasons, in public, or goes on with the next candidate where the winner does not
//! sign.
//!
//! Hard conditions are held or not; scored ones carry points that the panel gives. Who is first follows from the record.

mod announce;
mod apply;
mod cancel;
mod check;
mod evolve;
mod fail;
mod object;
mod panel;
mod qualify;
mod rank;
mod result;
mod score;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Context;
use crate::identifier::{PartyId, SelectionId};
use crate::refusal::Refusal;
use crate::state::State;
use crate::text::Text;

pub use announce::{AnnounceSelection, Criterion, Method, Mode, decide_announce};
pub use apply::{ApplySelection, decide_apply};
pub use cancel::{CancelSelection, WithdrawApplication, decide_cancel, decide_withdraw};
pub use check::RecordCheck;
pub use fail::{FailSelection, decide_fail};
pub use object::{ObjectSelection, Received, ResolveObjection, decide_object, decide_resolve};
pub use panel::{PanelMember, ReseatPanel, SeatPanel, decide_reseat, decide_seat};
pub use qualify::{QualifyApplicant, decide_qualify};
pub use rank::{Ranked, ranking};
pub use result::{ConfirmSelection, PublicizeCandidate, carried_by, decide_confirm, decide_publicize};
pub use score::{ScoreApplicant, decide_score};

pub(crate) use evolve::evolve;
pub(crate) use result::{check_selected, check_unused};

/// What happened in a selection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event", content = "of")]
pub enum SelectionEvent {
    /// It is announced.
    Announced {
        /// What is asked for.
        announcement: Box<AnnounceSelection>,
        /// By whom.
        agency: PartyId,
        /// Days by which the record is later than the first day of applications.
        late_days: u32,
    },
    /// Somebody applies.
    Applied {
        /// What the applicant states.
        application: Box<ApplySelection>,
        /// Who.
        applicant: PartyId,
    },
    /// Whether an applicant qualifies is decided.
    Qualified(QualifyApplicant),
    /// The panel is seated.
    Seated(Box<SeatPanel>),
    /// Others sit on the panel, before it has scored.
    Reseated(Box<ReseatPanel>),
    /// An applicant takes its application back.
    Left {
        /// What it says.
        withdrawal: WithdrawApplication,
        /// Who.
        applicant: PartyId,
    },
    /// The agency gives it up, or the winner of it.
    Cancelled(Box<CancelSelection>),
    /// The panel has scored an applicant.
    Scored(Box<ScoreApplicant>),
    /// The public sees who is to be the operator.
    Publicized {
        /// Who, when and where.
        publicity: PublicizeCandidate,
        /// Days by which the record is later than the first day.
        late_days: u32,
    },
    /// Somebody objects.
    Objected(Box<ObjectSelection>),
    /// An objection is answered.
    Resolved(Box<ResolveObjection>),
    /// The operator is selected.
    Confirmed(ConfirmSelection),
    /// It has come to nothing.
    Failed(FailSelection),
}

impl SelectionEvent {
    /// The selection.
    #[must_use]
    pub fn stream(&self) -> &str {
        let selection = match self {
            Self::Announced { announcement, .. } => &announcement.id,
            Self::Applied { application, .. } => &application.selection,
            Self::Qualified(decision) => &decision.selection,
            Self::Seated(panel) => &panel.selection,
            Self::Reseated(panel) => &panel.selection,
            Self::Left { withdrawal, .. } => &withdrawal.selection,
            Self::Cancelled(cancellation) => &cancellation.selection,
            Self::Scored(score) => &score.selection,
            Self::Publicized { publicity, .. } => &publicity.selection,
            Self::Objected(objection) => &objection.selection,
            Self::Resolved(answer) => &answer.selection,
            Self::Confirmed(result) => &result.selection,
            Self::Failed(failure) => &failure.selection,
        };
        selection.as_str()
    }
}

/// A selection on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// What was announced.
    pub announcement: AnnounceSelection,
    /// By whom.
    pub agency: PartyId,
    /// When.
    pub at: Timestamp,
    /// Days by which the announcement came on record late.
    pub announced_late_days: u32,
    /// Who applied.
    pub applicants: BTreeMap<PartyId, Applicant>,
    /// The panel.
    pub panel: Option<SeatPanel>,
    /// The candidate that the public sees.
    pub publicity: Option<PublicizeCandidate>,
    /// Days by which that came on record late.
    pub publicity_late_days: u32,
    /// Who took its application back, oldest first.
    #[serde(default)]
    pub withdrawn: Vec<WithdrawnApplication>,
    /// Candidates whom an objection that was upheld has set aside, and winners who did not sign.
    pub set_aside: BTreeSet<PartyId>,
    /// Objections by number.
    pub objections: BTreeMap<u32, Objection>,
    /// The selected operator.
    pub selected: Option<PartyId>,
    /// Why and since when it has come to nothing.
    #[serde(default)]
    pub failed: Option<FailedSelection>,
    /// How many events changed it.
    pub revision: u64,
}

/// A selection that has come to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedSelection {
    /// Since when.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// Where that is published, of one that the agency gave up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
}

/// An application that was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawnApplication {
    /// Whose.
    pub applicant: PartyId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// An applicant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applicant {
    /// What it states.
    pub application: ApplySelection,
    /// When it applied.
    pub at: Timestamp,
    /// Whether it qualifies, once that is decided.
    pub qualification: Option<QualifyApplicant>,
    /// Points by member and criterion.
    pub scores: BTreeMap<String, BTreeMap<String, u32>>,
}

/// An objection to the candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// What is objected.
    pub raised: ObjectSelection,
    /// When.
    pub at: Timestamp,
    /// The candidate it is about.
    pub candidate: PartyId,
    /// The answer.
    pub answer: Option<ResolveObjection>,
    /// When it was answered.
    pub answered: Option<Timestamp>,
}

impl Selection {
    /// Applicants who qualify.
    pub fn qualified(&self) -> impl Iterator<Item = (&PartyId, &Applicant)> {
        let holds = |applicant: &Applicant| applicant.qualification.as_ref().is_some_and(|it| it.qualified);
        self.applicants.iter().filter(move |(_, applicant)| holds(applicant))
    }
}

/// The selection of a command, if nobody is selected yet.
fn open<'s>(state: &'s State, id: &SelectionId, context: &Context<'_>) -> Result<&'s Selection, Refusal> {
    let selection = state.selection(id, context)?;
    if selection.failed.is_some() {
        return Err(context.rules.wrong_state(
            Text::new("遴选已流标或取消", "the selection has come to nothing, or is cancelled"),
            Text::new("请重新公告遴选", "announce another (`selection.announce`)"),
        ));
    }
    if selection.selected.is_none() {
        return Ok(selection);
    }
    Err(context.rules.wrong_state(
        Text::new("遴选已有结果", "the operator is selected"),
        Text::new("如需另行遴选，请重新公告", "announce another selection"),
    ))
}
