//! Registrations of resources and of products.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;
use crate::chain::Term;

/// A registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Registration {
    /// Its id.
    pub id: String,
    /// `resource` or `product`.
    pub kind: String,
    /// What is registered.
    pub thing: Named,
    /// `first`, `modification`, `correction`, `renewal` or `cancellation`.
    pub registration_type: String,
    /// Who applied.
    pub applicant: Named,
    /// When.
    pub applied: String,
    /// Why, or what has changed.
    pub reason: String,
    /// `applied`, `accepted`, `publicized`, `registered` or `returned`.
    pub status: String,
    /// Why it went back; none where it did not.
    pub returned: Option<String>,
    /// Where it is shown to the public.
    pub notice: Option<String>,
    /// Since when an open objection stops the clock of the publicity.
    pub stopped: Option<String>,
    /// What it was registered by before the platform; none where it was not.
    pub earlier: Option<EarlierRegistration>,
    /// The papers that went with the application, for the applicant, agency, operator and supervisor.
    pub materials: Vec<RegistrationMaterial>,
    /// Its steps so far.
    pub steps: Vec<RegistrationStep>,
    /// What was said against it.
    pub objections: Vec<RegistrationObjection>,
    /// What is certified; none before it has its code.
    pub certificate: Option<RegistrationCertificate>,
    /// Revision, for `If-Match`.
    pub revision: u64,
}

/// A registration from before the platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EarlierRegistration {
    /// Who registered it.
    pub registrar: String,
    /// The code that it was given.
    pub code: String,
    /// First and last day on which it was shown to the public.
    pub publicity: Term,
}

/// A paper that went with an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegistrationMaterial {
    /// What it is.
    pub name: String,
    /// SHA-256 of the file.
    pub document_sha256: String,
}

/// A step of a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegistrationStep {
    /// `acceptance`, `review` or `publicity`.
    pub step: String,
    /// Its last day.
    pub due: String,
    /// Whether that day rests on a year whose holidays are not arranged yet.
    pub provisional: bool,
    /// When it was done; none while it is not.
    pub done: Option<String>,
    /// Whether it was done after its last day, or is not done and that day is over.
    pub late: bool,
}

/// An objection to a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegistrationObjection {
    /// Its number, from 1.
    pub number: usize,
    /// What was said.
    pub text: String,
    /// By whom.
    pub by: Named,
    /// `open`, `upheld` or `dismissed`.
    pub outcome: String,
    /// Why it was decided so.
    pub reason: Option<String>,
}

/// The certificate of a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegistrationCertificate {
    /// The nationally unified code.
    pub code: String,
    /// The code by which anybody can query it.
    pub query_code: String,
    /// First and last day of its validity.
    pub valid: Term,
    /// Whether the registration is cancelled by it.
    pub cancelled: bool,
    /// From when its renewal can be applied for.
    pub renewal_from: String,
}
