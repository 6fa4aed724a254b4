//! Whether certificates are good, told to whoever asks (OCSP, RFC 6960; RFC 5019 for what most clients send).
//!
//! The issuing authority signs its answers itself, so a client needs no certificate but those it checks.

mod asn1;

use std::time::Duration;

use der::asn1::{GeneralizedTime, Null, OctetString};
use der::{Decode, Encode};
use sha2::{Digest, Sha256};
use x509_cert::ext::{Extension, Extensions};

use self::asn1::{
    BasicResponse, CertId, CertStatus, OcspRequest, OcspResponse, ResponseBytes, ResponseData, ResponseStatus,
    RevokedInfo, SingleResponse,
};
use crate::CertificateError;
use crate::authority::Authority;
use crate::revocation::Reason;
use crate::term::Term;

/// Longest request, in bytes.
pub const STATUS_REQUEST_BYTES_MAX: usize = 8 * 1_024;
/// Most certificates in one request.
pub const STATUS_CERTIFICATES_MAX: usize = 32;
/// Longest nonce, in bytes, with what DER puts around it (RFC 9654, section 2.1, has 128).
const NONCE_BYTES_MAX: usize = 131;

/// How a certificate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It was issued and not revoked. That its term is not over, a client sees for itself.
    Good,
    /// It was revoked, at a second since 1970.
    Revoked {
        /// When.
        at: u64,
        /// Why.
        reason: Reason,
    },
    /// The authority knows none of this number.
    Unknown,
}

/// What a client asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusRequest {
    asked: Vec<CertId>,
    nonce: Option<OctetString>,
}

/// An answer that tells no status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusFailure {
    /// The request is none, or exceeds a limit.
    Malformed,
    /// The authority failed.
    Internal,
    /// The record can't be asked now.
    TryLater,
}

impl StatusFailure {
    /// The response in DER. It is not signed (RFC 6960, section 2.3).
    ///
    /// # Errors
    /// [`CertificateError::Structure`] if it can't be written.
    pub fn response(self) -> Result<Vec<u8>, CertificateError> {
        let status = match self {
            Self::Malformed => ResponseStatus::MalformedRequest,
            Self::Internal => ResponseStatus::InternalError,
            Self::TryLater => ResponseStatus::TryLater,
        };
        Ok(OcspResponse { status, bytes: None }.to_der()?)
    }
}

impl StatusRequest {
    /// Reads a request in DER.
    ///
    /// # Errors
    /// [`CertificateError::Structure`] for what is no request, is too long, or asks of none or too many.
    pub fn parse(bytes: &[u8]) -> Result<Self, CertificateError> {
        let refused = |reason: &str| CertificateError::Structure(reason.to_owned());
        if bytes.len() > STATUS_REQUEST_BYTES_MAX {
            return Err(refused("the status request is too long"));
        }
        let request = OcspRequest::from_der(bytes)?.tbs_request;
        if request.list.is_empty() || request.list.len() > STATUS_CERTIFICATES_MAX {
            return Err(refused("a status request asks of one to 32 certificates"));
        }
        let nonce = request
            .extensions
            .into_iter()
            .flatten()
            .find(|one| one.extn_id == asn1::NONCE);
        let nonce = nonce.map(|one| one.extn_value);
        if nonce
            .as_ref()
            .is_some_and(|nonce| nonce.as_bytes().len() > NONCE_BYTES_MAX)
        {
            return Err(refused("the nonce is too long"));
        }
        let asked = request.list.into_iter().map(|one| one.certificate).collect();
        Ok(Self { asked, nonce })
    }

    /// The serial numbers that are asked of, lower-case hex.
    pub fn serials(&self) -> impl Iterator<Item = String> {
        self.asked.iter().map(|one| hex::encode(one.serial.as_bytes()))
    }
}

impl Authority {
    /// Tells how the certificates of a request stand, in DER, signed. `standing` is asked with the serial numbers of
    /// certificates that this authority may have issued; `term` is from when until when the answer is good.
    ///
    /// # Errors
    /// [`CertificateError::Structure`] if it can't be written.
    pub fn answer_status(
        &self,
        request: &StatusRequest,
        standing: impl Fn(&str) -> Standing,
        term: Term,
    ) -> Result<Vec<u8>, CertificateError> {
        let responses = request.asked.iter().map(|asked| {
            let own = self.is_issuer(asked)?;
            let serial = hex::encode(asked.serial.as_bytes());
            let stands = if own { standing(&serial) } else { Standing::Unknown };
            single(asked, stands, term)
        });
        let data = ResponseData {
            version: asn1::first_version(),
            responder_key: OctetString::new(self.key_hash(&asn1::SHA_1)?.unwrap_or_default())?,
            produced_at: instant(term.from)?,
            responses: responses.collect::<Result<_, _>>()?,
            extensions: request.nonce.clone().map(echoed),
        };
        let (signature_algorithm, signature) = self.signed(&data.to_der()?)?;
        let basic = BasicResponse {
            data,
            signature_algorithm,
            signature,
            certificates: None,
        };
        let bytes = ResponseBytes {
            kind: asn1::BASIC,
            response: OctetString::new(basic.to_der()?)?,
        };
        let response = OcspResponse {
            status: ResponseStatus::Successful,
            bytes: Some(bytes),
        };
        Ok(response.to_der()?)
    }

    /// Whether a certificate is named as one that this authority has issued.
    fn is_issuer(&self, asked: &CertId) -> Result<bool, CertificateError> {
        let hash = &asked.hash_algorithm.oid;
        let (Some(name), Some(key)) = (hashed(hash, &self.name_der()?), self.key_hash(hash)?) else {
            return Ok(false);
        };
        Ok(asked.issuer_name_hash.as_bytes() == name && asked.issuer_key_hash.as_bytes() == key)
    }

    /// The hash of its public key's bits, without what DER puts around them.
    fn key_hash(&self, algorithm: &der::asn1::ObjectIdentifier) -> Result<Option<Vec<u8>>, CertificateError> {
        Ok(hashed(algorithm, &self.key_bits()?))
    }
}

fn hashed(algorithm: &der::asn1::ObjectIdentifier, bytes: &[u8]) -> Option<Vec<u8>> {
    match *algorithm {
        asn1::SHA_1 => Some(sha1::Sha1::digest(bytes).to_vec()),
        asn1::SHA_256 => Some(Sha256::digest(bytes).to_vec()),
        asn1::SM3 => Some(sm3::Sm3::digest(bytes).to_vec()),
        _ => None,
    }
}

fn single(asked: &CertId, stands: Standing, term: Term) -> Result<SingleResponse, CertificateError> {
    let status = match stands {
        Standing::Good => CertStatus::Good(Null),
        Standing::Unknown => CertStatus::Unknown(Null),
        Standing::Revoked { at, reason } => CertStatus::Revoked(RevokedInfo {
            at: instant(at)?,
            reason: Some(reason),
        }),
    };
    Ok(SingleResponse {
        certificate: asked.clone(),
        status,
        this_update: instant(term.from)?,
        next_update: Some(instant(term.until)?),
        extensions: None,
    })
}

/// The client's nonce, by which it knows that the answer is to this request (RFC 9654).
fn echoed(nonce: OctetString) -> Extensions {
    vec![Extension {
        extn_id: asn1::NONCE,
        critical: false,
        extn_value: nonce,
    }]
}

fn instant(seconds: u64) -> Result<GeneralizedTime, CertificateError> {
    Ok(GeneralizedTime::from_unix_duration(Duration::from_secs(seconds))?)
}
