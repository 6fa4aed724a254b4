//! Selections of the operator.

use axum::Json;
use axum::extract::State;
use gongshu_api::List;
use gongshu_api::selection::Selection;
use gongshu_app::District;
use gongshu_app::governance::calendar::day_of;

use crate::auth::Identified;
use crate::view;

/// Selections with their conditions, applicants, scores, objections and results.
#[utoipa::path(get, path = "/selections", operation_id = "list_selections", responses((status = 200, body = List<Selection>)))]
pub(super) async fn list(State(district): State<District>, Identified(actor): Identified) -> Json<List<Selection>> {
    let snapshot = district.snapshot();
    let today = day_of(district.now());
    let mut shown: Vec<Selection> = snapshot
        .state
        .selections
        .values()
        .map(|selection| view::selection(&snapshot.state, district.rules(), selection, (&actor.party, today)))
        .collect();
    shown.sort_by(|a, b| a.id.cmp(&b.id));
    Json(shown.into())
}
