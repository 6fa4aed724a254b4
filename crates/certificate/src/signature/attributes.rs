//! The attributes of a signature (RFC 5652, section 11; RFC 5035, section 3; RFC 3161, appendix A).

use der::asn1::{Any, AnyRef, ObjectIdentifier, OctetString, SetOfVec};
use der::{Decode, Encode, SliceReader, Tag, Tagged};
use sha2::{Digest as _, Sha256};
use sm3::Sm3;
use x509_cert::attr::{Attribute, Attributes};
use x509_cert::certificate::Certificate;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

use super::{DATA, SignatureError};
use crate::key::Algorithm;
use crate::term::time;

/// `id-sha256`, NIST.
pub(super) const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
/// `sm3`, GM/T 0006.
pub(super) const SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.401");
/// `id-contentType`.
pub(super) const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
/// `id-messageDigest`.
pub(super) const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
/// `id-signingTime`.
pub(super) const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
/// `id-aa-signingCertificateV2`.
pub(super) const SIGNING_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
/// `id-aa-timeStampToken`.
pub(super) const TIME_STAMP_TOKEN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");

/// `SigningCertificateV2` with one certificate.
#[derive(der::Sequence)]
struct SigningCertificate {
    certificates: Vec<CertificateId>,
}

/// `ESSCertIDv2`; SHA-256 is the default that is left out.
#[derive(der::Sequence)]
struct CertificateId {
    #[asn1(optional = "true")]
    algorithm: Option<AlgorithmIdentifierOwned>,
    hash: OctetString,
}

pub(super) const fn identifier(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
}

/// The hash of the suite.
pub(super) const fn hash_of(algorithm: Algorithm) -> ObjectIdentifier {
    match algorithm {
        Algorithm::EcdsaP256 => SHA_256,
        Algorithm::Sm2 => SM3,
    }
}

pub(super) fn digest(algorithm: Algorithm, bytes: &[u8]) -> Vec<u8> {
    match algorithm {
        Algorithm::EcdsaP256 => Sha256::digest(bytes).to_vec(),
        Algorithm::Sm2 => Sm3::digest(bytes).to_vec(),
    }
}

/// What is signed: of what kind the content is, its hash, when (where it is said here), and by which certificate.
pub(super) fn signed_attributes(
    algorithm: Algorithm,
    document: &[u8],
    certificate: &Certificate,
    seconds: Option<u64>,
) -> Result<Attributes, SignatureError> {
    let signing = SigningCertificate {
        certificates: vec![CertificateId {
            algorithm: (algorithm != Algorithm::EcdsaP256).then(|| identifier(hash_of(algorithm))),
            hash: OctetString::new(digest(algorithm, &certificate.to_der()?))?,
        }],
    };
    let hash = OctetString::new(digest(algorithm, document))?;
    let mut attributes = SetOfVec::new();
    attributes.insert(attribute(CONTENT_TYPE, Any::encode_from(&DATA)?)?)?;
    if let Some(seconds) = seconds {
        let at = time(seconds).map_err(|error| SignatureError::Structure(error.to_string()))?;
        attributes.insert(attribute(SIGNING_TIME, Any::from_der(&at.to_der()?)?)?)?;
    }
    attributes.insert(attribute(MESSAGE_DIGEST, Any::encode_from(&hash)?)?)?;
    attributes.insert(attribute(SIGNING_CERTIFICATE, Any::encode_from(&signing)?)?)?;
    Ok(attributes)
}

pub(super) fn attribute(oid: ObjectIdentifier, value: Any) -> Result<Attribute, SignatureError> {
    let mut values = SetOfVec::new();
    values.insert(value)?;
    Ok(Attribute { oid, values })
}

/// The one value of an attribute that must be there once.
pub(super) fn only(attributes: &Attributes, wanted: ObjectIdentifier) -> Result<&Any, SignatureError> {
    let mut found = attributes.iter().filter(|attribute| attribute.oid == wanted);
    match (found.next().map(|attribute| attribute.values.as_slice()), found.next()) {
        (Some([value]), None) => Ok(value),
        _ => Err(SignatureError::Structure(format!(
            "the attribute {wanted} is needed once"
        ))),
    }
}

/// The second at which the signer says that it signed.
pub(super) fn signing_time(attributes: &Attributes) -> Result<u64, SignatureError> {
    let time = Time::from_der(&only(attributes, SIGNING_TIME)?.to_der()?)?;
    Ok(time.to_unix_duration().as_secs())
}

/// Whether the attributes commit to this certificate first.
pub(super) fn names(attributes: &Attributes, certificate: &Certificate) -> Result<bool, SignatureError> {
    let value = only(attributes, SIGNING_CERTIFICATE).map_err(|_| SignatureError::Certificate)?;
    let mut parts = SliceReader::new(value.value())?;
    let all = AnyRef::decode(&mut parts)?;
    let mut all = SliceReader::new(all.value())?;
    let first = AnyRef::decode(&mut all)?;
    let mut fields = SliceReader::new(first.value())?;
    let mut field = AnyRef::decode(&mut fields)?;
    let mut algorithm = Algorithm::EcdsaP256;
    if field.tag() == Tag::Sequence {
        let named: AlgorithmIdentifierOwned = field.decode_as()?;
        let known = [Algorithm::EcdsaP256, Algorithm::Sm2];
        let found = known.into_iter().find(|known| hash_of(*known) == named.oid);
        algorithm = found.ok_or(SignatureError::Algorithm)?;
        field = AnyRef::decode(&mut fields)?;
    }
    Ok(field.value() == digest(algorithm, &certificate.to_der()?))
}
