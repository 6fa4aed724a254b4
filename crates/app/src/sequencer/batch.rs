//! One group commit: items decided one after another against the newest state.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use gongshu_governance::alert::Called;
use gongshu_governance::authorization::{CallFailure, CallRequest, Permit};
use gongshu_governance::power::Powers;
use gongshu_governance::rules::Rules;
use gongshu_governance::{Context, Event, Moment, Refusal, authorize, decide, evolve};
use gongshu_ledger::{Appended, SignedCheckpoint, Suite};
use gongshu_store::{ActRecord, Batch, CallRecord, EventRecord, MeterRecord};
use jiff::Timestamp;
use tokio::sync::oneshot;

use super::{ActDone, ActItem, CallDone, CallItem, Computed, Item, Sequencer};
use crate::error::AppError;
use crate::exported::Veil;
use crate::leaf::{self, ActLeaf, CallLeaf, ChainLeaf, LEAF_VERSION};
use crate::privacy;
use crate::private::Private;
use crate::receipt::{Committed, Sealed};
use crate::snapshot::{Meter, Snapshot};
use crate::world::Entropy;

/// The work of one group commit.
pub(super) struct Work {
    pub(super) snapshot: Snapshot,
    pub(super) batch: Batch,
    /// The rules of the day on which the batch is decided.
    rules: Arc<Rules>,
    powers: Arc<Powers>,
    entropy: Arc<Entropy>,
    veil: Arc<Veil>,
    suite: Suite,
    at: Timestamp,
    repeats: HashMap<String, u64>,
    touched: HashMap<Arc<str>, Meter>,
    recorded: Vec<Recorded>,
    unrecorded: Vec<Unrecorded>,
}

/// An item that has an entry in the batch, in the order of the entries.
enum Recorded {
    Act(oneshot::Sender<Result<ActDone, AppError>>, Sealed),
    Permitted(oneshot::Sender<Result<CallDone, AppError>>, Box<CallItem>, Box<Permit>),
    Refused(oneshot::Sender<Result<CallDone, AppError>>, Box<CallItem>, Box<Refusal>),
}

/// An item that leaves no entry, told once the batch is durable: it may rest on the batch's acts.
enum Unrecorded {
    Act(oneshot::Sender<Result<ActDone, AppError>>, AppError),
    Call(oneshot::Sender<Result<CallDone, AppError>>, Result<CallDone, AppError>),
}

impl Work {
    pub(super) fn new(sequencer: &Sequencer, known: Vec<(String, u64)>, at: Timestamp) -> Self {
        Self {
            snapshot: (**sequencer.snapshot.load()).clone(),
            batch: Batch {
                size_before: sequencer.edge.size(),
                ..Batch::default()
            },
            rules: sequencer.book.at(at).clone(),
            powers: sequencer.powers.clone(),
            entropy: sequencer.entropy.clone(),
            veil: sequencer.veil.clone(),
            suite: sequencer.edge.suite(),
            at,
            repeats: known.into_iter().collect(),
            touched: HashMap::new(),
            recorded: Vec::new(),
            unrecorded: Vec::new(),
        }
    }

    pub(super) fn take(&mut self, item: Item) {
        match item {
            Item::Act(act, reply) => match self.act(*act) {
                Ok(events) => self.recorded.push(Recorded::Act(reply, events)),
                Err(error) => self.unrecorded.push(Unrecorded::Act(reply, error)),
            },
            Item::Call(call, reply) => self.call(call, reply),
        }
    }

    fn next_index(&self) -> u64 {
        self.batch.size_before + self.batch.entries.len() as u64
    }

