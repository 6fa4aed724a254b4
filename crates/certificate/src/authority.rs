//! An authority: a key, its certificate, and what it signs.

use crate::CertificateError;
use crate::issued::Issued;
use crate::key::{Algorithm, CaKey, same_key};
use crate::places::Places;
use crate::profile::{Profile, Use};
use crate::request::SigningRequest;
use crate::revocation::{Revoked, number};
use crate::subject::{Subject, authority_name};
use crate::term::{Term, time};
use der::asn1::BitString;
use der::referenced::OwnedToRef;
use der::{Decode, Encode, EncodePem};
use x509_cert::builder::CertificateBuilder;
use x509_cert::certificate::{Certificate, Version};
use x509_cert::crl::{CertificateList, TbsCertList};
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, CrlNumber, SubjectKeyIdentifier};
use x509_cert::ext::{Extensions, ToExtension};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfo};

/// How long a root is valid.
const ROOT_DAYS: u64 = 3_652;
/// How long an issuing authority is valid, within its root's term.
const ISSUING_DAYS: u64 = 1_826;

/// An authority with its secret key. It is shown without it.
pub struct Authority {
    key: CaKey,
    certificate: Certificate,
    places: Option<Places>,
}

impl Authority {
    /// A new root for a platform of this name, from 32 random bytes.
    ///
    /// # Errors
    /// [`CertificateError::Key`] for the one in 2³² of secrets that is no key: draw another.
    pub fn root(
        algorithm: Algorithm,
        platform: &str,
        secret: &[u8; 32],
        serial: &[u8; 16],
        now: u64,
    ) -> Result<Self, CertificateError> {
        let key = CaKey::new(algorithm, secret)?;
        let name = authority_name(platform, "Root CA")?;
        let profile = Profile {
            issuer: name.clone(),
            subject: name,
            of: Use::Root,
            places: None,
        };
        let certificate = build(&key, profile, serial, Term::days(now, ROOT_DAYS), key.public()?)?;
        Ok(Self::of(key, certificate))
    }

    const fn of(key: CaKey, certificate: Certificate) -> Self {
        Self {
            key,
            certificate,
            places: None,
        }
    }

    /// The authority, with these addresses in whatever it issues from now on.
    #[must_use]
    pub fn publishing_at(self, places: Option<Places>) -> Self {
        Self { places, ..self }
    }

    /// A new issuing authority below this one, of the same algorithm.
    pub fn issuing(
        &self,
        platform: &str,
        secret: &[u8; 32],
        serial: &[u8; 16],
        now: u64,
    ) -> Result<Self, CertificateError> {
        let key = CaKey::new(self.key.algorithm(), secret)?;
        let profile = Profile {
            issuer: self.certificate.tbs_certificate().subject().clone(),
            subject: authority_name(platform, "Issuing CA")?,
            of: Use::Issuing,
            places: self.places.clone(),
        };
        let term = Term::days(now, ISSUING_DAYS).within(self.term());
        let certificate = build(&self.key, profile, serial, term, key.public()?)?;
        Ok(Self::of(key, certificate))
    }

    /// An authority that was kept: its secret and its certificate, which must belong together.
    pub fn restore(algorithm: Algorithm, secret: &[u8; 32], certificate: &[u8]) -> Result<Self, CertificateError> {
        let key = CaKey::new(algorithm, secret)?;
        let certificate = Certificate::from_der(certificate)?;
        if same_key(&key.public()?, certificate.tbs_certificate().subject_public_key_info()) {
            Ok(Self::of(key, certificate))
        } else {
            Err(CertificateError::Mismatch)
        }
    }

