//! A call, decided again.

use std::collections::{BTreeMap, HashMap};

use gongshu_governance::alert::Called;
use gongshu_governance::authorization::{CallFailure, CallRequest, Permit, authorize};
use gongshu_governance::books::Month;
use gongshu_governance::identifier::{ConsentId, PartyId, ProductId};
use gongshu_governance::product::Volume;
use gongshu_governance::rules::Rule;
use gongshu_governance::{Actor, Event, Moment, Refusal, evolve};
use gongshu_ledger::{Commitment, Leaf, Suite};
use gongshu_privacy::accountant::Rho;
use gongshu_store::{CallRecord, Store};

use super::{Auditor, Difference, difference, leaf_differs, salt_of};
use crate::counted::Noticed;
use crate::error::AppError;
use crate::leaf::{
    AlertLeaf, CallLeaf, ChainLeaf, LEAF_VERSION, alerts_of, consents_of, encode, instant, outcome_of, split_of,
};
use crate::privacy;
use crate::private::Private;
use crate::sequencer::encode_events;

impl Auditor {
    pub(super) async fn call(
        &mut self,
        store: &Store,
        call: &CallRecord,
        entry: &[u8],
    ) -> Result<Option<Difference>, AppError> {
        let Ok(leaf) = serde_json::from_slice::<CallLeaf>(entry) else {
            return Ok(difference(
                call.index,
                "leaf",
                &String::from_utf8_lossy(entry),
                "the leaf of a call",
            ));
        };
        let rules = self.rules(store, &leaf.rules, call.at).await?;
        let private = Private::decode(&call.private)?;
        if private.is_none() {
            self.gone.insert(call.index);
        }
        let subject = self.subject_of(&leaf, private.as_ref());
        let actor = Actor {
            party: PartyId::new(&call.consumer),
            person: None,
        };
        let product = ProductId::new(&call.product);
        let request = CallRequest {
            actor: &actor,
            product: &product,
            purpose: &leaf.purpose,
            subject: subject.as_deref(),
            at: call.at,
        };
        let usage = self.snapshot.usage(&actor.party, &product, call.at);
        let losses = leaf
            .losses
            .iter()
            .map(|(resource, micro)| (resource.clone(), Rho::from_micro(*micro)));
        let losses = losses.collect();
        let decision = authorize(&self.snapshot.state, &request, usage, &rules, &self.powers);
        let mut decision =
            decision.and_then(|permit| privacy::afford(&self.snapshot, &losses, &rules).map(|()| permit));
        let failure = leaf.failure.as_deref().and_then(CallFailure::of);
        if let Ok(permit) = decision {
            decision = Ok(priced(permit, failure, &leaf)?);
        }
        // Of an erased subject nobody can tell whether it had consented: what the call was refused by stands.
        if let (None, Err(refusal), Some(rule)) = (&private, &mut decision, &leaf.rule)
            && refusal.rule == Rule::Consent.id()
        {
            refusal.rule.clone_from(rule);
        }
        let derived = match &decision {
            Ok(permit) => (
                Some(ChainLeaf::from(&permit.chain)),
                permit.fee.to_string(),
                split_of(permit),
                None,
            ),
            Err(refusal) => (None, "0.00".to_owned(), BTreeMap::new(), Some(refusal.rule.clone())),
        };
        let recorded = (
            leaf.chain.clone(),
            leaf.fee.clone(),
            leaf.split.clone(),
            leaf.rule.clone(),
        );
        if recorded != derived {
            return Ok(difference(
                call.index,
                "decision",
                &format!("{recorded:?}"),
                &format!("{derived:?}"),
            ));
        }
        let volume = leaf.volume.unwrap_or_default();
        let metered = (
            call.decided_under,
            call.fee_fen,
            call.refused_by.as_str(),
            call.failure.as_str(),
            call.volume,
        );
        let fee = decision.as_ref().map_or(0, |permit| permit.fee.fen());
        let rule = decision.as_ref().err().map_or("", |refusal| refusal.rule.as_str());
        let failed = failure.map_or("", CallFailure::id);
        let expected = (self.snapshot.state.sequence, fee, rule, failed, volume);
        if metered != expected || leaf.decided_under != call.decided_under {
            return Ok(difference(
                call.index,
                "metering",
                &format!("{metered:?}"),
                &format!("{fee} fen, rule `{rule}`, failure `{failed}`"),
            ));
        }
        let noticed = self.snapshot.notice(
            (&actor.party, &product),
            match (&decision, failure) {
                (Err(refusal), _) => Called::Refused(&refusal.rule),
                (Ok(_), Some(failure)) => Called::Failed(failure),
                (Ok(_), None) => Called::Answered,
            },
            call.at,
            &rules,
        );
        let derived = encode(&plain(&leaf, call, &decision, failure, alerts_of(&noticed.events)))?;
        if derived != entry {
            return Ok(leaf_differs(call.index, entry, &derived));
        }
        // What an answer said is not kept, but whether there was one stands in the leaf.
        let answers = decision.is_ok() && failure.is_none();
        if leaf.commitments.contains_key("answer") != answers {
            let words = [answers, !answers].map(|there| if there { "an answer" } else { "no answer" });
            return Ok(difference(call.index, "answer", words[1], words[0]));
        }
        if let Some(proposal) = &mut self.proposal {
            let rules = proposal.rules_at(call.at);
            let proposed = authorize(&self.snapshot.state, &request, usage, rules, &self.powers)
                .and_then(|permit| privacy::afford(&self.snapshot, &losses, rules).map(|()| permit));
            let proposed = proposed.map(|permit| priced(permit.clone(), failure, &leaf).unwrap_or(permit));
            proposal.call(call, &decision, &proposed);
        }
        if let Ok(permit) = &decision {
            if let Some(private) = &private
                && let Some(found) = consents_differ(self.edge.suite(), call.index, permit, private, entry)?
            {
                return Ok(Some(found));
            }
            // Of an erased subject nobody can tell whether it was counted before.
            self.uncounted |= private.is_none() && permit.crossing.is_some() && subject.as_deref() == Some("");
            self.count(call, permit, failure, volume)?;
            privacy::charge(&mut self.snapshot, &losses, &mut HashMap::new());
        }
        if let Some(found) = self.alerts_differ(call, noticed)? {
            return Ok(Some(found));
        }
        self.report.calls += 1;
        Ok(None)
    }
}