    fn act(&mut self, item: ActItem) -> Result<Sealed, AppError> {
        let context = Context {
            at: self.at,
            actor: &item.actor,
            rules: &self.rules,
            powers: &self.powers,
            seen_revision: item.seen_revision,
        };
        let events = decide(&self.snapshot.state, &item.command, &context)?;
        let losses = privacy::losses_of(&events);
        privacy::afford(&self.snapshot, &losses, &self.rules)?;
        let sealed = Sealed {
            suite: self.suite,
            salt: self.entropy.bytes(),
            value: encode_events(&events)?,
        };
        let first = self.snapshot.state.sequence + 1;
        let leaf = ActLeaf::new(&item.command, &context, &events, sealed.commitment(), first);
        let entry = leaf::encode(&leaf)?;
        let command = serde_json::to_string(&item.command).map_err(AppError::internal)?;
        let index = self.next_index();
        for event in &events {
            if let Event::CallsErased { order, .. } = event {
                self.batch.erased.extend(&order.entries);
            }
        }
        privacy::charge(&mut self.snapshot, &losses, &mut self.touched);
        let records = events.into_iter().map(|event| self.evolve(event)).collect();
        self.batch.entries.push(entry);
        self.batch.acts.push(ActRecord {
            index,
            act: item.command.act().id().to_owned(),
            actor: item.actor,
            at: self.at,
            command,
            rules_hash: self.rules.hash().to_owned(),
            salt: hex::encode(sealed.salt),
            events: records,
        });
        Ok(sealed)
    }

    fn evolve(&mut self, event: Event) -> EventRecord {
        let sequence = self.snapshot.state.sequence + 1;
        evolve(&mut self.snapshot.state, &event, Moment { sequence, at: self.at });
        EventRecord {
            sequence,
            revision: self.snapshot.state.revision(event.stream()),
            event,
        }
    }

    fn call(&mut self, mut item: Box<CallItem>, reply: oneshot::Sender<Result<CallDone, AppError>>) {
        if let Some(index) = item.dedupe.as_ref().and_then(|key| self.repeats.get(key)) {
            return self
                .unrecorded
                .push(Unrecorded::Call(reply, Ok(CallDone::Repeat(*index))));
        }
        let usage = self.snapshot.usage(&item.actor.party, &item.product, self.at);
        let request = CallRequest {
            actor: &item.actor,
            product: &item.product,
            purpose: &item.purpose,
            subject: item.subject.as_ref().map(|(_, code)| code.value.as_str()),
            at: self.at,
        };
        let decision = authorize(&self.snapshot.state, &request, usage, &self.rules, &self.powers);
        if let (Ok(permit), Some(computed)) = (&decision, &mut item.computed)
            && let Err(error) = self.keep(computed, permit)
        {
            return self.unrecorded.push(Unrecorded::Call(reply, Err(error)));
        }
        match (decision, &item.computed) {
            (Ok(permit), Some(computed)) if permit.same_grounds(&computed.permit) => {
                let priced = computed.priced(permit).ok_or_else(beyond_counting);
                let afforded = privacy::afford(&self.snapshot, &item.losses, &self.rules);
                match (priced, afforded) {
                    (Ok(permit), Ok(())) => self.permitted(item, permit, reply),
                    (_, Err(refusal)) => self.refused(item, refusal, reply),
                    (Err(error), _) => self.unrecorded.push(Unrecorded::Call(reply, Err(error))),
                }
            }
            (Ok(_), _) => self.unrecorded.push(Unrecorded::Call(reply, Ok(CallDone::Stale(item)))),
            (Err(refusal), _) => self.refused(item, refusal, reply),
        }
    }

    /// Nobody waits to compute an abandoned call again: it is recorded under what holds now.
    fn keep(&self, computed: &mut Computed, permit: &Permit) -> Result<(), AppError> {
        if computed.failure() == Some(CallFailure::Abandoned) && !permit.same_grounds(&computed.permit) {
            let seal = |value| Sealed {
                suite: self.suite,
                salt: self.entropy.bytes(),
                value,
            };
            computed.consents = leaf::consents_of(permit)?.map(seal);
            computed.permit = permit.clone();
        }
        Ok(())
    }

    fn permitted(
        &mut self,
        item: Box<CallItem>,
        mut permit: Permit,
        reply: oneshot::Sender<Result<CallDone, AppError>>,
    ) {
        let hidden = permit
            .crossing
            .as_mut()
            .map_or(Ok(()), |crossing| self.veil.hide(crossing));
        let record = hidden.and_then(|()| self.record_call(&item, Ok(&permit)));
        match record {
            Ok(()) => {
                match item.failure() {
                    None => self.snapshot.charge(&permit, &mut self.touched),
                    Some(failure) => {
                        let of = (&item.actor.party, &item.product);
                        self.snapshot
                            .fail(of, &permit.chain, failure, self.at, &mut self.touched);
                    }
                }
                privacy::charge(&mut self.snapshot, &item.losses, &mut self.touched);
                self.recorded.push(Recorded::Permitted(reply, item, Box::new(permit)));
            }
            Err(error) => self.unrecorded.push(Unrecorded::Call(reply, Err(error))),
        }
    }

