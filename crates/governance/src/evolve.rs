//! `evolve`: the next state after an event.

use std::sync::Arc;

use crate::calendar::day_of;
use crate::consent::Consent;
use crate::event::{Event, Moment};
use crate::product::{Charging, EngagedPartner, EngagementEnd, HeldCeiling, Product, ProductStatus, Tariff};
use crate::resource::{Resource, VersionStatus};
use crate::scenario::{Approval, Freeze, FreezeCause, Narrowing, Objection, Scenario, ScenarioEvent, ScenarioStatus};
use crate::service::Stops;
use crate::state::{State, change};
use crate::subscription::{QuotaProposal, Subscription};

/// Applies an event. Total: an event that was recorded is a fact, and is never refused here.
pub fn evolve(state: &mut State, event: &Event, moment: Moment) {
    let stream = event.stream();
    let revision = state.revision(stream) + 1;
    if revision == 1 {
        state.revisions.insert_mut(Arc::from(stream), revision);
    } else {
        state.revisions.change(stream, |of_stream| *of_stream = revision);
    }
    state.sequence = moment.sequence;
    match event {
        Event::PartyRegistered(_) | Event::CredentialIssued(_) | Event::CredentialRevoked { .. } => party(state, event),
        Event::Party(event) => crate::party::evolve(state, event, moment),
        Event::Post(event) => crate::post::evolve(state, event, moment, revision),
        Event::ResourceRegistered(_)
        | Event::VersionRecorded { .. }
        | Event::DestructionOrdered { .. }
        | Event::VersionDestroyed { .. } => resource(state, event, moment, revision),
        Event::Resource(event) => crate::resource::evolve(state, event, moment, revision),
        Event::AgreementProposed { terms, agency } => crate::agreement::proposed(state, terms, agency, revision),
        Event::AgreementSigned { agreement, document } => {
            crate::agreement::signed(state, agreement, document.as_ref(), moment, revision);
        }
        Event::Agreement(event) => crate::agreement::evolve(state, event, moment, revision),
        Event::Dispute(event) => crate::dispute::evolve(state, event, moment, revision),
        Event::Assessment(event) => crate::assessment::evolve(state, event, moment, revision),
        Event::ScenarioApplied(_)
        | Event::Scenario(_)
        | Event::ScenarioGranted { .. }
        | Event::ResourceApproved { .. }
        | Event::ResourceDeclined { .. }
        | Event::ScenarioFrozen { .. }
        | Event::ScenarioThawed { .. } => scenario(state, event, moment, revision),
        Event::PartnerEngaged(engagement) => {
            let engaged = EngagedPartner {
                engagement: engagement.clone(),
                at: moment.at,
                ended: None,
                revision,
            };
            state.engagements.insert_mut(engagement.id.clone(), Arc::new(engaged));
        }
        Event::EngagementEnded { engagement, reason } => change(&mut state.engagements, engagement, |engaged| {
            engaged.revision = revision;
            engaged.ended = Some(EngagementEnd {
                at: moment.at,
                reason: reason.clone(),
            });
        }),
        Event::ProductSubmitted { .. }
        | Event::ProductListed { .. }
        | Event::CeilingSet { .. }
        | Event::PriceSet { .. } => {
            product(state, event, moment, revision);
            crate::revenue::evolve(state, event, revision);
        }
        Event::Offer(event) => crate::product::evolve_offer(state, event, moment, revision),
        Event::RevenuePermitted { .. } | Event::CeilingsSet { .. } | Event::RevenueSettled { .. } => {
            crate::revenue::evolve(state, event, revision);
        }
        Event::Subscribed { .. } | Event::Unsubscribed { .. } | Event::QuotaAgreed { .. } => {
            subscription(state, event, moment, revision);
        }
        Event::LoanReported { loan, by } => crate::loan::evolve(state, loan, by, moment),
        Event::Border(event) => crate::border::evolve(state, event, moment, revision),
        Event::ConsentGiven { .. } | Event::ConsentWithdrawn { .. } => consent(state, event, moment, revision),
        Event::EvidenceMade { made, by } => crate::evidence::evolve(state, made, by, moment),
        Event::CallsErased { order, by } => crate::erasure::evolve(state, order, by, moment, revision),
        Event::Alert(event) => crate::alert::evolve(state, event, moment, revision),
        Event::Incident(event) => crate::incident::evolve(state, event, moment, revision),
        Event::Selection(event) => crate::selection::evolve(state, event, moment, revision),
        Event::Plan(event) => crate::plan::evolve(state, event, moment, revision),
        Event::Registration(event) => crate::registration::evolve(state, event, moment, revision),
        Event::Quality(event) => crate::quality::evolve(state, event, moment, revision),
        Event::Disclosure(event) => crate::disclosure::evolve(state, event, moment, revision),
        Event::Books(event) => crate::books::evolve(state, event, moment, revision),
        Event::Model(event) => crate::model::evolve(state, event, moment, revision),
        Event::Workbench(event) => crate::workbench::evolve(state, event, moment),
        Event::Output(event) => crate::output::evolve(state, event, moment, revision),
        Event::Exit(event) => crate::exit::evolve(state, event, moment, revision),
        Event::File(event) => crate::file::evolve(state, event, moment),
    }
    crate::file::note(state, event);
}

