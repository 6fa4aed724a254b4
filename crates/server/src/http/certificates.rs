//! Certificates: enrolment by a code, renewal, revocation.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use gongshu_api::List;
use gongshu_api::certificate::{
    CertificateEntry, CertificateKind, EnrolmentCodeRequest, EnrolmentCodeResponse, EnrolmentRequest,
    EnrolmentResponse, RenewalRequest, RevocationReason, RevocationRequest, RevocationResponse,
};
use gongshu_app::certificate::{Kind, Reason};
use gongshu_app::governance::identifier::PartyId;
use gongshu_app::{District, Enrolled};

use crate::auth::Identified;
use crate::body::Body;
use crate::problem::Failure;
use crate::view;

/// Issues a code by which a machine or a person of one's own party enrols, once.
#[utoipa::path(post, path = "/certificates/codes", operation_id = "issue_enrolment_code", request_body = EnrolmentCodeRequest, responses((status = 201, body = EnrolmentCodeResponse)))]
pub(super) async fn invite(
    State(district): State<District>,
    Identified(actor): Identified,
    Body(request): Body<EnrolmentCodeRequest>,
) -> Result<(StatusCode, Json<EnrolmentCodeResponse>), Failure> {
    let kind = match request.kind {
        CertificateKind::Organization => Kind::Organization,
        CertificateKind::Service => Kind::Service,
        CertificateKind::Person => Kind::Person,
    };
    let issued = district.invite(&actor, kind, &request.name).await?;
    let response = EnrolmentCodeResponse {
        code: issued.code,
        expires_at: issued.expires_at.to_string(),
    };
    Ok((StatusCode::CREATED, Json(response)))
}

/// Turns a code and a signing request into a certificate. The code says for whom; nobody need be signed in.
#[utoipa::path(post, path = "/certificates", operation_id = "enrol_certificate", request_body = EnrolmentRequest, responses((status = 201, body = EnrolmentResponse)))]
pub(super) async fn enrol(
    State(district): State<District>,
    Body(request): Body<EnrolmentRequest>,
) -> Result<(StatusCode, Json<EnrolmentResponse>), Failure> {
    let enrolled = district.enrol(&request.code, request.request.as_bytes()).await?;
    Ok((StatusCode::CREATED, Json(shown(enrolled))))
}

/// The certificates of one's own party, the newest first; for the operator and supervisors, those of all parties.
#[utoipa::path(get, path = "/certificates", operation_id = "list_certificates", responses((status = 200, body = List<CertificateEntry>)))]
pub(super) async fn list(
    State(district): State<District>,
    Identified(actor): Identified,
) -> Result<Json<List<CertificateEntry>>, Failure> {
    let entries = district.certificates_of(&actor).await?.into_iter();
    let snapshot = district.snapshot();
    let entries = entries.map(|(record, status)| {
        let holder = snapshot.state.parties.get(&PartyId::new(&record.party));
        let (revoked_at, reason) = record.revoked.unzip();
        CertificateEntry {
            serial: record.serial,
            party: holder.map_or_else(|| record.party.clone(), |party| party.name.clone()),
            kind: record.kind,
            name: record.name,
            status: status.id().to_owned(),
            issued_at: record.issued_at.to_string(),
            expires_at: record.expires_at.to_string(),
            revoked_at: revoked_at.map(|at| at.to_string()),
            reason,
        }
    });
    Ok(Json(entries.collect::<Vec<_>>().into()))
}

/// A new certificate in the place of one that is still good; the old one is revoked as superseded.
#[utoipa::path(post, path = "/certificates/{serial}/renewal", operation_id = "renew_certificate", params(("serial" = String, Path)), request_body = RenewalRequest, responses((status = 201, body = EnrolmentResponse)))]
pub(super) async fn renew(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(serial): Path<String>,
    Body(request): Body<RenewalRequest>,
) -> Result<(StatusCode, Json<EnrolmentResponse>), Failure> {
    let renewed = district.renew_certificate(actor, &serial, request.request.as_bytes());
    Ok((StatusCode::CREATED, Json(shown(renewed.await?))))
}

/// Revokes a certificate of one's own party; the operator and supervisors, of any.
#[utoipa::path(post, path = "/certificates/{serial}/revocation", operation_id = "revoke_certificate", params(("serial" = String, Path)), request_body = RevocationRequest, responses((status = 201, body = RevocationResponse)))]
pub(super) async fn revoke(
    State(district): State<District>,
    Identified(actor): Identified,
    Path(serial): Path<String>,
    Body(request): Body<RevocationRequest>,
) -> Result<(StatusCode, Json<RevocationResponse>), Failure> {
    let reason = match request.reason {
        RevocationReason::KeyCompromise => Reason::KeyCompromise,
        RevocationReason::AffiliationChanged => Reason::AffiliationChanged,
        RevocationReason::Superseded => Reason::Superseded,
        RevocationReason::CessationOfOperation => Reason::CessationOfOperation,
        RevocationReason::PrivilegeWithdrawn => Reason::PrivilegeWithdrawn,
    };
    let act = district.revoke_certificate(actor, &serial, reason).await?;
    let receipt = view::receipt(act.receipt);
    Ok((StatusCode::CREATED, Json(RevocationResponse { serial, receipt })))
}

fn shown(enrolled: Enrolled) -> EnrolmentResponse {
    EnrolmentResponse {
        serial: enrolled.serial,
        chain: enrolled.chain,
        expires_at: enrolled.expires_at.to_string(),
        receipt: view::receipt(enrolled.act.receipt),
    }
}
