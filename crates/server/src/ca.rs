//! The certificate authority's own certificates and its revocation list, at fixed places for any client.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use gongshu_app::District;

use crate::problem::Failure;

pub(crate) fn routes() -> Router<District> {
    Router::new()
        .route("/ca/root.pem", get(root))
        .route("/ca/issuing.pem", get(issuing))
        .route("/ca/revoked.crl", get(revoked))
}

async fn root(State(district): State<District>) -> Result<Response, Failure> {
    let [root, _] = district.authority_certificates()?;
    Ok(of_type("application/x-pem-file", root))
}

async fn issuing(State(district): State<District>) -> Result<Response, Failure> {
    let [_, issuing] = district.authority_certificates()?;
    Ok(of_type("application/x-pem-file", issuing))
}

/// RFC 2585, section 4.2.
async fn revoked(State(district): State<District>) -> Result<Response, Failure> {
    Ok(of_type("application/pkix-crl", district.revocation_list().await?))
}

fn of_type(kind: &'static str, body: impl Into<axum::body::Body>) -> Response {
    ([(header::CONTENT_TYPE, kind)], body.into()).into_response()
}