fn party(state: &mut State, event: &Event) {
    match event {
        Event::PartyRegistered(party) => {
            if let Some(code) = &party.code {
                state
                    .party_by_code
                    .insert_mut((party.role, code.clone()), party.id.clone());
            }
            state.parties.insert_mut(party.id.clone(), Arc::new(party.clone()));
        }
        Event::CredentialIssued(credential) => {
            state
                .credential_by_hash
                .insert_mut(credential.key_hash.clone(), credential.id.clone());
            state
                .credentials
                .insert_mut(credential.id.clone(), Arc::new(credential.clone()));
        }
        Event::CredentialRevoked { credential } => {
            if let Some(hash) = state
                .credentials
                .get(credential)
                .map(|credential| credential.key_hash.clone())
            {
                state.credential_by_hash.remove_mut(&hash);
            }
            state.credentials.remove_mut(credential);
        }
        _ => {}
    }
}

fn resource(state: &mut State, event: &Event, moment: Moment, revision: u64) {
    match event {
        Event::ResourceRegistered(registration) => {
            let resource = Resource {
                registration: (**registration).clone(),
                versions: Vec::new(),
                stops: Stops::default(),
                came: std::collections::BTreeMap::new(),
                pending: None,
                regrading: Vec::new(),
                dues: Vec::new(),
                regraded: 0,
                clearances: Vec::new(),
                checks: Vec::new(),
                updated: None,
                withdrawn: None,
                revision,
            };
            state.resources.insert_mut(registration.id.clone(), Arc::new(resource));
        }
        Event::VersionRecorded { resource, version } => change(&mut state.resources, resource, |resource| {
            let year = crate::calendar::day_of(moment.at).year();
            resource.came.insert(version.id.clone(), year);
            resource.versions.push(version.clone());
            resource.updated = Some(moment.at);
            resource.stops.end(moment.at);
            resource.revision = revision;
        }),
        Event::DestructionOrdered {
            resource,
            version,
            reason,
        } => {
            let status = VersionStatus::DestructionOrdered {
                reason: reason.clone(),
                at: moment.at,
            };
            change(&mut state.resources, resource, |resource| {
                if resource.current().is_some_and(|current| current.id == *version) {
                    resource.stops.begin(moment.at);
                }
                set_status(resource, version, status, revision);
            });
        }
        Event::VersionDestroyed {
            resource,
            version,
            at,
            certificate,
        } => {
            let status = VersionStatus::Destroyed {
                at: *at,
                certificate: certificate.clone(),
            };
            change(&mut state.resources, resource, |resource| {
                set_status(resource, version, status, revision);
            });
        }
        _ => {}
    }
}

fn set_status(resource: &mut Resource, version: &crate::identifier::VersionId, status: VersionStatus, revision: u64) {
    if let Some(version) = resource.versions.iter_mut().find(|candidate| candidate.id == *version) {
        version.status = status;
    }
    resource.revision = revision;
}

