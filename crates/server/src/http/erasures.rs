//! Erasures of what calls carried.

use axum::Json;
use axum::extract::State;
use gongshu_api::List;
use gongshu_api::erasure::Erasure;
use gongshu_app::District;
use gongshu_app::governance::erasure::ErasureGround;

use crate::auth::Identified;
use crate::view;

/// Erasures, oldest first.
#[utoipa::path(get, path = "/erasures", operation_id = "list_erasures", responses((status = 200, body = List<Erasure>)))]
pub(super) async fn list(State(district): State<District>, _signed_in: Identified) -> Json<List<Erasure>> {
    let snapshot = district.snapshot();
    let erasures = snapshot.state.erasures.values().map(|erasure| Erasure {
        id: erasure.order.id.to_string(),
        at: erasure.at.to_string(),
        by: view::party_named(&snapshot.state, &erasure.by),
        ground: ground(erasure.order.ground).to_owned(),
        basis: erasure.order.basis.clone(),
        entries: erasure.order.entries.clone(),
        revision: erasure.revision,
    });
    let mut shown: Vec<Erasure> = erasures.collect();
    shown.sort_by(|a, b| a.id.cmp(&b.id));
    Json(shown.into())
}

fn ground(ground: ErasureGround) -> &'static str {
    match ground {
        ErasureGround::RetentionOver => "retention_over",
        ErasureGround::Unlawful => "unlawful",
        ErasureGround::Ordered => "ordered",
    }
}
