//! The log's public face: checkpoint, tiles and entry bundles at their C2SP paths.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use gongshu_app::District;
use gongshu_app::ledger::Tile;

use crate::problem::Failure;

pub(crate) fn routes() -> Router<District> {
    Router::new()
        .route("/checkpoint", get(checkpoint))
        .route("/tile/{*path}", get(tile))
}

async fn checkpoint(State(district): State<District>) -> Response {
    match &district.head().checkpoint {
        Some(checkpoint) => {
            let headers = [
                (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
                (header::CACHE_CONTROL, "no-cache"),
            ];
            (headers, checkpoint.note().to_string()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn tile(State(district): State<District>, Path(path): Path<String>) -> Result<Response, Failure> {
    let tile = Tile::from_path(&format!("tile/{path}"));
    let tile = tile.map_err(|error| Failure::Malformed(error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok(match district.tile(tile).await? {
        Some(bytes) => (headers, bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}
