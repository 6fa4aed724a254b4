//! Incidents.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use gongshu_api::List;
use gongshu_api::incident::Incident;
use gongshu_app::District;
use gongshu_app::governance::Text;
use gongshu_app::governance::identifier::{IncidentId, PartyId};
use gongshu_app::governance::incident::Incident as OnRecord;

use super::chain::oversees;
use crate::auth::Identified;
use crate::problem::Failure;
use crate::view;

/// One's own incidents; all of them for agency, operator and supervisor.
#[utoipa::path(get, path = "/incidents", operation_id = "list_incidents", responses((status = 200, body = List<Incident>)))]
pub(super) async fn list(State(district): State<District>, Identified(actor): Identified) -> Json<List<Incident>> {
    let snapshot = district.snapshot();
    let incidents = snapshot.state.incidents.values();
    let mut shown: Vec<Incident> = incidents
        .filter(|incident| may_see(&district, &actor.party, incident))
        .map(|incident| view::incident(&snapshot.state, incident, district.now()))
        .collect();
    shown.sort_by(|a, b| a.id.cmp(&b.id));
    Json(shown.into())
}

/// The draft of an incident's report to an authority, in Markdown.
#[utoipa::path(get, path = "/incidents/{id}/report", operation_id = "show_incident_report", params(("id" = String, Path)), responses((status = 200, body = String, content_type = "text/markdown")))]
pub(super) async fn report(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let snapshot = district.snapshot();
    let incident = snapshot.state.incidents.get(&IncidentId::new(&id));
    let incident = incident.filter(|incident| may_see(&district, &actor.party, incident));
    let incident = incident.ok_or_else(|| view::unknown(&district, &Text::new("安全事件", "incident"), &id))?;
    let head = [(header::CONTENT_TYPE, "text/markdown; charset=utf-8")];
    let text = view::incident_report(&snapshot.state, incident, district.now());
    Ok((head, text).into_response())
}

fn may_see(district: &District, party: &PartyId, incident: &OnRecord) -> bool {
    incident.by == *party || oversees(district, party)
}
