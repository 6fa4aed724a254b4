//! What is checked of packs when they are loaded, beyond their form: spelling, dates, and that no layer loosens what
//! binds it.

use std::collections::BTreeSet;

use super::bound::broken;
use super::error::PackError;
use super::layer::Layer;
use super::pack::RuleText;
use super::rule::Rule;
use super::span::Span;

/// Checks each layer by itself, then against those above it.
pub(super) fn check_layers(layers: &[Layer]) -> Result<(), PackError> {
    let mut ids = BTreeSet::new();
    for (place, layer) in layers.iter().enumerate() {
        if !ids.insert(&layer.head.id) {
            return Err(PackError::SameId(layer.head.id.clone()));
        }
        check_dates(layer)?;
        for (id, texts) in &layer.rules {
            let rule = Rule::named(id).ok_or_else(|| PackError::UnknownRule {
                pack: layer.head.id.clone(),
                rule: id.clone(),
            })?;
            for text in texts {
                check_text(layer, rule, text)?;
                let above = layers.iter().take(place);
                let span = layer.span_of(text);
                let mut bindings = above.flat_map(|above| bindings(above, rule, span));
                bindings.try_for_each(|(above, upper)| check_bound(layer, rule, text, above, upper))?;
            }
        }
    }
    Ok(())
}

/// Nothing ends before it begins, lies outside its pack, or says two things of one day.
fn check_dates(layer: &Layer) -> Result<(), PackError> {
    let (pack, pack_span) = (layer.head.id.clone(), layer.head.span());
    let no_day = |what: String, span| PackError::NoDay {
        pack: pack.clone(),
        what,
        span,
    };
    if pack_span.is_empty() {
        return Err(no_day("the pack".to_owned(), pack_span));
    }
    for (rule, texts) in &layer.rules {
        for (number, text) in texts.iter().enumerate() {
            let (pack, rule, span) = (pack.clone(), rule.clone(), text.span());
            if span.is_empty() {
                return Err(no_day(format!("rule `{rule}`"), span));
            }
            if pack_span.common(span).is_none() {
                return Err(PackError::OutsidePack {
                    pack,
                    rule,
                    span,
                    pack_span,
                });
            }
            let mut earlier = texts.iter().take(number);
            if let Some(span) = earlier.find_map(|other| other.span().common(span)) {
                return Err(PackError::Overlap { pack, rule, span });
            }
        }
    }
    Ok(())
}

/// Its source is known, and so are its parameters.
fn check_text(layer: &Layer, rule: Rule, text: &RuleText) -> Result<(), PackError> {
    let pack = layer.head.id.clone();
    let mut sources = std::iter::once(&text.source).chain(text.basis.values().map(|basis| &basis.source));
    if let Some(source) = sources.find(|source| !layer.sources.contains_key(*source)) {
        return Err(PackError::UnknownSource {
            pack,
            rule: rule.id().to_owned(),
            source_key: source.clone(),
        });
    }
    let known = rule.parameters();
    let mut named = text.parameters.keys().chain(text.basis.keys());
    let unknown = named.find(|name| !known.contains(&name.as_str()));
    match unknown {
        Some(parameter) => Err(PackError::UnknownParameter {
            pack,
            rule: rule.id(),
            parameter: parameter.clone(),
            known: if known.is_empty() {
                "none".to_owned()
            } else {
                known.join(", ")
            },
        }),
        None => Ok(()),
    }
}

/// The binding texts of a layer above that are in force on one of these days.
fn bindings(above: &Layer, rule: Rule, span: Option<Span>) -> impl Iterator<Item = (&Layer, &RuleText)> {
    let texts = above.rules.get(rule.id()).into_iter().flatten();
    let met = move |upper: &&RuleText| {
        upper.binding
            && span
                .zip(above.span_of(upper))
                .is_some_and(|(one, two)| one.common(two).is_some())
    };
    texts.filter(met).map(move |upper| (above, upper))
}

fn check_bound(layer: &Layer, rule: Rule, text: &RuleText, above: &Layer, upper: &RuleText) -> Result<(), PackError> {
    for parameter in rule.parameters() {
        let (Some(most), Some(given)) = (upper.parameters.get(*parameter), text.parameters.get(*parameter)) else {
            // What is missing is said where the parameters are read.
            continue;
        };
        // The rule binds; a number that stands under it without being its source's does not, unless it says so.
        if upper.basis.get(*parameter).is_some_and(|basis| !basis.binding) {
            continue;
        }
        if let Some(bound) = broken(rule, parameter, most, given) {
            return Err(PackError::Loosened {
                pack: layer.head.id.clone(),
                rule: rule.id(),
                above: above.head.id.clone(),
                parameter,
                bound,
            });
        }
    }
    Ok(())
}
