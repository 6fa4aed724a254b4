//! The other side: a new key, and the request for its certificate.

use crate::CertificateError;
use crate::key::{Algorithm, CaKey};
use der::{Encode, EncodePem};
use x509_cert::attr::Attributes;
use x509_cert::name::Name;
use x509_cert::request::{CertReq, CertReqInfo, Version};

/// A key that asks for a certificate.
pub struct NewKey(CaKey);

impl NewKey {
    /// The key that 32 random bytes make.
    ///
    /// # Errors
    /// [`CertificateError::Key`] for the one in 2³² of secrets that is no key: draw another.
    pub fn new(algorithm: Algorithm, secret: &[u8; 32]) -> Result<Self, CertificateError> {
        CaKey::new(algorithm, secret).map(Self)
    }

    /// The key in PEM (PKCS #8). Whoever reads it can sign.
    pub fn to_pem(&self) -> Result<String, CertificateError> {
        self.0.to_pem()
    }

    /// A signing request in PEM (PKCS #10). It names nobody: the authority knows whom the code is for.
    pub fn request_pem(&self) -> Result<String, CertificateError> {
        let info = CertReqInfo {
            version: Version::V1,
            subject: Name::default(),
            public_key: self.0.public()?,
            attributes: Attributes::default(),
        };
        let signature = self.0.sign(&info.to_der()?)?;
        let request = CertReq {
            info,
            algorithm: self.0.identifier(),
            signature,
        };
        Ok(request.to_pem(der::pem::LineEnding::LF)?)
    }
}
