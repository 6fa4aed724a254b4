//! Whether a signature holds over a document.

use cms::signed_data::{SignerIdentifier, SignerInfo};
use der::Encode;
use der::asn1::{BitString, ObjectIdentifier, OctetString};
use der::referenced::OwnedToRef;
use x509_cert::certificate::Certificate;
use x509_cert::ext::pkix::SubjectKeyIdentifier;

use super::attributes::{CONTENT_TYPE, MESSAGE_DIGEST, digest, hash_of, names, only, signing_time};
use super::{DATA, DocumentSignature, SignatureError};
use crate::issued::fingerprint;
use crate::key::Algorithm;

/// Who has signed, as the certificate that came with the signature says. Whether it is to be believed is for
/// [`SignedBy::check_chain`] to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedBy {
    /// When the signer says that it signed, in seconds since 1970.
    pub seconds: u64,
    pub(super) certificate: Certificate,
    pub(super) others: Vec<Certificate>,
}

impl SignedBy {
    /// The signer's certificate, DER.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn certificate_der(&self) -> Result<Vec<u8>, SignatureError> {
        Ok(self.certificate.to_der()?)
    }

    /// The SHA-256 of the certificate, in hex: what names it on record.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn fingerprint(&self) -> Result<String, SignatureError> {
        Ok(fingerprint(&self.certificate_der()?))
    }

    /// Who the certificate says it is about.
    #[must_use]
    pub fn subject(&self) -> String {
        self.certificate.tbs_certificate().subject().to_string()
    }
}

impl DocumentSignature {
    /// Checks that the signature is over this document, by the key of the certificate that it carries and commits to.
    ///
    /// # Errors
    /// When the document is another, or the signature does not hold.
    pub fn verify(&self, document: &[u8]) -> Result<SignedBy, SignatureError> {
        let signer = self.signer()?;
        let own = self.certificates().find(|certificate| is_of(signer, certificate));
        let certificate = own.ok_or(SignatureError::Certificate)?;
        let public = certificate.tbs_certificate().subject_public_key_info();
        let algorithm = Algorithm::of_key(&public.owned_to_ref()).ok_or(SignatureError::Algorithm)?;
        if signer.digest_alg.oid != hash_of(algorithm) {
            return Err(SignatureError::Algorithm);
        }
        let attributes = signer.signed_attrs.as_ref().ok_or(SignatureError::Certificate)?;
        let kind: ObjectIdentifier = only(attributes, CONTENT_TYPE)?.decode_as()?;
        let hash: OctetString = only(attributes, MESSAGE_DIGEST)?.decode_as()?;
        if kind != DATA || self.signed.encap_content_info.econtent_type != DATA {
            return Err(SignatureError::Structure("its content is not called data".to_owned()));
        }
        let value = BitString::from_bytes(signer.signature.as_bytes())?;
        if !algorithm.verifies(public, &signer.signature_algorithm, &attributes.to_der()?, &value) {
            return Err(SignatureError::Signature);
        }
        if hash.as_bytes() != digest(algorithm, document) {
            return Err(SignatureError::Document);
        }
        if !names(attributes, certificate)? {
            return Err(SignatureError::Certificate);
        }
        Ok(SignedBy {
            seconds: signing_time(attributes)?,
            certificate: certificate.clone(),
            others: self
                .certificates()
                .filter(|other| *other != certificate)
                .cloned()
                .collect(),
        })
    }
}

/// Whether a signer names this certificate.
fn is_of(signer: &SignerInfo, certificate: &Certificate) -> bool {
    let tbs = certificate.tbs_certificate();
    match &signer.sid {
        SignerIdentifier::IssuerAndSerialNumber(named) => {
            named.issuer == *tbs.issuer() && named.serial_number == *tbs.serial_number()
        }
        SignerIdentifier::SubjectKeyIdentifier(named) => {
            let own = tbs.get_extension::<SubjectKeyIdentifier>();
            matches!(own, Ok(Some((_, own))) if own == *named)
        }
    }
}
