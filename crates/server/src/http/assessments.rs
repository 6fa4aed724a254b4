//! Yearly assessments.

use axum::Json;
use axum::extract::State;
use gongshu_api::List;
use gongshu_api::assessment::Assessment;
use gongshu_app::District;

use super::chain::oversees;
use crate::auth::Identified;
use crate::view;

/// Assessments: one's own as assessor; all of them for agency, operator and supervisor.
#[utoipa::path(get, path = "/assessments", operation_id = "list_assessments", responses((status = 200, body = List<Assessment>)))]
pub(super) async fn list(State(district): State<District>, Identified(actor): Identified) -> Json<List<Assessment>> {
    let (snapshot, at) = (district.snapshot(), district.now());
    let all = oversees(&district, &actor.party);
    let mut shown: Vec<Assessment> = snapshot
        .state
        .assessments
        .values()
        .filter(|assessment| all || assessment.opening.assessor == actor.party)
        .map(|assessment| view::assessment(&snapshot.state, assessment, at))
        .collect();
    shown.sort_by(|a, b| a.id.cmp(&b.id));
    Json(shown.into())
}
