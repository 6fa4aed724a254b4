//! Links of the chain: agreements, scenarios, subscriptions, consents; and revenue.

use axum::Json;
use axum::extract::State;
use gongshu_api::List;
use gongshu_api::chain::{Agreement, Consent, Engagement, Revenue, Scenario, Subscription};
use gongshu_app::District;
use gongshu_app::governance::calendar::day_of;
use gongshu_app::governance::party::Role;

use crate::auth::Identified;
use crate::problem::Failure;
use crate::view;

/// Agreements.
#[utoipa::path(get, path = "/agreements", operation_id = "list_agreements", responses((status = 200, body = List<Agreement>)))]
pub(super) async fn agreements(
    State(district): State<District>,
    Identified(actor): Identified,
) -> Json<List<Agreement>> {
    let (snapshot, all) = (district.snapshot(), oversees(&district, &actor.party));
    let agreements = snapshot.state.agreements.values().map(|agreement| {
        let used = if all {
            district.capacity_used(&snapshot, agreement)
        } else {
            Vec::new()
        };
        view::agreement(&snapshot.state, district.rules(), agreement, &used)
    });
    let mut agreements: Vec<Agreement> = agreements.collect();
    agreements.sort_by(|a, b| a.id.cmp(&b.id));
    Json(agreements.into())
}

/// Engagements of partners: of oneself; all of them for agency, operator and supervisor.
#[utoipa::path(get, path = "/engagements", operation_id = "list_engagements", responses((status = 200, body = List<Engagement>)))]
pub(super) async fn engagements(
    State(district): State<District>,
    Identified(actor): Identified,
) -> Json<List<Engagement>> {
    let snapshot = district.snapshot();
    let (all, today) = (oversees(&district, &actor.party), day_of(district.now()));
    let engagements = snapshot.state.engagements.values();
    let seen = engagements.filter(|engaged| all || engaged.engagement.partner == actor.party);
    let mut shown: Vec<Engagement> = seen
        .map(|engaged| view::engagement(&snapshot.state, engaged, today))
        .collect();
    shown.sort_by(|a, b| a.id.cmp(&b.id));
    Json(shown.into())
}

/// Scenarios.
#[utoipa::path(get, path = "/scenarios", operation_id = "list_scenarios", responses((status = 200, body = List<Scenario>)))]
pub(super) async fn scenarios(State(district): State<District>, Identified(actor): Identified) -> Json<List<Scenario>> {
    let (snapshot, all) = (district.snapshot(), oversees(&district, &actor.party));
    let scenarios = snapshot
        .state
        .scenarios
        .values()
        .map(|scenario| view::scenario(&snapshot, district.rules(), scenario))
        .map(|scenario| Scenario {
            risk_report_sha256: scenario.risk_report_sha256.filter(|_| all),
            ..scenario
        });
    let mut scenarios: Vec<Scenario> = scenarios.collect();
    scenarios.sort_by(|a, b| a.id.cmp(&b.id));
    Json(scenarios.into())
}

/// One's own subscriptions; all of them for agency, operator and supervisor.
#[utoipa::path(get, path = "/subscriptions", operation_id = "list_subscriptions", responses((status = 200, body = List<Subscription>)))]
pub(super) async fn subscriptions(
    State(district): State<District>,
    Identified(actor): Identified,
) -> Json<List<Subscription>> {
    let snapshot = district.snapshot();
    let all = oversees(&district, &actor.party);
    let (rules, today) = (district.rules(), day_of(district.now()));
    let subscriptions = snapshot.state.subscriptions.values();
    let seen = subscriptions.filter(|subscription| all || subscription.consumer == actor.party);
    let mut shown: Vec<Subscription> = seen
        .map(|subscription| view::subscription(&snapshot, subscription, rules, today))
        .collect();
    shown.sort_by(|a, b| a.id.cmp(&b.id));
    Json(shown.into())
}

/// One's own consents, given or received; all of them for the supervisor.
#[utoipa::path(get, path = "/consents", operation_id = "list_consents", responses((status = 200, body = List<Consent>)))]
pub(super) async fn consents(State(district): State<District>, Identified(actor): Identified) -> Json<List<Consent>> {
    let snapshot = district.snapshot();
    let role = snapshot.state.parties.get(&actor.party).map(|party| party.role);
    let all = role == Some(Role::Supervisor);
    let consents = snapshot.state.consents.values();
    let seen = consents.filter(|consent| {
        all || consent.subject.as_ref() == Some(&actor.party) || consent.given.consumer == actor.party
    });
    let mut shown: Vec<Consent> = seen.map(|consent| view::consent(&snapshot.state, consent)).collect();
    shown.sort_by(|a, b| a.id.cmp(&b.id));
    Json(shown.into())
}

/// What each party has received.
#[utoipa::path(get, path = "/revenue", operation_id = "list_revenue", responses((status = 200, body = List<Revenue>)))]
pub(super) async fn revenue(
    State(district): State<District>,
    Identified(actor): Identified,
) -> Result<Json<List<Revenue>>, Failure> {
    let snapshot = district.snapshot();
    let all = oversees(&district, &actor.party);
    let parties = snapshot
        .state
        .parties
        .values()
        .filter(|party| all || party.id == actor.party);
    let mut shown: Vec<Revenue> = parties.filter_map(|party| view::revenue(&snapshot, party)).collect();
    shown.sort_by(|a, b| a.party.id.cmp(&b.party.id));
    Ok(Json(shown.into()))
}

pub(super) fn oversees(district: &District, party: &gongshu_app::governance::identifier::PartyId) -> bool {
    let snapshot = district.snapshot();
    let role = snapshot.state.parties.get(party).map(|party| party.role);
    matches!(role, Some(Role::Agency | Role::Operator | Role::Supervisor))
}