fn scenario(state: &mut State, event: &Event, moment: Moment, revision: u64) {
    let at = moment.at;
    match event {
        Event::ScenarioApplied(application) => {
            let scenario = Scenario {
                application: (**application).clone(),
                narrowings: Vec::new(),
                status: ScenarioStatus::Applied,
                applied: at,
                risk: None,
                objections: Vec::new(),
                approvals: std::collections::BTreeMap::new(),
                stops: Stops::default(),
                declined: std::collections::BTreeMap::new(),
                outside: Stops::default(),
                revision,
            };
            state.scenarios.insert_mut(application.id.clone(), Arc::new(scenario));
        }
        Event::Scenario(event) => {
            let id = crate::identifier::ScenarioId::new(event.stream());
            change(&mut state.scenarios, &id, |scenario| {
                scenario.revision = revision;
                match event {
                    ScenarioEvent::RiskAssessed(risk) => scenario.risk = Some((**risk).clone()),
                    ScenarioEvent::Objected { objection, by } => scenario.objections.push(Objection {
                        by: by.clone(),
                        at,
                        reason: objection.reason.clone(),
                    }),
                    ScenarioEvent::ObjectionLifted { by: None, .. } => scenario.objections.clear(),
                    ScenarioEvent::ObjectionLifted { by, .. } => {
                        scenario.objections.retain(|it| it.by.is_some() && it.by != *by);
                    }
                    ScenarioEvent::Refused(refusal) => {
                        let reason = refusal.reason.clone();
                        scenario.status = ScenarioStatus::Refused { at, reason };
                    }
                    ScenarioEvent::Withdrawn(withdrawal) => {
                        let reason = withdrawal.reason.clone();
                        scenario.status = ScenarioStatus::Withdrawn { at, reason };
                    }
                    ScenarioEvent::Narrowed { narrowing, by, granted } => {
                        let (by, narrowing) = (by.clone(), (**narrowing).clone());
                        scenario.narrow(Narrowing { by, at, narrowing }, granted);
                        if let Some(agreement) = state.agreements.get(&granted.agreement) {
                            scenario.measure(&agreement.terms, at);
                        }
                    }
                    ScenarioEvent::Ended { end, .. } => scenario.end(end, at),
                }
            });
        }
        Event::ScenarioGranted { scenario } => change(&mut state.scenarios, scenario, |scenario| {
            scenario.status = ScenarioStatus::Granted { at };
            scenario.revision = revision;
        }),
        Event::ResourceApproved { scenario, resource } => change(&mut state.scenarios, scenario, |scenario| {
            scenario.approvals.insert(resource.clone(), Approval::Given { at });
            if let Some(stops) = scenario.declined.get_mut(resource) {
                stops.end(at);
            }
            scenario.revision = revision;
        }),
        Event::ResourceDeclined {
            scenario,
            resource,
            reason,
        } => change(&mut state.scenarios, scenario, |scenario| {
            scenario.declined.entry(resource.clone()).or_default().begin(at);
            scenario.approvals.insert(
                resource.clone(),
                Approval::Declined {
                    at,
                    reason: reason.clone(),
                },
            );
            scenario.revision = revision;
        }),
        Event::ScenarioFrozen {
            scenario,
            reason,
            cause,
        } => change(&mut state.scenarios, scenario, |scenario| {
            scenario.freeze(Freeze {
                cause: cause.clone().unwrap_or(FreezeCause::Unstated),
                at,
                reason: reason.clone(),
            });
            scenario.revision = revision;
        }),
        Event::ScenarioThawed { scenario, cause } => change(&mut state.scenarios, scenario, |scenario| {
            scenario.thaw(cause.as_ref(), at);
            scenario.revision = revision;
        }),
        _ => {}
    }
}

