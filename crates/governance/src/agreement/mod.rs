//! Agreements: 整体授权 from the implementing agency to the operator, the first link of the chain.
//!
//! ```text
//! Dropped ◄─ operator declines, agency withdraws ─ Proposed ─(agency seals)─ operator signs─► Signed ─start exit─► Ended
//!                  │    ▲
//!                  ├────┴─ amendment: proposed (and signed) by one side, accepted by the other over the same text,
//!                  │       or declined; or withdrawn by the first
//!                  └─suspend─► nothing is served ─resume, each its own─► Signed
//! ```

mod amend;
mod capacity;
mod evolve;
mod metered;
mod offer;
mod propose;
mod signature;
mod suspend;

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::day_of;
use crate::identifier::{AgreementId, ExitId, PartyId, ResourceId};
use crate::service::Stops;

pub use amend::{
    AcceptAmendment, DeclineAmendment, ProposeAmendment, WithdrawAmendment, decide_accept, decide_amend,
    decide_decline, decide_withdraw,
};
pub use capacity::{Amount, Measure};
pub use metered::{GIGABYTE, Use, used};
pub use propose::{ProposeAgreement, RevenueShare, decide_propose};
pub use signature::{AgreementSignature, SealAgreement, SignAgreement, SignedDocument, decide_seal, decide_sign};
pub use suspend::{ResumeAgreement, SuspendAgreement, decide_resume, decide_suspend};

pub(crate) use evolve::{evolve, proposed, signed};
pub(crate) use offer::check_not_dropped;
pub(crate) use suspend::check_not_suspended;

/// What happened to an agreement that is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event", content = "of")]
pub enum AgreementEvent {
    /// One side proposes other terms.
    AmendmentProposed {
        /// What changes.
        amendment: Box<ProposeAmendment>,
        /// By which side.
        by: PartyId,
        /// The last day for an answer, where the rules of the day set one.
        answer_until: Option<Date>,
    },
    /// The other side accepts them.
    Amended {
        /// The acceptance.
        acceptance: AcceptAmendment,
        /// By which side.
        by: PartyId,
        /// The terms from now on.
        terms: Box<ProposeAgreement>,
    },
    /// The other side declines them.
    AmendmentDeclined(DeclineAmendment),
    /// The first side takes its proposal back.
    AmendmentWithdrawn(WithdrawAmendment),
    /// The operator declines the agreement that was proposed.
    ProposalDeclined(DeclineAmendment),
    /// The agency takes the agreement back that it proposed.
    ProposalWithdrawn(WithdrawAmendment),
    /// Nothing is served under it for now.
    Suspended {
        /// What was asked.
        #[serde(flatten)]
        suspension: SuspendAgreement,
        /// By whom; a record from before this was kept does not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PartyId>,
    },
    /// A suspension ends; all of them by a record that does not say whose.
    Resumed {
        /// What was asked.
        #[serde(flatten)]
        resumption: ResumeAgreement,
        /// Whose suspension ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PartyId>,
    },
    /// The agency has signed the text.
    Sealed(SealAgreement),
    /// The operator has signed the text of an agreement that was signed before.
    TextSigned(SignAgreement),
    /// An exit has ended it.
    Ended {
        /// Which agreement.
        agreement: AgreementId,
        /// By which exit.
        exit: ExitId,
    },
}

impl AgreementEvent {
    /// Whether the amendment that waited, if any, waits no more.
    fn ends_offer(&self) -> bool {
        match self {
            Self::AmendmentProposed { .. }
            | Self::Amended { .. }
            | Self::AmendmentDeclined(_)
            | Self::AmendmentWithdrawn(_) => true,
            Self::ProposalDeclined(_)
            | Self::ProposalWithdrawn(_)
            | Self::Suspended { .. }
            | Self::Resumed { .. }
            | Self::Sealed(_)
            | Self::TextSigned(_)
            | Self::Ended { .. } => false,
        }
    }

    /// The agreement.
    #[must_use]
    pub fn stream(&self) -> &str {
        let agreement = match self {
            Self::AmendmentProposed { amendment, .. } => &amendment.agreement,
            Self::Amended { acceptance, .. } => &acceptance.agreement,
            Self::AmendmentDeclined(refusal) | Self::ProposalDeclined(refusal) => &refusal.agreement,
            Self::AmendmentWithdrawn(withdrawal) | Self::ProposalWithdrawn(withdrawal) => &withdrawal.agreement,
            Self::Suspended { suspension, .. } => &suspension.agreement,
            Self::Resumed { resumption, .. } => &resumption.agreement,
            Self::Sealed(seal) => &seal.agreement,
            Self::TextSigned(signature) => &signature.agreement,
            Self::Ended { agreement, .. } => agreement,
        };
        agreement.as_str()
    }
}

