//! Revoked certificates, and the lists that tell of them (RFC 5280, section 5).

use crate::CertificateError;
use crate::term::time;
use der::asn1::{OctetString, Uint};
use der::{Encode, Enumerated};
use x509_cert::crl::RevokedCert;
use x509_cert::ext::Extension;
use x509_cert::serial_number::SerialNumber;

/// `id-ce-cRLReasons`.
const REASON: der::asn1::ObjectIdentifier = der::asn1::ObjectIdentifier::new_unwrap("2.5.29.21");

/// Why a certificate is revoked: the values of `CRLReason` that an authority of organizations needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enumerated)]
#[repr(u32)]
pub enum Reason {
    /// The key is or may be known to others.
    KeyCompromise = 1,
    /// The subject no longer belongs to its organization.
    AffiliationChanged = 3,
    /// Another certificate takes its place.
    Superseded = 4,
    /// It is no longer needed.
    CessationOfOperation = 5,
    /// The right that it stood for was withdrawn.
    PrivilegeWithdrawn = 9,
}

/// A revoked certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// Its serial number, lower-case hex.
    pub serial: String,
    /// When, in seconds since 1970.
    pub at: u64,
    /// Why.
    pub reason: Reason,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::KeyCompromise,
        Self::AffiliationChanged,
        Self::Superseded,
        Self::CessationOfOperation,
        Self::PrivilegeWithdrawn,
    ];

    /// Its stable name.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::KeyCompromise => "key_compromise",
            Self::AffiliationChanged => "affiliation_changed",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessation_of_operation",
            Self::PrivilegeWithdrawn => "privilege_withdrawn",
        }
    }

    /// The reason of this name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.id() == id)
    }
}

impl Revoked {
    pub(crate) fn entry(&self) -> Result<RevokedCert, CertificateError> {
        let serial = hex::decode(&self.serial).map_err(|error| CertificateError::Structure(error.to_string()))?;
        let reason = Extension {
            extn_id: REASON,
            critical: false,
            extn_value: OctetString::new(self.reason.to_der()?)?,
        };
        Ok(RevokedCert {
            serial_number: SerialNumber::new(&serial)?,
            revocation_date: time(self.at)?,
            crl_entry_extensions: Some(vec![reason]),
        })
    }
}

/// A number as an ASN.1 integer without leading zeroes.
pub(crate) fn number(value: u64) -> Result<Uint, CertificateError> {
    let bytes = value.to_be_bytes();
    let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len() - 1);
    Ok(Uint::new(bytes.get(first..).unwrap_or_default())?)
}
