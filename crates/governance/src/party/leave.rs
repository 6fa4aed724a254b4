//! A party leaves the register: not while it owes, is owed, holds a living link, or has begun what only it can end; its
//! keys end with it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::PartyEvent;
use super::{Party, Role};
use crate::Context;
use crate::books::{Account, Month, agreement_of, open_month};
use crate::calendar::day_of;
use crate::event::Event;
use crate::exit::ExitStatus;
use crate::identifier::{PartyId, ScenarioId};
use crate::model::ModelStatus;
use crate::money::Money;
use crate::power::Act;
use crate::product::{EngagedPartner, EngagementStatus, Product, ProductStatus};
use crate::quality::WorkOrderStatus;
use crate::refusal::Refusal;
use crate::resource::{Resource, Version, VersionStatus};
use crate::rules::Rule;
use crate::scenario::{FreezeCause, Objection};
use crate::state::State;
use crate::text::{Text, is_sha256};

/// Takes a party off the register: it has dissolved, or was merged into another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeregisterParty {
    /// The party.
    pub party: PartyId,
    /// Why; of a merger, into which party.
    pub reason: String,
    /// SHA-256 of the document that shows it.
    pub evidence_sha256: String,
}

/// The same, as an event.
pub type Deregistered = DeregisterParty;

/// Decides it. Its keys are revoked with it.
///
/// # Errors
/// Refuses it twice, without a reason or what shows it, of the last agency, and while the party owes, is owed, holds a
/// living link, or has begun what only it can end.
pub fn decide_deregister(
    state: &State,
    command: &DeregisterParty,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let party = state.present_party(&command.party, context)?;
    context.rules.said(&command.reason, ("注销理由", "reason"))?;
    let refuse = |message, remedy| Err(context.rules.refuse(Rule::PartyLeave, message, remedy));
    if !is_sha256(&command.evidence_sha256) {
        return refuse(
            Text::new("注销没有凭证", "nothing shows that it is to leave"),
            Text::new("请填写注销凭证的 SHA-256", "give the SHA-256 of what shows it"),
        );
    }
    if let Some((zh, en, acts)) = held(state, party, context) {
        let of = |name: fn(Act) -> &'static str| acts.iter().map(|act| name(*act)).collect::<Vec<_>>();
        return refuse(
            Text::new(
                format!("主体“{}”尚有未了事项：{zh}", party.name),
                format!("the party `{}` still has something to end: {en}", party.name),
            ),
            Text::new(
                format!("请先办理：{}", of(Act::zh).join("、")),
                format!("end it first: `{}`", of(Act::id).join("`, `")),
            ),
        );
    }
    let own = state
        .credentials
        .values()
        .filter(|credential| credential.party == party.id);
    let mut keys: Vec<_> = own.map(|credential| credential.id.clone()).collect();
    keys.sort();
    let mut events = vec![Event::Party(PartyEvent::Deregistered(command.clone()))];
    events.extend(
        keys.into_iter()
            .map(|credential| Event::CredentialRevoked { credential }),
    );
    Ok(events)
}

