//! The address that certificates name: where anybody asks whether they are good.

use gongshu_certificate::Places;

/// Longest address.
const CHARACTERS_MAX: usize = 200;

/// Where anybody reaches the platform, over plain HTTP. What is published there is signed, and whoever checks a server's
/// certificate by a list can't first check a server's certificate to get the list (RFC 5280, section 8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicAddress(String);

impl PublicAddress {
    /// Reads an address such as `http://data.example`; nothing for another scheme, a query, or what no certificate can hold.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_suffix('/').unwrap_or(text);
        let place = text.strip_prefix("http://")?;
        let sound = |c: char| {
            c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' | '?' | '#')
        };
        let named = !place.is_empty() && !place.starts_with(['/', ':']);
        (named && place.len() <= CHARACTERS_MAX && place.chars().all(sound)).then(|| Self(text.to_owned()))
    }

    /// What the root's certificates say: of the issuing authority.
    pub(super) fn of_root(&self) -> Places {
        Places {
            certificate: self.at("root.cer"),
            list: self.at("root.crl"),
            // It answers by its list alone: its key is not used from day to day.
            status: None,
        }
    }

    /// What the issuing authority's certificates say.
    pub(super) fn of_issuing(&self) -> Places {
        Places {
            certificate: self.at("issuing.cer"),
            list: self.at("revoked.crl"),
            status: Some(self.at("ocsp")),
        }
    }

    /// Where a query code of the register is asked for: the portal's page.
    pub(crate) fn query(&self, code: &str) -> String {
        format!("{}/register?code={code}", self.0)
    }

    fn at(&self, name: &str) -> String {
        format!("{}/ca/{name}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::PublicAddress;

    #[test]
    fn only_what_a_certificate_can_say_is_an_address() {
        let address = |text: &str| PublicAddress::parse(text).map(|address| address.0);
        assert_eq!(address("http://data.example/").as_deref(), Some("http://data.example"));
        let query = PublicAddress::parse("http://data.example/").map(|it| it.query("A1"));
        assert_eq!(query.as_deref(), Some("http://data.example/register?code=A1"));
        assert!(address("http://127.0.0.1:8080/longhua").is_some());
        let refused = [
            "https://data.example",
            "data.example",
            "http://",
            "http:///x",
            "http://数据.example",
            "http://data.example/?a",
            "http://data.example/ b",
        ];
        for text in refused {
            assert_eq!(address(text), None, "{text}");
        }
    }
}
