//! How far the log is witnessed, and which witness is late.

use axum::Json;
use axum::extract::State;
use gongshu_api::witness::{Witness, Witnessed};
use gongshu_app::{District, WitnessStatus};

/// The log's witnesses. Public: whoever relies on the log may know who vouches for it.
#[utoipa::path(get, path = "/log/witnesses", operation_id = "list_witnesses", responses((status = 200, body = Witnessed)))]
pub(super) async fn list(State(district): State<District>) -> Json<Witnessed> {
    let last = district.final_checkpoint();
    Json(Witnessed {
        size: district.head().edge.size(),
        final_size: last.map_or(0, |last| last.unverified().size()),
        items: district.witnesses().into_iter().map(shown).collect(),
    })
}

fn shown(status: WitnessStatus) -> Witness {
    Witness {
        name: status.name,
        key: status.key,
        url: status.url,
        size: status.size,
        at: status.at.map(|at| at.to_string()),
        late: status.late,
        error: status.error,
    }
}
