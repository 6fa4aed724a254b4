//! Registrations, and the public register.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use gongshu_api::List;
use gongshu_api::registration::Registration;
use gongshu_app::District;
use gongshu_app::governance::identifier::PartyId;
use gongshu_app::governance::registration::{Registration as OnRecord, RegistrationStatus};
use gongshu_app::governance::rules::Rules;
use gongshu_app::governance::{State as Record, Text};
use jiff::Timestamp;

use super::chain::oversees;
use crate::auth::Identified;
use crate::problem::Failure;
use crate::view;

/// One's own registrations; all of them for agency, operator and supervisor.
#[utoipa::path(get, path = "/registrations", operation_id = "list_registrations", responses((status = 200, body = List<Registration>)))]
pub(super) async fn list(State(district): State<District>, Identified(actor): Identified) -> Json<List<Registration>> {
    let all = oversees(&district, &actor.party);
    let own = |party: &PartyId| all || *party == actor.party;
    Json(
        shown(&district, view::own_registration, |registration| {
            own(&registration.applicant)
        })
        .into(),
    )
}

/// The public register: what has its code, and what is shown to the public before it has.
#[utoipa::path(get, path = "/register", operation_id = "list_register", responses((status = 200, body = List<Registration>)))]
pub(super) async fn register(State(district): State<District>) -> Json<List<Registration>> {
    Json(shown(&district, view::registration, is_public).into())
}

/// What a query code certifies: the newest registration of its thing. Anybody may ask.
#[utoipa::path(get, path = "/register/{query_code}", operation_id = "query_register", params(("query_code" = String, Path)), responses((status = 200, body = Registration)))]
pub(super) async fn query(
    State(district): State<District>,
    Path(query_code): Path<String>,
) -> Result<Json<Registration>, Failure> {
    let snapshot = district.snapshot();
    let code = query_code.trim().to_uppercase();
    let found = snapshot.state.registration_by_query(&code);
    let found = found.ok_or_else(|| view::unknown(&district, &Text::new("登记查询码", "query code"), &query_code))?;
    let shown = view::registration(&snapshot.state, found, district.rules(), district.now());
    Ok(Json(shown))
}

/// The register as a CSV file in the shape of the national platform's form.
#[utoipa::path(get, path = "/register.csv", operation_id = "download_register", responses((status = 200, content_type = "text/csv", body = String)))]
pub(super) async fn file(State(district): State<District>) -> Result<Response, Failure> {
    let snapshot = district.snapshot();
    let mut all: Vec<&Arc<OnRecord>> = snapshot.state.registrations.values().collect();
    all.sort_by(|a, b| a.application.id.cmp(&b.application.id));
    let all: Vec<&OnRecord> = all.into_iter().map(|registration| &**registration).collect();
    let text = view::register_csv(&snapshot.state, &all, district.now())?;
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response())
}

fn is_public(registration: &OnRecord) -> bool {
    match registration.status {
        RegistrationStatus::Publicized { .. } | RegistrationStatus::Registered(_) => true,
        RegistrationStatus::Applied
        | RegistrationStatus::Accepted
        | RegistrationStatus::Returned { .. }
        | RegistrationStatus::Withdrawn { .. } => false,
    }
}

/// A registration as somebody may see it.
type Shown = fn(&Record, &OnRecord, &Rules, Timestamp) -> Registration;

fn shown(district: &District, show: Shown, seen: impl Fn(&OnRecord) -> bool) -> Vec<Registration> {
    let snapshot = district.snapshot();
    let registrations = snapshot
        .state
        .registrations
        .values()
        .filter(|registration| seen(registration));
    let mut shown: Vec<Registration> = registrations
        .map(|registration| show(&snapshot.state, registration, district.rules(), district.now()))
        .collect();
    shown.sort_by(|a, b| a.id.cmp(&b.id));
    shown
}
