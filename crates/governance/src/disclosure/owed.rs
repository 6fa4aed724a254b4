//! Which disclosures are owed.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::content::agreements;
use super::prepare::due_of;
use super::{Disclosure, DisclosureStatus};
use crate::identifier::PartyId;
use crate::party::Role;
use crate::rules::Rules;
use crate::state::State;

/// A disclosure that a party owes or has made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed<'s> {
    /// Who.
    pub party: PartyId,
    /// About which year.
    pub year: i16,
    /// By when it is to be published, where it is owed.
    pub due: Date,
    /// Whether it was made without being owed; then it is never late.
    pub free: bool,
    /// What is made of it; none where nothing is.
    pub made: Option<&'s Disclosure>,
}

impl Owed<'_> {
    /// Whether it was published late, or is not public and its day is over.
    #[must_use]
    pub fn is_late(&self, today: Date) -> bool {
        !self.free && self.made.map_or(today > self.due, |made| made.is_late(today))
    }

    /// Whether it is public.
    #[must_use]
    pub fn is_published(&self) -> bool {
        let status = self.made.map(|made| &made.status);
        matches!(status, Some(DisclosureStatus::Published { .. }))
    }
}

/// Every disclosure about a year that is over, of each agency and operator with an agreement in force in that year, and
/// those that were made without being owed; the oldest year first.
#[must_use]
pub fn owed<'s>(state: &'s State, rules: &Rules, today: Date) -> Vec<Owed<'s>> {
    let first = state.agreements.values().map(|it| it.terms.term.from.year()).min();
    let years = first.unwrap_or(today.year())..today.year();
    let mut owed: Vec<Owed<'s>> = years.flat_map(|year| of_year(state, rules, year)).collect();
    let asked: BTreeSet<(i16, PartyId)> = owed.iter().map(|it| (it.year, it.party.clone())).collect();
    let freely = state.disclosures.values().map(|it| (it.prepare.year, it.by.clone()));
    let freely: BTreeSet<(i16, PartyId)> = freely.filter(|made| !asked.contains(made)).collect();
    let freely = freely.into_iter().map(|(year, party)| one(state, rules, party, year));
    owed.extend(freely.map(|made| Owed { free: true, ..made }));
    owed.sort_by(|a, b| (a.year, &a.party).cmp(&(b.year, &b.party)));
    owed
}

fn of_year<'s>(state: &'s State, rules: &Rules, year: i16) -> Vec<Owed<'s>> {
    let discloses = state.parties.values().filter(|party| match party.role {
        Role::Agency => !agreements(state, year, |it| it.agency == party.id).is_empty(),
        Role::Operator => !agreements(state, year, |it| it.terms.operator == party.id).is_empty(),
        Role::Provider | Role::Partner | Role::Consumer | Role::Subject | Role::Supervisor | Role::Assessor => false,
    });
    discloses
        .map(|party| one(state, rules, party.id.clone(), year))
        .collect()
}

fn one<'s>(state: &'s State, rules: &Rules, party: PartyId, year: i16) -> Owed<'s> {
    Owed {
        year,
        due: due_of(year, rules),
        made: made(state, &party, year),
        free: false,
        party,
    }
}

/// The one that stands, or else the last that was sent back.
fn made<'s>(state: &'s State, party: &PartyId, year: i16) -> Option<&'s Disclosure> {
    let all = state.disclosures.values().map(|disclosure| &**disclosure);
    let of_year = all.filter(|disclosure| disclosure.by == *party && disclosure.prepare.year == year);
    of_year.max_by_key(|it| {
        (
            !matches!(it.status, DisclosureStatus::SentBack { .. }),
            it.at,
            it.prepare.id.clone(),
        )
    })
}
