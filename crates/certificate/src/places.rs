//! Where to ask about a certificate: addresses that stand in it (RFC 5280, sections 4.2.1.13 and 4.2.2.1).

use der::asn1::{Ia5String, ObjectIdentifier};
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{AccessDescription, AuthorityInfoAccessSyntax, CrlDistributionPoints};

/// `id-ad-ocsp`.
const STATUS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
/// `id-ad-caIssuers`.
const ISSUER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");

/// Where an authority publishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Its own certificate, in DER.
    pub certificate: String,
    /// The list of what it has revoked.
    pub list: String,
    /// Where it answers about single certificates (OCSP), if it does.
    pub status: Option<String>,
}

impl Places {
    /// For the extension about the issuer.
    pub(crate) fn access(&self) -> der::Result<AuthorityInfoAccessSyntax> {
        let status = self.status.iter().map(|address| (STATUS, address));
        let all = status.chain([(ISSUER, &self.certificate)]);
        let described = all.map(|(access_method, address)| {
            Ok(AccessDescription {
                access_method,
                access_location: name(address)?,
            })
        });
        described.collect::<der::Result<_>>().map(AuthorityInfoAccessSyntax)
    }

    /// For the extension about lists. One list has all certificates and all reasons, by the issuer itself.
    pub(crate) fn lists(&self) -> der::Result<CrlDistributionPoints> {
        let point = DistributionPoint {
            distribution_point: Some(DistributionPointName::FullName(vec![name(&self.list)?])),
            reasons: None,
            crl_issuer: None,
        };
        Ok(CrlDistributionPoints(vec![point]))
    }
}

fn name(address: &str) -> der::Result<GeneralName> {
    Ok(GeneralName::UniformResourceIdentifier(Ia5String::new(address)?))
}
