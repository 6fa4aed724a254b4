//! From metering to payout: what is not invoiced yet, where settlements stand, and the yearly check.

use axum::Json;
use axum::extract::State;
use gongshu_api::List;
use gongshu_api::books::{Settlement, UnbilledUse};
use gongshu_api::revenue::PermittedRevenue;
use gongshu_app::District;
use gongshu_app::governance::calendar::day_of;

use super::chain::oversees;
use crate::auth::Identified;
use crate::view;

/// What calls have charged that no invoice counts yet: one's own; all of it for agency, operator and supervisor.
#[utoipa::path(get, path = "/metering", operation_id = "list_metering", responses((status = 200, body = List<UnbilledUse>)))]
pub(super) async fn metering(
    State(district): State<District>,
    Identified(actor): Identified,
) -> Json<List<UnbilledUse>> {
    let snapshot = district.snapshot();
    let all = oversees(&district, &actor.party);
    let seen = district.unbilled(&snapshot).into_iter();
    let seen = seen.filter(|it| all || it.consumer == actor.party);
    let mut shown: Vec<UnbilledUse> = seen.map(|it| view::unbilled(&snapshot.state, &it)).collect();
    shown.sort_by(|a, b| a.subscription.cmp(&b.subscription));
    Json(shown.into())
}

/// Where the settlement of each agreement stands; for agency, operator and supervisor.
#[utoipa::path(get, path = "/settlements", operation_id = "list_settlements", responses((status = 200, body = List<Settlement>)))]
pub(super) async fn list(State(district): State<District>, Identified(actor): Identified) -> Json<List<Settlement>> {
    let snapshot = district.snapshot();
    let (all, today) = (oversees(&district, &actor.party), day_of(district.now()));
    let agreements = snapshot.state.agreements.values().filter(|_| all);
    let shown = agreements.map(|agreement| {
        let settlement = district.settlement(&snapshot, agreement);
        view::settlement(&snapshot.state, &settlement, today)
    });
    let mut shown: Vec<Settlement> = shown.collect();
    shown.sort_by(|a, b| a.agreement.id.cmp(&b.agreement.id));
    Json(shown.into())
}

/// Permitted revenue with the yearly check of what was earned; for agency, operator and supervisor.
#[utoipa::path(get, path = "/permitted-revenue", operation_id = "list_permitted_revenue", responses((status = 200, body = List<PermittedRevenue>)))]
pub(super) async fn permitted_revenue(
    State(district): State<District>,
    Identified(actor): Identified,
) -> Json<List<PermittedRevenue>> {
    let snapshot = district.snapshot();
    let all = oversees(&district, &actor.party);
    let revenues = snapshot.state.revenues.values().filter(|_| all);
    let mut shown: Vec<PermittedRevenue> = revenues
        .map(|revenue| view::permitted_revenue(&snapshot.state, revenue))
        .collect();
    shown.sort_by(|a, b| (&a.from, &a.id).cmp(&(&b.from, &b.id)));
    Json(shown.into())
}