/// An agreement on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// The terms, as amended.
    pub terms: ProposeAgreement,
    /// The agency that proposed it.
    pub agency: PartyId,
    /// Every resource it ever covered: what an amendment takes out of it leaves data behind.
    #[serde(default)]
    pub covered: BTreeSet<ResourceId>,
    /// Where it stands.
    pub status: AgreementStatus,
    /// Why, since when and by whose decision nothing is served under it, the oldest first.
    pub suspended: Vec<Suspended>,
    /// When nothing was served under it.
    #[serde(default)]
    pub stops: Stops,
    /// The amendment that waits for the other side.
    pub proposed: Option<AmendmentOffer>,
    /// Amendments in force, the first first.
    pub amendments: Vec<Amendment>,
    /// Amendments that came to nothing, the first first.
    pub dropped: Vec<DroppedAmendment>,
    /// Signatures on its text, the first first; those on the text before an amendment stay.
    #[serde(default)]
    pub signatures: Vec<AgreementSignature>,
    /// How many events changed it.
    pub revision: u64,
}

impl Agreement {
    /// Whether no exit has ended it.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        matches!(self.status, AgreementStatus::Proposed | AgreementStatus::Signed { .. })
    }

    /// Whether both sides have agreed that it ends on this day or before: the last amendment that moved the end brought it
    /// forward.
    #[must_use]
    pub fn ends_by_agreement(&self, day: Date) -> bool {
        let ends = self.amendments.iter().rev();
        let mut moved = ends.filter_map(|it| it.amendment.term.map(|term| (term.until, it.until_before)));
        let last = moved.find(|(until, before)| until != before);
        last.is_some_and(|(until, before)| until < before) && self.terms.term.until <= day
    }

    /// The terms as they stood when this day was over.
    #[must_use]
    pub fn terms_on(&self, day: Date) -> &ProposeAgreement {
        let mut later = self.amendments.iter().filter(|it| day_of(it.at) > day);
        later.next().map_or(&self.terms, |amendment| &amendment.before)
    }

    /// Whether it has ever been signed.
    #[must_use]
    pub fn is_or_was_in_force(&self) -> bool {
        matches!(
            self.status,
            AgreementStatus::Signed { .. } | AgreementStatus::Ended { .. }
        )
    }
}

/// Why nothing is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspended {
    /// By whom; a record from before this was kept does not say.
    pub by: Option<PartyId>,
    /// Since when.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// An amendment that one side has proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmendmentOffer {
    /// What changes, and why.
    pub amendment: ProposeAmendment,
    /// By which side.
    pub by: PartyId,
    /// When.
    pub at: Timestamp,
    /// The last day for an answer; none where it stays open until it is answered or withdrawn.
    pub answer_until: Option<Date>,
}

/// An amendment that came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DroppedAmendment {
    /// What was proposed.
    pub offer: AmendmentOffer,
    /// When that ended.
    pub at: Timestamp,
    /// How.
    pub end: OfferEnd,
}

/// How an amendment came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "end")]
pub enum OfferEnd {
    /// The other side declined it.
    Declined {
        /// Why.
        reason: String,
    },
    /// Who proposed it took it back.
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// A later one took its place.
    Replaced,
}

/// An amendment in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amendment {
    /// What changed, and why.
    pub amendment: ProposeAmendment,
    /// The last day of the term before it.
    #[serde(default)]
    pub until_before: Date,
    /// The terms before it.
    pub before: Box<ProposeAgreement>,
    /// Which side proposed it.
    pub by: PartyId,
    /// When the other accepted it.
    pub at: Timestamp,
}

/// Where an agreement stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum AgreementStatus {
    /// The agency has proposed it.
    Proposed,
    /// It was never signed: the operator declined it, or the agency withdrew it.
    Dropped {
        /// When.
        at: Timestamp,
        /// How.
        #[serde(flatten)]
        end: OfferEnd,
    },
    /// Both sides have signed.
    Signed {
        /// When the operator signed.
        at: Timestamp,
    },
    /// An exit has begun: nothing is authorized under it any more.
    Ended {
        /// When the operator signed.
        signed: Timestamp,
        /// When the exit began.
        at: Timestamp,
        /// The exit.
        exit: ExitId,
    },
}
