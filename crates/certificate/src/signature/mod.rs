//! Signatures on documents: detached CMS (RFC 5652) with the attributes of CAdES (ETSI EN 319 122-1), in two levels.
//!
//! ```text
//! Signer::sign(document) ─► DocumentSignature (B-B) ─with_time_stamp(token)─► DocumentSignature (B-T)
//!                               └─verify(document)─► SignedBy ─check_chain(root)─► trusted
//! ```
//!
//! The structure has the names of RFC 5652 in both suites; hash and signature are SHA-256 with ECDSA P-256, or SM3 with
//! SM2. `openssl cms -verify` judges the first. OpenSSL 3.0 reads the second, but has no way to be told the identifier
//! that SM2 signatures are made under; `openssl pkeyutl -verify` judges its signature value, and Bouncy Castle the whole.

mod attributes;
mod chain;
mod sign;
mod verify;

pub use chain::Trust;
pub use sign::Signer;
pub use verify::SignedBy;

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerInfo, SignerInfos};
use der::asn1::{Any, ObjectIdentifier, SetOfVec};
use der::pem::LineEnding;
use der::{Decode, Encode, pem};
use thiserror::Error;
use x509_cert::certificate::Certificate;

use attributes::{TIME_STAMP_TOKEN, attribute, only};

/// How many bytes a signature may have: certificates and a time-stamp included.
pub const SIGNATURE_BYTES_MAX: usize = 64 << 10;

/// `id-data`, RFC 5652.
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
/// `id-signedData`, RFC 5652.
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");

/// Why a signature on a document can't be made, read or accepted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// A structure can't be read or written.
    #[error("this is no detached CMS signature (DER or PEM) by one signer: {0}")]
    Structure(String),
    /// The key is not readable, or not the certificate's.
    #[error("the key is no EC key (PEM) of the kind that its certificate names, or not the certificate's")]
    Key,
    /// The document is not the one that was signed.
    #[error("the document is not the one that was signed: it was changed, or the signature belongs to another")]
    Document,
    /// The signature does not hold.
    #[error("the signature was not made with the key of its certificate, or was altered")]
    Signature,
    /// The signature does not name its certificate.
    #[error("the signature carries no certificate, or does not commit to it (signing-certificate-v2, RFC 5035)")]
    Certificate,
    /// Hash or algorithm are not of a suite.
    #[error("the signature is neither ECDSA P-256 with SHA-256 nor SM2 with SM3")]
    Algorithm,
    /// The certificate is not under the trusted authority.
    #[error("the signer's certificate was not issued under the trusted authority, or not valid then")]
    Untrusted,
}

impl SignatureError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Structure(_) => "signature.structure",
            Self::Key => "signature.key",
            Self::Document => "signature.document",
            Self::Signature => "signature.value",
            Self::Certificate => "signature.certificate",
            Self::Algorithm => "signature.algorithm",
            Self::Untrusted => "signature.untrusted",
        }
    }
}

impl From<der::Error> for SignatureError {
    fn from(error: der::Error) -> Self {
        Self::Structure(error.to_string())
    }
}

/// A detached signature by one signer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentSignature {
    signed: SignedData,
}

impl DocumentSignature {
    /// Reads a signature in DER or PEM. Whether it holds is for [`Self::verify`] to say.
    ///
    /// # Errors
    /// When the bytes are no signature by one signer, or the document is in it.
    pub fn parse(bytes: &[u8]) -> Result<Self, SignatureError> {
        let structure = |text: &str| SignatureError::Structure(text.to_owned());
        if bytes.len() > SIGNATURE_BYTES_MAX {
            return Err(structure("it is too long"));
        }
        let decoded = if bytes.starts_with(b"-----") {
            pem::decode_vec(bytes).map_err(|error| structure(&error.to_string()))?.1
        } else {
            bytes.to_vec()
        };
        let content = ContentInfo::from_der(&decoded)?;
        if content.content_type != SIGNED_DATA {
            return Err(structure("its content is no signed data"));
        }
        let signed: SignedData = content.content.decode_as()?;
        if signed.signer_infos.0.len() != 1 {
            return Err(structure("one signer is needed"));
        }
        if signed.encap_content_info.econtent.is_some() {
            return Err(structure("it holds a document; sign detached"));
        }
        Ok(Self { signed })
    }

    /// Its bytes, DER.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn to_der(&self) -> Result<Vec<u8>, SignatureError> {
        Ok(self.content_info()?.to_der()?)
    }

    /// The signature in PEM (`-----BEGIN CMS-----`, RFC 7468).
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn to_pem(&self) -> Result<String, SignatureError> {
        let written = pem::encode_string("CMS", LineEnding::LF, &self.to_der()?);
        written.map_err(|error| SignatureError::Structure(error.to_string()))
    }

    /// The signature value: what a time-stamp on the signature is over.
    ///
    /// # Errors
    /// Not with a signature that was parsed or made.
    pub fn value(&self) -> Result<&[u8], SignatureError> {
        Ok(self.signer()?.signature.as_bytes())
    }

    /// The bytes that the signature value is over: the signed attributes as a SET (RFC 5652, section 5.4).
    ///
    /// # Errors
    /// When there are none.
    pub fn signed_bytes(&self) -> Result<Vec<u8>, SignatureError> {
        let attributes = self.signer()?.signed_attrs.as_ref();
        Ok(attributes.ok_or(SignatureError::Certificate)?.to_der()?)
    }

    /// The time-stamp token (RFC 3161, DER) over the signature value, if it carries one.
    ///
    /// # Errors
    /// When there are several.
    pub fn time_stamp(&self) -> Result<Option<Vec<u8>>, SignatureError> {
        let Some(attributes) = &self.signer()?.unsigned_attrs else {
            return Ok(None);
        };
        if !attributes.iter().any(|attribute| attribute.oid == TIME_STAMP_TOKEN) {
            return Ok(None);
        }
        Ok(Some(only(attributes, TIME_STAMP_TOKEN)?.to_der()?))
    }

    /// The signature with a time-stamp token over its value, in the place of one that it had.
    ///
    /// # Errors
    /// When the token is no DER.
    pub fn with_time_stamp(&self, token: &[u8]) -> Result<Self, SignatureError> {
        let mut signer = self.signer()?.clone();
        let before = signer.unsigned_attrs.take().unwrap_or_default();
        let mut attributes = SetOfVec::new();
        for kept in before
            .into_vec()
            .into_iter()
            .filter(|kept| kept.oid != TIME_STAMP_TOKEN)
        {
            attributes.insert(kept)?;
        }
        attributes.insert(attribute(TIME_STAMP_TOKEN, Any::from_der(token)?)?)?;
        signer.unsigned_attrs = Some(attributes);
        let mut signed = self.signed.clone();
        signed.signer_infos = SignerInfos(SetOfVec::try_from(vec![signer])?);
        Ok(Self { signed })
    }

    fn content_info(&self) -> Result<ContentInfo, SignatureError> {
        Ok(ContentInfo {
            content_type: SIGNED_DATA,
            content: Any::encode_from(&self.signed)?,
        })
    }

    fn signer(&self) -> Result<&SignerInfo, SignatureError> {
        let missing = || SignatureError::Structure("one signer is needed".to_owned());
        self.signed.signer_infos.0.get(0).ok_or_else(missing)
    }

    /// The certificates that it carries.
    fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        let carried = self.signed.certificates.iter().flat_map(|set| set.0.iter());
        carried.filter_map(|choice| match choice {
            CertificateChoices::Certificate(certificate) => Some(certificate),
            CertificateChoices::Other(_) => None,
        })
    }
}
