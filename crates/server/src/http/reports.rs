//! Yearly operating reports.

use axum::Json;
use axum::extract::State;
use gongshu_api::List;
use gongshu_api::report::OperatingReport;
use gongshu_app::District;
use gongshu_app::governance::calendar::day_of;
use gongshu_app::governance::party::Role;
use gongshu_app::governance::report::owed;

use crate::auth::Identified;
use crate::view;

/// Operating reports that are owed or came, late ones as late: for agency and supervisor everybody's, for an operator its own.
#[utoipa::path(get, path = "/reports", operation_id = "list_reports", responses((status = 200, body = List<OperatingReport>)))]
pub(super) async fn list(
    State(district): State<District>,
    Identified(actor): Identified,
) -> Json<List<OperatingReport>> {
    let snapshot = district.snapshot();
    let state = &snapshot.state;
    let today = day_of(district.now());
    let all = owed(state, district.rules(), today);
    let role = state.parties.get(&actor.party).map(|party| party.role);
    let every = role.is_some_and(Role::is_authority);
    let own = all
        .iter()
        .filter(|it| every || it.agreement.terms.operator == actor.party);
    let shown: Vec<OperatingReport> = own.map(|it| view::report(state, it, today)).collect();
    Json(shown.into())
}