fn product(state: &mut State, event: &Event, moment: Moment, revision: u64) {
    match event {
        Event::ProductSubmitted { submission, developer } => {
            let before = submission.replaces.as_ref().and_then(|id| state.products.get(id));
            let scenario = state.scenarios.get(&submission.scenario);
            let product = Product {
                submission: (**submission).clone(),
                developer: developer.clone(),
                version: before.map_or(1, |before| before.version.saturating_add(1)),
                status: ProductStatus::Submitted,
                narrowings: scenario.map_or(0, |scenario| scenario.narrowings.len()),
                listed: None,
                suspended: Vec::new(),
                stops: Stops::default(),
                charging: Charging::Call,
                ceiling: None,
                price: None,
                tariffs: Vec::new(),
                ceilings: Vec::new(),
                revision,
            };
            state.products.insert_mut(submission.id.clone(), Arc::new(product));
        }
        Event::ProductListed { product } => change(&mut state.products, product, |product| {
            product.status = ProductStatus::Listed;
            product.listed = Some(moment.at);
            product.revision = revision;
        }),
        Event::CeilingSet {
            product,
            charging,
            ceiling,
            ..
        } => change(&mut state.products, product, |product| {
            product.charging = *charging;
            product.ceiling = Some(*ceiling);
            product.ceilings.push(HeldCeiling {
                ceiling: *ceiling,
                at: moment.at,
            });
            product.revision = revision;
        }),
        Event::PriceSet { product, price, from } => change(&mut state.products, product, |product| {
            product.price = Some(*price);
            product.tariffs.push(Tariff {
                price: *price,
                sequence: moment.sequence,
                from: from.unwrap_or_else(|| day_of(moment.at)),
                at: moment.at,
                charging: product.charging,
            });
            product.revision = revision;
        }),
        _ => {}
    }
}

fn subscription(state: &mut State, event: &Event, moment: Moment, revision: u64) {
    match event {
        Event::Subscribed { order, consumer } => {
            let subscription = Subscription {
                order: order.clone(),
                consumer: consumer.clone(),
                proposed: None,
                open: true,
                sequence: moment.sequence,
                opened: moment.at,
                closed: None,
                revision,
            };
            state
                .subscription_by_use
                .insert_mut((consumer.clone(), order.product.clone()), order.id.clone());
            state.subscriptions.insert_mut(order.id.clone(), Arc::new(subscription));
        }
        Event::QuotaAgreed {
            subscription,
            quota_calls_max,
            by,
            agreed,
        } => change(&mut state.subscriptions, subscription, |subscription| {
            subscription.revision = revision;
            if *agreed {
                subscription.order.quota_calls_max = *quota_calls_max;
                subscription.proposed = None;
            } else {
                subscription.proposed = Some(QuotaProposal {
                    by: by.clone(),
                    at: moment.at,
                    quota_calls_max: *quota_calls_max,
                });
            }
        }),
        Event::Unsubscribed { subscription } => {
            change(&mut state.subscriptions, subscription, |subscription| {
                subscription.open = false;
                subscription.closed = Some(moment.at);
                subscription.revision = revision;
            });
            if let Some(ended) = state.subscriptions.get(subscription) {
                let key = (ended.consumer.clone(), ended.order.product.clone());
                state.subscription_by_use.remove_mut(&key);
            }
        }
        _ => {}
    }
}

fn consent(state: &mut State, event: &Event, moment: Moment, revision: u64) {
    match event {
        Event::ConsentGiven {
            given,
            subject,
            code,
            proof_sha256,
        } => {
            let consent = Consent {
                given: (**given).clone(),
                subject: subject.clone(),
                code: code.clone(),
                proof_sha256: proof_sha256.clone(),
                withdrawn: None,
                revision,
            };
            let ids = &mut state.consents_by_code;
            if !ids.contains_key(code.as_str()) {
                ids.insert_mut(Arc::from(code.as_str()), Arc::default());
            }
            ids.change(code.as_str(), |ids| Arc::make_mut(ids).push(given.id.clone()));
            let uses = consent.given.use_key();
            let live = state.consents_by_use.get(&uses).cloned().unwrap_or_default();
            state.consents_by_use.insert_mut(uses, live.insert(given.id.clone()));
            state.consents.insert_mut(given.id.clone(), Arc::new(consent));
        }
        Event::ConsentWithdrawn { consent, .. } => {
            let uses = state.consents.get(consent).map(|consent| consent.given.use_key());
            if let Some(live) = uses.and_then(|uses| state.consents_by_use.get_mut(&uses)) {
                live.remove_mut(consent);
            }
            state.consents.change(consent, |consent| {
                let consent = Arc::make_mut(consent);
                consent.withdrawn = Some(moment.at);
                consent.revision = revision;
            });
        }
        _ => {}
    }
}