    /// What it signs with.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.key.algorithm()
    }

    /// Its certificate.
    pub fn certificate_der(&self) -> Result<Vec<u8>, CertificateError> {
        Ok(self.certificate.to_der()?)
    }

    /// Its certificate in PEM.
    pub fn certificate_pem(&self) -> Result<String, CertificateError> {
        Ok(self.certificate.to_pem(der::pem::LineEnding::LF)?)
    }

    /// Its own term; nothing that it issues outlives it.
    #[must_use]
    pub fn term(&self) -> Term {
        Term::of(self.certificate.tbs_certificate().validity())
    }

    /// Certifies the key of a request for a subject.
    pub fn issue(
        &self,
        request: &SigningRequest,
        subject: &Subject,
        serial: &[u8; 16],
        term: Term,
    ) -> Result<Issued, CertificateError> {
        if request.algorithm != self.algorithm() {
            return Err(CertificateError::Algorithm {
                wanted: self.algorithm().name(),
            });
        }
        let profile = Profile {
            issuer: self.certificate.tbs_certificate().subject().clone(),
            subject: subject.name()?,
            of: Use::EndEntity(subject.kind()),
            places: self.places.clone(),
        };
        let term = term.within(self.term());
        build(&self.key, profile, serial, term, request.key.clone()).map(Issued)
    }

    /// The list of what it has revoked, in DER. `number` must grow from list to list.
    pub fn revocation_list(&self, revoked: &[Revoked], number: u64, term: Term) -> Result<Vec<u8>, CertificateError> {
        let entries = revoked.iter().map(Revoked::entry).collect::<Result<Vec<_>, _>>()?;
        let list = TbsCertList {
            version: Version::V2,
            signature: self.key.identifier(),
            issuer: self.certificate.tbs_certificate().subject().clone(),
            this_update: time(term.from)?,
            next_update: Some(time(term.until)?),
            // An empty list is left out (RFC 5280, section 5.1.2.6).
            revoked_certificates: (!entries.is_empty()).then_some(entries),
            crl_extensions: Some(self.list_extensions(number)?),
        };
        let signature = self.key.sign(&list.to_der()?)?;
        let list = CertificateList {
            tbs_cert_list: list,
            signature_algorithm: self.key.identifier(),
            signature,
        };
        Ok(list.to_der()?)
    }

    /// Its name in DER.
    pub(crate) fn name_der(&self) -> Result<Vec<u8>, CertificateError> {
        Ok(self.certificate.tbs_certificate().subject().to_der()?)
    }

    /// The bits of its public key.
    pub(crate) fn key_bits(&self) -> Result<Vec<u8>, CertificateError> {
        let key = &self
            .certificate
            .tbs_certificate()
            .subject_public_key_info()
            .subject_public_key;
        let bits = key.as_bytes().map(<[u8]>::to_vec);
        bits.ok_or(CertificateError::Mismatch)
    }

    /// Its signature over these bytes, and the identifier that stands beside it.
    pub(crate) fn signed(&self, bytes: &[u8]) -> Result<(AlgorithmIdentifierOwned, BitString), CertificateError> {
        Ok((self.key.identifier(), self.key.sign(bytes)?))
    }

    fn list_extensions(&self, of: u64) -> Result<Extensions, CertificateError> {
        let tbs = self.certificate.tbs_certificate();
        let own = SubjectKeyIdentifier::try_from(tbs.subject_public_key_info().owned_to_ref())?;
        let authority = AuthorityKeyIdentifier {
            key_identifier: Some(own.0),
            ..AuthorityKeyIdentifier::default()
        };
        let none = Extensions::new();
        Ok(vec![
            authority.to_extension(tbs.subject(), &none)?,
            CrlNumber(number(of)?).to_extension(tbs.subject(), &none)?,
        ])
    }
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Authority({})", self.certificate.tbs_certificate().subject())
    }
}

fn build(
    signer: &CaKey,
    profile: Profile,
    serial: &[u8; 16],
    term: Term,
    key: SubjectPublicKeyInfo<der::Any, BitString>,
) -> Result<Certificate, CertificateError> {
    let serial = SerialNumber::new(&positive(serial))?;
    signer.build(CertificateBuilder::new(profile, serial, term.validity()?, key)?)
}

/// The bytes as a positive number without leading zeroes, which is how DER writes it.
fn positive(serial: &[u8; 16]) -> [u8; 16] {
    let mut bytes = *serial;
    bytes[0] = bytes[0] & 0x7f | 0x40;
    bytes
}
