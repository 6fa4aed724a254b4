//! Judging a time-stamp: whether its authority signed it (RFC 3161, section 2.4.2; RFC 5652, section 5.4), and whether the
//! authority is one that is trusted.
//!
//! What is judged here is ECDSA on P-256 with SHA-256, by the authority's own certificate or one step below a trusted
//! issuer. Of other signatures and longer chains it is said that `openssl ts -verify` has to judge them.

use super::asn1::{
    BASIC_CONSTRAINTS, CONTENT_TYPE, ECDSA_SHA_256, MESSAGE_DIGEST, SHA_256, SIGNING_CERTIFICATE, SignedData,
    SignerInfo, TST_INFO, TimeStampResp,
};
use super::request::read_stamp;
use super::{StampError, certificate};
use der::asn1::{AnyRef, ObjectIdentifier, OctetString, SetOfVec};
use der::{Decode, DecodePem, Encode, SliceReader, Tag, Tagged};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{DerSignature, VerifyingKey};
use p256::pkcs8::DecodePublicKey;
use sha2::{Digest, Sha256};
use x509_cert::attr::Attribute;
use x509_cert::certificate::Certificate;
use x509_cert::ext::pkix::BasicConstraints;
use x509_cert::spki::AlgorithmIdentifierOwned;

/// A time-stamp whose signature holds under the certificate that came with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedStamp {
    /// The stamped second since 1970.
    pub seconds: u64,
    /// What the certificate calls the authority.
    pub authority: String,
    certificate: Certificate,
}

/// A certificate that someone trusts: of an authority, or of who issues certificates to authorities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StampTrust(Certificate);

impl StampTrust {
    /// Reads it in PEM.
    pub fn from_pem(text: &str) -> Result<Self, StampError> {
        Ok(Self(Certificate::from_pem(text)?))
    }
}

impl CheckedStamp {
    /// Checks that the authority is the trusted one, or has its certificate from it.
    pub fn is_by(&self, trusted: &StampTrust) -> Result<(), StampError> {
        if self.certificate == trusted.0 {
            return Ok(());
        }
        let (own, issuer) = (&self.certificate, &trusted.0);
        let named = own.tbs_certificate().issuer() == issuer.tbs_certificate().subject();
        if !named || !is_issuer(issuer) {
            return Err(StampError::Untrusted(self.authority.clone()));
        }
        valid_at(issuer, self.seconds)?;
        let signed = own.tbs_certificate().to_der()?;
        let (algorithm, signature) = (own.signature_algorithm().oid, own.signature().raw_bytes());
        check_signature(issuer, algorithm, &signed, signature)
    }
}

/// Checks that a reply is a time-stamp over `data`, signed by an authority whose certificate it carries.
///
/// Whether that authority may be trusted is for [`CheckedStamp::is_by`] to say.
pub fn check_stamp(data: &[u8], reply: &[u8]) -> Result<CheckedStamp, StampError> {
    let seconds = read_stamp(data, reply)?;
    let token = TimeStampResp::from_der(reply)?.token.ok_or(StampError::Mismatch)?;
    let signed: SignedData = token.content.decode_as()?;
    let [signer] = signed.signers.as_slice() else {
        return Err(StampError::Structure("one signer is needed".to_owned()));
    };
    let certificate = certificate_of(&signed, signer)?;
    check_attributes(&signed, signer, &certificate)?;
    let attributes = signer.signed_attributes.to_der()?;
    let algorithm = signer.signature_algorithm.oid;
    check_signature(&certificate, algorithm, &attributes, signer.signature.as_bytes())?;
    if !certificate::is_for_stamping_alone(&certificate) {
        return Err(StampError::Certificate);
    }
    valid_at(&certificate, seconds)?;
    Ok(CheckedStamp {
        seconds,
        authority: certificate.tbs_certificate().subject().to_string(),
        certificate,
    })
}

fn certificate_of(signed: &SignedData, signer: &SignerInfo) -> Result<Certificate, StampError> {
    let carried = signed.certificates.iter().flat_map(SetOfVec::iter);
    let mut own = carried.filter(|certificate| {
        let tbs = certificate.tbs_certificate();
        *tbs.issuer() == signer.signer.issuer && *tbs.serial_number() == signer.signer.serial
    });
    let missing = || StampError::Unsupported("a time-stamp that does not carry its authority's certificate");
    own.next().cloned().ok_or_else(missing)
}

