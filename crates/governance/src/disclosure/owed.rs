//! Which disclosures are owed.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use super::content::agreements;
use super::prepare::due_of;
use super::{Disclosure, DisclosureStatus};
use crate::identifier::{DisclosureId, PartyId};
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
    /// What is made of it: the one that was published last, else the one that stands, else the last that was sent back.
    pub made: Option<&'s Disclosure>,
    /// What was public before, the first first.
    pub earlier: Vec<&'s Disclosure>,
    /// The correction of what is public that is not public yet.
    pub correction: Option<&'s Disclosure>,
}

impl<'s> Owed<'s> {
    /// Whether it was published late, or is not public and its day is over. A correction is no part of that.
    #[must_use]
    pub fn is_late(&self, today: Date) -> bool {
        let first = self.earlier.first().copied().or(self.made);
        !self.free && first.map_or(today > self.due, |made| made.is_late(today))
    }

    /// What is worked at: the correction, where there is one.
    #[must_use]
    pub fn current(&self) -> Option<&'s Disclosure> {
        self.correction.or(self.made)
    }

    /// Whether it is public.
    #[must_use]
    pub fn is_published(&self) -> bool {
        self.made.is_some_and(Disclosure::is_published)
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
    let all = state.disclosures.values().map(|disclosure| &**disclosure);
    let of_year = all.filter(|disclosure| disclosure.by == party && disclosure.prepare.year == year);
    let (mut earlier, waiting): (Vec<&Disclosure>, Vec<&Disclosure>) = of_year.partition(|it| it.is_published());
    earlier.sort_by_key(|it| it.at);
    let public = earlier.pop();
    let corrects = |it: &&&Disclosure| it.prepare.corrects.as_ref() == public.map(|public| &public.prepare.id);
    let last = waiting.iter().filter(corrects).max_by_key(|it| standing(it)).copied();
    Owed {
        year,
        due: due_of(year, rules),
        made: public.or(last),
        correction: last.filter(|_| public.is_some()),
        earlier,
        free: false,
        party,
    }
}

/// One that stands comes after those that were sent back; the last made last.
fn standing(disclosure: &Disclosure) -> (bool, Timestamp, DisclosureId) {
    let back = matches!(disclosure.status, DisclosureStatus::SentBack { .. });
    (!back, disclosure.at, disclosure.prepare.id.clone())
}