    fn refused(
        &mut self,
        mut item: Box<CallItem>,
        refusal: Refusal,
        reply: oneshot::Sender<Result<CallDone, AppError>>,
    ) {
        // What was computed meanwhile does not leave, not even in the receipt.
        item.computed = None;
        match self.record_call(&item, Err(&refusal)) {
            Ok(()) => self.recorded.push(Recorded::Refused(reply, item, Box::new(refusal))),
            Err(error) => self.unrecorded.push(Unrecorded::Call(reply, Err(error))),
        }
    }

    fn record_call(&mut self, item: &CallItem, decision: Result<&Permit, &Refusal>) -> Result<(), AppError> {
        let answer = item.answer().filter(|_| decision.is_ok());
        let under = self.snapshot.state.sequence;
        let of = (&item.actor.party, &item.product);
        let noticed = self.snapshot.notice(of, called(item, decision), self.at, &self.rules);
        let mut leaf = call_leaf(item, answer, decision, under, self.at, self.rules.hash());
        leaf.alerts = leaf::alerts_of(&noticed.events);
        let entry = leaf::encode(&leaf)?;
        let volume = decision.ok().and_then(|permit| item.computed.as_ref()?.volume(permit));
        let index = self.next_index();
        let scenario = self
            .snapshot
            .state
            .products
            .get(&item.product)
            .map(|product| product.submission.scenario.to_string());
        let split = decision.map_or_else(
            |_| Ok("{}".to_owned()),
            |permit| serde_json::to_string(&leaf::split_of(permit)),
        );
        let (split, private) = (split.map_err(AppError::internal)?, Private::of(item, answer).encode()?);
        // From here on nothing fails: what is counted is on record.
        let raised = self.snapshot.count(noticed, &mut self.touched);
        let events = raised.into_iter().map(|event| self.evolve(event)).collect();
        self.batch.entries.push(entry);
        self.batch.calls.push(CallRecord {
            index,
            id: item.id.clone(),
            at: self.at,
            decided_under: under,
            consumer: item.actor.party.to_string(),
            product: item.product.to_string(),
            scenario: scenario.unwrap_or_default(),
            subscription: decision.map_or_else(|_| String::new(), |permit| permit.chain.subscription.to_string()),
            refused_by: decision.err().map_or_else(String::new, |refusal| refusal.rule.clone()),
            failure: item
                .failure()
                .map_or_else(String::new, |failure| failure.id().to_owned()),
            fee_fen: decision.map_or(0, |permit| permit.fee.fen()),
            split,
            volume: volume.unwrap_or_default(),
            private,
            dedupe: item.dedupe.clone(),
            events,
        });
        if let Some(key) = &item.dedupe {
            self.repeats.insert(key.clone(), index);
        }
        Ok(())
    }

    /// Adds the totals that changed.
    pub(super) fn total(&mut self) {
        let meters = self.touched.iter();
        self.batch.meters = meters
            .map(|(key, meter)| MeterRecord {
                key: key.to_string(),
                calls: meter.calls,
                fen: meter.fen,
            })
            .collect();
    }

    /// Tells everyone, after the batch is durable.
    pub(super) fn answer(self, appended: &Arc<Appended>, checkpoint: &Arc<SignedCheckpoint>) {
        let Self {
            batch,
            recorded,
            unrecorded,
            ..
        } = self;
        let entries = (batch.size_before..).zip(batch.entries);
        for ((index, entry), item) in entries.zip(recorded) {
            let committed = Committed {
                index,
                entry,
                appended: appended.clone(),
                checkpoint: checkpoint.clone(),
            };
            match item {
                Recorded::Act(reply, events) => drop(reply.send(Ok(ActDone { committed, events }))),
                Recorded::Permitted(reply, item, permit) => {
                    drop(reply.send(Ok(CallDone::Permitted {
                        committed,
                        item,
                        permit,
                    })));
                }
                Recorded::Refused(reply, item, refusal) => {
                    drop(reply.send(Ok(CallDone::Refused {
                        committed,
                        item,
                        refusal,
                    })));
                }
            }
        }
        tell(unrecorded);
    }

