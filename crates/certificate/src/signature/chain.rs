//! Whether a signer's certificate stands under an authority that is trusted (RFC 5280, section 6, as far as the platform's
//! own authority goes: root, issuing, end entity).

use der::referenced::OwnedToRef;
use der::{DecodePem, Encode};
use x509_cert::certificate::Certificate;
use x509_cert::ext::pkix::BasicConstraints;

use super::{SignatureError, SignedBy};
use crate::Term;
use crate::key::Algorithm;

/// A root that somebody trusts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust(Certificate);

impl Trust {
    /// Reads it in PEM.
    ///
    /// # Errors
    /// When it is no certificate.
    pub fn from_pem(text: &str) -> Result<Self, SignatureError> {
        Ok(Self(Certificate::from_pem(text)?))
    }
}

impl SignedBy {
    /// Checks that the certificate was issued under the trusted root, directly or by an authority whose certificate came
    /// with the signature, and that all were valid at this second.
    ///
    /// # Errors
    /// [`SignatureError::Untrusted`] where not.
    pub fn check_chain(&self, trusted: &Trust, seconds: u64) -> Result<(), SignatureError> {
        let own = &self.certificate;
        let under_root = |certificate: &Certificate| issued_by(certificate, &trusted.0, seconds);
        let through = |issuer: &Certificate| issued_by(own, issuer, seconds) && under_root(issuer);
        if under_root(own) || self.others.iter().any(through) {
            Ok(())
        } else {
            Err(SignatureError::Untrusted)
        }
    }
}

fn issued_by(certificate: &Certificate, issuer: &Certificate, seconds: u64) -> bool {
    let (tbs, issuer) = (certificate.tbs_certificate(), issuer.tbs_certificate());
    let valid = [tbs, issuer].iter().all(|tbs| {
        let term = Term::of(tbs.validity());
        (term.from..=term.until).contains(&seconds)
    });
    let constraints = issuer.get_extension::<BasicConstraints>();
    let authority = matches!(constraints, Ok(Some((_, constraints))) if constraints.ca);
    let public = issuer.subject_public_key_info();
    let (Some(algorithm), Ok(message)) = (Algorithm::of_key(&public.owned_to_ref()), tbs.to_der()) else {
        return false;
    };
    let (identifier, signature) = (certificate.signature_algorithm(), certificate.signature());
    valid
        && authority
        && tbs.issuer() == issuer.subject()
        && algorithm.verifies(public, identifier, &message, signature)
}
