//! Work orders about the quality of data.

use axum::Json;
use axum::extract::{Query, State};
use gongshu_api::List;
use gongshu_api::quality::WorkOrder;
use gongshu_app::District;
use serde::Deserialize;

use super::chain::oversees;
use crate::auth::Identified;
use crate::view;

/// Which work orders.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Only those that are `open`, `answered` or `closed`.
    state: Option<String>,
    /// Only those of the department of this id.
    holder: Option<String>,
}

/// Work orders to one's own department; all of them for agency, operator and supervisor. The newest first.
#[utoipa::path(get, path = "/work-orders", operation_id = "list_work_orders", params(Asked), responses((status = 200, body = List<WorkOrder>)))]
pub(super) async fn list(
    State(district): State<District>,
    Identified(actor): Identified,
    Query(asked): Query<Asked>,
) -> Json<List<WorkOrder>> {
    let snapshot = district.snapshot();
    let state = &snapshot.state;
    let (all, rules, now) = (oversees(&district, &actor.party), district.rules(), district.now());
    let orders = state.work_orders.values();
    let shown = orders.filter_map(|order| view::work_order(state, order, rules, now));
    let is = |asked: &Option<String>, said: &str| asked.as_deref().is_none_or(|asked| asked == said);
    let mut shown: Vec<WorkOrder> = shown
        .filter(|order| all || order.holder.id == actor.party.as_str())
        .filter(|order| is(&asked.state, &order.state) && is(&asked.holder, &order.holder.id))
        .collect();
    shown.sort_by(|a, b| (&b.at, &b.id).cmp(&(&a.at, &a.id)));
    Json(shown.into())
}
