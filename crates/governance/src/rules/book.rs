//! The rule book: all layers with all their dates, and from it the rules of any day.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::check::check_layers;
use super::error::PackError;
use super::in_force::{InForce, Rules};
use super::layer::Layer;
use super::pack::{Pack, Value};
use super::rule::Rule;
use super::span::Span;
use crate::calendar::day_of;
use crate::working_days::WorkingDays;

/// Rule packs, and the rules they make on each day. It covers all days.
#[derive(Debug, Clone)]
pub struct RuleBook {
    hash: String,
    /// The first holds from the beginning, each later one from its own first day.
    editions: Vec<Arc<Rules>>,
}

impl RuleBook {
    /// Reads packs in the order of their layers: national first, district last.
    ///
    /// # Errors
    /// When a pack is malformed, contradicts itself or loosens what binds it, or when the packs together leave a rule
    /// or a parameter without a value on some day.
    pub fn load(packs: &[&str]) -> Result<Self, PackError> {
        let layers = read(packs)?;
        check_layers(&layers)?;
        Self::of(hash_of(packs), &layers, None)
    }

    /// Reads packs that decisions on record were taken by, maybe with an earlier release. What that release did not
    /// know, no decision of the time can have cited: it is taken from the present rules. What this release no longer
    /// knows is passed over. The hash is that of the packs as they are on record.
    ///
    /// # Errors
    /// When a pack is malformed.
    pub fn of_record(packs: &[&str], present: &Self) -> Result<Self, PackError> {
        Self::of(hash_of(packs), &read(packs)?, Some(present))
    }

    fn of(hash: String, layers: &[Layer], present: Option<&Self>) -> Result<Self, PackError> {
        let working_days = Arc::new(calendar(layers, present)?);
        let later = present.into_iter().flat_map(|present| &present.editions[1..]);
        let mut days: BTreeSet<Date> = later.filter_map(|edition| edition.span().from).collect();
        days.extend(layers.iter().flat_map(Layer::turns));
        let starts: Vec<Option<Date>> = std::iter::once(None).chain(days.into_iter().map(Some)).collect();
        let ends = starts
            .iter()
            .skip(1)
            .map(|start| start.and_then(|day| day.yesterday().ok()));
        let spans = starts.iter().zip(ends.chain([None]));
        let edition = |(from, until): (&Option<Date>, Option<Date>)| {
            let day = from.unwrap_or(Date::MIN);
            let mut rules = laid(layers, day);
            let filled = present.map_or_else(BTreeSet::new, |present| fill(&mut rules, present.on(day)));
            let span = Span { from: *from, until };
            Rules::new(hash.clone(), span, (rules, filled), working_days.clone()).map(Arc::new)
        };
        let editions = spans.map(edition).collect::<Result<_, _>>()?;
        Ok(Self { hash, editions })
    }

    /// The rules of a day.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        reason = "INVARIANT: the first edition has no first day, so one has begun"
    )]
    pub fn on(&self, day: Date) -> &Arc<Rules> {
        let begun = |edition: &Arc<Rules>| edition.span().from.is_none_or(|from| from <= day);
        &self.editions[self.editions.partition_point(begun).saturating_sub(1)]
    }

    /// The rules of the day on which an instant falls in Asia/Shanghai.
    #[must_use]
    pub fn at(&self, at: Timestamp) -> &Arc<Rules> {
        self.on(day_of(at))
    }

    /// The rules of all days, in order; each is in force until the day before the next.
    pub fn editions(&self) -> impl Iterator<Item = &Rules> {
        self.editions.iter().map(|edition| &**edition)
    }

    /// SHA-256 over the packs' bytes, lower-case hex.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }
}

impl Rules {
    /// The hash of these packs, whether or not this release can load them.
    #[must_use]
    pub fn hash_of(packs: &[&str]) -> String {
        hash_of(packs)
    }
}

fn hash_of(packs: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for pack in packs {
        hasher.update((pack.len() as u64).to_be_bytes());
        hasher.update(pack.as_bytes());
    }
    hex::encode(hasher.finalize())
}

fn read(packs: &[&str]) -> Result<Vec<Layer>, PackError> {
    let packs = (1..).zip(packs).map(|(number, text)| Pack::read_nth(number, text));
    Ok(Layer::stack(packs.collect::<Result<_, _>>()?))
}

