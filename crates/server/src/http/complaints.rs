//! Complaints about operators.

use axum::Json;
use axum::extract::State;
use gongshu_api::List;
use gongshu_api::complaint::Complaint;
use gongshu_app::District;
use gongshu_app::governance::calendar::day_of;
use gongshu_app::governance::party::Role;

use crate::auth::Identified;
use crate::view;

/// Complaints about operators: for agency and supervisor all of them, for an operator those about it, for anybody else its own;
/// the newest first.
#[utoipa::path(get, path = "/complaints", operation_id = "list_complaints", responses((status = 200, body = List<Complaint>)))]
pub(super) async fn list(State(district): State<District>, Identified(actor): Identified) -> Json<List<Complaint>> {
    let snapshot = district.snapshot();
    let state = &snapshot.state;
    let role = state.parties.get(&actor.party).map(|party| party.role);
    let every = role.is_some_and(Role::is_authority);
    let today = day_of(district.now());
    let shown = state.complaints.values().filter_map(|complaint| {
        let operator = &state.agreements.get(&complaint.complaint.agreement)?.terms.operator;
        let sees = every || *operator == actor.party || complaint.by == actor.party;
        sees.then(|| {
            (
                complaint.at,
                view::complaint(state, (operator, complaint), district.rules(), today),
            )
        })
    });
    let mut shown: Vec<_> = shown.collect();
    shown.sort_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.id.cmp(&other.id)));
    let shown: Vec<Complaint> = shown.into_iter().map(|(_, complaint)| complaint).collect();
    Json(shown.into())
}
