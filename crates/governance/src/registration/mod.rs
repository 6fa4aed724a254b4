//! Registration of resources and of products (26号): applied for by whoever holds them, accepted, formally reviewed,
//! shown to the public, and given a code with a certificate that anybody can query.
//!
//! ```text
//! Applied ─accept─► Accepted ─review─► Publicized ─assign─► Registered
//!    └─────return──────┴──────return──────►┴──objection upheld──► Returned
//!    └─ withdraw, by whoever applied, until it has its code ────► Withdrawn
//! ```
//!
//! What was registered before the platform comes on record by its papers: its review gives it the code that it has
//! (`earlier`), and no second publicity.
//!
//! Each step has a deadline in working days. A step done late is recorded as late, never refused. An open objection
//! stops the clock of the publicity.

mod apply;
mod assign;
mod earlier;
mod evolve;
mod objection;
mod required;
mod step;
mod withdraw;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Context;
use crate::calendar::{Term, day_of};
use crate::deadline::Deadline;
use crate::identifier::{PartyId, ProductId, RegistrationId, ResourceId};
use crate::refusal::Refusal;
use crate::state::State;
use crate::text::Text;
use crate::working_days::WorkingDays;

pub use apply::{ApplyRegistration, Material, RegistrationType, decide_apply};
pub use assign::{AssignCode, Certificate, decide_assign};
pub use earlier::EarlierRegistration;
pub(crate) use evolve::evolve;
pub use objection::{ObjectToRegistration, Objection, ResolveRegistrationObjection, decide_object, decide_resolve};
pub(crate) use required::{check_not_in_use, check_required};
pub use step::{AcceptRegistration, ReviewRegistration, decide_accept, decide_review};
pub use withdraw::{WithdrawRegistration, decide_withdraw};

/// What can be registered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Registrable {
    /// 公共数据资源, by its provider.
    Resource {
        /// Which.
        resource: ResourceId,
    },
    /// 数据产品和服务, by the operator.
    Product {
        /// Which.
        product: ProductId,
    },
}

impl Registrable {
    /// The word by which rule packs name the kind.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Resource { .. } => "resource",
            Self::Product { .. } => "product",
        }
    }

    /// The name of the thing.
    ///
    /// # Errors
    /// Refuses a thing that is not on record.
    pub fn name<'s>(&self, state: &'s State, context: &Context<'_>) -> Result<&'s str, Refusal> {
        Ok(match self {
            Self::Resource { resource } => &state.resource(resource, context)?.registration.name,
            Self::Product { product } => &state.product(product, context)?.submission.name,
        })
    }
}

/// A step that has a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// 受理.
    Acceptance,
    /// 形式审核.
    Review,
    /// 公示.
    Publicity,
}

/// A step with its clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Until when.
    pub deadline: Deadline,
    /// When it was done; none while it is not.
    pub done: Option<Timestamp>,
}

/// What happened to a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event", content = "of")]
pub enum RegistrationEvent {
    /// It is applied for.
    Applied {
        /// What was asked.
        application: Box<ApplyRegistration>,
        /// By whom.
        applicant: PartyId,
        /// By when it is to be accepted or returned.
        deadline: Deadline,
    },
    /// It is accepted, and to be reviewed by then.
    Accepted {
        /// What was decided.
        accept: AcceptRegistration,
        /// By when it is to be reviewed.
        deadline: Deadline,
    },
    /// It has passed the review, and is shown to the public until then.
    Publicized {
        /// What was decided.
        review: ReviewRegistration,
        /// Until when.
        deadline: Deadline,
    },
    /// It goes back to whoever applied.
    Returned {
        /// Which.
        registration: RegistrationId,
        /// Why.
        reason: String,
    },
    /// Somebody objects: the clock of the publicity stops.
    Objected {
        /// What was said.
        objection: Box<ObjectToRegistration>,
        /// By whom.
        by: PartyId,
    },
    /// An objection is not upheld. Where it was the last open one, the clock of the publicity runs on.
    Dismissed {
        /// What was decided.
        resolution: ResolveRegistrationObjection,
        /// Until when it is shown now.
        deadline: Option<Deadline>,
    },
    /// An objection is upheld, and the registration goes back.
    Upheld(ResolveRegistrationObjection),
    /// Whoever applied takes it back.
    Withdrawn(WithdrawRegistration),
    /// It was registered before the platform, and its papers have passed the review.
    TakenOver {
        /// What was decided.
        review: ReviewRegistration,
        /// What was certified then.
        certificate: Certificate,
    },
    /// It has its code.
    Assigned {
        /// Which.
        registration: RegistrationId,
        /// What is certified.
        certificate: Certificate,
    },
}

