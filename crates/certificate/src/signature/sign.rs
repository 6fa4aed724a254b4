//! Signing a document with a key and its certificate.

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::CmsVersion;
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use der::Encode;
use der::asn1::{OctetString, SetOfVec};
use der::referenced::OwnedToRef;
use x509_cert::certificate::Certificate;

use super::attributes::{hash_of, identifier, signed_attributes};
use super::{DATA, DocumentSignature, SignatureError};
use crate::key::{Algorithm, CaKey, same_key};

/// Who signs: a key, its certificate and that of its issuer. It is shown without the key.
pub struct Signer {
    key: CaKey,
    chain: Vec<Certificate>,
}

impl Signer {
    /// Reads a key (PKCS #8 or SEC 1, PEM) and its chain (PEM, the key's own certificate first).
    ///
    /// # Errors
    /// When they can't be read or do not belong together.
    pub fn from_pem(key: &str, chain: &str) -> Result<Self, SignatureError> {
        let chain = Certificate::load_pem_chain(chain.as_bytes())?;
        let own = chain.first().ok_or(SignatureError::Certificate)?;
        let public = own.tbs_certificate().subject_public_key_info();
        let algorithm = Algorithm::of_key(&public.owned_to_ref()).ok_or(SignatureError::Algorithm)?;
        let key = CaKey::from_pem(algorithm, key).ok_or(SignatureError::Key)?;
        let own_public = key.public().map_err(|_| SignatureError::Key)?;
        if same_key(&own_public, public) {
            Ok(Self { key, chain })
        } else {
            Err(SignatureError::Key)
        }
    }

    /// What it signs with.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.key.algorithm()
    }

    /// Signs a document at this second since 1970.
    ///
    /// # Errors
    /// When the structure cannot be written.
    pub fn sign(&self, document: &[u8], seconds: u64) -> Result<DocumentSignature, SignatureError> {
        self.signed(document, Some(seconds))
    }

    /// Signs what a PDF leaves outside its room for a signature. When, stands in the PDF and not in the signature (ETSI EN
    /// 319 142-1, section 6.3), so [`DocumentSignature::verify`] does not take it for
    /// a signature beside a document.
    ///
    /// # Errors
    /// When the structure cannot be written.
    pub fn sign_embedded(&self, document: &[u8]) -> Result<DocumentSignature, SignatureError> {
        self.signed(document, None)
    }

    fn signed(&self, document: &[u8], seconds: Option<u64>) -> Result<DocumentSignature, SignatureError> {
        let algorithm = self.algorithm();
        let own = self.chain.first().ok_or(SignatureError::Certificate)?;
        let attributes = signed_attributes(algorithm, document, own, seconds)?;
        // The signature is over the attributes as a SET, not under their tag in the structure (RFC 5652, section 5.4).
        let made = self.key.sign(&attributes.to_der()?).map_err(|_| SignatureError::Key)?;
        let tbs = own.tbs_certificate();
        let signer = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                issuer: tbs.issuer().clone(),
                serial_number: tbs.serial_number().clone(),
            }),
            digest_alg: identifier(hash_of(algorithm)),
            signed_attrs: Some(attributes),
            signature_algorithm: self.key.identifier(),
            signature: OctetString::new(made.raw_bytes())?,
            unsigned_attrs: None,
        };
        let certificates = self.chain.iter().cloned().map(CertificateChoices::Certificate);
        let signed = SignedData {
            version: CmsVersion::V1,
            digest_algorithms: SetOfVec::try_from(vec![identifier(hash_of(algorithm))])?,
            encap_content_info: EncapsulatedContentInfo {
                econtent_type: DATA,
                econtent: None,
            },
            certificates: Some(CertificateSet::try_from(certificates.collect::<Vec<_>>())?),
            crls: None,
            signer_infos: SignerInfos(SetOfVec::try_from(vec![signer])?),
        };
        Ok(DocumentSignature { signed })
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let subject = self
            .chain
            .first()
            .map(|own| own.tbs_certificate().subject().to_string());
        write!(f, "Signer({})", subject.unwrap_or_default())
    }
}
