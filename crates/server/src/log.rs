//! The log's public face (C2SP `tlog-tiles`): checkpoint, tiles and entry bundles, for whoever reads it.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use gongshu_app::District;
use gongshu_app::ledger::Tile;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::problem::Failure;

/// A checkpoint is replaced by the next one: it is asked for anew each time.
const FRESH: &str = "no-cache";
/// What stands at a tile's path never changes, a partial tile's width being part of its path.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// What is not there yet may be there soon.
const NOT_KEPT: &str = "no-store";

pub(crate) fn routes() -> Router<District> {
    // Hashes do not compress; entries do, and the specification asks for it.
    let entries = Router::new()
        .route("/tile/entries/{*path}", get(entries))
        .layer(CompressionLayer::new());
    // Everything here is public, so a page of anybody's may read it.
    let open = SetResponseHeaderLayer::overriding(
        HeaderName::from_static("access-control-allow-origin"),
        HeaderValue::from_static("*"),
    );
    Router::new()
        .route("/checkpoint", get(checkpoint))
        .route("/tile/{*path}", get(hashes))
        .merge(entries)
        .layer(open)
}

async fn checkpoint(State(district): State<District>) -> Response {
    match district.published_checkpoint() {
        Some(checkpoint) => answer("text/plain; charset=utf-8", FRESH, checkpoint.to_string().into_bytes()),
        None => missing(),
    }
}

async fn hashes(State(district): State<District>, Path(path): Path<String>) -> Result<Response, Failure> {
    tile(&district, &format!("tile/{path}")).await
}

async fn entries(State(district): State<District>, Path(path): Path<String>) -> Result<Response, Failure> {
    tile(&district, &format!("tile/entries/{path}")).await
}

async fn tile(district: &District, path: &str) -> Result<Response, Failure> {
    let tile = Tile::from_path(path).map_err(|error| Failure::Malformed(error.to_string()))?;
    let bytes = district.tile(tile).await?;
    Ok(bytes.map_or_else(missing, |bytes| answer("application/octet-stream", FOR_EVER, bytes)))
}

fn answer(kind: &'static str, kept: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, kept)];
    (headers, bytes).into_response()
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, NOT_KEPT)]).into_response()
}
