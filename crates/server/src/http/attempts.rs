//! Attempts at the workbench: what a developer asked, and what refused it.

use axum::Json;
use axum::extract::{Path, State};
use gongshu_api::List;
use gongshu_api::attempt::PartyRuns;
use gongshu_app::District;
use gongshu_app::governance::identifier::ScenarioId;

use crate::auth::Identified;
use crate::problem::Failure;
use crate::view;

/// Attempts under a scenario, by party: one's own; of everybody for whoever reviews its outputs, and for supervisors.
#[utoipa::path(get, path = "/workbench/scenarios/{id}/runs", operation_id = "list_runs", params(("id" = String, Path)), responses((status = 200, body = List<PartyRuns>)))]
pub(super) async fn list(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
) -> Result<Json<List<PartyRuns>>, Failure> {
    let attempts = district.attempts(&actor, &ScenarioId::new(&id))?;
    let snapshot = district.snapshot();
    let (at, rules) = (district.now(), district.rules());
    let shown = attempts
        .iter()
        .map(|of| view::party_runs(&snapshot.state, of, at, rules));
    Ok(Json(shown.collect::<Vec<_>>().into()))
}
