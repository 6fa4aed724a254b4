//! Evidence packages.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use gongshu_api::act::EvidenceRequest;
use gongshu_app::District;

use crate::auth::Identified;
use crate::body::Body;
use crate::problem::Failure;

/// Makes an evidence package of entries and puts its making on record: a zip file that `gongshu verify` checks.
#[utoipa::path(
    post,
    path = "/evidence", operation_id = "make_evidence",
    request_body = EvidenceRequest,
    responses((status = 201, body = Vec<u8>, content_type = "application/zip"))
)]
pub(super) async fn make(
    State(district): State<District>,
    Identified(actor): Identified,
    Body(request): Body<EvidenceRequest>,
) -> Result<Response, Failure> {
    let made = district.make_evidence(actor, request.entries, request.purpose).await?;
    let name = format!("attachment; filename=\"{}.zip\"", made.receipt.stream);
    let head = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((StatusCode::CREATED, head, made.package).into_response())
}
