//! How far the log is witnessed, which witness is late, and the time-stamps of final checkpoints.

use axum::Json;
use axum::extract::{Path, State};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gongshu_api::List;
use gongshu_api::witness::{StampedCheckpoint, TimeStamp, Witness, Witnessed};
use gongshu_app::{District, WitnessStatus};

use super::feed::check_power;
use crate::auth::Identified;
use crate::problem::Failure;

/// The log's witnesses. Public: whoever relies on the log may know who vouches for it. Their addresses, and what went
/// wrong on the way to them, are for those who watch the platform.
#[utoipa::path(get, path = "/log/witnesses", operation_id = "list_witnesses", responses((status = 200, body = Witnessed)))]
pub(super) async fn list(State(district): State<District>, identified: Result<Identified, Failure>) -> Json<Witnessed> {
    let watches = identified.is_ok_and(|Identified(actor)| check_power(&district, &actor).is_ok());
    let last = district.final_checkpoint();
    Json(Witnessed {
        size: district.head().edge.size(),
        final_size: last.map_or(0, |last| last.unverified().size()),
        items: district
            .witnesses()
            .into_iter()
            .map(|status| shown(status, watches))
            .collect(),
    })
}

/// Final checkpoints that carry a time-stamp, newest first: the newest, and the last one of each hour.
#[utoipa::path(get, path = "/log/time-stamps", operation_id = "list_time_stamps", responses((status = 200, body = List<StampedCheckpoint>)))]
pub(super) async fn time_stamps(State(district): State<District>) -> Result<Json<List<StampedCheckpoint>>, Failure> {
    let stamps = district.time_stamps().await?.into_iter();
    let items = stamps.map(|(size, at)| StampedCheckpoint {
        size,
        at: at.to_string(),
    });
    Ok(Json(items.collect::<Vec<_>>().into()))
}

/// The time-stamp of the final checkpoint of this size.
#[utoipa::path(get, path = "/log/time-stamps/{size}", operation_id = "show_time_stamp", params(("size" = u64, Path)), responses((status = 200, body = TimeStamp)))]
pub(super) async fn time_stamp(
    State(district): State<District>,
    Path(size): Path<u64>,
) -> Result<Json<TimeStamp>, Failure> {
    let stamped = district.time_stamp(size).await?;
    Ok(Json(TimeStamp {
        size,
        at: stamped.at.to_string(),
        checkpoint: stamped.checkpoint,
        reply: STANDARD.encode(stamped.reply),
    }))
}

fn shown(status: WitnessStatus, watches: bool) -> Witness {
    Witness {
        name: status.name,
        key: status.key,
        url: status.url.filter(|_| watches),
        size: status.size,
        at: status.at.map(|at| at.to_string()),
        late: status.late,
        error: status.error.filter(|_| watches),
    }
}