/// What a party still holds, in Chinese and English, and the acts that end it.
type Held = (&'static str, &'static str, &'static [Act]);

fn held(state: &State, party: &Party, context: &Context<'_>) -> Option<Held> {
    if party.role == Role::Agency && is_last_agency(state, party) {
        return Some(("唯一的实施机构", "it is the only agency", &[Act::RegisterParty]));
    }
    in_agreements(state, party)
        .or_else(|| in_engagements(state, party, context))
        .or_else(|| in_resources(state, party))
        .or_else(|| in_use(state, party, context))
        .or_else(|| in_orders(state, party))
        .or_else(|| in_assessments(state, party, context))
        .or_else(|| in_suspensions(state, party, context))
        .or_else(|| in_books(state, party))
}

fn is_last_agency(state: &State, party: &Party) -> bool {
    let there = |other: &Party| other.role == Role::Agency && other.id != party.id && state.left(&other.id).is_none();
    !state.parties.values().any(|other| there(other))
}

fn in_agreements(state: &State, party: &Party) -> Option<Held> {
    let concerned = |agreement: &crate::agreement::Agreement| {
        let shares = agreement
            .terms
            .shares
            .iter()
            .any(|share| share.share.0 > 0 && share.party == party.id);
        agreement.agency == party.id || agreement.terms.operator == party.id || shares
    };
    let agreements = || state.agreements.values().filter(|agreement| concerned(agreement));
    if agreements().any(|agreement| agreement.is_alive()) {
        return Some(("履行中的授权协议", "an agreement that is alive", &[Act::StartExit]));
    }
    let steps = |exit: &crate::exit::Exit| {
        let of_sides = agreements().any(|agreement| agreement.terms.id == exit.start.agreement);
        of_sides || exit.steps.values().any(|step| step.owner == party.id)
    };
    let mut exits = state
        .exits
        .values()
        .filter(|exit| matches!(exit.status, ExitStatus::Started { .. }));
    if exits.any(|exit| steps(exit)) {
        return Some(("办理中的退出", "an exit that is under way", &[Act::CloseExit]));
    }
    let mut disputes = state.disputes.values().filter(|dispute| dispute.closed.is_none());
    let disputed = disputes.any(|dispute| dispute.parties().any(|of| *of == party.id));
    disputed.then_some(("未办结的争议", "a dispute that is open", &[Act::CloseDispute]))
}

/// A partner that is engaged, or will be, under an agreement that is alive.
fn in_engagements(state: &State, party: &Party, context: &Context<'_>) -> Option<Held> {
    let alive = |scenario: &ScenarioId| {
        let scenario = state.scenarios.get(scenario);
        let agreement = scenario.and_then(|it| state.agreements.get(&it.application.agreement));
        agreement.is_some_and(|agreement| agreement.is_alive())
    };
    let day = day_of(context.at);
    let holds = |engaged: &EngagedPartner| match engaged.status(day) {
        EngagementStatus::ToCome | EngagementStatus::InForce => engaged.engagement.scenarios.iter().any(alive),
        EngagementStatus::Over | EngagementStatus::Ended => false,
    };
    let mut all = state.engagements.values();
    let held = all.any(|engaged| engaged.engagement.partner == party.id && holds(engaged));
    held.then_some((
        "未终止的合作",
        "an engagement that has not ended",
        &[Act::EndEngagement],
    ))
}

/// Nobody but the provider destroys its versions and answers for their quality.
fn in_resources(state: &State, party: &Party) -> Option<Held> {
    let mut own: Vec<&Resource> = state.resources.values().map(|resource| &**resource).collect();
    own.retain(|resource| resource.registration.provider == party.id);
    if own.iter().any(|resource| resource.withdrawn.is_none()) {
        return Some((
            "未撤回的数据资源",
            "a resource that is not withdrawn",
            &[Act::WithdrawResource],
        ));
    }
    let destroyed = |version: &Version| matches!(version.status, VersionStatus::Destroyed { .. });
    if !own.iter().flat_map(|resource| &resource.versions).all(destroyed) {
        return Some((
            "未销毁的数据版本",
            "a version that is not destroyed",
            &[Act::OrderDestruction, Act::RecordDestruction],
        ));
    }
    let mut orders = state.work_orders.values();
    let waits = orders.any(|order| {
        let closed = matches!(order.status, WorkOrderStatus::Closed { .. });
        !closed && own.iter().any(|it| it.registration.id == order.order.resource)
    });
    waits.then_some((
        "未办结的质量工单",
        "a work order that is not closed",
        &[Act::AnswerWorkOrder, Act::CloseWorkOrder],
    ))
}

/// What it has ordered of scenarios, and reported: only it takes that back, or closes it.
fn in_orders(state: &State, party: &Party) -> Option<Held> {
    let order = FreezeCause::Order(party.id.clone());
    let scenarios = || state.scenarios.values();
    if scenarios().any(|scenario| scenario.is_frozen_for(&order)) {
        return Some((
            "本单位冻结的场景",
            "a scenario that it has frozen",
            &[Act::ThawScenario],
        ));
    }
    let objects = |objection: &Objection| objection.by.as_ref() == Some(&party.id);
    if scenarios().any(|scenario| scenario.status.is_open() && scenario.objections.iter().any(objects)) {
        return Some(("未撤回的反对意见", "an objection to a scenario", &[Act::LiftObjection]));
    }
    let mut incidents = state.incidents.values();
    incidents
        .any(|incident| incident.by == party.id && incident.is_open())
        .then_some((
            "未办结的安全事件",
            "an incident that is open",
            &[Act::CloseIncident, Act::RetractIncident],
        ))
}

/// What it assesses: it concludes that, or another takes it over.
fn in_assessments(state: &State, party: &Party, context: &Context<'_>) -> Option<Held> {
    if !context.rules.parameters().assessor_stays {
        return None;
    }
    let mut open = state.assessments.values().filter(|it| it.conclusion.is_none());
    open.any(|it| it.opening.assessor == party.id).then_some((
        "未办结的年度评估",
        "an assessment that is not concluded",
        &[Act::ConcludeAssessment, Act::ReassignAssessment],
    ))
}

/// What it has suspended and only it lets go on.
fn in_suspensions(state: &State, party: &Party, context: &Context<'_>) -> Option<Held> {
    let mut agreements = state.agreements.values().filter(|agreement| agreement.is_alive());
    if agreements.any(|agreement| agreement.suspended.iter().any(|it| it.by.as_ref() == Some(&party.id))) {
        return Some((
            "本单位暂停的授权协议",
            "an agreement that it has suspended",
            &[Act::ResumeAgreement],
        ));
    }
    let mut models = state.models.values();
    if models.any(|model| matches!(&model.status, ModelStatus::Suspended { by, .. } if by.contains(&party.id))) {
        return Some((
            "本单位暂停的模型",
            "a model that it has suspended",
            &[Act::ReviewModel, Act::WithdrawModel],
        ));
    }
    let today = day_of(context.at);
    let served = |product: &Product| match product.status {
        ProductStatus::Withdrawn { until, .. } => today <= until,
        ProductStatus::Submitted | ProductStatus::Listed => true,
        ProductStatus::Refused { .. } | ProductStatus::Retracted { .. } => false,
    };
    let own = |product: &Product| product.suspended.iter().any(|it| it.by == party.id);
    let mut products = state.products.values();
    products.any(|product| own(product) && served(product)).then_some((
        "本单位暂停的产品",
        "a product that it has suspended",
        &[Act::ResumeProduct],
    ))
}

fn in_use(state: &State, party: &Party, context: &Context<'_>) -> Option<Held> {
    let mut subscriptions = state.subscriptions.values();
    if subscriptions.any(|subscription| subscription.consumer == party.id && subscription.open) {
        return Some(("未退订的产品", "a subscription that is open", &[Act::Unsubscribe]));
    }
    let today = day_of(context.at);
    let code = party.code.as_deref().filter(|_| party.role == Role::Subject);
    let mut consents = code.into_iter().flat_map(|code| state.consents_of(code));
    let live = consents.any(|consent| consent.withdrawn.is_none() && today <= consent.given.term.until);
    live.then_some(("有效的授权同意", "a consent that is live", &[Act::WithdrawConsent]))
}

/// It owes or is owed, by the books, or by use that is not invoiced yet.
fn in_books(state: &State, party: &Party) -> Option<Held> {
    let own = [Account::Receivable(party.id.clone()), Account::Share(party.id.clone())];
    let even = |books: &crate::books::Books| {
        let of = |account| books.balances().get(account).copied().unwrap_or_default();
        own.iter().all(|account| of(account) == Money::ZERO)
    };
    if !state.books.values().all(|books| even(books)) {
        return Some((
            "未结清的账款",
            "money that it owes or is owed",
            &[Act::RecordPayment, Act::PayOut],
        ));
    }
    let unbilled = state.subscriptions.values().any(|subscription| {
        let agreement = agreement_of(state, &subscription.order.id).and_then(|id| state.agreements.get(id));
        let open = agreement.and_then(|agreement| open_month(state, agreement));
        let last = subscription.closed.map(Month::at);
        subscription.consumer == party.id && open.zip(last).is_some_and(|(open, last)| open <= last)
    });
    unbilled.then_some(("尚未结账的用量", "use that is not billed yet", &[Act::ClosePeriod]))
}
