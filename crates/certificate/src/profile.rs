//! What the certificates of each kind say they may be used for (RFC 5280, section 4.2).

use crate::places::Places;
use crate::subject::Kind;
use der::asn1::ObjectIdentifier;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::certificate::TbsCertificate;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectKeyIdentifier,
};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::Name;
use x509_cert::spki::SubjectPublicKeyInfoRef;

/// `id-kp-clientAuth`, RFC 5280.
const CLIENT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");
/// `id-kp-documentSigning`, RFC 9336.
const DOCUMENTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36");

/// What a certificate is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Use {
    /// Signs issuing authorities.
    Root,
    /// Signs end entities and revocation lists.
    Issuing,
    /// An end entity's own.
    EndEntity(Kind),
}

/// A certificate to build.
pub(crate) struct Profile {
    pub(crate) issuer: Name,
    pub(crate) subject: Name,
    pub(crate) of: Use,
    /// Where the issuer publishes, if it says so.
    pub(crate) places: Option<Places>,
}

impl Profile {
    fn usages(&self) -> KeyUsage {
        let usages = match self.of {
            Use::Root | Use::Issuing => KeyUsages::KeyCertSign | KeyUsages::CRLSign,
            Use::EndEntity(Kind::Service) => KeyUsages::DigitalSignature.into(),
            Use::EndEntity(Kind::Organization | Kind::Person) => {
                KeyUsages::DigitalSignature | KeyUsages::NonRepudiation
            }
        };
        KeyUsage(usages)
    }

    const fn constraints(&self) -> BasicConstraints {
        let (ca, path_len_constraint) = match self.of {
            Use::Root => (true, Some(1)),
            Use::Issuing => (true, Some(0)),
            Use::EndEntity(_) => (false, None),
        };
        BasicConstraints {
            ca,
            path_len_constraint,
        }
    }

    fn purposes(&self) -> Option<ExtendedKeyUsage> {
        match self.of {
            Use::Root | Use::Issuing => None,
            Use::EndEntity(Kind::Service) => Some(ExtendedKeyUsage(vec![CLIENT])),
            Use::EndEntity(Kind::Organization) => Some(ExtendedKeyUsage(vec![DOCUMENTS])),
            Use::EndEntity(Kind::Person) => Some(ExtendedKeyUsage(vec![CLIENT, DOCUMENTS])),
        }
    }
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, _: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        key: SubjectPublicKeyInfoRef<'_>,
        issuer_key: SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        let name = tbs.subject();
        let issuer_id = SubjectKeyIdentifier::try_from(issuer_key)?;
        let authority = AuthorityKeyIdentifier {
            key_identifier: Some(issuer_id.0),
            ..AuthorityKeyIdentifier::default()
        };
        let mut all = Vec::new();
        all.push(critical(self.constraints().to_extension(name, &all)?));
        all.push(critical(self.usages().to_extension(name, &all)?));
        if let Some(purposes) = self.purposes() {
            all.push(purposes.to_extension(name, &all)?);
        }
        all.push(SubjectKeyIdentifier::try_from(key)?.to_extension(name, &all)?);
        all.push(authority.to_extension(name, &all)?);
        if let Some(places) = &self.places {
            all.push(places.access()?.to_extension(name, &all)?);
            all.push(places.lists()?.to_extension(name, &all)?);
        }
        Ok(all)
    }
}

fn critical(extension: Extension) -> Extension {
    Extension {
        critical: true,
        ..extension
    }
}
