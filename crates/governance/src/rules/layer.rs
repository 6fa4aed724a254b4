//! A layer: a pack in its place above others, with the titles of its sources.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::in_force::InForce;
use super::pack::{Pack, PackHead, RuleText};
use super::rule::Rule;
use super::span::Span;
use crate::working_days::Year;

/// A pack with what it may cite: its own sources, and those of the layers above it.
pub(super) struct Layer {
    pub(super) head: Arc<PackHead>,
    pub(super) sources: BTreeMap<String, String>,
    pub(super) rules: BTreeMap<String, Vec<RuleText>>,
    pub(super) years: Vec<Year>,
}

impl Layer {
    /// Lays packs one over the other, national first.
    pub(super) fn stack(packs: Vec<Pack>) -> Vec<Self> {
        let mut sources = BTreeMap::new();
        let layer = |pack: Pack| {
            sources.extend(pack.sources);
            Self {
                head: Arc::new(pack.pack),
                sources: sources.clone(),
                rules: pack.rules,
                years: pack.years,
            }
        };
        packs.into_iter().map(layer).collect()
    }

    /// When a text of it is in force: its own days, within the pack's.
    pub(super) fn span_of(&self, text: &RuleText) -> Option<Span> {
        self.head.span().common(text.span())
    }

    /// The days on which something of it changes.
    pub(super) fn turns(&self) -> impl Iterator<Item = Date> {
        let texts = self.rules.values().flatten().map(RuleText::span);
        std::iter::once(self.head.span()).chain(texts).flat_map(Span::turns)
    }

    /// What it says on a day, of the rules that this release knows.
    pub(super) fn on(&self, day: Date) -> impl Iterator<Item = (Rule, InForce)> {
        let rules = self
            .rules
            .iter()
            .filter_map(|(id, texts)| Some((Rule::named(id)?, texts)));
        rules.filter_map(move |(rule, texts)| {
            let mut spans = texts.iter().filter_map(|text| Some((text, self.span_of(text)?)));
            let (text, span) = spans.find(|(_, span)| span.covers(day))?;
            Some((rule, self.held(text, span)))
        })
    }

    fn held(&self, text: &RuleText, span: Span) -> InForce {
        let title = |key: &String| self.sources.get(key).cloned().unwrap_or_default();
        let own = text.basis.iter();
        InForce {
            text: text.clone(),
            source: title(&text.source),
            sources: own
                .map(|(parameter, basis)| (parameter.clone(), title(&basis.source)))
                .collect(),
            pack: self.head.clone(),
            span,
        }
    }
}
