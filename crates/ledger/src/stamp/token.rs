//! The token: a `TSTInfo` in a CMS signature that names its certificate (RFC 3161, section 2.4.2; RFC 5816).

use super::StampError;
use super::asn1::{
    CONTENT_TYPE, CertificateId, ContentInfo, ECDSA_SHA_256, Encapsulated, IssuerAndSerial, MESSAGE_DIGEST, SHA_256,
    SIGNED_DATA, SIGNING_CERTIFICATE, SignedData, SignerInfo, SigningCertificate, TST_INFO, TstInfo,
};
use crate::suite::Suite;
use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Encode, EncodeValue, Tagged};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use x509_cert::attr::Attribute;
use x509_cert::certificate::Certificate;
use x509_cert::spki::AlgorithmIdentifierOwned;

/// Signs what a time-stamp says.
pub(super) fn sign(
    info: &TstInfo,
    key: &SigningKey,
    certificate: &Certificate,
    with_certificate: bool,
) -> Result<ContentInfo, StampError> {
    let content = info.to_der()?;
    let attributes = signed_attributes(&content, certificate)?;
    // The signature is over the attributes as a SET, not under their tag in the structure (RFC 5652, section 5.4).
    let signature: DerSignature = key.sign(&attributes.to_der()?);
    let tbs = certificate.tbs_certificate();
    let signer = SignerInfo {
        version: 1,
        signer: IssuerAndSerial {
            issuer: tbs.issuer().clone(),
            serial: tbs.serial_number().clone(),
        },
        digest_algorithm: algorithm(SHA_256),
        signed_attributes: attributes,
        signature_algorithm: algorithm(ECDSA_SHA_256),
        signature: OctetString::new(signature.as_bytes())?,
        unsigned_attributes: None,
    };
    let certificates = with_certificate.then(|| one(certificate.clone())).transpose()?;
    let signed = SignedData {
        version: 3,
        digest_algorithms: one(algorithm(SHA_256))?,
        encapsulated: Encapsulated {
            content_type: TST_INFO,
            content: OctetString::new(content)?,
        },
        certificates,
        revocations: None,
        signers: one(signer)?,
    };
    Ok(ContentInfo {
        content_type: SIGNED_DATA,
        content: Any::encode_from(&signed)?,
    })
}

fn signed_attributes(content: &[u8], certificate: &Certificate) -> Result<SetOfVec<Attribute>, StampError> {
    let signing = SigningCertificate {
        certificates: vec![CertificateId {
            hash: OctetString::new(
                Suite::International
                    .digest(&[&certificate.to_der()?])
                    .as_bytes()
                    .as_slice(),
            )?,
        }],
    };
    let mut attributes = SetOfVec::new();
    attributes.insert(attribute(CONTENT_TYPE, &TST_INFO)?)?;
    let hash = OctetString::new(Suite::International.digest(&[content]).as_bytes().as_slice())?;
    attributes.insert(attribute(MESSAGE_DIGEST, &hash)?)?;
    attributes.insert(attribute(SIGNING_CERTIFICATE, &signing)?)?;
    Ok(attributes)
}

fn attribute<T: EncodeValue + Tagged>(oid: ObjectIdentifier, value: &T) -> Result<Attribute, StampError> {
    Ok(Attribute {
        oid,
        values: one(Any::encode_from(value)?)?,
    })
}

const fn algorithm(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
}

fn one<T: der::DerOrd>(item: T) -> Result<SetOfVec<T>, StampError> {
    let mut set = SetOfVec::new();
    set.insert(item)?;
    Ok(set)
}
