//! Reading packs for people: what a rule says on a day, and what one pack says otherwise than another.

use std::collections::{BTreeMap, BTreeSet};

use super::in_force::{InForce, Rules};
use super::pack::{Pack, RuleText};
use super::rule::Rule;
use super::span::Span;
use crate::working_days::Year;

/// What the rules of a day say of one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation<'a> {
    /// The rule's id.
    pub id: &'static str,
    /// What holds, from which layer, for which days.
    pub held: &'a InForce,
}

/// What two packs say differently of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// Only the later pack has the rule.
    Added(String),
    /// Only the earlier pack has the rule.
    Removed(String),
    /// Both have it, and these members differ: `article`, `parameters.years_max`; where values are dated, with their
    /// dates: `from 2027-01-01: article`.
    Changed(String, Vec<String>),
}

/// What the rules of a day say of a rule; `None` for an id that no decision cites.
#[must_use]
pub fn explain<'a>(rules: &'a Rules, id: &str) -> Option<Explanation<'a>> {
    let rule = Rule::named(id)?;
    Some(Explanation {
        id: rule.id(),
        held: rules.in_force(rule)?,
    })
}

/// What `after` says otherwise than `before`, in the order of rule ids; then years of the calendar, as `years.2026`.
#[must_use]
pub fn diff(before: &Pack, after: &Pack) -> Vec<Difference> {
    let ids: BTreeSet<&String> = before.rules.keys().chain(after.rules.keys()).collect();
    let difference = |id: &String| match (before.rules.get(id), after.rules.get(id)) {
        (None, Some(_)) => Some(Difference::Added(id.clone())),
        (Some(_), None) => Some(Difference::Removed(id.clone())),
        (Some(old), Some(new)) if old != new => Some(Difference::Changed(id.clone(), values(old, new))),
        _ => None,
    };
    ids.into_iter()
        .filter_map(difference)
        .chain(years(before, after))
        .collect()
}

fn years(before: &Pack, after: &Pack) -> Vec<Difference> {
    let by_number = |pack: &Pack| -> BTreeMap<i16, Year> {
        let years = pack.years.iter();
        years.map(|year| (year.year, year.clone())).collect()
    };
    let (before, after) = (by_number(before), by_number(after));
    let numbers: BTreeSet<&i16> = before.keys().chain(after.keys()).collect();
    let difference = |number: &i16| {
        let id = format!("years.{number}");
        match (before.get(number), after.get(number)) {
            (None, Some(_)) => Some(Difference::Added(id)),
            (Some(_), None) => Some(Difference::Removed(id)),
            (Some(old), Some(new)) if old != new => Some(Difference::Changed(id, old.members_unlike(new))),
            _ => None,
        }
    };
    numbers.into_iter().filter_map(difference).collect()
}

/// Values of the same days are compared member by member; of other days they were added or removed.
fn values(old: &[RuleText], new: &[RuleText]) -> Vec<String> {
    let of = |texts: &[RuleText], span: Span| texts.iter().find(|text| text.span() == span).cloned();
    let mut spans: Vec<Span> = Vec::new();
    for text in old.iter().chain(new) {
        if !spans.contains(&text.span()) {
            spans.push(text.span());
        }
    }
    let value = |span: Span| match (of(old, span), of(new, span)) {
        (Some(before), Some(after)) => {
            let dates = if span.is_dated() {
                format!("{span}: ")
            } else {
                String::new()
            };
            let members = members(&before, &after).into_iter();
            members.map(|member| format!("{dates}{member}")).collect()
        }
        (None, _) => vec![format!("{span}: added")],
        (Some(_), None) => vec![format!("{span}: removed")],
    };
    spans.into_iter().flat_map(value).collect()
}

fn members(old: &RuleText, new: &RuleText) -> Vec<String> {
    let plain = [
        ("binding", old.binding != new.binding),
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
    let bases: BTreeSet<&String> = old.basis.keys().chain(new.basis.keys()).collect();
    let bases = (bases.into_iter())
        .filter(|name| old.basis.get(*name) != new.basis.get(*name))
        .map(|name| format!("basis.{name}"));
    let plain = plain.map(|(name, _)| (*name).to_owned());
    plain.chain(parameters).chain(bases).collect()
}
