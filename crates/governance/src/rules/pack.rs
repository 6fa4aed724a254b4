//! Rule packs as their files state them (TOML): parameters and citations as data, so that a district corrects data,
//! not code.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::error::PackError;
use super::span::Span;
use crate::working_days::Year;

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A whole number.
    Integer(i64),
    /// Names.
    List(Vec<String>),
}

/// What a pack says of one rule, for some days: where it comes from, its wording, its parameters.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleText {
    /// First day on which it is in force; the pack's where it is left out.
    #[serde(default)]
    pub from: Option<Date>,
    /// Last day on which it is in force; the pack's where it is left out.
    #[serde(default)]
    pub until: Option<Date>,
    /// Whether lower layers may only tighten it.
    #[serde(default)]
    pub binding: bool,
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
    /// Where a parameter comes from, where that is not where the rule comes from: a number that no source gives is not
    /// the source's because it stands under it.
    #[serde(default)]
    pub basis: BTreeMap<String, Basis>,
}

/// Where a parameter comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Key of the source in the pack's `sources`.
    pub source: String,
    /// Article of the source, or what else there is to say of it.
    pub article: String,
    /// How sure we are of the value.
    pub confidence: Confidence,
    /// Whether lower layers may only tighten it. That the rule binds does not bind what is not its source's.
    #[serde(default)]
    pub binding: bool,
}

impl RuleText {
    /// Its own dates.
    #[must_use]
    pub fn span(&self) -> Span {
        Span {
            from: self.from,
            until: self.until,
        }
    }
}

/// Head of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackHead {
    /// Short name of the layer: `national`, `longhua`. The file has it too.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// First day on which the pack is in force; open where it is left out.
    #[serde(default)]
    pub from: Option<Date>,
    /// Last day on which the pack is in force; open where it is left out.
    #[serde(default)]
    pub until: Option<Date>,
}

impl PackHead {
    /// When the pack is in force.
    #[must_use]
    pub fn span(&self) -> Span {
        Span {
            from: self.from,
            until: self.until,
        }
    }
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
    /// What is said of each rule, by its id. A rule whose value changes on a day is written as a list, one value a
    /// span: `[[rules."agreement.term"]]`.
    #[serde(default, deserialize_with = "one_or_more")]
    pub rules: BTreeMap<String, Vec<RuleText>>,
    /// Years of the calendar of working days.
    #[serde(default)]
    pub years: Vec<Year>,
}

impl Pack {
    /// Reads one pack by itself; [`RuleBook::load`](super::RuleBook::load) checks that packs together are complete.
    ///
    /// # Errors
    /// When it is not of the form of a pack.
    pub fn read(text: &str) -> Result<Self, PackError> {
        Self::read_nth(1, text)
    }

    pub(super) fn read_nth(number: usize, text: &str) -> Result<Self, PackError> {
        toml::from_str(text).map_err(|error| PackError::Malformed {
            number,
            reason: error.to_string(),
        })
    }
}

fn one_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Vec<RuleText>>, D::Error> {
    let rules = BTreeMap::<String, Texts>::deserialize(deserializer)?;
    Ok(rules.into_iter().map(|(id, Texts(texts))| (id, texts)).collect())
}

/// One text, or a list of dated ones.
struct Texts(Vec<RuleText>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMore;
        impl<'de> Visitor<'de> for OneOrMore {
            type Value = Texts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a rule, or a list of dated values of it")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Texts, A::Error> {
                RuleText::deserialize(MapAccessDeserializer::new(map)).map(|text| Texts(vec![text]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Texts, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Texts)
            }
        }
        deserializer.deserialize_any(OneOrMore)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberOrNames;
        impl<'de> Visitor<'de> for NumberOrNames {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number or a list of names")
            }

            fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
                Ok(Value::Integer(number))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Value::List)
            }
        }
        deserializer.deserialize_any(NumberOrNames)
    }
}
