//! Parameters of registrations.

use std::collections::BTreeSet;

use super::error::PackError;
use super::parameters::Reader;
use super::rule::Rule;
use crate::working_days::WORKING_DAYS_MAX;

/// What registrations read from the packs, each named after its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationParameters {
    /// `registration.steps`: working days in which an application is accepted or returned.
    pub acceptance_days: u32,
    /// `registration.steps`: working days in which its form is reviewed.
    pub review_days: u32,
    /// `registration.steps`: working days for which it is shown to the public.
    pub publicity_days: u32,
    /// `registration.validity`: years for which it is valid.
    pub years: i16,
    /// `registration.validity`: days before its end from which its renewal is applied for.
    pub renewal_days: i64,
    /// `registration.required`: kinds of things that are registered before they are used.
    pub required: BTreeSet<String>,
}

impl RegistrationParameters {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, PackError> {
        Ok(Self {
            acceptance_days: working_days(reader, "acceptance_days")?,
            review_days: working_days(reader, "review_days")?,
            publicity_days: working_days(reader, "publicity_days")?,
            years: reader.number(Rule::RegistrationValidity, "years")?,
            renewal_days: reader.days(Rule::RegistrationValidity, "renewal_days")?,
            required: kinds(reader)?,
        })
    }
}

fn working_days(reader: &Reader<'_>, parameter: &'static str) -> Result<u32, PackError> {
    let days: u32 = reader.number(Rule::RegistrationSteps, parameter)?;
    let error = PackError::Parameter {
        rule: Rule::RegistrationSteps.id(),
        parameter,
        kind: "a number of working days from 0 to 1000",
    };
    (days <= WORKING_DAYS_MAX).then_some(days).ok_or(error)
}

fn kinds(reader: &Reader<'_>) -> Result<BTreeSet<String>, PackError> {
    let kinds = reader.set(Rule::RegistrationRequired, "kinds")?;
    let known = kinds
        .iter()
        .all(|kind| ["resource", "product"].contains(&kind.as_str()));
    known.then_some(kinds).ok_or(PackError::Parameter {
        rule: Rule::RegistrationRequired.id(),
        parameter: "kinds",
        kind: "a list of `resource` and `product`",
    })
}