impl Auditor {
    /// Counts the call for alerts. The events on record are those of the alerts that it raises.
    fn alerts_differ(&mut self, call: &CallRecord, noticed: Noticed) -> Result<Option<Difference>, AppError> {
        let derived = self.snapshot.count(noticed, &mut HashMap::new());
        let numbers = self.snapshot.state.sequence + 1..;
        let recorded: Vec<(u64, &Event)> = call.events.iter().map(|it| (it.sequence, &it.event)).collect();
        if recorded != numbers.clone().zip(&derived).collect::<Vec<_>>() {
            let recorded: Vec<Event> = call.events.iter().map(|it| it.event.clone()).collect();
            let (recorded, derived) = (encode_events(&recorded)?, encode_events(&derived)?);
            return Ok(difference(call.index, "alerts", &recorded, &derived));
        }
        for (sequence, event) in numbers.zip(derived) {
            evolve(&mut self.snapshot.state, &event, Moment { sequence, at: call.at });
        }
        Ok(None)
    }

    /// Counts a permitted call: an answer toward its month, a failure toward its day.
    fn count(
        &mut self,
        call: &CallRecord,
        permit: &Permit,
        failure: Option<CallFailure>,
        volume: Volume,
    ) -> Result<(), AppError> {
        if let Some(failure) = failure {
            let (consumer, product) = (PartyId::new(&call.consumer), ProductId::new(&call.product));
            let of = (&consumer, &product);
            self.snapshot
                .fail(of, &permit.chain, failure, call.at, &mut HashMap::new());
            self.report.failed += 1;
            return Ok(());
        }
        let split = permit.split.iter().map(|(party, share)| (party, *share));
        let (month, subscription) = (Month::at(call.at), &permit.chain.subscription);
        let added = self.tally.add(month, subscription, (1, volume), permit.fee, split);
        added.ok_or_else(|| AppError::Internal("the fees of a month are beyond counting".to_owned()))?;
        self.snapshot.charge(permit, &mut HashMap::new());
        self.report.charged_fen += permit.fee.fen();
        Ok(())
    }

    /// The subject that a call spoke of. Where that is erased: the subject of the consent that its leaf names, and
    /// otherwise one that has given none.
    fn subject_of(&self, leaf: &CallLeaf, private: Option<&Private>) -> Option<String> {
        if let Some(private) = private {
            return private.openings.get("subject").map(|opening| opening.value.clone());
        }
        let named = leaf.chain.as_ref().and_then(|chain| chain.consent.as_deref());
        let consent = named.and_then(|id| self.snapshot.state.consents.get(&ConsentId::new(id)));
        let spoken_of = leaf.commitments.contains_key("subject");
        consent
            .map(|consent| consent.code.clone())
            .or_else(|| spoken_of.then(String::new))
    }
}

/// The permit with what the call costs. The answer itself is not kept: whoever has it counts it, and compares with the leaf.
fn priced(permit: Permit, failure: Option<CallFailure>, leaf: &CallLeaf) -> Result<Permit, AppError> {
    if failure.is_some() {
        return Ok(permit.unanswered());
    }
    let metered = permit.metered(leaf.volume.unwrap_or_default());
    metered.ok_or_else(|| AppError::internal("what an answer costs is beyond counting"))
}

/// The leaf of a call, with all that the record and the decision say of it; commitments, purpose and losses are its own.
fn plain(
    leaf: &CallLeaf,
    call: &CallRecord,
    decision: &Result<Permit, Refusal>,
    failure: Option<CallFailure>,
    alerts: Vec<AlertLeaf>,
) -> CallLeaf {
    let permit = decision.as_ref().ok();
    let failure = failure.filter(|_| permit.is_some());
    CallLeaf {
        alerts,
        at: instant(call.at),
        consumer: PartyId::new(&call.consumer),
        data: permit.map_or_else(Vec::new, |permit| permit.versions.clone()),
        derivation: permit.map(|permit| permit.derivation_sha256.clone()),
        id: call.id.clone(),
        kind: "call".to_owned(),
        failure: failure.map(|failure| failure.id().to_owned()),
        outcome: outcome_of(permit.is_some(), failure).to_owned(),
        product: call.product.clone(),
        v: LEAF_VERSION,
        volume: permit.and_then(|permit| permit.recorded(leaf.volume.unwrap_or_default())),
        ..leaf.clone()
    }
}

/// The consents that a set query rested on are those of the state it was decided under, and the leaf commits to them.
fn consents_differ(
    suite: Suite,
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
        Some(opening) => Some(Commitment::new(
            suite,
            &salt_of(&opening.salt)?,
            opening.value.as_bytes(),
        )),
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
