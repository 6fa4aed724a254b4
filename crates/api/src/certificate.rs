//! Certificates of the platform's authority.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::act::Receipt;

/// What a certificate is issued to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CertificateKind {
    /// A party as such, for seals on documents.
    Organization,
    /// A machine of a party, for calls.
    Service,
    /// A person who acts for a party.
    Person,
}

/// Asks for a code by which one of one's own party enrols, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EnrolmentCodeRequest {
    /// What the certificate will be issued to.
    pub kind: CertificateKind,
    /// The name in it.
    pub name: String,
}

/// A code for enrolment; shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EnrolmentCodeResponse {
    /// The code. Only its hash is kept.
    pub code: String,
    /// Until when it may be used.
    pub expires_at: String,
}

/// Turns a code into a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EnrolmentRequest {
    /// The code.
    pub code: String,
    /// A signing request (PKCS #10) in PEM. Its names are not taken.
    pub request: String,
}

/// Asks for a new certificate in the place of one that is still good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RenewalRequest {
    /// A signing request (PKCS #10) in PEM, best with a new key.
    pub request: String,
}

/// A new certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EnrolmentResponse {
    /// Its serial number, hex.
    pub serial: String,
    /// It and the issuing authority's certificate, in PEM.
    pub chain: String,
    /// Until when it is valid.
    pub expires_at: String,
    /// The receipt of the act by which it is on record.
    pub receipt: Receipt,
}

/// Why a certificate is revoked (RFC 5280, section 5.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RevocationReason {
    /// The key is or may be known to others.
    KeyCompromise,
    /// The subject no longer belongs to its organization.
    AffiliationChanged,
    /// Another certificate takes its place.
    Superseded,
    /// It is no longer needed.
    CessationOfOperation,
    /// The right that it stood for was withdrawn.
    PrivilegeWithdrawn,
}

/// Revokes a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RevocationRequest {
    /// Why.
    pub reason: RevocationReason,
}

/// A revoked certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RevocationResponse {
    /// Its serial number, hex.
    pub serial: String,
    /// The receipt of the act by which that is on record.
    pub receipt: Receipt,
}

/// A certificate and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CertificateEntry {
    /// Its serial number, hex.
    pub serial: String,
    /// Name of the party it is issued to.
    pub party: String,
    /// `organization`, `service` or `person`.
    pub kind: String,
    /// The name in it.
    pub name: String,
    /// `good`, `expired` or `revoked`.
    pub status: String,
    /// When it was issued.
    pub issued_at: String,
    /// When it ends.
    pub expires_at: String,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<String>,
    /// Why it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
