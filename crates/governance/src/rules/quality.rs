//! `quality.measure`: what is asked of the quality of data.

use std::collections::{BTreeMap, BTreeSet};

use super::error::PackError;
use super::parameters::Reader;
use super::rule::Rule;
use crate::quality::Dimension;

impl Reader<'_> {
    /// Words for how often something is updated, each with its most days.
    pub(super) fn periods(&self) -> Result<BTreeMap<String, i64>, PackError> {
        let (rule, parameter) = (Rule::QualityMeasure, "periods");
        let error = || PackError::Parameter {
            rule: rule.id(),
            parameter,
            kind: "a list of `word=days`, each word once, of 1 to 3660 days",
        };
        let mut periods = BTreeMap::new();
        for line in self.list(rule, parameter)? {
            let (word, days) = line.split_once('=').ok_or_else(error)?;
            let days = days
                .trim()
                .parse::<i64>()
                .ok()
                .filter(|days| (1..=3_660).contains(days));
            let word = Some(word.trim()).filter(|word| !word.is_empty());
            let (word, days) = word.zip(days).ok_or_else(error)?;
            if periods.insert(word.to_owned(), days).is_some() {
                return Err(error());
            }
        }
        Ok(periods)
    }

    /// The least of each dimension, in basis points.
    pub(super) fn qualities(&self) -> Result<BTreeMap<Dimension, u32>, PackError> {
        let least = |name| self.number::<u32>(Rule::QualityMeasure, name);
        Ok(BTreeMap::from([
            (Dimension::Completeness, least("completeness_min")?),
            (Dimension::Conformity, least("conformity_min")?),
            (Dimension::Uniqueness, least("uniqueness_min")?),
            (Dimension::Timeliness, least("timeliness_min")?),
            (Dimension::Accuracy, least("accuracy_min")?),
            (Dimension::Consistency, least("consistency_min")?),
        ]))
    }

    /// The dimensions in which a version that falls short is held back.
    pub(super) fn quality_holds(&self) -> Result<BTreeSet<Dimension>, PackError> {
        let holds = [
            (Dimension::Completeness, "completeness_holds"),
            (Dimension::Conformity, "conformity_holds"),
            (Dimension::Uniqueness, "uniqueness_holds"),
            (Dimension::Timeliness, "timeliness_holds"),
            (Dimension::Accuracy, "accuracy_holds"),
            (Dimension::Consistency, "consistency_holds"),
        ];
        let mut asked = BTreeSet::new();
        for (dimension, name) in holds {
            if self.yes(Rule::QualityMeasure, name)? {
                asked.insert(dimension);
            }
        }
        Ok(asked)
    }
}
