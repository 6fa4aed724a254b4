//! What goes abroad.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use gongshu_api::List;
use gongshu_api::border::{ExportCount, ExportDocument};
use gongshu_app::District;
use gongshu_app::governance::calendar::day_of;
use gongshu_app::governance::identifier::PartyId;

use super::chain::oversees;
use crate::auth::Identified;
use crate::view;

/// Documents by which information may go abroad: one's own as a consumer, all of them for agency, operator and supervisor.
#[utoipa::path(get, path = "/exports", operation_id = "list_exports", responses((status = 200, body = List<ExportDocument>)))]
pub(super) async fn documents(
    State(district): State<District>,
    Identified(actor): Identified,
) -> Json<List<ExportDocument>> {
    let snapshot = district.snapshot();
    let (all, today) = (oversees(&district, &actor.party), day_of(district.now()));
    let mut shown: Vec<ExportDocument> = snapshot
        .state
        .exports
        .values()
        .filter(|export| all || export.of.consumer == actor.party)
        .map(|export| view::export_document(&snapshot.state, export, today))
        .collect();
    shown.sort_by(|a, b| a.id.cmp(&b.id));
    Json(shown.into())
}

/// Persons whose information went abroad this year, by operator; for agency, operator and supervisor.
#[utoipa::path(get, path = "/exports/counts", operation_id = "list_export_counts", responses((status = 200, body = List<ExportCount>)))]
pub(super) async fn counts(State(district): State<District>, Identified(actor): Identified) -> Json<List<ExportCount>> {
    let (snapshot, year) = (district.snapshot(), day_of(district.now()).year());
    let all = oversees(&district, &actor.party);
    let agreements = snapshot.state.agreements.values().filter(|_| all);
    let operators: BTreeSet<&PartyId> = agreements.map(|agreement| &agreement.terms.operator).collect();
    let shown: Vec<ExportCount> = operators
        .into_iter()
        .map(|operator| view::export_count(&snapshot, operator, year, district.rules()))
        .collect();
    Json(shown.into())
}
