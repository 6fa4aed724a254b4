//! The authority's certificate: self-signed, for time-stamping and nothing else.

use super::StampError;
use der::asn1::{BitString, ObjectIdentifier, OctetString};
use der::{Decode, Encode};
use p256::ecdsa::{DerSignature, SigningKey};
use std::time::Duration;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder, CertificateBuilder};
use x509_cert::certificate::{Certificate, TbsCertificate};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::ExtendedKeyUsage;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{SubjectPublicKeyInfo, SubjectPublicKeyInfoRef};
use x509_cert::time::{Time, Validity};

/// How long the certificate is valid.
const VALID_DAYS: u64 = 3_652;
/// Longest common name (RFC 5280, appendix A: `ub-common-name`).
const NAME_CHARACTERS_MAX: usize = 64;
/// `id-ce-keyUsage`.
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
/// `id-ce-extKeyUsage`.
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
/// `id-kp-timeStamping`.
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
/// `digitalSignature` and `nonRepudiation`: the first two bits of `KeyUsage`, the other six unused.
const SIGNATURES: (u8, [u8; 1]) = (6, [0b1100_0000]);

/// Issues the certificate of `key`, valid from this second on.
pub(super) fn issue(key: &SigningKey, name: &str, serial: &[u8], from_seconds: u64) -> Result<Certificate, StampError> {
    let malformed = |error: x509_cert::builder::Error| StampError::Structure(error.to_string());
    let name: Name = format!("CN={}", common_name(name)).parse()?;
    let public = SubjectPublicKeyInfo::from_key(key.verifying_key());
    let public = public.map_err(|error| StampError::Structure(error.to_string()))?;
    let builder = CertificateBuilder::new(
        StampProfile(name),
        SerialNumber::new(serial)?,
        validity(from_seconds)?,
        public,
    );
    builder
        .and_then(|builder| builder.build::<_, DerSignature>(key))
        .map_err(malformed)
}

/// Checks that a certificate is of this key and marked critically for time-stamping alone (RFC 3161, section 2.3).
pub(super) fn check(certificate: &Certificate, key: &SigningKey) -> Result<(), StampError> {
    let public = SubjectPublicKeyInfo::from_key(key.verifying_key()).ok();
    let own = public.as_ref() == Some(certificate.tbs_certificate().subject_public_key_info());
    if own && is_for_stamping_alone(certificate) {
        Ok(())
    } else {
        Err(StampError::Certificate)
    }
}

/// Whether the certificate is marked critically for time-stamping alone.
pub(super) fn is_for_stamping_alone(certificate: &Certificate) -> bool {
    let tbs = certificate.tbs_certificate();
    let extensions = tbs.extensions().map_or(&[][..], Vec::as_slice);
    let usage = extensions
        .iter()
        .find(|extension| extension.extn_id == EXTENDED_KEY_USAGE);
    usage.filter(|usage| usage.critical).is_some_and(|usage| {
        let purposes = ExtendedKeyUsage::from_der(usage.extn_value.as_bytes());
        purposes.is_ok_and(|purposes| purposes.0 == [TIME_STAMPING])
    })
}

/// The name as RFC 4514 writes it, within the bound of RFC 5280.
fn common_name(name: &str) -> String {
    let escaped = |c: char| match c {
        ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=' | '#' => format!("\\{c}"),
        c => c.to_string(),
    };
    name.chars().take(NAME_CHARACTERS_MAX).map(escaped).collect()
}

fn validity(from_seconds: u64) -> Result<Validity, StampError> {
    let at = |seconds| -> Result<Time, StampError> {
        let time = der::asn1::GeneralizedTime::from_unix_duration(Duration::from_secs(seconds))?;
        Ok(Time::GeneralTime(time))
    };
    let until = from_seconds.saturating_add(VALID_DAYS * 86_400);
    Ok(Validity::new(at(from_seconds)?, at(until)?))
}

struct StampProfile(Name);

impl BuilderProfile for StampProfile {
    fn get_issuer(&self, subject: &Name) -> Name {
        subject.clone()
    }

    fn get_subject(&self) -> Name {
        self.0.clone()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        _: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        let (unused, bits) = SIGNATURES;
        let critical = |extn_id, value: Vec<u8>| {
            Ok::<_, der::Error>(Extension {
                extn_id,
                critical: true,
                extn_value: OctetString::new(value)?,
            })
        };
        let usage = BitString::new(unused, bits.to_vec())?.to_der()?;
        let purpose = ExtendedKeyUsage(vec![TIME_STAMPING]).to_der()?;
        Ok(vec![
            critical(KEY_USAGE, usage)?,
            critical(EXTENDED_KEY_USAGE, purpose)?,
        ])
    }
}
