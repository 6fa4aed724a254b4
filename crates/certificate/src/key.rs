//! The keys of authorities, and how what they and others have signed is checked.

use crate::CertificateError;
use der::asn1::{BitString, ObjectIdentifier};
use der::pem::LineEnding;
use der::referenced::OwnedToRef;
use p256::ecdsa::signature::{Signer, Verifier};
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use x509_cert::builder::Builder;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfo, SubjectPublicKeyInfoRef};

/// The identifier that SM2 signatures are made under where none is agreed (GB/T 32918.5, GM/T 0009).
const SM2_ID: &str = "1234567812345678";
/// `ecdsa-with-SHA256`, RFC 5758.
const ECDSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
/// SM2 with SM3, GM/T 0006.
const SM2_SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");
/// The curve P-256, RFC 5480.
const P_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
/// The curve of GB/T 32918.5, GM/T 0006.
const SM2_CURVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.301");

/// What certificates are signed with, and the kind of the keys in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA over P-256 with SHA-256.
    EcdsaP256,
    /// SM2 with SM3, 国密.
    Sm2,
}

impl Algorithm {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EcdsaP256 => "ECDSA P-256",
            Self::Sm2 => "SM2",
        }
    }

    /// The algorithm of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::EcdsaP256, Self::Sm2]
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
    }

    const fn signature(self) -> ObjectIdentifier {
        match self {
            Self::EcdsaP256 => ECDSA_SHA_256,
            Self::Sm2 => SM2_SM3,
        }
    }

    /// The algorithm that a public key is for.
    pub(crate) fn of_key(key: &SubjectPublicKeyInfoRef<'_>) -> Option<Self> {
        let curve = key.algorithm.parameters_oid().ok()?;
        [Self::EcdsaP256, Self::Sm2]
            .into_iter()
            .find(|algorithm| match algorithm {
                Self::EcdsaP256 => curve == P_256,
                Self::Sm2 => curve == SM2_CURVE,
            })
    }

    /// Whether `signature` under this identifier is over the message by the key.
    pub(crate) fn verifies(
        self,
        key: &SubjectPublicKeyInfo<der::Any, BitString>,
        identifier: &AlgorithmIdentifierOwned,
        message: &[u8],
        signature: &BitString,
    ) -> bool {
        let (Some(point), Some(signature)) = (key.subject_public_key.as_bytes(), signature.as_bytes()) else {
            return false;
        };
        let made = match self {
            _ if identifier.oid != self.signature() => None,
            Self::EcdsaP256 => verify_p256(point, message, signature),
            Self::Sm2 => verify_sm2(point, message, signature),
        };
        made.is_some()
    }
}

fn verify_p256(point: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
    let signature = p256::ecdsa::Signature::from_der(signature).ok()?;
    key.verify(message, &signature).ok()
}

fn verify_sm2(point: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    let key = sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_ID, point).ok()?;
    let signature = sm2::dsa::Signature::from_der(signature).ok()?;
    key.verify(message, &signature).ok()
}

/// The secret key of an authority.
pub(crate) enum CaKey {
    EcdsaP256(Box<p256::ecdsa::SigningKey>),
    Sm2(Box<sm2::dsa::SigningKey>),
}

impl CaKey {
    pub(crate) fn new(algorithm: Algorithm, secret: &[u8; 32]) -> Result<Self, CertificateError> {
        match algorithm {
            Algorithm::EcdsaP256 => {
                let key = p256::ecdsa::SigningKey::from_slice(secret).map_err(|_| CertificateError::Key)?;
                Ok(Self::EcdsaP256(Box::new(key)))
            }
            Algorithm::Sm2 => {
                let key = sm2::dsa::SigningKey::from_slice(SM2_ID, secret).map_err(|_| CertificateError::Key)?;
                Ok(Self::Sm2(Box::new(key)))
            }
        }
    }

    /// Reads a key in PEM (PKCS #8 or SEC 1).
    pub(crate) fn from_pem(algorithm: Algorithm, text: &str) -> Option<Self> {
        match algorithm {
            Algorithm::EcdsaP256 => {
                let secret = p256::SecretKey::from_pkcs8_pem(text).ok();
                let secret = secret.or_else(|| p256::SecretKey::from_sec1_pem(text).ok())?;
                Some(Self::EcdsaP256(Box::new(secret.into())))
            }
            Algorithm::Sm2 => {
                let secret = sm2::SecretKey::from_pkcs8_pem(text).ok();
                let secret = secret.or_else(|| sm2::SecretKey::from_sec1_pem(text).ok())?;
                Self::new(algorithm, &secret.to_bytes().into()).ok()
            }
        }
    }

    pub(crate) const fn algorithm(&self) -> Algorithm {
        match self {
            Self::EcdsaP256(_) => Algorithm::EcdsaP256,
            Self::Sm2(_) => Algorithm::Sm2,
        }
    }

    pub(crate) fn public(&self) -> Result<SubjectPublicKeyInfo<der::Any, BitString>, CertificateError> {
        Ok(match self {
            Self::EcdsaP256(key) => SubjectPublicKeyInfo::from_key(key.verifying_key())?,
            Self::Sm2(key) => SubjectPublicKeyInfo::from_key(key.verifying_key())?,
        })
    }

    /// The identifier that stands beside its signatures. It has no parameters in either case.
    pub(crate) const fn identifier(&self) -> AlgorithmIdentifierOwned {
        AlgorithmIdentifierOwned {
            oid: self.algorithm().signature(),
            parameters: None,
        }
    }

    /// A signature in DER, as both algorithms stand in certificates.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<BitString, CertificateError> {
        let failed = |_| CertificateError::Key;
        let der = match self {
            Self::EcdsaP256(key) => {
                let signature: p256::ecdsa::DerSignature = key.try_sign(message).map_err(failed)?;
                signature.as_bytes().to_vec()
            }
            Self::Sm2(key) => {
                let signature: sm2::dsa::Signature = key.try_sign(message).map_err(failed)?;
                signature.to_der().as_bytes().to_vec()
            }
        };
        Ok(BitString::from_bytes(&der)?)
    }

    /// The key in PEM (PKCS #8).
    pub(crate) fn to_pem(&self) -> Result<String, CertificateError> {
        let pem = match self {
            Self::EcdsaP256(key) => p256::SecretKey::from(&**key).to_pkcs8_pem(LineEnding::LF),
            Self::Sm2(key) => sm2::SecretKey::from(*key.as_nonzero_scalar()).to_pkcs8_pem(LineEnding::LF),
        };
        let pem = pem.map_err(|error| CertificateError::Structure(error.to_string()))?;
        Ok(pem.to_string())
    }

    /// Signs what a builder has assembled.
    pub(crate) fn build<B: Builder>(&self, mut builder: B) -> Result<B::Output, CertificateError> {
        Ok(match self {
            Self::EcdsaP256(key) => {
                let message = builder.finalize(&**key)?;
                builder.assemble(self.sign(&message)?, &**key)?
            }
            Self::Sm2(key) => {
                let message = builder.finalize(&**key)?;
                builder.assemble(self.sign(&message)?, &**key)?
            }
        })
    }
}

/// Whether two keys are the same.
pub(crate) fn same_key(
    a: &SubjectPublicKeyInfo<der::Any, BitString>,
    b: &SubjectPublicKeyInfo<der::Any, BitString>,
) -> bool {
    a.owned_to_ref() == b.owned_to_ref()
}
