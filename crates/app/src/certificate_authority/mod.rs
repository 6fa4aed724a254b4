//! The platform's certificate authority: who gets a certificate, what goes on record, what is revoked.
//!
//! A certificate stands on record as a credential of its party (`credential.issue`), named by its fingerprint. So the
//! ledger tells when it was issued and revoked, and what ends a party's credentials ends its certificates.

mod address;
mod enrol;
mod list;
mod revoke;

pub use address::PublicAddress;
pub use enrol::{ENROLMENT_HOURS, Enrolled, EnrolmentCode};
pub use list::CertificateStatus;

use std::sync::Arc;

use gongshu_certificate::{Algorithm, Authority, CertificateError};
use gongshu_governance::Text;
use gongshu_ledger::Suite;
use gongshu_store::{AuthorityRecord, Store};
use gongshu_vault::{DataKey, KeyService, WrappedKey};
use jiff::Timestamp;

use crate::district::District;
use crate::error::AppError;
use crate::world::Entropy;

const ROOT: &str = "root";
const ISSUING: &str = "issuing";
/// Before the hash of a key, says that it is a certificate's fingerprint: no API key can have such a hash.
const FINGERPRINT: &str = "x509-sha256:";

/// The root's certificate, and the authority that issues.
pub(crate) struct Certifier {
    pub(crate) root: Authority,
    pub(crate) issuing: Authority,
}

/// What its certificates say of the platform.
#[derive(Clone, Copy)]
pub(crate) struct Named<'a> {
    pub(crate) platform: &'a str,
    pub(crate) address: Option<&'a PublicAddress>,
}

impl Certifier {
    /// The authorities that the store keeps; made where there are none yet.
    pub(crate) async fn open(
        store: &Store,
        keys: &dyn KeyService,
        suite: Suite,
        named: Named<'_>,
        entropy: &Entropy,
        now: Timestamp,
    ) -> Result<Self, AppError> {
        let Named { platform, address } = named;
        if let Some(kept) = Self::kept(store, keys).await? {
            return Ok(kept.publishing_at(address));
        }
        let algorithm = match suite {
            Suite::International => Algorithm::EcdsaP256,
            Suite::ShangMi => Algorithm::Sm2,
        };
        let (secrets, seconds) = ([entropy.bytes(), entropy.bytes()], seconds(now)?);
        let [root_secret, issuing_secret] = &secrets;
        let root = Authority::root(algorithm, platform, root_secret, &entropy.bytes(), seconds)?;
        let root = root.publishing_at(address.map(PublicAddress::of_root));
        let issuing = root.issuing(platform, issuing_secret, &entropy.bytes(), seconds)?;
        let records = [
            record(ROOT, &root, root_secret, keys, entropy)?,
            record(ISSUING, &issuing, issuing_secret, keys, entropy)?,
        ];
        store.put_authorities(&records).await?;
        // Another server may have been first; what is stored counts.
        let kept = Self::kept(store, keys).await?;
        let kept = kept.ok_or_else(|| AppError::Internal("the certificate authority was not kept".to_owned()))?;
        Ok(kept.publishing_at(address))
    }

    fn publishing_at(self, address: Option<&PublicAddress>) -> Self {
        Self {
            root: self.root.publishing_at(address.map(PublicAddress::of_root)),
            issuing: self.issuing.publishing_at(address.map(PublicAddress::of_issuing)),
        }
    }

    async fn kept(store: &Store, keys: &dyn KeyService) -> Result<Option<Self>, AppError> {
        let (root, issuing) = (store.authority(ROOT).await?, store.authority(ISSUING).await?);
        let (Some(root), Some(issuing)) = (root, issuing) else {
            return Ok(None);
        };
        Ok(Some(Self {
            root: restored(&root, keys)?,
            issuing: restored(&issuing, keys)?,
        }))
    }
}

fn record(
    level: &str,
    authority: &Authority,
    secret: &[u8; 32],
    keys: &dyn KeyService,
    entropy: &Entropy,
) -> Result<AuthorityRecord, AppError> {
    let secret = DataKey::from_bytes(keys.cipher(), secret).map_err(AppError::internal)?;
    let wrapped = keys.wrap(&secret, &mut entropy.fork()).map_err(AppError::internal)?;
    Ok(AuthorityRecord {
        level: level.to_owned(),
        algorithm: authority.algorithm().name().to_owned(),
        certificate: authority.certificate_der()?,
        wrapped_key: serde_json::to_string(&wrapped).map_err(AppError::internal)?,
    })
}

fn restored(record: &AuthorityRecord, keys: &dyn KeyService) -> Result<Authority, AppError> {
    let wrapped: WrappedKey = serde_json::from_str(&record.wrapped_key).map_err(AppError::internal)?;
    let secret = keys.unwrap(&wrapped).map_err(AppError::internal)?;
    let algorithm = Algorithm::from_name(&record.algorithm)
        .ok_or_else(|| AppError::Internal(format!("the authority's algorithm `{}` is not known", record.algorithm)))?;
    Ok(Authority::restore(algorithm, secret.expose(), &record.certificate)?)
}

pub(crate) fn seconds(at: Timestamp) -> Result<u64, AppError> {
    u64::try_from(at.as_second()).map_err(AppError::internal)
}

impl District {
    pub(crate) fn certifier(&self) -> Arc<Certifier> {
        self.0.certifier.clone()
    }

    /// The certificates of the root and of the issuing authority, in PEM, the root first.
    ///
    /// # Errors
    /// When a certificate cannot be written.
    pub fn authority_certificates(&self) -> Result<[String; 2], AppError> {
        let certifier = self.certifier();
        Ok([certifier.root.certificate_pem()?, certifier.issuing.certificate_pem()?])
    }

    /// The same in DER.
    ///
    /// # Errors
    /// When a certificate cannot be written.
    pub fn authority_certificates_der(&self) -> Result<[Vec<u8>; 2], AppError> {
        let certifier = self.certifier();
        Ok([certifier.root.certificate_der()?, certifier.issuing.certificate_der()?])
    }

    pub(crate) fn input_error(&self, message: (&str, &str), remedy: (&str, &str)) -> AppError {
        let text = |(zh, en): (&str, &str)| Text::new(zh, en);
        self.rules().input(text(message), text(remedy)).into()
    }
}

impl From<CertificateError> for AppError {
    fn from(error: CertificateError) -> Self {
        Self::internal(error)
    }
}
