//! Links of the chain as the API shows them.

use gongshu_api as api;
use gongshu_api::Named;
use gongshu_api::chain::Term;
use gongshu_api::document::AgreementSignature;
use gongshu_app::governance::State;
use gongshu_app::governance::agreement::{Agreement, AgreementSignature as Signature, Amount, Suspended, Use};
use gongshu_app::governance::consent::Consent;
use gongshu_app::governance::money::Money;
use gongshu_app::governance::party::Party;
use gongshu_app::governance::product::{Development, EngagedPartner};
use gongshu_app::governance::rules::Rules;
use gongshu_app::governance::scenario::{AssessRisk, Scenario};
use gongshu_app::governance::subscription::Subscription;
use gongshu_app::{Snapshot, amendment_changes};
use jiff::civil::Date;

use super::dispute::scenario_named;
use super::{party_named, resource_named, word};

pub(super) fn term(term: &gongshu_app::governance::calendar::Term) -> Term {
    Term {
        from: term.from.to_string(),
        until: term.until.to_string(),
    }
}

fn json(value: &impl serde::Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// An agreement; with the use of its scale where that is given.
pub(crate) fn agreement(state: &State, rules: &Rules, agreement: &Agreement, used: &[Use]) -> api::chain::Agreement {
    let terms = &agreement.terms;
    let development = Development::under(state, &terms.id);
    let shares = terms.shares.iter();
    let share = |share: &gongshu_app::governance::agreement::RevenueShare| api::chain::Share {
        party: party_named(state, &share.party),
        share: share.share.0,
    };
    api::chain::Agreement {
        id: terms.id.to_string(),
        title: terms.title.clone(),
        agency: party_named(state, &agreement.agency),
        operator: party_named(state, &terms.operator),
        term: term(&terms.term),
        resources: terms.resources.iter().map(|id| resource_named(state, id)).collect(),
        purposes: terms.purposes.iter().cloned().collect(),
        clauses: terms.clauses.clone(),
        shares: shares.map(share).collect(),
        development: api::chain::Development {
            by_partners: development.by_partners,
            listed: development.listed,
            partner_percent_max: rules.parameters().partner_percent_max,
        },
        status: json(&agreement.status),
        capacity: terms.capacity.iter().map(|of| capacity(of, used, rules)).collect(),
        terms_sha256: terms.sha256(),
        suspended: agreement.suspended.iter().map(|it| suspension(state, it)).collect(),
        proposed: proposed(state, agreement),
        amendments: agreement.amendments.iter().map(|it| amendment(state, it)).collect(),
        dropped: agreement.dropped.iter().map(|it| dropped(state, it)).collect(),
        signatures: signatures(state, agreement),
        revision: agreement.revision,
    }
}

fn capacity(of: &Amount, used: &[Use], rules: &Rules) -> api::chain::Capacity {
    let used = used.iter().find(|used| used.amount.measure == of.measure);
    let percent = used.and_then(Use::percent);
    let from = rules.parameters().capacity_notice_percent;
    api::chain::Capacity {
        used: used.and_then(Use::text),
        percent,
        nearly_used: percent.is_some_and(|percent| percent >= from),
        unmeasured: used.map_or(0, |used| used.unmeasured),
        measure: of.measure.id().to_owned(),
        name: format!("{}（{}）", of.measure.zh(), of.measure.unit()),
        quantity: of.quantity,
    }
}

fn suspension(state: &State, of: &Suspended) -> api::chain::Suspension {
    api::chain::Suspension {
        by: of.by.as_ref().map(|party| party_named(state, party)),
        at: of.at.to_string(),
        reason: of.reason.clone(),
    }
}

/// What several parties say, the first first; none where nobody says anything.
fn reasons<'a>(all: impl Iterator<Item = &'a str>) -> Option<String> {
    let all: Vec<&str> = all.collect();
    (!all.is_empty()).then(|| all.join("；"))
}

fn signatures(state: &State, agreement: &Agreement) -> Vec<AgreementSignature> {
    let in_force: Vec<_> = agreement.signatures_in_force().collect();
    let all = agreement.signatures.iter();
    all.map(|it| signature(state, it, in_force.contains(&it))).collect()
}

