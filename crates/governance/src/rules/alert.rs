//! Parameters of alerts.

use super::error::PackError;
use super::parameters::Reader;
use super::rule::Rule;

/// `alert.*`: from how many of a day on an alert is raised, and in how many working days it is handled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertParameters {
    /// `alert.surge`: of all calls.
    pub surge: SurgeParameters,
    /// `alert.surge`: most days that make the mean of a consumer.
    pub mean_days: u64,
    /// `alert.night`: of the calls at night.
    pub night: SurgeParameters,
    /// `alert.night`: the hour with which the night begins.
    pub night_from_hour: i8,
    /// `alert.night`: the hour with which it ends.
    pub night_until_hour: i8,
    /// `alert.refusals`: refused calls.
    pub refusals_per_day: u64,
    /// `alert.no-consent`: calls refused for want of consent.
    pub no_consent_per_day: u64,
    /// `alert.failures`: failed calls.
    pub failures_per_day: u64,
    /// `alert.workbench`: refused attempts at the workbench.
    pub workbench_per_day: u64,
    /// `alert.handling`: working days in which an alert is handled.
    pub working_days_max: u32,
}

/// What makes a surge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SurgeParameters {
    /// Of the mean of the consumer's days, in per cent.
    pub percent: u64,
    /// Fewest calls, however few are usual.
    pub calls_min: u64,
}

impl AlertParameters {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, PackError> {
        let surge = |rule| {
            Ok(SurgeParameters {
                percent: at_least_one(reader, rule, "percent")?,
                calls_min: at_least_one(reader, rule, "calls_min")?,
            })
        };
        let per_day = |rule| at_least_one(reader, rule, "per_day");
        let hour = |name| reader.within(Rule::AlertNight, name, 0..=23, "an hour from 0 to 23");
        Ok(Self {
            surge: surge(Rule::AlertSurge)?,
            mean_days: at_least_one(reader, Rule::AlertSurge, "mean_days")?,
            night: surge(Rule::AlertNight)?,
            night_from_hour: hour("from_hour")?,
            night_until_hour: hour("until_hour")?,
            refusals_per_day: per_day(Rule::AlertRefusals)?,
            no_consent_per_day: per_day(Rule::AlertNoConsent)?,
            failures_per_day: per_day(Rule::AlertFailures)?,
            workbench_per_day: per_day(Rule::AlertWorkbench)?,
            working_days_max: reader.working_days(Rule::AlertHandling, "working_days_max")?,
        })
    }
}

/// None of a day is no bound.
fn at_least_one(reader: &Reader<'_>, rule: Rule, parameter: &'static str) -> Result<u64, PackError> {
    let number: u64 = reader.number(rule, parameter)?;
    let error = PackError::Parameter {
        rule: rule.id(),
        parameter,
        kind: "a whole number from 1 on",
    };
    (number > 0).then_some(number).ok_or(error)
}
