//! The rules of a day: what the layers say together, with typed parameters.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::error::PackError;
use super::pack::{Confidence, PackHead, RuleText};
use super::parameters::Parameters;
use super::rule::Rule;
use super::span::Span;
use crate::working_days::WorkingDays;

/// What holds of a rule: its text, and which layer gives it for which days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// What the layer says.
    pub text: RuleText,
    /// Title and document number of its source.
    pub source: String,
    /// The layer.
    pub pack: Arc<PackHead>,
    /// When the layer says so.
    pub span: Span,
    /// Titles of the sources of parameters that have another than the rule, by parameter.
    pub sources: BTreeMap<String, String>,
}

/// Where a parameter comes from, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cited<'a> {
    /// Title and document number of the source.
    pub source: &'a str,
    /// Article of the source.
    pub article: &'a str,
    /// How sure we are.
    pub confidence: Confidence,
}

impl InForce {
    /// Where a parameter comes from: its own source where it has one, else the rule's.
    #[must_use]
    pub fn basis_of(&self, parameter: &str) -> Cited<'_> {
        let own = self.text.basis.get(parameter).zip(self.sources.get(parameter));
        own.map_or(
            Cited {
                source: &self.source,
                article: &self.text.article,
                confidence: self.text.confidence,
            },
            |(basis, source)| Cited {
                source,
                article: &basis.article,
                confidence: basis.confidence,
            },
        )
    }
}

/// The rules in force on a day, layered, checked, with typed parameters.
#[derive(Debug, Clone)]
pub struct Rules {
    hash: String,
    span: Span,
    rules: BTreeMap<Rule, InForce>,
    /// Those that the packs do not have: a later release knew them.
    filled: BTreeSet<Rule>,
    parameters: Parameters,
    working_days: Arc<WorkingDays>,
}

impl Rules {
    /// Checks that every rule is there with its parameters.
    pub(super) fn new(
        hash: String,
        span: Span,
        (rules, filled): (BTreeMap<Rule, InForce>, BTreeSet<Rule>),
        working_days: Arc<WorkingDays>,
    ) -> Result<Self, PackError> {
        if let Some(rule) = Rule::ALL.iter().find(|rule| !rules.contains_key(rule)) {
            let rule = rule.id();
            return Err(if span.is_dated() {
                PackError::Gap { rule, span }
            } else {
                PackError::MissingRule(rule)
            });
        }
        let parameters = Parameters::read(&rules).map_err(|error| within(error, &rules))?;
        Ok(Self {
            hash,
            span,
            rules,
            filled,
            parameters,
            working_days,
        })
    }

    /// SHA-256 over the packs' bytes, lower-case hex. With the day of a decision it tells the rules it was taken under.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The days on which exactly these rules are in force.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// The typed parameters.
    #[must_use]
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The calendar of working days. A year is a fact, not a rule of a day: it is the same in all editions.
    #[must_use]
    pub fn working_days(&self) -> &WorkingDays {
        &self.working_days
    }

    /// What holds of a rule. Every rule is there: it was checked.
    #[must_use]
    pub fn in_force(&self, rule: Rule) -> Option<&InForce> {
        self.rules.get(&rule)
    }

    /// Whether the packs themselves have a rule. Those of an earlier release are read with what they lack; what the rule
    /// makes happen by itself did not happen then.
    #[must_use]
    pub fn states(&self, rule: Rule) -> bool {
        self.rules.contains_key(&rule) && !self.filled.contains(&rule)
    }

    /// What the packs say of a rule.
    #[must_use]
    pub fn text(&self, rule: Rule) -> Option<&RuleText> {
        self.rules.get(&rule).map(|held| &held.text)
    }

    /// Title and document number of a rule's source.
    #[must_use]
    pub fn source(&self, rule: Rule) -> &str {
        self.rules.get(&rule).map_or("", |held| &held.source)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (Rule, &InForce)> {
        self.rules.iter().map(|(rule, held)| (*rule, held))
    }
}

/// Says which pack gives the wrong parameter.
fn within(error: PackError, rules: &BTreeMap<Rule, InForce>) -> PackError {
    let PackError::Parameter { rule, .. } = &error else {
        return error;
    };
    let Some((_, held)) = rules.iter().find(|(known, _)| known.id() == *rule) else {
        return error;
    };
    PackError::Within {
        pack: held.pack.id.clone(),
        span: held.span,
        error: Box::new(error),
    }
}