    /// Tells those who left no entry, where nobody left one.
    pub(super) fn answer_unrecorded(self) {
        tell(self.unrecorded);
    }

    /// Tells everyone that nothing of the batch counts.
    pub(super) fn fail(self, error: &AppError) {
        let failure = || error.again();
        for item in self.recorded {
            match item {
                Recorded::Act(reply, _) => drop(reply.send(Err(failure()))),
                Recorded::Permitted(reply, ..) | Recorded::Refused(reply, ..) => drop(reply.send(Err(failure()))),
            }
        }
        for item in self.unrecorded {
            match item {
                Unrecorded::Act(reply, _) => drop(reply.send(Err(failure()))),
                Unrecorded::Call(reply, _) => drop(reply.send(Err(failure()))),
            }
        }
    }
}

/// What comes of a call that is recorded so.
fn called<'a>(item: &CallItem, decision: Result<&Permit, &'a Refusal>) -> Called<'a> {
    match (decision, item.failure()) {
        (Err(refusal), _) => Called::Refused(&refusal.rule),
        (Ok(_), Some(failure)) => Called::Failed(failure),
        (Ok(_), None) => Called::Answered,
    }
}

fn beyond_counting() -> AppError {
    AppError::Internal("what the answer costs is beyond counting".to_owned())
}

fn tell(unrecorded: Vec<Unrecorded>) {
    for item in unrecorded {
        match item {
            Unrecorded::Act(reply, error) => drop(reply.send(Err(error))),
            Unrecorded::Call(reply, done) => drop(reply.send(done)),
        }
    }
}

/// The events of an act as its leaf commits to them.
pub(crate) fn encode_events(events: &[Event]) -> Result<String, AppError> {
    serde_json::to_string(events).map_err(AppError::internal)
}

fn call_leaf(
    item: &CallItem,
    answer: Option<&Sealed>,
    decision: Result<&Permit, &Refusal>,
    under: u64,
    at: Timestamp,
    rules: &str,
) -> CallLeaf {
    let mut commitments = BTreeMap::from([("request".to_owned(), item.request.commitment())]);
    commitments.extend(answer.map(|answer| ("answer".to_owned(), answer.commitment())));
    commitments.extend(
        item.subject
            .as_ref()
            .map(|(_, code)| ("subject".to_owned(), code.commitment())),
    );
    let consents = item.computed.as_ref().and_then(|computed| computed.consents.as_ref());
    commitments.extend(consents.map(|consents| ("consents".to_owned(), consents.commitment())));
    let (permit, failure) = (decision.ok(), item.failure());
    CallLeaf {
        alerts: Vec::new(),
        at: leaf::instant(at),
        chain: permit.map(|permit| ChainLeaf::from(&permit.chain)),
        commitments,
        consumer: item.actor.party.clone(),
        data: permit.map_or_else(Vec::new, |permit| permit.versions.clone()),
        decided_under: under,
        derivation: permit.map(|permit| permit.derivation_sha256.clone()),
        failure: failure.map(|failure| failure.id().to_owned()),
        fee: permit.map_or_else(|| "0.00".to_owned(), |permit| permit.fee.to_string()),
        id: item.id.clone(),
        kind: "call".to_owned(),
        losses: leaf::losses_of(&item.losses, decision.err()),
        outcome: leaf::outcome_of(permit.is_some(), failure).to_owned(),
        product: item.product.to_string(),
        purpose: item.purpose.clone(),
        rule: decision.err().map(|refusal| refusal.rule.clone()),
        rules: rules.to_owned(),
        split: permit.map_or_else(BTreeMap::new, leaf::split_of),
        v: LEAF_VERSION,
        volume: permit.and_then(|permit| item.computed.as_ref()?.volume(permit)),
    }
}
