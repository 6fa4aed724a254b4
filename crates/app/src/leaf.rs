//! Leaves: the bytes of an entry. Canonical JSON: members in alphabetical order, no white space,
//! no floats (`docs/spec/ledger.md`). Anything personal or confidential is a salted commitment.

use std::collections::BTreeMap;

use gongshu_governance::alert::{AlertEvent, AlertKind};
use gongshu_governance::authorization::{CallFailure, Chain, DataVersion, Permit};
use gongshu_governance::identifier::{AlertId, PartyId, ResourceId};
use gongshu_governance::product::Volume;
use gongshu_governance::rules::Rule;
use gongshu_governance::{Command, Context, Event, Refusal};
use gongshu_privacy::accountant::Rho;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// Version of the leaf format.
pub const LEAF_VERSION: u32 = 1;

/// The entry of an act. Members are declared in alphabetical order: that makes it canonical.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActLeaf {
    /// Id of the act.
    pub act: String,
    /// Party that acted.
    pub actor: PartyId,
    /// When.
    pub at: String,
    /// `events`: the events as JSON.
    pub commitments: BTreeMap<String, String>,
    /// Always `act`.
    pub kind: String,
    /// Hash of the rule packs.
    pub rules: String,
    /// Sequence numbers of the first and the last event.
    pub sequence: [u64; 2],
    /// Streams that changed.
    pub streams: Vec<String>,
    /// Version of the format.
    pub v: u32,
}

impl ActLeaf {
    /// The leaf of an act that led to `events`, the first of which has the sequence number `first`.
    pub(crate) fn new(
        command: &Command,
        context: &Context<'_>,
        events: &[Event],
        commitment: String,
        first: u64,
    ) -> Self {
        let mut streams: Vec<String> = events.iter().map(|event| event.stream().to_owned()).collect();
        streams.dedup();
        Self {
            act: command.act().id().to_owned(),
            actor: context.actor.party.clone(),
            at: instant(context.at),
            commitments: BTreeMap::from([("events".to_owned(), commitment)]),
            kind: "act".to_owned(),
            rules: context.rules.hash().to_owned(),
            sequence: [first, first + events.len() as u64 - 1],
            streams,
            v: LEAF_VERSION,
        }
    }
}

/// The entry of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallLeaf {
    /// The alerts that it raised: they follow from the entries of the day and the rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alerts: Vec<AlertLeaf>,
    /// When.
    pub at: String,
    /// The links that held, in alphabetical order; none for a refused call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chain: Option<ChainLeaf>,
    /// `request`, `answer` of an answered call, `subject` where one is spoken of, `consents` by which a set query saw
    /// rows.
    pub commitments: BTreeMap<String, String>,
    /// Who called.
    pub consumer: PartyId,
    /// What was read.
    pub data: Vec<DataVersion>,
    /// Governance sequence it was decided under.
    pub decided_under: u64,
    /// SHA-256 of the derivation that let the query through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub derivation: Option<String>,
    /// What kept a failed call from its answer: [`CallFailure::id`](gongshu_governance::authorization::CallFailure::id).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// What it cost.
    pub fee: String,
    /// Id of the call.
    pub id: String,
    /// Always `call`.
    pub kind: String,
    /// Loss of privacy by resource, in millionths of ρ: charged for an answer and for a failure, asked for where the
    /// budget refused it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub losses: BTreeMap<ResourceId, u64>,
    /// `answered`, `failed` or `refused`.
    pub outcome: String,
    /// What was called.
    pub product: String,
    /// For what.
    pub purpose: String,
    /// The rule that refused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Hash of the rule packs.
    pub rules: String,
    /// Who receives what of the fee.
    pub split: BTreeMap<String, String>,
    /// Version of the format.
    pub v: u32,
    /// What the answer holds, counted before it was sealed; of an answer that is charged by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume: Option<Volume>,
}

/// An alert as the leaf of the call writes it that raised it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertLeaf {
    /// From how many on it is raised.
    pub bound: u64,
    /// How many were counted.
    pub figure: u64,
    /// Its id.
    pub id: AlertId,
    /// Its kind.
    pub kind: AlertKind,
}

/// The alerts among the events of a call.
pub(crate) fn alerts_of(events: &[Event]) -> Vec<AlertLeaf> {
    let raised = events.iter().filter_map(|event| match event {
        Event::Alert(AlertEvent::Raised(raised)) => Some(AlertLeaf {
            bound: raised.bound,
            figure: raised.figure,
            id: raised.id.clone(),
            kind: raised.kind,
        }),
        _ => None,
    });
    raised.collect()
}

/// The chain as a leaf writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainLeaf {
    /// The agreement.
    pub agreement: String,
    /// Resources approved by their providers.
    pub approvals: Vec<String>,
    /// The consent, where one was needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<String>,
    /// The scenario.
    pub scenario: String,
    /// The subscription.
    pub subscription: String,
}

impl From<&Chain> for ChainLeaf {
    fn from(chain: &Chain) -> Self {
        Self {
            agreement: chain.agreement.to_string(),
            approvals: chain.approvals.iter().map(ToString::to_string).collect(),
            consent: chain.consent.as_ref().map(ToString::to_string),
            scenario: chain.scenario.to_string(),
            subscription: chain.subscription.to_string(),
        }
    }
}

/// The consents of a set query as leaves commit to them: ids by resource, in order. None of other queries.
pub(crate) fn consents_of(permit: &Permit) -> Result<Option<String>, AppError> {
    let consents = &permit.chain.consents;
    let text = (!consents.is_empty()).then(|| serde_json::to_string(consents));
    text.transpose().map_err(AppError::internal)
}

/// The split of a permit as leaves and records write it.
pub(crate) fn split_of(permit: &Permit) -> BTreeMap<String, String> {
    permit
        .split
        .iter()
        .map(|(party, share)| (party.to_string(), share.to_string()))
        .collect()
}

/// The word for what became of a call.
pub(crate) fn outcome_of(permitted: bool, failure: Option<CallFailure>) -> &'static str {
    match (permitted, failure) {
        (true, None) => "answered",
        (true, Some(_)) => "failed",
        (false, _) => "refused",
    }
}

/// The canonical bytes of a leaf.
pub(crate) fn encode(leaf: &impl Serialize) -> Result<Vec<u8>, AppError> {
    serde_json::to_vec(leaf).map_err(AppError::internal)
}

/// An instant as leaves write it.
pub(crate) fn instant(at: jiff::Timestamp) -> String {
    at.to_string()
}

/// What a leaf says of losses.
pub(crate) fn losses_of(losses: &BTreeMap<ResourceId, Rho>, refused: Option<&Refusal>) -> BTreeMap<ResourceId, u64> {
    let concerned = refused.is_none_or(|refusal| refusal.rule == Rule::PrivacyBudget.id());
    let losses = losses.iter().filter(|_| concerned);
    losses.map(|(resource, rho)| (resource.clone(), rho.micro())).collect()
}
