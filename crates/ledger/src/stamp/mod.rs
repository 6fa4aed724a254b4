//! Time-stamps (RFC 3161): an authority that makes them, and what a log reads out of them.
//!
//! A time-stamp says that the bytes with this hash were there at this time. A checkpoint's stamp is over the SHA-256
//! of the signed note as it is served, so `openssl ts -verify -data checkpoint -in stamp.tsr -CAfile tsa.pem` judges it.

mod asn1;
mod authority;
mod certificate;
mod check;
mod request;
mod token;

pub use authority::StampAuthority;
pub use check::{CheckedStamp, StampTrust, check_stamp};
pub use request::{StampRequest, read_stamp, reply_of, token_of};

use thiserror::Error;

/// The content type of a request over HTTP (RFC 3161, section 3.4).
pub const QUERY_CONTENT_TYPE: &str = "application/timestamp-query";
/// The content type of a reply over HTTP.
pub const REPLY_CONTENT_TYPE: &str = "application/timestamp-reply";
/// How many bytes a request may have. One has about a hundred.
pub const QUERY_BYTES_MAX: usize = 8 << 10;
/// How many bytes a reply may have. It may carry a chain of certificates.
pub const REPLY_BYTES_MAX: usize = 64 << 10;

/// Why a time-stamp could not be made or read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StampError {
    /// A structure can't be read or written.
    #[error("the time-stamp's structure is not as RFC 3161 says: {0}")]
    Structure(String),
    /// The authority's secret is no key.
    #[error("the time-stamp authority's key is no P-256 key")]
    Key,
    /// The certificate is not for this key, or not for time-stamping alone.
    #[error("the certificate is not for this key, or not marked critically for time-stamping alone")]
    Certificate,
    /// Nobody who is trusted vouches for the authority.
    #[error("the time-stamp is by `{0}`, which is neither the trusted authority nor issued by it")]
    Untrusted(String),
    /// The signature does not hold.
    #[error("the time-stamp's signature does not match: it was altered, or is not by its authority")]
    Signature,
    /// The certificate was not valid then.
    #[error("the authority's certificate was not valid at the stamped time")]
    NotValid,
    /// It is signed in a way that is not judged here.
    #[error("{0} is not judged here; `openssl ts -verify -data checkpoint -in reply.tsr -CAfile authority.pem` does")]
    Unsupported(&'static str),
    /// The reply refuses.
    #[error("the authority refused with status {0}")]
    Refused(u8),
    /// The reply is about something else.
    #[error("the time-stamp is over another hash or answers another request")]
    Mismatch,
}

impl StampError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Structure(_) => "stamp.structure",
            Self::Key => "stamp.key",
            Self::Certificate => "stamp.certificate",
            Self::Untrusted(_) => "stamp.untrusted",
            Self::Signature => "stamp.signature",
            Self::NotValid => "stamp.not-valid",
            Self::Unsupported(_) => "stamp.unsupported",
            Self::Refused(_) => "stamp.refused",
            Self::Mismatch => "stamp.mismatch",
        }
    }
}

impl From<der::Error> for StampError {
    fn from(error: der::Error) -> Self {
        Self::Structure(error.to_string())
    }
}
