//! The authority: answers each request, by a stamp or by a refusal that says why (RFC 3161, section 2.4.2).

use super::asn1::{
    ANY_POLICY, Accuracy, MessageImprint, SHA_256, SHA_384, SHA_512, StatusInfo, TimeStampReq, TimeStampResp, TstInfo,
};
use super::{StampError, certificate, token};
use der::asn1::{BitString, GeneralizedTime, Int};
use der::pem::LineEnding;
use der::{Decode, DecodePem, Encode, EncodePem};
use p256::ecdsa::SigningKey;
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use std::fmt;
use std::time::Duration;
use x509_cert::certificate::Certificate;
use zeroize::Zeroizing;

/// How far the stamped time may be from the true one.
const ACCURACY_SECONDS: u8 = 1;

/// A time-stamp authority: a P-256 key and its certificate. It is shown without its secret.
pub struct StampAuthority {
    key: SigningKey,
    certificate: Certificate,
}

/// Why a request gets no stamp: the bits of `PKIFailureInfo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
    /// The hash algorithm is not known, or the hash has not its length.
    BadAlgorithm = 0,
    /// The request has not the form.
    BadDataFormat = 5,
    /// A policy is asked for that is not this authority's.
    UnacceptedPolicy = 15,
    /// The request has extensions; none are known here.
    UnacceptedExtension = 16,
    /// The authority itself failed.
    OwnFault = 25,
}

impl StampAuthority {
    /// A new authority called `name`, its key grown from 32 random bytes, its certificate valid from this second on.
    ///
    /// # Errors
    /// [`StampError::Key`] for the one in 2³² of secrets that is no key: take another.
    pub fn new(name: &str, secret: &[u8; 32], serial: &[u8; 16], from_seconds: u64) -> Result<Self, StampError> {
        let key = SigningKey::from_slice(secret).map_err(|_| StampError::Key)?;
        let certificate = certificate::issue(&key, name, &positive(serial), from_seconds)?;
        Ok(Self { key, certificate })
    }

    /// Reads key (PKCS #8) and certificate in PEM, and checks that they belong together.
    pub fn from_pem(key: &str, certificate: &str) -> Result<Self, StampError> {
        let key = SigningKey::from_pkcs8_pem(key).map_err(|_| StampError::Key)?;
        let certificate = Certificate::from_pem(certificate)?;
        certificate::check(&certificate, &key)?;
        Ok(Self { key, certificate })
    }

    /// The key in PEM. Whoever reads it can stamp.
    pub fn key_pem(&self) -> Result<Zeroizing<String>, StampError> {
        self.key.to_pkcs8_pem(LineEnding::LF).map_err(|_| StampError::Key)
    }

    /// The certificate in PEM, which verifiers trust.
    pub fn certificate_pem(&self) -> Result<String, StampError> {
        Ok(self.certificate.to_pem(LineEnding::LF)?)
    }

    /// The reply to a request, whatever it is: a stamp of this second under this serial number, used once, or a
    /// refusal.
    pub fn answer(&self, request: &[u8], now_seconds: u64, serial: &[u8; 16]) -> Result<Vec<u8>, StampError> {
        let granted = check(request).and_then(|request| {
            let stamped = self.stamp(&request, now_seconds, serial);
            stamped.map_err(|_| Failure::OwnFault)
        });
        let reply = granted.or_else(refuse)?;
        Ok(reply.to_der()?)
    }

    fn stamp(&self, request: &TimeStampReq, now_seconds: u64, serial: &[u8; 16]) -> Result<TimeStampResp, StampError> {
        let info = TstInfo {
            version: 1,
            policy: request.req_policy.unwrap_or(ANY_POLICY),
            message_imprint: request.message_imprint.clone(),
            serial_number: Int::new(&positive(serial))?,
            gen_time: GeneralizedTime::from_unix_duration(Duration::from_secs(now_seconds))?,
            accuracy: Some(Accuracy {
                seconds: ACCURACY_SECONDS,
            }),
            ordering: false,
            nonce: request.nonce.clone(),
        };
        let token = token::sign(&info, &self.key, &self.certificate, request.cert_req)?;
        Ok(TimeStampResp {
            status: StatusInfo {
                status: 0,
                status_string: None,
                fail_info: None,
            },
            token: Some(token),
        })
    }
}

impl fmt::Debug for StampAuthority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StampAuthority({})", self.certificate.tbs_certificate().subject())
    }
}

fn check(request: &[u8]) -> Result<TimeStampReq, Failure> {
    let request = TimeStampReq::from_der(request).map_err(|_| Failure::BadDataFormat)?;
    if request.version != 1 {
        return Err(Failure::BadDataFormat);
    }
    check_imprint(&request.message_imprint)?;
    if request.req_policy.is_some_and(|policy| policy != ANY_POLICY) {
        return Err(Failure::UnacceptedPolicy);
    }
    match request.extensions {
        Some(_) => Err(Failure::UnacceptedExtension),
        None => Ok(request),
    }
}

fn check_imprint(imprint: &MessageImprint) -> Result<(), Failure> {
    let bytes = [(SHA_256, 32), (SHA_384, 48), (SHA_512, 64)];
    let wanted = bytes.iter().find(|(oid, _)| *oid == imprint.hash_algorithm.oid);
    if wanted.is_some_and(|(_, bytes)| imprint.hashed_message.as_bytes().len() == *bytes) {
        Ok(())
    } else {
        Err(Failure::BadAlgorithm)
    }
}

fn refuse(failure: Failure) -> Result<TimeStampResp, StampError> {
    let bit = failure as usize;
    let mut bytes = vec![0; bit / 8 + 1];
    bytes[bit / 8] = 0x80 >> (bit % 8);
    let unused = u8::try_from(7 - bit % 8).unwrap_or(0);
    Ok(TimeStampResp {
        status: StatusInfo {
            status: 2,
            status_string: None,
            fail_info: Some(BitString::new(unused, bytes)?),
        },
        token: None,
    })
}

/// A serial number out of random bytes: positive, of full length.
fn positive(random: &[u8; 16]) -> [u8; 16] {
    let mut serial = *random;
    serial[0] = (serial[0] & 0x7f) | 0x40;
    serial
}
