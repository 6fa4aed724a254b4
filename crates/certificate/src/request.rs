//! Signing requests (PKCS #10, RFC 2986): only their key is taken, once it has shown that it can sign.

use crate::CertificateError;
use crate::key::Algorithm;
use der::asn1::BitString;
use der::referenced::OwnedToRef;
use der::{Decode, DecodePem, Encode};
use x509_cert::request::CertReq;
use x509_cert::spki::SubjectPublicKeyInfo;

/// How many bytes a request may have.
pub const REQUEST_BYTES_MAX: usize = 16 << 10;

/// A request whose key has signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningRequest {
    pub(crate) algorithm: Algorithm,
    pub(crate) key: SubjectPublicKeyInfo<der::Any, BitString>,
}

impl SigningRequest {
    /// Reads a request in PEM or DER and checks its signature.
    pub fn parse(bytes: &[u8]) -> Result<Self, CertificateError> {
        let malformed = |error: der::Error| CertificateError::Request(error.to_string());
        if bytes.len() > REQUEST_BYTES_MAX {
            return Err(CertificateError::Request(format!(
                "it has more than {REQUEST_BYTES_MAX} bytes"
            )));
        }
        let request = if bytes.starts_with(b"-----") {
            CertReq::from_pem(bytes)
        } else {
            CertReq::from_der(bytes)
        };
        let request = request.map_err(malformed)?;
        let key = request.info.public_key.clone();
        let algorithm = Algorithm::of_key(&key.owned_to_ref());
        let algorithm = algorithm.ok_or(CertificateError::Algorithm {
            wanted: "ECDSA P-256 or SM2",
        })?;
        let message = request.info.to_der().map_err(malformed)?;
        if algorithm.verifies(&key, &request.algorithm, &message, &request.signature) {
            Ok(Self { algorithm, key })
        } else {
            Err(CertificateError::Possession)
        }
    }

    /// The request, if its key is for this algorithm.
    pub fn of_algorithm(self, algorithm: Algorithm) -> Result<Self, CertificateError> {
        if self.algorithm == algorithm {
            return Ok(self);
        }
        Err(CertificateError::Algorithm {
            wanted: algorithm.name(),
        })
    }
}
