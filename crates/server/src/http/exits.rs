//! Exits.

use axum::Json;
use axum::extract::State;
use gongshu_api::List;
use gongshu_api::exit::Exit;
use gongshu_app::District;
use gongshu_app::governance::calendar::day_of;

use super::chain::oversees;
use crate::auth::Identified;
use crate::view;

/// Exits: whole for agency, operator and supervisor; for others what is theirs to deal with.
#[utoipa::path(get, path = "/exits", operation_id = "list_exits", responses((status = 200, body = List<Exit>)))]
pub(super) async fn list(State(district): State<District>, Identified(actor): Identified) -> Json<List<Exit>> {
    let snapshot = district.snapshot();
    let (state, today) = (&snapshot.state, day_of(district.now()));
    let viewer = (!oversees(&district, &actor.party)).then_some(&actor.party);
    let shown = |exit| {
        let mut shown = view::exit(state, exit, viewer, today)?;
        if shown.whole {
            let agreement = state.agreements.get(&exit.start.agreement)?;
            let settlement = district.settlement(&snapshot, agreement);
            shown.settlement = Some(view::settlement(state, &settlement, today));
        }
        Some(shown)
    };
    let mut shown: Vec<Exit> = state.exits.values().filter_map(|exit| shown(exit)).collect();
    shown.sort_by(|a, b| a.id.cmp(&b.id));
    Json(shown.into())
}
