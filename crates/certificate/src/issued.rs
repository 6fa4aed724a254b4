//! A certificate that was issued.

use crate::{CertificateError, Term};
use der::{Decode, Encode, EncodePem};
use sha2::{Digest, Sha256};
use x509_cert::certificate::Certificate;

/// An end entity's certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued(pub(crate) Certificate);

impl Issued {
    /// Reads a certificate.
    pub fn from_der(bytes: &[u8]) -> Result<Self, CertificateError> {
        Ok(Self(Certificate::from_der(bytes)?))
    }

    /// Its bytes.
    pub fn to_der(&self) -> Result<Vec<u8>, CertificateError> {
        Ok(self.0.to_der()?)
    }

    /// The certificate in PEM.
    pub fn to_pem(&self) -> Result<String, CertificateError> {
        Ok(self.0.to_pem(der::pem::LineEnding::LF)?)
    }

    /// Its serial number in lower-case hex.
    #[must_use]
    pub fn serial(&self) -> String {
        hex::encode(self.0.tbs_certificate().serial_number().as_bytes())
    }

    /// From when until when it is valid.
    #[must_use]
    pub fn term(&self) -> Term {
        Term::of(self.0.tbs_certificate().validity())
    }

    /// The SHA-256 of its bytes, in hex: what names it on record.
    pub fn fingerprint(&self) -> Result<String, CertificateError> {
        Ok(fingerprint(&self.to_der()?))
    }
}

/// The fingerprint of a certificate's bytes.
#[must_use]
pub fn fingerprint(der: &[u8]) -> String {
    hex::encode(Sha256::digest(der))
}
