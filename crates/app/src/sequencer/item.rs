//! What waits for the sequencer.

use std::collections::BTreeMap;

use gongshu_governance::authorization::{CallFailure, Permit};
use gongshu_governance::identifier::{ProductId, ResourceId};
use gongshu_governance::product::Volume;
use gongshu_governance::{Actor, Command, Refusal};
use gongshu_privacy::accountant::Rho;
use tokio::sync::oneshot;

use crate::error::AppError;
use crate::receipt::{Committed, Sealed};

/// A command or a call, and whom to tell.
#[derive(Debug)]
pub(crate) enum Item {
    Act(Box<ActItem>, oneshot::Sender<Result<ActDone, AppError>>),
    Call(Box<CallItem>, oneshot::Sender<Result<CallDone, AppError>>),
}

/// A command to decide and record.
#[derive(Debug)]
pub(crate) struct ActItem {
    pub(crate) command: Command,
    pub(crate) actor: Actor,
    pub(crate) seen_revision: Option<u64>,
}

/// A recorded act.
#[derive(Debug)]
pub(crate) struct ActDone {
    pub(crate) committed: Committed,
    pub(crate) events: Sealed,
}

/// A call to record: computed where it was permitted.
#[derive(Debug)]
pub(crate) struct CallItem {
    pub(crate) id: String,
    pub(crate) actor: Actor,
    pub(crate) product: ProductId,
    pub(crate) purpose: String,
    pub(crate) subject: Option<(ResourceId, Sealed)>,
    pub(crate) request: Sealed,
    pub(crate) computed: Option<Computed>,
    /// Loss of privacy by resource, of its answer or of having failed on the way to it.
    pub(crate) losses: BTreeMap<ResourceId, Rho>,
    pub(crate) dedupe: Option<String>,
}

/// What a permitted call came to, which waits to be recorded, and the permit it was computed under.
#[derive(Debug)]
pub(crate) struct Computed {
    pub(crate) permit: Permit,
    pub(crate) given: Given,
    /// The consents by which a set query saw rows, by resource, as JSON.
    pub(crate) consents: Option<Sealed>,
}

/// What a permitted call gave.
#[derive(Debug)]
pub(crate) enum Given {
    /// An answer, and what it holds.
    Answer(Sealed, Volume),
    /// Nothing but an error.
    Failure(CallFailure),
}

impl CallItem {
    pub(crate) fn answer(&self) -> Option<&Sealed> {
        match &self.computed.as_ref()?.given {
            Given::Answer(answer, _) => Some(answer),
            Given::Failure(_) => None,
        }
    }

    pub(crate) fn failure(&self) -> Option<CallFailure> {
        self.computed.as_ref()?.failure()
    }
}

impl Computed {
    pub(crate) fn failure(&self) -> Option<CallFailure> {
        match self.given {
            Given::Answer(..) => None,
            Given::Failure(failure) => Some(failure),
        }
    }

    /// The permit with what this costs; none where that is beyond counting.
    pub(crate) fn priced(&self, permit: Permit) -> Option<Permit> {
        match self.given {
            Given::Answer(_, volume) => permit.metered(volume),
            Given::Failure(_) => Some(permit.unanswered()),
        }
    }

    /// What the answer holds, where the permit charges by that.
    pub(crate) fn volume(&self, permit: &Permit) -> Option<Volume> {
        match self.given {
            Given::Answer(_, volume) => permit.recorded(volume),
            Given::Failure(_) => None,
        }
    }
}

/// What became of a call.
#[derive(Debug)]
pub(crate) enum CallDone {
    /// Recorded as answered or as failed, as the item says; that may be told.
    Permitted {
        committed: Committed,
        item: Box<CallItem>,
        permit: Box<Permit>,
    },
    /// Recorded as refused.
    Refused {
        committed: Committed,
        item: Box<CallItem>,
        refusal: Box<Refusal>,
    },
    /// What it was computed under no longer holds, or it was not computed: compute it again.
    Stale(Box<CallItem>),
    /// The same call is recorded at this index.
    Repeat(u64),
}
