//! Entries that a party made, as leaves tell: the actor of an act, the consumer of a call.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use gongshu_ledger::Leaf;
use serde::Serialize;

use super::read_text;

/// The party that is watched, and the entries that it knows of.
#[derive(Debug, Default)]
pub(crate) struct Party {
    id: Option<String>,
    known: BTreeSet<u64>,
}

/// An entry of the party that it does not know of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Sighting {
    /// Index of the entry.
    pub(crate) index: u64,
    /// When, as the entry says.
    pub(crate) at: String,
    /// `act` or `call`.
    pub(crate) kind: String,
    /// The act, or the product that was called.
    pub(crate) what: String,
    /// `answered` or `refused`, of a call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) outcome: Option<String>,
}

impl Party {
    /// The party of this id, and the entries in the file of known ones.
    pub(crate) fn read(id: Option<&str>, known: Option<&Path>) -> Result<Self> {
        let known = known.map(read_known).transpose()?;
        Ok(Self {
            id: id.map(str::to_owned),
            known: known.unwrap_or_default(),
        })
    }

    /// Tells of an entry if the party made it and does not know of it.
    pub(crate) fn sees(&self, index: u64, entry: &[u8]) -> Option<Sighting> {
        let id = self.id.as_deref()?;
        if self.known.contains(&index) {
            return None;
        }
        let leaf = Leaf::parse(entry).ok()?;
        let text = |name: &str| leaf.members().get(name).and_then(|value| value.as_str());
        let by = text("actor").or_else(|| text("consumer"));
        let word = |name: &str| text(name).unwrap_or_default().to_owned();
        (by == Some(id)).then(|| Sighting {
            index,
            at: word("at"),
            kind: word("kind"),
            what: text("act").or_else(|| text("product")).unwrap_or_default().to_owned(),
            outcome: text("outcome").map(str::to_owned),
        })
    }
}

/// Indices, a line each; empty lines and what follows `#` are for people.
fn read_known(path: &Path) -> Result<BTreeSet<u64>> {
    let text = read_text(path)?;
    let lines = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim());
    let indices = lines.enumerate().filter(|(_, line)| !line.is_empty());
    indices
        .map(|(at, line)| {
            line.parse()
                .with_context(|| format!("{}, line {}: `{line}` is no index", path.display(), at + 1))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sees(known: &[u64], index: u64, entry: &str) -> Option<String> {
        let party = Party {
            id: Some("pty_bank".to_owned()),
            known: known.iter().copied().collect(),
        };
        party.sees(index, entry.as_bytes()).map(|sighting| sighting.what)
    }

    #[test]
    fn acts_and_calls_of_the_party_are_seen_unless_it_knows_them() {
        let call = r#"{"consumer":"pty_bank","kind":"call","outcome":"answered","product":"prd_1"}"#;
        let act = r#"{"act":"subscription.open","actor":"pty_bank","kind":"act"}"#;
        assert_eq!(sees(&[], 4, call).as_deref(), Some("prd_1"));
        assert_eq!(sees(&[], 4, act).as_deref(), Some("subscription.open"));
        assert_eq!(sees(&[4], 4, call), None);
        assert_eq!(sees(&[], 4, &call.replace("pty_bank", "pty_other")), None);
        assert_eq!(sees(&[], 4, "no leaf"), None);
    }
}
