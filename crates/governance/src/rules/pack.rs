//! Rule packs: parameters and citations as data (TOML), so that a district corrects data, not code.

use std::collections::BTreeMap;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::rule::Rule;

/// How sure we are of a rule's wording and numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Confidence {
    /// Checked or well known.
    H,
    /// Known, not read again.
    M,
    /// Plausible; to be confirmed by the district.
    L,
}

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A whole number.
    Integer(i64),
    /// Names.
    List(Vec<String>),
}

/// One rule of a pack: where it comes from, what it says, its parameters.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleText {
    /// Key of the source in the pack's `sources`.
    pub source: String,
    /// Article of the source.
    pub article: String,
    /// How sure we are.
    pub confidence: Confidence,
    /// The rule in our own words, Chinese.
    pub zh: String,
    /// The rule in our own words, English.
    pub en: String,
    /// Its parameters.
    #[serde(default)]
    pub parameters: BTreeMap<String, Value>,
}

/// Head of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackHead {
    /// Short name: `national`, `longhua`.
    pub id: String,
    /// Title for people.
    pub title: String,
}

/// One rule pack as its file states it. A later pack overrides rules of an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Head.
    pub pack: PackHead,
    /// Source documents by short name.
    #[serde(default)]
    pub sources: BTreeMap<String, String>,
    /// Rules by id.
    #[serde(default)]
    pub rules: BTreeMap<String, RuleText>,
}

/// Why rule packs cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// Not TOML, or not of the form of a pack.
    #[error("rule pack {number} cannot be read: {reason}")]
    Malformed {
        /// Which pack, counted from 1.
        number: usize,
        /// What the reader said.
        reason: String,
    },
    /// A pack has a rule that no decision cites.
    #[error("rule pack `{pack}` has the rule `{rule}`, which the program does not know; check its spelling")]
    UnknownRule {
        /// The pack.
        pack: String,
        /// The rule.
        rule: String,
    },
    /// A rule cites a source that no pack defines.
    #[error("rule `{rule}` cites the source `{source_key}`, which is not under [sources]")]
    UnknownSource {
        /// The rule.
        rule: String,
        /// The source's key.
        source_key: String,
    },
    /// A rule that decisions cite is in no pack.
    #[error("no rule pack has the rule `{0}`; add it with source, article and confidence")]
    MissingRule(&'static str),
    /// A parameter is missing or of the wrong kind.
    #[error("rule `{rule}` needs the parameter `{parameter}` as {kind}")]
    Parameter {
        /// The rule.
        rule: &'static str,
        /// The parameter.
        parameter: &'static str,
        /// What it should be.
        kind: &'static str,
    },
}

/// The packs in force, layered, checked, with typed parameters.
#[derive(Debug, Clone)]
pub struct Rules {
    hash: String,
    rules: BTreeMap<Rule, RuleText>,
    sources: BTreeMap<String, String>,
    parameters: super::Parameters,
}

impl Rules {
    /// Reads packs in the order of their layers: national first, district last.
    ///
    /// # Errors
    /// When a pack is malformed, or the packs together leave a rule or parameter out.
    pub fn load(packs: &[&str]) -> Result<Self, PackError> {
        let mut layers = Layers::default();
        for (number, text) in (1..).zip(packs) {
            if let Some((pack, rule)) = layers.add(number, text)?.into_iter().next() {
                return Err(PackError::UnknownRule { pack, rule });
            }
        }
        Self::of(layers, packs)
    }

    /// Reads packs that decisions on record were taken by, maybe with an earlier release. What that release did not
    /// know, no decision of the time can have cited: it is taken from the present rules. What this release no longer
    /// knows is passed over. The hash is that of the packs as they are on record.
    ///
    /// # Errors
    /// When a pack is malformed.
    pub fn of_record(packs: &[&str], present: &Self) -> Result<Self, PackError> {
        let mut layers = Layers::default();
        for (number, text) in (1..).zip(packs) {
            layers.add(number, text)?;
        }
        for (rule, text) in &present.rules {
            let there = layers.texts.entry(*rule).or_insert_with(|| text.clone());
            for (name, value) in &text.parameters {
                there.parameters.entry(name.clone()).or_insert_with(|| value.clone());
            }
        }
        for (key, source) in &present.sources {
            layers.sources.entry(key.clone()).or_insert_with(|| source.clone());
        }
        Self::of(layers, packs)
    }

    fn of(Layers { texts, sources }: Layers, packs: &[&str]) -> Result<Self, PackError> {
        check(&texts, &sources)?;
        let parameters = super::Parameters::read(&texts)?;
        Ok(Self {
            hash: Self::hash_of(packs),
            rules: texts,
            sources,
            parameters,
        })
    }

    /// The hash of these packs, whether or not this release can load them.
    #[must_use]
    pub fn hash_of(packs: &[&str]) -> String {
        let mut hasher = Sha256::new();
        for pack in packs {
            hasher.update((pack.len() as u64).to_be_bytes());
            hasher.update(pack.as_bytes());
        }
        hex::encode(hasher.finalize())
    }

    /// SHA-256 over the packs' bytes, lower-case hex: which rules a decision was taken under.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The typed parameters.
    #[must_use]
    pub fn parameters(&self) -> &super::Parameters {
        &self.parameters
    }

    /// What the packs say of a rule. Every rule is there: [`Rules::load`] checked it.
    #[must_use]
    pub fn text(&self, rule: Rule) -> Option<&RuleText> {
        self.rules.get(&rule)
    }

    /// Title and document number of a rule's source.
    #[must_use]
    pub fn source(&self, rule: Rule) -> &str {
        self.rules
            .get(&rule)
            .and_then(|text| self.sources.get(&text.source))
            .map_or("", String::as_str)
    }
}

/// Packs laid one over the other.
#[derive(Default)]
struct Layers {
    texts: BTreeMap<Rule, RuleText>,
    sources: BTreeMap<String, String>,
}

impl Layers {
    /// Lays a pack over the others; gives the rules of it that this release does not know, each with the pack's name.
    fn add(&mut self, number: usize, text: &str) -> Result<Vec<(String, String)>, PackError> {
        let pack: Pack = toml::from_str(text).map_err(|error| PackError::Malformed {
            number,
            reason: error.to_string(),
        })?;
        self.sources.extend(pack.sources);
        let mut unknown = Vec::new();
        for (id, text) in pack.rules {
            match Rule::ALL.iter().find(|known| known.id() == id) {
                Some(known) => drop(self.texts.insert(*known, text)),
                None => unknown.push((pack.pack.id.clone(), id)),
            }
        }
        Ok(unknown)
    }
}

fn check(texts: &BTreeMap<Rule, RuleText>, sources: &BTreeMap<String, String>) -> Result<(), PackError> {
    for rule in Rule::ALL {
        let text = texts.get(rule).ok_or(PackError::MissingRule(rule.id()))?;
        if !sources.contains_key(&text.source) {
            return Err(PackError::UnknownSource {
                rule: rule.id().to_owned(),
                source_key: text.source.clone(),
            });
        }
    }
    Ok(())
}
