//! Disputes (论证, opinion 9): consulted on, mediated, arbitrated or brought to court, as the agreement says.
//!
//! ```text
//! opened ─► steps (answer, evidence, hearing …) ─► another forum ─► outcome
//!        └► interim measure: scenarios are frozen until it is lifted
//! ```
//!
//! A step done late is recorded as late, never refused. The answer is due until a respondent has answered, and what else is
//! due has its addressees: no other step ends it.

mod close;
mod evolve;
mod measure;
mod open;
mod step;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Context;
use crate::calendar::day_of;
use crate::identifier::{DisputeId, PartyId, ScenarioId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

pub use close::{CloseDispute, Ending, decide_close};
pub use measure::{LiftMeasure, OrderMeasure, decide_lift, decide_order};
pub use open::{Forum, OpenDispute, decide_open};
pub use step::{DisputeStep, MoveDispute, RecordStep, decide_move, decide_step};

pub(crate) use evolve::evolve;
pub(crate) use measure::check_no_measure;

/// What happened in a dispute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event", content = "of")]
pub enum DisputeEvent {
    /// There is a case.
    Opened {
        /// What is claimed.
        claim: Box<OpenDispute>,
        /// By whom.
        claimant: PartyId,
        /// Until when it is answered.
        due: Date,
    },
    /// A step is on record.
    Stepped {
        /// The step.
        step: Box<RecordStep>,
        /// Whose it is.
        by: PartyId,
    },
    /// Another forum has the case.
    Moved(MoveDispute),
    /// Scenarios are frozen for the case.
    MeasureOrdered(OrderMeasure),
    /// The measure is over.
    MeasureLifted(LiftMeasure),
    /// A respondent says how it has ended; the claimant or the agency confirms it.
    EndProposed {
        /// How.
        close: Box<CloseDispute>,
        /// Which respondent.
        by: PartyId,
    },
    /// It has ended.
    Closed(Box<CloseDispute>),
}

impl DisputeEvent {
    /// The dispute.
    #[must_use]
    pub fn stream(&self) -> &str {
        let dispute = match self {
            Self::Opened { claim, .. } => &claim.id,
            Self::Stepped { step, .. } => &step.dispute,
            Self::Moved(moved) => &moved.dispute,
            Self::MeasureOrdered(order) => &order.dispute,
            Self::MeasureLifted(lift) => &lift.dispute,
            Self::EndProposed { close, .. } | Self::Closed(close) => &close.dispute,
        };
        dispute.as_str()
    }
}

/// A dispute on record: its case file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// What is claimed.
    pub claim: OpenDispute,
    /// By whom.
    pub claimant: PartyId,
    /// When.
    pub at: Timestamp,
    /// Where it is now.
    pub forum: Forum,
    /// Until when the respondents answer; none once one of them has.
    #[serde(default)]
    pub answer_due: Option<Date>,
    /// What else is due, and from whom.
    #[serde(default)]
    pub dues: Vec<Due>,
    /// Steps in their order.
    pub steps: Vec<StepTaken>,
    /// The measures that stand, by the scenario each freezes.
    pub measures: BTreeMap<ScenarioId, OrderMeasure>,
    /// How it has ended as a respondent says, until that is confirmed.
    #[serde(default)]
    pub end_proposed: Option<EndProposed>,
    /// How it ended.
    pub closed: Option<CloseDispute>,
    /// How many events changed it.
    pub revision: u64,
}

/// A step that is due from somebody; a step of anybody else does not end it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// Until when.
    pub on: Date,
    /// From whom; each of them takes a step.
    pub by: BTreeSet<PartyId>,
}

/// What a respondent says of the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndProposed {
    /// What it says.
    pub close: CloseDispute,
    /// Which respondent.
    pub by: PartyId,
    /// When.
    pub at: Timestamp,
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTaken {
    /// What was done.
    pub step: RecordStep,
    /// By whom.
    pub by: PartyId,
    /// When.
    pub at: Timestamp,
    /// Whether it came after it was due.
    pub late: bool,
}

impl Dispute {
    /// The parties: the claimant first.
    pub fn parties(&self) -> impl Iterator<Item = &PartyId> {
        std::iter::once(&self.claimant).chain(&self.claim.respondents)
    }

    /// The first day on which something is due, from whomever.
    #[must_use]
    pub fn due(&self) -> Option<Date> {
        let others = self.dues.iter().map(|due| due.on);
        self.answer_due.into_iter().chain(others).min()
    }

    /// The first day on which something is due from this party.
    #[must_use]
    pub fn due_from(&self, party: &PartyId) -> Option<Date> {
        let answer = self.answer_due.filter(|_| self.claim.respondents.contains(party));
        let own = self.dues.iter().filter(|due| due.by.contains(party));
        answer.into_iter().chain(own.map(|due| due.on)).min()
    }

    /// Whether what is due is late on this day.
    #[must_use]
    pub fn is_late(&self, day: Date) -> bool {
        self.closed.is_none() && self.due().is_some_and(|due| due < day)
    }

    /// Whether a step of this party answers the claims.
    fn answers(&self, step: DisputeStep, by: &PartyId) -> bool {
        step == DisputeStep::Answer && self.claim.respondents.contains(by)
    }
}

/// The dispute of a command, if it goes on.
fn pending<'s>(state: &'s State, id: &DisputeId, context: &Context<'_>) -> Result<&'s Dispute, Refusal> {
    let dispute = state.dispute(id, context)?;
    if dispute.closed.is_none() {
        return Ok(dispute);
    }
    Err(context.rules.wrong_state(
        Text::new("该争议已办结", "the dispute has ended"),
        Text::new("如有新的争议，请另行立案", "open another case for what is new"),
    ))
}

/// The dispute of a command, if it goes on and the actor is one of its parties, or the agency that handles it.
fn own<'s>(state: &'s State, id: &DisputeId, context: &Context<'_>) -> Result<&'s Dispute, Refusal> {
    let dispute = pending(state, id, context)?;
    let actor = &context.actor.party;
    let handles = state.agreements.get(&dispute.claim.agreement).map(|it| &it.agency);
    if handles == Some(actor) || dispute.parties().any(|party| party == actor) {
        return Ok(dispute);
    }
    Err(context.rules.refuse(
        Rule::DisputeParty,
        Text::new("本单位不是该争议的当事方", "this party is no party to the dispute"),
        Text::new("请由当事方或实施机构办理", "let a party to it, or the agency, act"),
    ))
}

fn today(context: &Context<'_>) -> Date {
    day_of(context.at)
}
