//! Reading packs for people: what a rule says, and what one pack says otherwise than another.

use std::collections::BTreeSet;

use super::pack::{Pack, PackError, RuleText, Rules};
use super::rule::Rule;

/// What the packs in force say of one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation<'a> {
    /// The rule's id.
    pub id: &'static str,
    /// Title and document number of its source.
    pub source: &'a str,
    /// Article, confidence, wording, parameters.
    pub text: &'a RuleText,
}

/// What two packs say differently of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// Only the later pack has the rule.
    Added(String),
    /// Only the earlier pack has the rule.
    Removed(String),
    /// Both have it, and these members differ: `article`, `parameters.years_max`.
    Changed(String, Vec<String>),
}

/// What the packs in force say of a rule; `None` for an id that no decision cites.
#[must_use]
pub fn explain<'a>(rules: &'a Rules, id: &str) -> Option<Explanation<'a>> {
    let rule = Rule::ALL.iter().copied().find(|rule| rule.id() == id)?;
    Some(Explanation {
        id: rule.id(),
        source: rules.source(rule),
        text: rules.text(rule)?,
    })
}

/// What `after` says otherwise than `before`, in the order of rule ids.
#[must_use]
pub fn diff(before: &Pack, after: &Pack) -> Vec<Difference> {
    let ids: BTreeSet<&String> = before.rules.keys().chain(after.rules.keys()).collect();
    let difference = |id: &String| match (before.rules.get(id), after.rules.get(id)) {
        (None, Some(_)) => Some(Difference::Added(id.clone())),
        (Some(_), None) => Some(Difference::Removed(id.clone())),
        (Some(old), Some(new)) if old != new => Some(Difference::Changed(id.clone(), members(old, new))),
        _ => None,
    };
    ids.into_iter().filter_map(difference).collect()
}

fn members(old: &RuleText, new: &RuleText) -> Vec<String> {
    let plain = [
        ("source", old.source != new.source),
        ("article", old.article != new.article),
        ("confidence", old.confidence != new.confidence),
        ("zh", old.zh != new.zh),
        ("en", old.en != new.en),
    ];
    let plain = plain.iter().filter(|(_, differs)| *differs);
    let names: BTreeSet<&String> = old.parameters.keys().chain(new.parameters.keys()).collect();
    let parameters = (names.into_iter())
        .filter(|name| old.parameters.get(*name) != new.parameters.get(*name))
        .map(|name| format!("parameters.{name}"));
    plain.map(|(name, _)| (*name).to_owned()).chain(parameters).collect()
}

impl Pack {
    /// Reads one pack by itself; [`Rules::load`] checks that packs together are complete.
    ///
    /// # Errors
    /// When it is not of the form of a pack.
    pub fn read(text: &str) -> Result<Self, PackError> {
        toml::from_str(text).map_err(|error| PackError::Malformed {
            number: 1,
            reason: error.to_string(),
        })
    }
}
