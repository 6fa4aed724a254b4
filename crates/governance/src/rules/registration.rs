//! Parameters of registrations.

use std::collections::BTreeSet;

use super::error::PackError;
use super::parameters::Reader;
use super::rule::Rule;

/// What registrations read from the packs, each named after its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationParameters {
    /// `registration.steps`: working days in which an application is accepted or returned.
    pub acceptance_days: u32,
    /// `registration.steps`: working days in which its form is reviewed.
    pub review_days: u32,
    /// `registration.steps`: working days for which it is shown to the public.
    pub publicity_days: u32,
    /// `registration.type`: whether a certificate that ends under way is still what is renewed, changed or cancelled.
    pub ended_under_way: bool,
    /// `resource.change`: working days in which the registration of a change is applied for; 0 where no time is kept.
    pub change_days: u32,
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
            acceptance_days: reader.working_days(Rule::RegistrationSteps, "acceptance_days")?,
            review_days: reader.working_days(Rule::RegistrationSteps, "review_days")?,
            publicity_days: reader.working_days(Rule::RegistrationSteps, "publicity_days")?,
            ended_under_way: reader.yes(Rule::RegistrationType, "ended_under_way")?,
            change_days: reader.working_days(Rule::ResourceChange, "registration_working_days")?,
            years: reader.number(Rule::RegistrationValidity, "years")?,
            renewal_days: reader.days(Rule::RegistrationValidity, "renewal_days")?,
            required: kinds(reader)?,
        })
    }
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
