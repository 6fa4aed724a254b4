//! Replay: an auditor with the ledger and the event store derives every decision again, and gets
//! the first difference, if there is one.

use gongshu_governance::authorization::{CallRequest, Permit, authorize};
use gongshu_governance::identifier::{PartyId, ProductId};
use gongshu_governance::power::Powers;
use gongshu_governance::rules::Rules;
use gongshu_governance::{Actor, Command, Context, Event, Moment, decide, evolve};
use gongshu_ledger::{Commitment, Edge, Leaf, hash_leaf};
use gongshu_privacy::accountant::Rho;
use gongshu_store::{ActRecord, CallRecord, Store};
use std::collections::HashMap;
use std::sync::Arc;

use crate::error::AppError;
use crate::leaf::{CallLeaf, ChainLeaf, consents_of, split_of};
use crate::privacy;
use crate::private::Private;
use crate::sequencer::encode_events;
use crate::snapshot::Snapshot;
use crate::what_if::Proposal;

/// Most entries read at once.
const PAGE_ENTRIES: u32 = 1_000;

/// What a replay found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ReplayReport {
    /// Entries checked.
    pub entries: u64,
    /// Acts decided again.
    pub acts: u64,
    /// Calls decided again.
    pub calls: u64,
    /// Fen charged in all.
    pub charged_fen: i64,
    /// The root that the entries lead to, lower-case hex.
    pub root: String,
    /// The first difference.
    pub difference: Option<Difference>,
}

/// Where record and derivation differ.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// Index of the entry.
    pub index: u64,
    /// What differs.
    pub what: String,
    /// What is on record.
    pub recorded: String,
    /// What follows from the rules.
    pub derived: String,
}

/// Replays a whole store.
///
/// # Errors
/// When the store cannot be read; a difference is a finding, not an error.
pub async fn replay(store: &Store, progress: &mut (dyn FnMut(u64) + Send)) -> Result<ReplayReport, AppError> {
    let mut auditor = Auditor::new(None)?;
    auditor.run(store, progress).await?;
    Ok(auditor.report)
}

pub(crate) struct Auditor {
    powers: Powers,
    packs: HashMap<String, Arc<Rules>>,
    snapshot: Snapshot,
    edge: Edge,
    pub(crate) report: ReplayReport,
    pub(crate) proposal: Option<Proposal>,
}

impl Auditor {
    pub(crate) fn new(proposal: Option<Proposal>) -> Result<Self, AppError> {
        Ok(Self {
            powers: Powers::load().map_err(AppError::internal)?,
            packs: HashMap::new(),
            snapshot: Snapshot::default(),
            edge: Edge::new(),
            report: ReplayReport {
                entries: 0,
                acts: 0,
                calls: 0,
                charged_fen: 0,
                root: String::new(),
                difference: None,
            },
            proposal,
        })
    }

    /// Derives everything until the first difference, which the report then names.
    pub(crate) async fn run(&mut self, store: &Store, progress: &mut (dyn FnMut(u64) + Send)) -> Result<(), AppError> {
        loop {
            let from = self.report.entries;
            let entries = store.entries(from, PAGE_ENTRIES).await?;
            if entries.is_empty() {
                return self.finish(store).await;
            }
            self.report.difference = self.page(store, from, &entries).await?;
            if self.report.difference.is_some() {
                return Ok(());
            }
            let leaves: Vec<_> = entries.iter().map(|entry| hash_leaf(entry)).collect();
            self.edge = self.edge.append(&leaves).into_edge();
            self.report.entries = from + entries.len() as u64;
            progress(self.report.entries);
        }
    }

