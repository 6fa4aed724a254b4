//! The built-in time-stamp authority over HTTP (RFC 3161, section 3.4).

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use gongshu_app::District;
use gongshu_app::ledger::stamp::{QUERY_BYTES_MAX, QUERY_CONTENT_TYPE, REPLY_CONTENT_TYPE};

use crate::problem::Failure;

pub(crate) fn routes() -> Router<District> {
    Router::new()
        .route("/tsa", post(stamp))
        .route("/tsa/certificate", get(certificate))
        .layer(DefaultBodyLimit::max(QUERY_BYTES_MAX))
}

async fn stamp(State(district): State<District>, headers: HeaderMap, query: Bytes) -> Result<Response, Failure> {
    if headers
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind != QUERY_CONTENT_TYPE)
    {
        return Ok((StatusCode::UNSUPPORTED_MEDIA_TYPE, QUERY_CONTENT_TYPE).into_response());
    }
    Ok(found(REPLY_CONTENT_TYPE, district.answer_stamp_request(&query)?))
}

async fn certificate(State(district): State<District>) -> Result<Response, Failure> {
    Ok(found("application/x-pem-file", district.stamp_certificate()?))
}

fn found(kind: &'static str, body: Option<impl Into<axum::body::Body>>) -> Response {
    match body {
        Some(body) => ([(header::CONTENT_TYPE, kind)], body.into()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
