//! Why there is no certificate.

use thiserror::Error;

/// Why a certificate, a request or a revocation list can't be made or read.
#[derive(Debug, Error)]
pub enum CertificateError {
    /// The bytes are no signing request.
    #[error("this is no certificate signing request (PKCS #10, PEM or DER): {0}")]
    Request(String),
    /// The request's key is of another kind than the authority's.
    #[error("the request's key is not of the kind that this authority certifies, {wanted}")]
    Algorithm {
        /// The kind that it certifies.
        wanted: &'static str,
    },
    /// The request is not signed by its own key.
    #[error("the request is not signed by the key that it asks a certificate for")]
    Possession,
    /// The 32 bytes make no key.
    #[error("the secret makes no key; draw another")]
    Key,
    /// Key and certificate do not belong together.
    #[error("the authority's key and certificate do not belong together")]
    Mismatch,
    /// A structure could not be built or read.
    #[error("a certificate structure is not sound: {0}")]
    Structure(String),
}

impl CertificateError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Request(_) => "certificate.request-malformed",
            Self::Algorithm { .. } => "certificate.key-algorithm",
            Self::Possession => "certificate.possession",
            Self::Key => "certificate.secret",
            Self::Mismatch => "certificate.mismatch",
            Self::Structure(_) => "certificate.structure",
        }
    }
}

impl From<der::Error> for CertificateError {
    fn from(error: der::Error) -> Self {
        Self::Structure(error.to_string())
    }
}

impl From<x509_cert::builder::Error> for CertificateError {
    fn from(error: x509_cert::builder::Error) -> Self {
        Self::Structure(error.to_string())
    }
}

impl From<x509_cert::spki::Error> for CertificateError {
    fn from(error: x509_cert::spki::Error) -> Self {
        Self::Structure(error.to_string())
    }
}
