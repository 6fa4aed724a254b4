//! Alerts.

use axum::Json;
use axum::extract::{Path, State};
use gongshu_api::List;
use gongshu_api::alert::Alert;
use gongshu_app::District;
use gongshu_app::governance::State as Governance;
use gongshu_app::governance::Text;
use gongshu_app::governance::alert::Alert as OnRecord;
use gongshu_app::governance::calendar::day_of;
use gongshu_app::governance::identifier::{AlertId, PartyId};
use gongshu_app::governance::party::Role;

use crate::auth::Identified;
use crate::problem::Failure;
use crate::view;

/// Alerts about oneself; those under its agreements for an operator, all of them for agency and supervisor. Those that wait
/// first, then the newest.
#[utoipa::path(get, path = "/alerts", operation_id = "list_alerts", responses((status = 200, body = List<Alert>)))]
pub(super) async fn list(State(district): State<District>, Identified(actor): Identified) -> Json<List<Alert>> {
    let snapshot = district.snapshot();
    let mut alerts: Vec<&OnRecord> = snapshot
        .state
        .alerts
        .values()
        .map(|alert| &**alert)
        .filter(|alert| may_see(&snapshot.state, &actor.party, alert))
        .collect();
    alerts.sort_by(|a, b| {
        let key = |alert: &OnRecord| (alert.handled.is_none(), alert.at);
        key(b).cmp(&key(a)).then_with(|| a.raised.id.cmp(&b.raised.id))
    });
    let today = day_of(district.now());
    let shown: Vec<Alert> = alerts
        .into_iter()
        .map(|alert| view::alert(&snapshot.state, alert, district.rules(), today))
        .collect();
    Json(shown.into())
}

/// An alert.
#[utoipa::path(get, path = "/alerts/{id}", operation_id = "show_alert", params(("id" = String, Path)), responses((status = 200, body = Alert)))]
pub(super) async fn show(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
) -> Result<Json<Alert>, Failure> {
    let snapshot = district.snapshot();
    let alert = snapshot.state.alerts.get(&AlertId::new(&id));
    let alert = alert.filter(|alert| may_see(&snapshot.state, &actor.party, alert));
    let alert = alert.ok_or_else(|| view::unknown(&district, &Text::new("告警", "alert"), &id))?;
    let today = day_of(district.now());
    Ok(Json(view::alert(&snapshot.state, alert, district.rules(), today)))
}

fn may_see(state: &Governance, party: &PartyId, alert: &OnRecord) -> bool {
    let role = state.parties.get(party).map(|party| party.role);
    let operates = || alert.operator(state) == Some(party);
    alert.raised.party == *party || role.is_some_and(Role::is_authority) || operates()
}
