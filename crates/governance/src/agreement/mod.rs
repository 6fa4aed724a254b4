//! Agreements: 整体授权 from the implementing agency to the operator, the first link of the chain.
//!
//! ```text
//! Proposed ─(agency seals)─ operator signs─► Signed ─start exit─► Ended
//!                  │    ▲
//!                  ├────┴─ amendment: proposed (and sealed) by the agency, accepted by the operator over the same text
//!                  └─suspend─► nothing is served ─resume─► Signed
//! ```

mod amend;
mod evolve;
mod propose;
mod signature;
mod suspend;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::identifier::{AgreementId, ExitId, PartyId};

pub use amend::{AcceptAmendment, ProposeAmendment, decide_accept, decide_amend};
pub use propose::{ProposeAgreement, RevenueShare, decide_propose};
pub use signature::{AgreementSignature, SealAgreement, SignAgreement, SignedDocument, decide_seal, decide_sign};
pub use suspend::{ResumeAgreement, SuspendAgreement, decide_resume, decide_suspend};

pub(crate) use evolve::{evolve, proposed, signed};
pub(crate) use suspend::check_not_suspended;

/// What happened to an agreement that is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event", content = "of")]
pub enum AgreementEvent {
    /// The agency proposes other terms.
    AmendmentProposed(Box<ProposeAmendment>),
    /// The operator accepts them.
    Amended {
        /// The acceptance.
        acceptance: AcceptAmendment,
        /// The terms from now on.
        terms: Box<ProposeAgreement>,
    },
    /// Nothing is served under it for now.
    Suspended(SuspendAgreement),
    /// It is served again.
    Resumed(ResumeAgreement),
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
    /// The agreement.
    #[must_use]
    pub fn stream(&self) -> &str {
        let agreement = match self {
            Self::AmendmentProposed(amendment) => &amendment.agreement,
            Self::Amended { acceptance, .. } => &acceptance.agreement,
            Self::Suspended(suspension) => &suspension.agreement,
            Self::Resumed(resumption) => &resumption.agreement,
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
    /// Where it stands.
    pub status: AgreementStatus,
    /// Why and since when nothing is served under it.
    pub suspended: Option<Suspended>,
    /// The amendment that waits for the operator.
    pub proposed: Option<ProposeAmendment>,
    /// Amendments in force, the first first.
    pub amendments: Vec<Amendment>,
    /// Signatures on its text, the first first; those on the text before an amendment stay.
    #[serde(default)]
    pub signatures: Vec<AgreementSignature>,
    /// How many events changed it.
    pub revision: u64,
}

/// Why nothing is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspended {
    /// Since when.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// An amendment in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amendment {
    /// What changed, and why.
    pub amendment: ProposeAmendment,
    /// When the operator accepted it.
    pub at: Timestamp,
}

/// Where an agreement stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum AgreementStatus {
    /// The agency has proposed it.
    Proposed,
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