fn signature(state: &State, it: &Signature, in_force: bool) -> AgreementSignature {
    AgreementSignature {
        party: party_named(state, &it.party),
        at: it.at.to_string(),
        document_sha256: it.document.document_sha256.clone(),
        signature_sha256: it.document.signature_sha256.clone(),
        in_force,
    }
}

fn proposed(state: &State, agreement: &Agreement) -> Option<api::chain::ProposedAmendment> {
    let offer = agreement.proposed.as_ref()?;
    let signed = agreement.signatures_waiting();
    Some(api::chain::ProposedAmendment {
        by: party_named(state, &offer.by),
        at: offer.at.to_string(),
        answer_until: offer.answer_until.map(|day| day.to_string()),
        reason: offer.amendment.reason.clone(),
        changes: amendment_changes(state, &offer.amendment),
        terms_sha256: agreement.waiting()?.sha256(),
        signatures: signed.map(|it| signature(state, it, false)).collect(),
    })
}

fn amendment(state: &State, amendment: &gongshu_app::governance::agreement::Amendment) -> api::chain::Amendment {
    api::chain::Amendment {
        by: party_named(state, &amendment.by),
        at: amendment.at.to_string(),
        reason: amendment.amendment.reason.clone(),
    }
}

fn dropped(
    state: &State,
    dropped: &gongshu_app::governance::agreement::DroppedAmendment,
) -> api::chain::DroppedAmendment {
    api::chain::DroppedAmendment {
        by: party_named(state, &dropped.offer.by),
        at: dropped.at.to_string(),
        reason: dropped.offer.amendment.reason.clone(),
        changes: amendment_changes(state, &dropped.offer.amendment),
        end: json(&dropped.end),
    }
}

pub(crate) fn engagement(state: &State, engaged: &EngagedPartner, today: Date) -> api::chain::Engagement {
    let engagement = &engaged.engagement;
    let mut scenarios = engagement.scenarios.iter().filter_map(|id| state.scenarios.get(id));
    let agreement = scenarios.find_map(|it| state.agreements.get(&it.application.agreement));
    let products = state.products.values().filter_map(|product| {
        let submission = &product.submission;
        let theirs = engaged.is_of(&product.developer, &submission.scenario);
        theirs.then(|| Named {
            id: submission.id.to_string(),
            name: submission.name.clone(),
        })
    });
    let mut products: Vec<Named> = products.collect();
    products.sort_by(|a, b| a.id.cmp(&b.id));
    api::chain::Engagement {
        id: engagement.id.to_string(),
        partner: party_named(state, &engagement.partner),
        operator: party_named(state, agreement.map_or(&engagement.partner, |it| &it.terms.operator)),
        scenarios: engagement
            .scenarios
            .iter()
            .map(|id| scenario_named(state, id))
            .collect(),
        joint_liability_sha256: engagement.joint_liability_sha256.clone(),
        term: engagement.term.as_ref().map(term),
        at: engaged.at.to_string(),
        status: word(&engaged.status(today)),
        ended: engaged.ended.as_ref().map(|end| api::chain::EngagementEnd {
            at: end.at.to_string(),
            reason: end.reason.clone(),
        }),
        products,
        revision: engaged.revision,
    }
}

