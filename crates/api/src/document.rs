//! Documents and their signatures.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Named;
use crate::act::Receipt;

/// A signature on a document, made outside with the party's own key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignatureRequest {
    /// A detached CMS signature with CAdES attributes over the document's bytes, in PEM (`-----BEGIN CMS-----`).
    pub signature: String,
}

/// A signature that is on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignatureResponse {
    /// SHA-256 of the document.
    pub document_sha256: String,
    /// SHA-256 of the signature as it is kept, with its time-stamp.
    pub signature_sha256: String,
    /// The receipt of the act.
    pub receipt: Receipt,
}

/// A signature on the text of an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgreementSignature {
    /// By whom.
    pub party: Named,
    /// Since when it is on record.
    pub at: String,
    /// SHA-256 of the document.
    pub document_sha256: String,
    /// SHA-256 of the signature.
    pub signature_sha256: String,
    /// Whether it is on the terms as they stand; an amendment is signed anew.
    pub in_force: bool,
}
