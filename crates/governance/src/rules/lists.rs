//! Parameters that are more than a number or a list of names.

use std::collections::{BTreeMap, BTreeSet};

use super::error::PackError;
use super::parameters::Reader;
use super::rule::Rule;
use crate::agreement::Measure;
use crate::assessment::{Indicator, read_indicators};
use crate::dispute::Forum;
use crate::incident::Level;
use crate::power::Act;

impl Reader<'_> {
    /// Pairs of acts that two people do.
    pub(super) fn pairs(&self) -> Result<Vec<(Act, Act)>, PackError> {
        let rule = Rule::FourEyes;
        let pair = |text: &String| {
            let (filed, decided) = text.split_once('>')?;
            let pair = (Act::named(filed.trim())?, Act::named(decided.trim())?);
            (pair.0 != pair.1).then_some(pair)
        };
        let pairs: Option<Vec<(Act, Act)>> = self.list(rule, "pairs")?.iter().map(pair).collect();
        pairs.ok_or(PackError::Parameter {
            rule: rule.id(),
            parameter: "pairs",
            kind: "a list of `act>act`: what is filed, and what another person decides",
        })
    }

    /// Indicators of the yearly assessment.
    pub(super) fn indicators(&self) -> Result<Vec<Indicator>, PackError> {
        let rule = Rule::AssessmentIndicators;
        let points = self.points(rule, "points")?;
        read_indicators(&self.list(rule, "list")?, points).ok_or(PackError::Parameter {
            rule: rule.id(),
            parameter: "list",
            kind: "a list of `name=weight` or `name=weight=figure` whose weights are `points` together",
        })
    }

    /// What parts add up to: at least one.
    pub(super) fn points(&self, rule: Rule, parameter: &'static str) -> Result<u32, PackError> {
        let points: u32 = self.number(rule, parameter)?;
        let error = PackError::Parameter {
            rule: rule.id(),
            parameter,
            kind: "a number of points from 1 to 10000",
        };
        (1..=10_000).contains(&points).then_some(points).ok_or(error)
    }

    /// At least half, or those against would decide.
    pub(super) fn percent_of_panel(&self) -> Result<u64, PackError> {
        let (rule, parameter) = (Rule::PlanPanel, "in_favour_percent_above");
        let percent: u64 = self.number(rule, parameter)?;
        let error = PackError::Parameter {
            rule: rule.id(),
            parameter,
            kind: "a percentage from 50 to 99: more than that are in favour",
        };
        (50..=99).contains(&percent).then_some(percent).ok_or(error)
    }

    /// A scale has more than one mark, and few enough to tell apart.
    pub(super) fn risk_scale(&self) -> Result<u32, PackError> {
        let (rule, parameter) = (Rule::ScenarioRisk, "scale");
        let scale: u32 = self.number(rule, parameter)?;
        let error = PackError::Parameter {
            rule: rule.id(),
            parameter,
            kind: "the end of a scale from 1, between 2 and 100",
        };
        (2..=100).contains(&scale).then_some(scale).ok_or(error)
    }

    /// Measures of the scale.
    pub(super) fn measures(&self) -> Result<BTreeSet<Measure>, PackError> {
        let rule = Rule::AgreementCapacity;
        let names = self.list(rule, "list")?;
        let measures: Option<BTreeSet<Measure>> = names.iter().map(|name| Measure::named(name)).collect();
        measures.ok_or(PackError::Parameter {
            rule: rule.id(),
            parameter: "list",
            kind: "a list of measures of the scale",
        })
    }

    /// Levels of an incident that freeze.
    pub(super) fn levels(&self) -> Result<BTreeSet<Level>, PackError> {
        let rule = Rule::IncidentFreeze;
        let names = self.list(rule, "levels")?;
        let levels: Option<BTreeSet<Level>> = names.iter().map(|name| Level::named(name)).collect();
        levels.ok_or(PackError::Parameter {
            rule: rule.id(),
            parameter: "levels",
            kind: "a list of `extraordinary`, `major`, `larger`, `general`",
        })
    }

    /// Words by which an agreement names each forum.
    pub(super) fn forums(&self) -> Result<BTreeMap<Forum, Vec<String>>, PackError> {
        let words = |name| self.list(Rule::DisputeForum, name);
        Ok(BTreeMap::from([
            (Forum::Consultation, words("consultation")?),
            (Forum::Mediation, words("mediation")?),
            (Forum::Arbitration, words("arbitration")?),
            (Forum::Court, words("court")?),
        ]))
    }
}