impl RegistrationEvent {
    /// The registration.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::Applied { application, .. } => application.id.as_str(),
            Self::Accepted { accept, .. } => accept.registration.as_str(),
            Self::Publicized { review, .. } | Self::TakenOver { review, .. } => review.registration.as_str(),
            Self::Returned { registration, .. } | Self::Assigned { registration, .. } => registration.as_str(),
            Self::Objected { objection, .. } => objection.registration.as_str(),
            Self::Withdrawn(withdrawal) => withdrawal.registration.as_str(),
            Self::Dismissed { resolution, .. } | Self::Upheld(resolution) => resolution.registration.as_str(),
        }
    }
}

/// Where a registration stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RegistrationStatus {
    /// Waits for its acceptance.
    Applied,
    /// Waits for its formal review.
    Accepted,
    /// Is shown to the public.
    Publicized {
        /// Where.
        notice: String,
        /// The day on which its clock stopped for an objection that is still open.
        stopped: Option<Date>,
    },
    /// Has its code.
    Registered(Certificate),
    /// Went back.
    Returned {
        /// Why.
        reason: String,
    },
    /// Was taken back by whoever applied.
    Withdrawn {
        /// Why.
        reason: String,
    },
}

impl RegistrationStatus {
    /// The stable word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Accepted => "accepted",
            Self::Publicized { .. } => "publicized",
            Self::Registered(_) => "registered",
            Self::Returned { .. } => "returned",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }
}

/// A registration on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// What was asked.
    pub application: ApplyRegistration,
    /// By whom.
    pub applicant: PartyId,
    /// When.
    pub at: Timestamp,
    /// Its steps so far, with their clocks.
    pub steps: BTreeMap<StepKind, Step>,
    /// Where it stands.
    pub status: RegistrationStatus,
    /// What was said against it, in order.
    pub objections: Vec<Objection>,
    /// How many events changed it.
    pub revision: u64,
}

impl Registration {
    /// Whether it is still under way.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        match self.status {
            RegistrationStatus::Applied | RegistrationStatus::Accepted | RegistrationStatus::Publicized { .. } => true,
            RegistrationStatus::Registered(_)
            | RegistrationStatus::Returned { .. }
            | RegistrationStatus::Withdrawn { .. } => false,
        }
    }

    /// Whether a step was done after its last day, or is not done and that day is over. A publicity is waited for, and
    /// never late.
    #[must_use]
    pub fn is_late(&self, kind: StepKind, now: Timestamp, calendar: &WorkingDays) -> bool {
        let late = |step: &Step| day_of(step.done.unwrap_or(now)) > step.deadline.by(calendar).due;
        match kind {
            StepKind::Acceptance | StepKind::Review => self.steps.get(&kind).is_some_and(late),
            StepKind::Publicity => false,
        }
    }

    /// Its certificate, where it has one.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        match &self.status {
            RegistrationStatus::Registered(certificate) => Some(certificate),
            RegistrationStatus::Applied
            | RegistrationStatus::Accepted
            | RegistrationStatus::Publicized { .. }
            | RegistrationStatus::Returned { .. }
            | RegistrationStatus::Withdrawn { .. } => None,
        }
    }
}

impl State {
    /// The certificate that a thing has and that is not cancelled, whether or not its time is over.
    #[must_use]
    pub fn certificate_of(&self, thing: &Registrable) -> Option<&Certificate> {
        self.registrations.get(self.registered.get(thing)?)?.certificate()
    }

    /// The registration that a query code speaks of: the newest of its thing.
    #[must_use]
    pub fn registration_by_query(&self, code: &str) -> Option<&Registration> {
        let id = self.registration_by_query.get(code)?;
        self.registrations.get(id).map(|registration| &**registration)
    }
}

/// The first day on which the renewal of a certificate can be applied for, and the last (26号).
#[must_use]
pub fn renewal_window(certificate: &Certificate, days: i64) -> Term {
    let until = certificate.valid.until;
    Term {
        from: until.saturating_sub(jiff::Span::new().days(days)),
        until,
    }
}

/// Refuses a step that does not belong to where the registration stands.
fn misplaced(registration: &Registration, context: &Context<'_>) -> Refusal {
    let (zh, en) = match &registration.status {
        RegistrationStatus::Applied => ("该登记尚未受理", "the registration is not accepted yet"),
        RegistrationStatus::Accepted => ("该登记尚待形式审核", "the registration waits for its formal review"),
        RegistrationStatus::Publicized { .. } => ("该登记正在公示", "the registration is shown to the public"),
        RegistrationStatus::Registered(_) => ("该登记已经赋码", "the registration has its code"),
        RegistrationStatus::Returned { .. } => ("该登记申请已退回", "the registration was returned"),
        RegistrationStatus::Withdrawn { .. } => ("该登记申请已撤回", "the registration was withdrawn"),
    };
    let remedy = Text::new("请核对登记所处的步骤", "check which step it has reached");
    context.rules.wrong_state(Text::new(zh, en), remedy)
}