    async fn page(&mut self, store: &Store, from: u64, entries: &[Vec<u8>]) -> Result<Option<Difference>, AppError> {
        let end = from + entries.len() as u64;
        let acts = store.acts(from, PAGE_ENTRIES).await?.into_iter();
        let calls = store.calls(from, PAGE_ENTRIES).await?.into_iter();
        let acts = acts.filter(|act| act.index < end).map(|act| (act.index, act));
        let calls = calls.filter(|call| call.index < end).map(|call| (call.index, call));
        let (mut acts, mut calls): (HashMap<u64, ActRecord>, HashMap<u64, CallRecord>) =
            (acts.collect(), calls.collect());
        for (index, entry) in (from..).zip(entries) {
            let found = match (acts.remove(&index), calls.remove(&index)) {
                (Some(act), None) => self.act(store, &act, entry).await?,
                (None, Some(call)) => self.call(store, &call, entry).await?,
                _ => difference(
                    index,
                    "record",
                    "an entry of the ledger",
                    "one act or call with this index",
                ),
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    async fn rules(&mut self, store: &Store, hash: &str) -> Result<Arc<Rules>, AppError> {
        if let Some(rules) = self.packs.get(hash) {
            return Ok(rules.clone());
        }
        let packs = store.rule_pack(hash).await?;
        let packs = packs.ok_or_else(|| AppError::Internal(format!("the rule pack {hash} is not in the store")))?;
        let texts: Vec<&str> = packs.iter().map(String::as_str).collect();
        let rules = Arc::new(Rules::load(&texts).map_err(AppError::internal)?);
        if rules.hash() != hash {
            return Err(AppError::Internal(format!(
                "the rule pack stored as {hash} has another hash"
            )));
        }
        self.packs.insert(hash.to_owned(), rules.clone());
        Ok(rules)
    }

    async fn act(&mut self, store: &Store, act: &ActRecord, entry: &[u8]) -> Result<Option<Difference>, AppError> {
        let rules = self.rules(store, &act.rules_hash).await?;
        let command: Command = serde_json::from_str(&act.command).map_err(AppError::internal)?;
        let context = Context {
            at: act.at,
            actor: &act.actor,
            rules: &rules,
            powers: &self.powers,
            seen_revision: None,
        };
        let recorded: Vec<Event> = act.events.iter().map(|record| record.event.clone()).collect();
        let derived = match decide(&self.snapshot.state, &command, &context) {
            Ok(events) => events,
            Err(refusal) => {
                return Ok(difference(
                    act.index,
                    "decision",
                    "accepted",
                    &format!("refused by {}", refusal.rule),
                ));
            }
        };
        let (recorded_text, derived_text) = (encode_events(&recorded)?, encode_events(&derived)?);
        if recorded_text != derived_text {
            return Ok(difference(act.index, "events", &recorded_text, &derived_text));
        }
        let salt = salt_of(&act.salt)?;
        let committed = Leaf::parse(entry).map_err(AppError::internal)?.commitment("events");
        let derived_commitment = Commitment::new(&salt, derived_text.as_bytes());
        if committed.as_ref() != Some(&derived_commitment) {
            return Ok(difference(
                act.index,
                "commitment",
                &format!("{committed:?}"),
                &derived_commitment.to_string(),
            ));
        }
        if let Some(proposal) = &mut self.proposal {
            proposal.act(act, &self.snapshot.state, &command, &derived, &context);
        }
        for record in &act.events {
            let sequence = self.snapshot.state.sequence + 1;
            if record.sequence != sequence {
                return Ok(difference(
                    act.index,
                    "sequence",
                    &record.sequence.to_string(),
                    &sequence.to_string(),
                ));
            }
            evolve(&mut self.snapshot.state, &record.event, Moment { sequence, at: act.at });
        }
        self.report.acts += 1;
        Ok(None)
    }

    async fn call(&mut self, store: &Store, call: &CallRecord, entry: &[u8]) -> Result<Option<Difference>, AppError> {
        let leaf: CallLeaf = serde_json::from_slice(entry).map_err(AppError::internal)?;
        let rules = self.rules(store, &leaf.rules).await?;
        let private = Private::decode(&call.private)?;
        let actor = Actor {
            party: PartyId::new(&call.consumer),
            person: None,
        };
        let product = ProductId::new(&call.product);
        let request = CallRequest {
            actor: &actor,
            product: &product,
            purpose: &leaf.purpose,
            subject: private.openings.get("subject").map(|opening| opening.value.as_str()),
            at: call.at,
        };
        let usage = self.snapshot.usage(&actor.party, &product);
        let losses = leaf
            .losses
            .iter()
            .map(|(resource, micro)| (resource.clone(), Rho::from_micro(*micro)));
        let losses = losses.collect();
        let decision = authorize(&self.snapshot.state, &request, usage, &rules, &self.powers);
        let decision = decision.and_then(|permit| privacy::afford(&self.snapshot, &losses, &rules).map(|()| permit));
        let derived = match &decision {
            Ok(permit) => (
                Some(ChainLeaf::from(&permit.chain)),
                permit.fee.to_string(),
                split_of(permit),
                None,
            ),
            Err(refusal) => (
                None,
                "0.00".to_owned(),
                std::collections::BTreeMap::new(),
                Some(refusal.rule.clone()),
            ),
        };
        let recorded = (leaf.chain, leaf.fee, leaf.split, leaf.rule);
        if recorded != derived {
            return Ok(difference(
                call.index,
                "decision",
                &format!("{recorded:?}"),
                &format!("{derived:?}"),
            ));
        }
        let metered = (call.decided_under, call.fee_fen, call.refused_by.as_str());
        let fee = decision.as_ref().map_or(0, |permit| permit.fee.fen());
        let rule = decision.as_ref().err().map_or("", |refusal| refusal.rule.as_str());
        if metered != (self.snapshot.state.sequence, fee, rule) || leaf.decided_under != call.decided_under {
            return Ok(difference(
                call.index,
                "metering",
                &format!("{metered:?}"),
                &format!("{fee} fen, rule `{rule}`"),
            ));
        }
        if let Some(proposal) = &mut self.proposal {
            let proposed = authorize(&self.snapshot.state, &request, usage, proposal.rules(), &self.powers)
                .and_then(|permit| privacy::afford(&self.snapshot, &losses, proposal.rules()).map(|()| permit));
            proposal.call(call, &decision, &proposed);
        }
        if let Ok(permit) = &decision {
            if let Some(found) = consents_differ(call.index, permit, &private, entry)? {
                return Ok(Some(found));
            }
            self.snapshot.charge(permit, &mut HashMap::new());
            privacy::charge(&mut self.snapshot, &losses, &mut HashMap::new());
            self.report.charged_fen += permit.fee.fen();
        }
        self.report.calls += 1;
        Ok(None)
    }

    /// The totals and the root must be what the entries lead to.
    async fn finish(&mut self, store: &Store) -> Result<(), AppError> {
        let loaded = store.load().await?;
        self.report.root = self.edge.root().to_string();
        let index = self.report.entries;
        if loaded.size != self.report.entries || loaded.edge.root() != self.edge.root() {
            let recorded = format!("{} entries, root {}", loaded.size, loaded.edge.root());
            let derived = format!("{} entries, root {}", self.report.entries, self.edge.root());
            self.report.difference = difference(index, "root", &recorded, &derived);
        }
        for meter in &loaded.meters {
            let derived = self.snapshot.meter(&meter.key);
            if (derived.calls, derived.fen) != (meter.calls, meter.fen) {
                let recorded = format!("{meter:?}");
                self.report.difference = difference(index, "totals", &recorded, &format!("{derived:?}"));
            }
        }
        Ok(())
    }
}

/// The consents that a set query rested on are those of the state it was decided under, and the leaf commits to them.
fn consents_differ(
    index: u64,
    permit: &Permit,
    private: &Private,
    entry: &[u8],
) -> Result<Option<Difference>, AppError> {
    let opening = private.openings.get("consents");
    let (recorded, derived) = (opening.map(|opening| opening.value.clone()), consents_of(permit)?);
    if recorded != derived {
        return Ok(difference(
            index,
            "consents",
            &format!("{recorded:?}"),
            &format!("{derived:?}"),
        ));
    }
    let committed = Leaf::parse(entry).map_err(AppError::internal)?.commitment("consents");
    let opened = match opening {
        Some(opening) => Some(Commitment::new(&salt_of(&opening.salt)?, opening.value.as_bytes())),
        None => None,
    };
    if committed != opened {
        return Ok(difference(
            index,
            "commitment",
            &format!("{committed:?}"),
            &format!("{opened:?}"),
        ));
    }
    Ok(None)
}

fn salt_of(text: &str) -> Result<[u8; 16], AppError> {
    let mut salt = [0; 16];
    hex::decode_to_slice(text, &mut salt).map_err(AppError::internal)?;
    Ok(salt)
}

#[expect(clippy::unnecessary_wraps, reason = "a finding is optional where it is made")]
fn difference(index: u64, what: &str, recorded: &str, derived: &str) -> Option<Difference> {
    Some(Difference {
        index,
        what: what.to_owned(),
        recorded: recorded.to_owned(),
        derived: derived.to_owned(),
    })
}