/// What is signed are attributes; they must speak of this content and this certificate.
fn check_attributes(signed: &SignedData, signer: &SignerInfo, certificate: &Certificate) -> Result<(), StampError> {
    if signer.digest_algorithm.oid != SHA_256 {
        return Err(StampError::Unsupported("a hash other than SHA-256"));
    }
    let attributes = &signer.signed_attributes;
    let kind: ObjectIdentifier = only(attributes, CONTENT_TYPE)?.decode_as()?;
    let hash: OctetString = only(attributes, MESSAGE_DIGEST)?.decode_as()?;
    let content = Sha256::digest(signed.encapsulated.content.as_bytes());
    let certified = Sha256::digest(certificate.to_der()?);
    let named = named_certificate(only(attributes, SIGNING_CERTIFICATE)?)?;
    let fits = kind == TST_INFO
        && signed.encapsulated.content_type == TST_INFO
        && hash.as_bytes() == content.as_slice()
        && named == certified.as_slice();
    if fits { Ok(()) } else { Err(StampError::Signature) }
}

/// The one value of an attribute that must be there once.
fn only(attributes: &SetOfVec<Attribute>, wanted: ObjectIdentifier) -> Result<AnyRef<'_>, StampError> {
    let mut found = attributes.iter().filter(|attribute| attribute.oid == wanted);
    match (found.next().map(|attribute| attribute.values.as_slice()), found.next()) {
        (Some([value]), None) => Ok(value.into()),
        _ => Err(StampError::Structure(format!("the attribute {wanted} is needed once"))),
    }
}

/// The hash of the certificate that a `SigningCertificateV2` names first (RFC 5035, section 3).
fn named_certificate(value: AnyRef<'_>) -> Result<&[u8], StampError> {
    let mut parts = SliceReader::new(value.value())?;
    let certificates = AnyRef::decode(&mut parts)?;
    let mut certificates = SliceReader::new(certificates.value())?;
    let first = AnyRef::decode(&mut certificates)?;
    let mut fields = SliceReader::new(first.value())?;
    let mut field = AnyRef::decode(&mut fields)?;
    if field.tag() == Tag::Sequence {
        let algorithm: AlgorithmIdentifierOwned = field.decode_as()?;
        if algorithm.oid != SHA_256 {
            return Err(StampError::Unsupported("a hash other than SHA-256"));
        }
        field = AnyRef::decode(&mut fields)?;
    }
    Ok(field.value())
}

fn check_signature(
    certificate: &Certificate,
    algorithm: ObjectIdentifier,
    message: &[u8],
    signature: &[u8],
) -> Result<(), StampError> {
    let public = certificate.tbs_certificate().subject_public_key_info().to_der()?;
    let key = VerifyingKey::from_public_key_der(&public);
    let (Ok(key), ECDSA_SHA_256) = (key, algorithm) else {
        return Err(StampError::Unsupported(
            "a signature other than ECDSA on P-256 with SHA-256",
        ));
    };
    if verifies(&key, message, signature) {
        Ok(())
    } else {
        Err(StampError::Signature)
    }
}

fn verifies(key: &VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    DerSignature::from_bytes(signature).is_ok_and(|signature| key.verify(message, &signature).is_ok())
}

/// Whether a certificate may issue others (RFC 5280, section 4.2.1.9).
fn is_issuer(certificate: &Certificate) -> bool {
    let extensions = certificate
        .tbs_certificate()
        .extensions()
        .map_or(&[][..], Vec::as_slice);
    let constraints = extensions
        .iter()
        .find(|extension| extension.extn_id == BASIC_CONSTRAINTS);
    let constraints = constraints.and_then(|found| BasicConstraints::from_der(found.extn_value.as_bytes()).ok());
    constraints.is_some_and(|constraints| constraints.ca)
}

fn valid_at(certificate: &Certificate, seconds: u64) -> Result<(), StampError> {
    let validity = certificate.tbs_certificate().validity();
    let from = validity.not_before.to_unix_duration().as_secs();
    let until = validity.not_after.to_unix_duration().as_secs();
    if (from..=until).contains(&seconds) {
        Ok(())
    } else {
        Err(StampError::NotValid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Vectors {
        cases: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        id: u32,
        comment: String,
        key: String,
        msg: String,
        sig: String,
        valid: bool,
    }

    #[test]
    fn ecdsa_is_judged_as_wycheproof_says() -> Result<(), Box<dyn std::error::Error>> {
        let text = include_str!("../../../../tests/vectors/wycheproof/ecdsa_p256_sha256.json");
        let vectors: Vectors = serde_json::from_str(text)?;
        assert!(vectors.cases.len() > 400);
        for case in vectors.cases {
            let key = VerifyingKey::from_sec1_bytes(&hex::decode(&case.key)?)?;
            let verified = verifies(&key, &hex::decode(&case.msg)?, &hex::decode(&case.sig)?);
            assert_eq!(verified, case.valid, "{}: {}", case.id, case.comment);
        }
        Ok(())
    }
}
