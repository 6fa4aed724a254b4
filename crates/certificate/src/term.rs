//! From when until when a certificate is valid.

use crate::CertificateError;
use der::asn1::{GeneralizedTime, UtcTime};
use std::time::Duration;
use x509_cert::time::{Time, Validity};

const DAY_SECONDS: u64 = 86_400;
/// The first second that `UTCTime` can't say (RFC 5280, section 4.1.2.5): 2050-01-01.
const UTC_TIME_END: u64 = 2_524_608_000;

/// From when until when, in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The first second.
    pub from: u64,
    /// The last second.
    pub until: u64,
}

impl Term {
    /// So many days from a second on.
    #[must_use]
    pub const fn days(from: u64, days: u64) -> Self {
        let until = from.saturating_add(days.saturating_mul(DAY_SECONDS));
        Self { from, until }
    }

    /// The part of it that lies in another.
    #[must_use]
    pub fn within(self, outer: Self) -> Self {
        Self {
            from: self.from.max(outer.from),
            until: self.until.min(outer.until),
        }
    }

    pub(crate) fn validity(self) -> Result<Validity, CertificateError> {
        Ok(Validity::new(time(self.from)?, time(self.until)?))
    }

    pub(crate) fn of(validity: &Validity) -> Self {
        Self {
            from: validity.not_before.to_unix_duration().as_secs(),
            until: validity.not_after.to_unix_duration().as_secs(),
        }
    }
}

/// A second as RFC 5280 has it written.
pub(crate) fn time(seconds: u64) -> Result<Time, CertificateError> {
    let since = Duration::from_secs(seconds);
    Ok(if seconds < UTC_TIME_END {
        Time::UtcTime(UtcTime::from_unix_duration(since)?)
    } else {
        Time::GeneralTime(GeneralizedTime::from_unix_duration(since)?)
    })
}
