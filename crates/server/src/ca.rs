//! The certificate authority's own certificates, its revocation list and its answers about single certificates, at fixed
//! places for any client.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use gongshu_app::District;
use gongshu_app::certificate::STATUS_REQUEST_BYTES_MAX;

use crate::problem::Failure;

/// RFC 2585, section 4.
const CERTIFICATE: &str = "application/pkix-cert";
const LIST: &str = "application/pkix-crl";
/// RFC 6960, appendix A.
const STATUS_REQUEST: &str = "application/ocsp-request";
const STATUS_RESPONSE: &str = "application/ocsp-response";

pub(crate) fn routes() -> Router<District> {
    Router::new()
        .route("/ca/root.pem", get(root))
        .route("/ca/issuing.pem", get(issuing))
        .route("/ca/root.cer", get(root_der))
        .route("/ca/issuing.cer", get(issuing_der))
        .route("/ca/root.crl", get(revoked_by_root))
        .route("/ca/revoked.crl", get(revoked))
        .route("/ca/ocsp", post(status))
        .route("/ca/ocsp/{*request}", get(status_by_address))
        .layer(DefaultBodyLimit::max(STATUS_REQUEST_BYTES_MAX))
}

async fn root(State(district): State<District>) -> Result<Response, Failure> {
    let [root, _] = district.authority_certificates()?;
    Ok(of_type("application/x-pem-file", root))
}

async fn issuing(State(district): State<District>) -> Result<Response, Failure> {
    let [_, issuing] = district.authority_certificates()?;
    Ok(of_type("application/x-pem-file", issuing))
}

/// RFC 5280, section 4.2.2.1: what certificates name is DER.
async fn root_der(State(district): State<District>) -> Result<Response, Failure> {
    let [root, _] = district.authority_certificates_der()?;
    Ok(of_type(CERTIFICATE, root))
}

async fn issuing_der(State(district): State<District>) -> Result<Response, Failure> {
    let [_, issuing] = district.authority_certificates_der()?;
    Ok(of_type(CERTIFICATE, issuing))
}

async fn revoked_by_root(State(district): State<District>) -> Result<Response, Failure> {
    Ok(of_type(LIST, district.root_revocation_list()?))
}

async fn revoked(State(district): State<District>) -> Result<Response, Failure> {
    Ok(of_type(LIST, district.revocation_list().await?))
}

/// RFC 6960, appendix A.1.
async fn status(State(district): State<District>, headers: HeaderMap, request: Bytes) -> Result<Response, Failure> {
    if headers
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind != STATUS_REQUEST)
    {
        return Ok((StatusCode::UNSUPPORTED_MEDIA_TYPE, STATUS_REQUEST).into_response());
    }
    Ok(of_type(STATUS_RESPONSE, district.certificate_status(&request).await?))
}

/// The request in Base64 in the address, for caches on the way. What is no Base64 is no request either, which the
/// response says.
async fn status_by_address(State(district): State<District>, Path(request): Path<String>) -> Result<Response, Failure> {
    let request = STANDARD.decode(request).unwrap_or_default();
    Ok(of_type(STATUS_RESPONSE, district.certificate_status(&request).await?))
}

fn of_type(kind: &'static str, body: impl Into<axum::body::Body>) -> Response {
    ([(header::CONTENT_TYPE, kind)], body.into()).into_response()
}
