//! The portal's files, embedded into the binary; unknown paths get the page itself, which routes.

use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// A file of the portal.
pub(crate) async fn file(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with("api/") || path.starts_with("log/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let found = Files::get(path).map(|file| (file, path.starts_with("assets/")));
    let Some((file, immutable)) = found.or_else(|| Files::get("index.html").map(|file| (file, false))) else {
        let text = "门户尚未构建：请运行 make web / the portal is not built: run `make web`";
        return (StatusCode::NOT_FOUND, text).into_response();
    };
    let caching = if immutable {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let kind = HeaderValue::from_str(file.metadata.mimetype()).unwrap_or(HeaderValue::from_static("text/html"));
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, HeaderValue::from_static(caching)),
    ];
    (headers, file.data).into_response()
}
