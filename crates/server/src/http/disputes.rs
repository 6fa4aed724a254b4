//! Disputes.

use axum::Json;
use axum::extract::State;
use gongshu_api::List;
use gongshu_api::dispute::Dispute;
use gongshu_app::District;
use gongshu_app::governance::calendar::day_of;

use super::chain::oversees;
use crate::auth::Identified;
use crate::view;

/// Disputes to which one is a party; all of them for agency, operator and supervisor.
#[utoipa::path(get, path = "/disputes", operation_id = "list_disputes", responses((status = 200, body = List<Dispute>)))]
pub(super) async fn list(State(district): State<District>, Identified(actor): Identified) -> Json<List<Dispute>> {
    let snapshot = district.snapshot();
    let (all, today) = (oversees(&district, &actor.party), day_of(district.now()));
    let mut shown: Vec<Dispute> = snapshot
        .state
        .disputes
        .values()
        .filter(|dispute| all || dispute.parties().any(|party| *party == actor.party))
        .map(|dispute| view::dispute(&snapshot.state, dispute, today))
        .collect();
    shown.sort_by(|a, b| a.id.cmp(&b.id));
    Json(shown.into())
}
