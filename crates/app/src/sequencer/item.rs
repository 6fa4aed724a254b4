//! What waits for the sequencer.

use std::collections::BTreeMap;

use gongshu_governance::authorization::Permit;
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
    /// Loss of privacy of its answer, by resource.
    pub(crate) losses: BTreeMap<ResourceId, Rho>,
    pub(crate) dedupe: Option<String>,
}

/// An answer that waits to be recorded, and the permit it was computed under.
#[derive(Debug)]
pub(crate) struct Computed {
    pub(crate) permit: Permit,
    /// What the answer holds.
    pub(crate) volume: Volume,
    pub(crate) answer: Sealed,
    /// The consents by which a set query saw rows, by resource, as JSON.
    pub(crate) consents: Option<Sealed>,
}

/// What became of a call.
#[derive(Debug)]
pub(crate) enum CallDone {
    /// Recorded as answered; the answer may leave.
    Answered {
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
    /// What the answer was computed under no longer holds; compute it again.
    Stale,
    /// The same call is recorded at this index.
    Repeat(u64),
}
