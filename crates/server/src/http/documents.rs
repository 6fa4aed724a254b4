//! Documents as PDF, and the parties' signatures on them.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use gongshu_api::document::{SignatureRequest, SignatureResponse};
use gongshu_app::governance::identifier::{AgreementId, PartyId};
use gongshu_app::{District, DocumentSigned};

use crate::auth::Identified;
use crate::body::Body;
use crate::problem::Failure;
use crate::view;

/// The text of an agreement as PDF: what was signed, or what is to be signed.
#[utoipa::path(get, path = "/agreements/{id}/document", operation_id = "show_agreement_document", params(("id" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
pub(super) async fn agreement(
    State(district): State<District>,
    _: Identified,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let pdf = district.agreement_document(&AgreementId::new(&id)).await?;
    Ok(file("application/pdf", &format!("{id}.pdf"), pdf))
}

/// Puts the signature of one's own party on the text of an agreement on record. Both sides sign; the operator signs what
/// the agency has signed.
#[utoipa::path(post, path = "/agreements/{id}/signatures", operation_id = "sign_agreement_document", params(("id" = String, Path)), request_body = SignatureRequest, responses((status = 201, body = SignatureResponse)))]
pub(super) async fn sign(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
    Body(request): Body<SignatureRequest>,
) -> Result<(StatusCode, Json<SignatureResponse>), Failure> {
    let signed = district
        .sign_agreement(actor, &AgreementId::new(&id), request.signature.as_bytes())
        .await?;
    Ok(on_record(signed))
}

fn on_record(signed: DocumentSigned) -> (StatusCode, Json<SignatureResponse>) {
    let response = SignatureResponse {
        document_sha256: signed.document_sha256,
        signature_sha256: signed.signature_sha256,
        receipt: view::receipt(signed.act.receipt),
    };
    (StatusCode::CREATED, Json(response))
}

/// The text of an agreement as the amendment that waits will make it, as PDF.
#[utoipa::path(get, path = "/agreements/{id}/amendment/document", operation_id = "show_amendment_document", params(("id" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
pub(super) async fn amendment(
    State(district): State<District>,
    _: Identified,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let pdf = district.amendment_document(&AgreementId::new(&id)).await?;
    Ok(file("application/pdf", &format!("{id}-amendment.pdf"), pdf))
}

/// Puts the signature of one's own party on the text that an amendment will make on record. The side that proposed it
/// signs first; the other side's signature accepts the amendment.
#[utoipa::path(post, path = "/agreements/{id}/amendment/signatures", operation_id = "sign_amendment_document", params(("id" = String, Path)), request_body = SignatureRequest, responses((status = 201, body = SignatureResponse)))]
pub(super) async fn sign_amendment(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(id): Path<String>,
    Body(request): Body<SignatureRequest>,
) -> Result<(StatusCode, Json<SignatureResponse>), Failure> {
    let signed = district
        .sign_amendment(actor, &AgreementId::new(&id), request.signature.as_bytes())
        .await?;
    Ok(on_record(signed))
}

/// The signature of a party on the text of an agreement: detached CMS in DER, with its time-stamp.
#[utoipa::path(get, path = "/agreements/{id}/signatures/{party}", operation_id = "show_agreement_signature", params(("id" = String, Path), ("party" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/pkcs7-signature")))]
pub(super) async fn signature(
    State(district): State<District>,
    _: Identified,
    Path((id, party)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (agreement, signer) = (AgreementId::new(&id), PartyId::new(&party));
    let signature = district.agreement_signature(&agreement, &signer).await?;
    Ok(file(
        "application/pkcs7-signature",
        &format!("{id}.{party}.p7s"),
        signature,
    ))
}

/// The certificate of a registration as PDF. Anybody may ask.
#[utoipa::path(get, path = "/register/{query_code}/document", operation_id = "show_registration_document", params(("query_code" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
pub(super) async fn registration(
    State(district): State<District>,
    Path(query_code): Path<String>,
) -> Result<Response, Failure> {
    let pdf = district.registration_document(&query_code).await?;
    Ok(file("application/pdf", "registration.pdf", pdf))
}

/// A file to save; ids have letters that a file name may have.
pub(super) fn file(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let name: String = name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c))
        .collect();
    let head = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (head, bytes).into_response()
}
