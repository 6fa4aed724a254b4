//! Plans and their review.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use gongshu_api::List;
use gongshu_api::plan::Plan;
use gongshu_app::District;
use gongshu_app::governance::Text;
use gongshu_app::governance::identifier::PlanId;

use crate::auth::Identified;
use crate::problem::Failure;
use crate::view;

/// Plans with their versions, opinions and answers.
#[utoipa::path(get, path = "/plans", operation_id = "list_plans", responses((status = 200, body = List<Plan>)))]
pub(super) async fn list(State(district): State<District>, _: Identified) -> Json<List<Plan>> {
    let snapshot = district.snapshot();
    let plans = snapshot.state.plans.values();
    let mut shown: Vec<Plan> = plans
        .map(|plan| view::plan(&snapshot.state, district.rules(), plan))
        .collect();
    shown.sort_by(|a, b| a.id.cmp(&b.id));
    Json(shown.into())
}

/// The table of a plan's review as a document in Markdown.
#[utoipa::path(get, path = "/plans/{id}/review", operation_id = "show_plan_review", params(("id" = String, Path)), responses((status = 200, body = String, content_type = "text/markdown")))]
pub(super) async fn review(
    State(district): State<District>,
    _: Identified,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let snapshot = district.snapshot();
    let plan = snapshot.state.plans.get(&PlanId::new(&id));
    let plan = plan.ok_or_else(|| view::unknown(&district, &Text::new("实施方案", "plan"), &id))?;
    let head = [(header::CONTENT_TYPE, "text/markdown; charset=utf-8")];
    Ok((head, view::plan_review(plan)).into_response())
}
