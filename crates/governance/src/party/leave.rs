//! A party leaves the register: not while it owes, is owed, or holds a living link; its keys end with it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{PartyEvent, check_there};
use super::{Party, Role};
use crate::Context;
use crate::books::{Account, Month, agreement_of, open_month};
use crate::calendar::day_of;
use crate::event::Event;
use crate::exit::ExitStatus;
use crate::identifier::PartyId;
use crate::money::Money;
use crate::refusal::Refusal;
use crate::rules::Rule;
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
/// Refuses it twice, without a reason or what shows it, of the last agency, and while the party owes, is owed or holds a
/// living link.
pub fn decide_deregister(
    state: &State,
    command: &DeregisterParty,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let party = state.party(&command.party, context)?;
    check_there(state, &command.party, context)?;
    context.rules.said(&command.reason, ("注销理由", "reason"))?;
    let refuse = |message, remedy| Err(context.rules.refuse(Rule::PartyLeave, message, remedy));
    if !is_sha256(&command.evidence_sha256) {
        return refuse(
            Text::new("注销没有凭证", "nothing shows that it is to leave"),
            Text::new("请填写注销凭证的 SHA-256", "give the SHA-256 of what shows it"),
        );
    }
    if let Some((zh, en, act)) = held(state, party, context) {
        return refuse(
            Text::new(
                format!("主体“{}”尚有未了事项：{zh}", party.name),
                format!("the party `{}` still has something to end: {en}", party.name),
            ),
            Text::new(format!("请先办结（{act}）"), format!("end it first (`{act}`)")),
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

/// What a party still holds, in Chinese and English, and the act that ends it.
type Held = (&'static str, &'static str, &'static str);

fn held(state: &State, party: &Party, context: &Context<'_>) -> Option<Held> {
    if party.role == Role::Agency && is_last_agency(state, party) {
        return Some(("唯一的实施机构", "it is the only agency", "party.register"));
    }
    in_agreements(state, party)
        .or_else(|| in_use(state, party, context))
        .or_else(|| in_books(state, party))
}

fn is_last_agency(state: &State, party: &Party) -> bool {
    let there = |other: &Party| {
        let left = state
            .standings
            .get(&other.id)
            .is_some_and(|standing| standing.left.is_some());
        other.role == Role::Agency && other.id != party.id && !left
    };
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
        return Some(("履行中的授权协议", "an agreement that is alive", "exit.start"));
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
        return Some(("办理中的退出", "an exit that is under way", "exit.close"));
    }
    let mut disputes = state.disputes.values().filter(|dispute| dispute.closed.is_none());
    let disputed = disputes.any(|dispute| dispute.parties().any(|of| *of == party.id));
    disputed.then_some(("未办结的争议", "a dispute that is open", "dispute.close"))
}

fn in_use(state: &State, party: &Party, context: &Context<'_>) -> Option<Held> {
    let mut resources = state.resources.values();
    if resources.any(|resource| resource.registration.provider == party.id && resource.withdrawn.is_none()) {
        return Some((
            "未撤回的数据资源",
            "a resource that is not withdrawn",
            "resource.withdraw",
        ));
    }
    let mut subscriptions = state.subscriptions.values();
    if subscriptions.any(|subscription| subscription.consumer == party.id && subscription.open) {
        return Some(("未退订的产品", "a subscription that is open", "subscription.close"));
    }
    let today = day_of(context.at);
    let code = party.code.as_deref().filter(|_| party.role == Role::Subject);
    let mut consents = code.into_iter().flat_map(|code| state.consents_of(code));
    let live = consents.any(|consent| consent.withdrawn.is_none() && today <= consent.given.term.until);
    live.then_some(("有效的授权同意", "a consent that is live", "consent.withdraw"))
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
            "books.payment, books.payout",
        ));
    }
    let unbilled = state.subscriptions.values().any(|subscription| {
        let agreement = agreement_of(state, &subscription.order.id).and_then(|id| state.agreements.get(id));
        let open = agreement.and_then(|agreement| open_month(state, agreement));
        let last = subscription.closed.map(Month::at);
        subscription.consumer == party.id && open.zip(last).is_some_and(|(open, last)| open <= last)
    });
    unbilled.then_some(("尚未结账的用量", "use that is not billed yet", "books.close"))
}