pub(crate) fn scenario(snapshot: &Snapshot, rules: &Rules, scenario: &Scenario) -> api::chain::Scenario {
    let state = &snapshot.state;
    let application = &scenario.application;
    let agreement = state.agreements.get(&application.agreement);
    let resources = application.resources.iter().map(|(id, fields)| {
        let provider = state
            .resources
            .get(id)
            .map(|resource| resource.registration.provider.clone());
        let nobody = Named {
            id: String::new(),
            name: String::new(),
        };
        api::chain::ScenarioResource {
            resource: resource_named(state, id),
            provider: provider.map_or(nobody, |provider| party_named(state, &provider)),
            fields: fields.iter().cloned().collect(),
            approval: scenario.approvals.get(id).map(json),
        }
    });
    api::chain::Scenario {
        id: application.id.to_string(),
        name: application.name.clone(),
        agreement: Named {
            id: application.agreement.to_string(),
            name: agreement.map_or_else(String::new, |agreement| agreement.terms.title.clone()),
        },
        purpose: application.purpose.clone(),
        price_class: word(&application.price_class),
        resources: resources.collect(),
        consumer_class: application.consumer_class.clone(),
        technique: application.technique.clone(),
        output_form: application.output_form.clone(),
        quota_calls_max: application.quota_calls_max,
        calls: snapshot.meter(application.id.as_str()).calls,
        failed: snapshot.failed(application.id.as_str()),
        term: term(&application.term),
        status: json(&scenario.status),
        approvals_due: scenario.approvals_due(rules).to_string(),
        objection: reasons(scenario.objections.iter().map(|it| it.reason.as_str())),
        risks: scenario.risk.as_ref().map_or_else(Vec::new, risks),
        risk_report_sha256: scenario.risk.as_ref().map(|risk| risk.document_sha256.clone()),
        revision: scenario.revision,
    }
}

fn risks(assessed: &AssessRisk) -> Vec<api::chain::ScenarioRisk> {
    let risk = |(name, risk): (&String, &gongshu_app::governance::scenario::RiskFinding)| api::chain::ScenarioRisk {
        name: name.clone(),
        likelihood: risk.likelihood,
        impact: risk.impact,
        measure: risk.measure.clone(),
    };
    assessed.risks.iter().map(risk).collect()
}

pub(crate) fn subscription(
    snapshot: &Snapshot,
    subscription: &Subscription,
    rules: &Rules,
    today: Date,
) -> api::chain::Subscription {
    let order = &subscription.order;
    let product = snapshot.state.products.get(&order.product);
    let meter = snapshot.meter(order.id.as_str());
    api::chain::Subscription {
        id: order.id.to_string(),
        consumer: party_named(&snapshot.state, &subscription.consumer),
        product: Named {
            id: order.product.to_string(),
            name: product.map_or_else(String::new, |product| product.submission.name.clone()),
        },
        purpose: order.purpose.clone(),
        quota_calls_max: order.quota_calls_max,
        calls: meter.calls,
        failed: snapshot.failed(order.id.as_str()),
        failed_today: snapshot.failed_on(&subscription.consumer, &order.product, today),
        failed_today_max: rules.parameters().failed_calls_max,
        charged: Money::from_fen(meter.fen).to_string(),
        proposed: subscription.proposed.as_ref().map(|it| api::chain::ProposedQuota {
            by: party_named(&snapshot.state, &it.by),
            at: it.at.to_string(),
            quota_calls_max: it.quota_calls_max,
        }),
        open: subscription.open,
        revision: subscription.revision,
    }
}

/// The subject, by its code where it is no party on record.
fn subject(state: &State, consent: &Consent) -> Named {
    let by_code = || Named {
        id: String::new(),
        name: consent.code.clone(),
    };
    consent
        .subject
        .as_ref()
        .map_or_else(by_code, |id| party_named(state, id))
}

pub(crate) fn consent(state: &State, consent: &Consent) -> api::chain::Consent {
    let given = &consent.given;
    api::chain::Consent {
        id: given.id.to_string(),
        subject: subject(state, consent),
        consumer: party_named(state, &given.consumer),
        purpose: given.purpose.clone(),
        resource: resource_named(state, &given.resource),
        fields: given.fields.iter().cloned().collect(),
        term: term(&given.term),
        withdrawn: consent.withdrawn.map(|at| at.to_string()),
        revision: consent.revision,
    }
}

/// What a party has received; none where it never received anything.
pub(crate) fn revenue(snapshot: &Snapshot, party: &Party) -> Option<api::chain::Revenue> {
    let meter = snapshot.meter(party.id.as_str());
    (meter.calls > 0).then(|| api::chain::Revenue {
        party: Named {
            id: party.id.to_string(),
            name: party.name.clone(),
        },
        received: Money::from_fen(meter.fen).to_string(),
        calls: meter.calls,
    })
}
