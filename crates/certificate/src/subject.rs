//! Who a certificate is about. The authority names them from its own record; what a request says of itself is not taken.

use crate::CertificateError;
use std::fmt::Write;
use x509_cert::name::Name;

/// Longest name (RFC 5280, appendix A: `ub-common-name`, `ub-organization-name`).
const NAME_CHARACTERS_MAX: usize = 64;

/// What a certificate is issued to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A party as such, for seals on documents.
    Organization,
    /// A machine of a party, for calls.
    Service,
    /// A person who acts for a party.
    Person,
}

/// Who a certificate is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    kind: Kind,
    common_name: String,
    organization: String,
    id: String,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Organization, Self::Service, Self::Person];

    /// Its stable name.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Service => "service",
            Self::Person => "person",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }
}

impl Subject {
    /// A subject: its own name, its organization's, and the id that the platform knows it by.
    #[must_use]
    pub fn new(kind: Kind, common_name: &str, organization: &str, id: &str) -> Self {
        Self {
            kind,
            common_name: common_name.to_owned(),
            organization: organization.to_owned(),
            id: id.to_owned(),
        }
    }

    /// A machine of a party.
    #[must_use]
    pub fn service(name: &str, party_name: &str, party: &str) -> Self {
        Self::new(Kind::Service, name, party_name, party)
    }

    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Its own name.
    #[must_use]
    pub fn common_name(&self) -> &str {
        &self.common_name
    }

    /// `O=…,OU=organization|service|person,CN=…,serialNumber=id`, outermost first.
    pub(crate) fn name(&self) -> Result<Name, CertificateError> {
        // RFC 4514 writes the innermost part first.
        let text = format!(
            "serialNumber={},CN={},OU={},O={}",
            escaped(&self.id),
            escaped(&self.common_name),
            self.kind.id(),
            escaped(&self.organization)
        );
        Ok(text.parse::<Name>()?)
    }
}

/// The name of an authority.
pub(crate) fn authority_name(platform: &str, level: &str) -> Result<Name, CertificateError> {
    Ok(format!("CN={} {level},O={}", escaped(platform), escaped(platform)).parse::<Name>()?)
}

/// A value as RFC 4514 writes it, within the bound of RFC 5280. Control characters are left out.
fn escaped(value: &str) -> String {
    let mut text = String::new();
    let kept = value.chars().filter(|c| !c.is_control()).take(NAME_CHARACTERS_MAX);
    for c in kept.collect::<String>().trim().chars() {
        match c {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=' | '#' => {
                // Writing into a text does not fail.
                let _ = write!(text, "\\{c}");
            }
            c => text.push(c),
        }
    }
    text
}
