//! An agreement after an event.

use std::sync::Arc;

use super::{
    AcceptAmendment, Agreement, AgreementEvent, AgreementSignature, AgreementStatus, Amendment, AmendmentOffer,
    DeclineAmendment, DroppedAmendment, OfferEnd, ProposeAgreement, SignedDocument, Suspended, WithdrawAmendment,
};
use crate::event::Moment;
use crate::identifier::{AgreementId, PartyId};
use crate::post::forget_filed;
use crate::power::Act;
use crate::service::Stops;
use crate::state::{State, change};

/// There is a proposal.
pub(crate) fn proposed(state: &mut State, terms: &ProposeAgreement, agency: &PartyId, revision: u64) {
    let agreement = Agreement {
        terms: terms.clone(),
        covered: terms.resources.clone(),
        agency: agency.clone(),
        status: AgreementStatus::Proposed,
        suspended: Vec::new(),
        stops: Stops::default(),
        proposed: None,
        amendments: Vec::new(),
        dropped: Vec::new(),
        signatures: Vec::new(),
        revision,
    };
    state.agreements.insert_mut(terms.id.clone(), Arc::new(agreement));
}

/// The operator has signed.
pub(crate) fn signed(
    state: &mut State,
    agreement: &AgreementId,
    document: Option<&SignedDocument>,
    moment: Moment,
    revision: u64,
) {
    change(&mut state.agreements, agreement, |agreement| {
        agreement.status = AgreementStatus::Signed { at: moment.at };
        if let Some(document) = document {
            let operator = agreement.terms.operator.clone();
            record(agreement, operator, document, moment);
        }
        agreement.revision = revision;
    });
}

/// Applies an event to a signed agreement.
pub(crate) fn evolve(state: &mut State, event: &AgreementEvent, moment: Moment, revision: u64) {
    let id = AgreementId::new(event.stream());
    if let AgreementEvent::Amended { terms, .. } = event {
        measure_scenarios(state, terms, moment);
    }
    if event.ends_offer() {
        forget_filed(state, id.as_str(), Act::ProposeAmendment);
    }
    change(&mut state.agreements, &id, |agreement| {
        agreement.revision = revision;
        match event {
            AgreementEvent::AmendmentProposed {
                amendment,
                by,
                answer_until,
            } => {
                drop_offer(agreement, moment, OfferEnd::Replaced);
                agreement.proposed = Some(AmendmentOffer {
                    amendment: (**amendment).clone(),
                    by: by.clone(),
                    at: moment.at,
                    answer_until: *answer_until,
                });
            }
            AgreementEvent::Amended { acceptance, by, terms } => amended(agreement, acceptance, by, terms, moment),
            AgreementEvent::AmendmentDeclined(DeclineAmendment { reason, .. }) => {
                let reason = reason.clone();
                drop_offer(agreement, moment, OfferEnd::Declined { reason });
            }
            AgreementEvent::AmendmentWithdrawn(WithdrawAmendment { reason, .. }) => {
                let reason = reason.clone();
                drop_offer(agreement, moment, OfferEnd::Withdrawn { reason });
            }
            AgreementEvent::ProposalDeclined(DeclineAmendment { reason, .. }) => {
                let (at, reason) = (moment.at, reason.clone());
                let end = OfferEnd::Declined { reason };
                agreement.status = AgreementStatus::Dropped { at, end };
            }
            AgreementEvent::ProposalWithdrawn(WithdrawAmendment { reason, .. }) => {
                let (at, reason) = (moment.at, reason.clone());
                let end = OfferEnd::Withdrawn { reason };
                agreement.status = AgreementStatus::Dropped { at, end };
            }
            AgreementEvent::Suspended { suspension, by } => {
                agreement.stops.begin(moment.at);
                agreement.suspended.push(Suspended {
                    by: by.clone(),
                    at: moment.at,
                    reason: suspension.reason.clone(),
                });
            }
            AgreementEvent::Resumed { by, .. } => resumed(agreement, by.as_ref(), moment),
            AgreementEvent::Sealed(seal) => record(agreement, agreement.agency.clone(), &seal.document, moment),
            AgreementEvent::TextSigned(signature) => {
                if let Some(document) = &signature.document {
                    record(agreement, agreement.terms.operator.clone(), document, moment);
                }
            }
            AgreementEvent::Ended { exit, .. } => {
                if let AgreementStatus::Signed { at: signed } = agreement.status {
                    let (at, exit) = (moment.at, exit.clone());
                    agreement.status = AgreementStatus::Ended { signed, at, exit };
                }
            }
        }
    });
}

/// Each scenario under the agreement lies within its new terms, or outside.
fn measure_scenarios(state: &mut State, terms: &ProposeAgreement, moment: Moment) {
    let mut ids = Vec::new();
    for (id, scenario) in &state.scenarios {
        if scenario.application.agreement == terms.id {
            ids.push(id.clone());
        }
    }
    for id in ids {
        change(&mut state.scenarios, &id, |scenario| scenario.measure(terms, moment.at));
    }
}

fn amended(
    agreement: &mut Agreement,
    acceptance: &AcceptAmendment,
    by: &PartyId,
    terms: &ProposeAgreement,
    moment: Moment,
) {
    if let Some(document) = &acceptance.document {
        record(agreement, by.clone(), document, moment);
    }
    agreement.covered.extend(terms.resources.iter().cloned());
    let until_before = agreement.terms.term.until;
    let before = Box::new(std::mem::replace(&mut agreement.terms, terms.clone()));
    if let Some(AmendmentOffer { amendment, by, .. }) = agreement.proposed.take() {
        let at = moment.at;
        agreement.amendments.push(Amendment {
            amendment,
            until_before,
            before,
            by,
            at,
        });
    }
}

/// A party's own suspension ends, or those of which the record does not say whose they are; served again without any.
fn resumed(agreement: &mut Agreement, by: Option<&PartyId>, moment: Moment) {
    let stays = |it: &Suspended| by.is_some() && it.by.is_some() && it.by.as_ref() != by;
    agreement.suspended.retain(stays);
    if agreement.suspended.is_empty() {
        agreement.stops.end(moment.at);
    }
}

/// What waited comes to nothing, and what was signed of it is the signature of no text.
fn drop_offer(agreement: &mut Agreement, moment: Moment, end: OfferEnd) {
    let Some(offer) = agreement.proposed.take() else {
        return;
    };
    let waiting = agreement.text() + 1;
    let of_it = agreement.signatures.iter_mut().filter(|it| it.text == waiting);
    of_it.for_each(|signature| signature.text = 0);
    let at = moment.at;
    agreement.dropped.push(DroppedAmendment { offer, at, end });
}

fn record(agreement: &mut Agreement, party: PartyId, document: &SignedDocument, moment: Moment) {
    // What is signed are the terms in force, or those that wait to follow them.
    let in_force = document.terms_sha256 == agreement.terms.sha256();
    let text = agreement.text() + usize::from(!in_force);
    agreement.signatures.push(AgreementSignature {
        party,
        at: moment.at,
        text,
        document: document.clone(),
    });
}