/// The layers of a day, laid one over the other.
fn laid(layers: &[Layer], day: Date) -> BTreeMap<Rule, InForce> {
    layers.iter().flat_map(|layer| layer.on(day)).collect()
}

/// The years of all layers, and those that only the present rules know. A later layer replaces a year as a whole.
fn calendar(layers: &[Layer], present: Option<&RuleBook>) -> Result<WorkingDays, PackError> {
    let mut calendar = WorkingDays::default();
    for layer in layers {
        let laid = calendar.lay(layer.years.clone());
        laid.map_err(|reason| PackError::Calendar {
            pack: layer.head.id.clone(),
            reason,
        })?;
    }
    if let Some(present) = present.and_then(|present| present.editions.first()) {
        calendar.complete(present.working_days());
    }
    Ok(calendar)
}

/// What was so while packs did not say it, where the present value would change decisions that were taken by them.
const BEFORE: [(Rule, &str, Was); 20] = [
    (Rule::ScenarioObjection, "working_days_min", Was::Number(0)),
    (Rule::PlanComment, "in_time", Was::Number(0)),
    (Rule::AgreementSelected, "once", Was::Number(0)),
    (Rule::ExitInventory, "other_terms_end", Was::Number(0)),
    (Rule::PriceNotice, "of_least_paid", Was::Number(0)),
    (Rule::BooksPeriod, "whole_periods", Was::Number(0)),
    (Rule::ExportPath, "per_operator", Was::Number(0)),
    (Rule::ExportPath, "every_receiver", Was::Number(0)),
    (Rule::DisclosureYearly, "of_year", Was::Number(0)),
    (Rule::ModelReview, "own_lift", Was::Number(0)),
    (Rule::RegistrationType, "ended_under_way", Was::Number(0)),
    (Rule::PartyLeave, "assessments", Was::Number(0)),
    (Rule::RegistrationRequired, "kinds", Was::Nothing),
    (Rule::PlanPanel, "in_favour_percent_above", Was::Number(50)),
    (Rule::SelectionConditions, "points", Was::Number(100)),
    (Rule::ScenarioRisk, "scale", Was::Number(5)),
    (Rule::AssessmentIndicators, "points", Was::Number(100)),
    (Rule::SelectionQualification, "check", Was::Number(0)),
    (Rule::ResourceChange, "registration_working_days", Was::Number(0)),
    (Rule::QualityMeasure, "periods", Was::Names(&PERIODS)),
];

/// The words for how often a resource is updated that were in the program.
const PERIODS: [&str; 15] = [
    "每日=1",
    "每天=1",
    "按日=1",
    "每周=7",
    "按周=7",
    "每星期=7",
    "每月=31",
    "按月=31",
    "月度=31",
    "每季=92",
    "每季度=92",
    "按季=92",
    "每年=366",
    "按年=366",
    "年度=366",
];

/// A value that was in the program, or that nothing asked for.
#[derive(Clone, Copy)]
enum Was {
    Number(i64),
    Names(&'static [&'static str]),
    /// None of a list, also where packs did not have the rule: it stops acts that nothing stopped before.
    Nothing,
}

impl Was {
    fn value(self) -> Value {
        match self {
            Self::Number(number) => Value::Integer(number),
            Self::Names(names) => Value::List(names.iter().map(|&name| name.to_owned()).collect()),
            Self::Nothing => Value::List(Vec::new()),
        }
    }
}

/// Adds what these rules lack of others: rules, and parameters. Says which rules.
fn fill(rules: &mut BTreeMap<Rule, InForce>, others: &Rules) -> BTreeSet<Rule> {
    let lacking = others
        .all()
        .map(|(rule, _)| rule)
        .filter(|rule| !rules.contains_key(rule));
    let filled = lacking.collect();
    let unsaid = |(rule, name, was): &(Rule, &str, Was)| match rules.get(rule) {
        Some(there) => !there.text.parameters.contains_key(*name),
        None => matches!(was, Was::Nothing),
    };
    let before: Vec<_> = BEFORE.into_iter().filter(unsaid).collect();
    for (rule, held) in others.all() {
        let there = rules.entry(rule).or_insert_with(|| held.clone());
        for (name, value) in &held.text.parameters {
            let parameters = &mut there.text.parameters;
            parameters.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    for (rule, name, was) in before {
        if let Some(there) = rules.get_mut(&rule) {
            there.text.parameters.insert(name.to_owned(), was.value());
        }
    }
    filled
}
