//! The platform's certificate authority: root, issuing, end entities, revocation lists (RFC 5280), status (RFC 6960); no IO.
//!
//! ```text
//! Authority::root ─issuing─► Authority ─issue(SigningRequest, Subject, Term)─► Issued
//!                                     ├─revocation_list(Revoked…)─► CRL
//!                                     └─answer_status(StatusRequest, Standing…)─► OCSP response
//! ```
#![doc = include_str!("../README.md")]

mod authority;
mod error;
mod issued;
mod key;
mod new_key;
mod places;
mod profile;
mod request;
mod revocation;
mod signature;
mod status;
mod subject;
mod term;

pub use authority::Authority;
pub use error::CertificateError;
pub use issued::{Issued, fingerprint};
pub use key::Algorithm;
pub use new_key::NewKey;
pub use places::Places;
pub use request::{REQUEST_BYTES_MAX, SigningRequest};
pub use revocation::{Reason, Revoked};
pub use signature::{DocumentSignature, SIGNATURE_BYTES_MAX, SignatureError, SignedBy, Signer, Trust};
pub use status::{STATUS_CERTIFICATES_MAX, STATUS_REQUEST_BYTES_MAX, Standing, StatusFailure, StatusRequest};
pub use subject::{Kind, Subject};
pub use term::Term;
