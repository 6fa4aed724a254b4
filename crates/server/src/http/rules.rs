//! A proposed rule pack, tried on the record.

use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::{Extension, Json};
use gongshu_api::rules::RulesTried;
use gongshu_app::District;

use crate::auth::Identified;
use crate::problem::Failure;
use crate::{Settings, view};

/// How long a pack may be, and how long trying it may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    bytes_max: usize,
    time_max: Duration,
}

impl From<&Settings> for Bounds {
    fn from(settings: &Settings) -> Self {
        Self {
            bytes_max: settings.proposed_pack_bytes_max,
            time_max: settings.proposed_pack_time_max,
        }
    }
}

/// Asks which decisions on record a proposed rule pack would change. Nothing is put in force or on record by it. The
/// pack is TOML; it takes the place of the pack of its id, or lies over all packs.
#[utoipa::path(
    post,
    path = "/rules/what-if", operation_id = "try_rules",
    request_body(content = String, content_type = "application/toml"),
    responses((status = 200, body = RulesTried))
)]
pub(super) async fn try_rules(
    State(district): State<District>,
    Identified(actor): Identified,
    Extension(bounds): Extension<Bounds>,
    request: Request,
) -> Result<Json<RulesTried>, Failure> {
    let Bounds { bytes_max, time_max } = bounds;
    let bytes = to_bytes(request.into_body(), bytes_max).await;
    let bytes = bytes.map_err(|_| Failure::TooLong(bytes_max))?;
    let pack = String::from_utf8(bytes.into()).map_err(|error| Failure::Malformed(error.to_string()))?;
    let tried = district.try_rules(&actor, pack, time_max).await?;
    Ok(Json(view::rules_tried(&district, &tried)))
}
