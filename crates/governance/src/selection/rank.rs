//! Who is first, by the record.

use super::{Applicant, Selection};
use crate::identifier::PartyId;

/// An applicant's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked<'s> {
    /// The applicant.
    pub applicant: &'s PartyId,
    /// Points of all members together.
    pub total: u32,
    /// Points of all members together by criterion, in the announcement's order.
    pub by_criterion: Vec<u32>,
    /// Whether the panel has scored it.
    pub complete: bool,
}

/// Qualified applicants, the first first: by points; those alike, by the announced criteria one after the other.
/// Applicants alike in all of them stand in the order of their ids, and any of them may be the candidate.
#[must_use]
pub fn ranking(selection: &Selection) -> Vec<Ranked<'_>> {
    let place = |(id, applicant)| {
        let by_criterion = by_criterion(selection, applicant);
        Ranked {
            applicant: id,
            total: by_criterion.iter().sum(),
            by_criterion,
            complete: !applicant.scores.is_empty(),
        }
    };
    let mut ranked: Vec<Ranked<'_>> = selection.qualified().map(place).collect();
    ranked.sort_by(|a, b| (b.total, &b.by_criterion).cmp(&(a.total, &a.by_criterion)));
    ranked
}

fn by_criterion(selection: &Selection, applicant: &Applicant) -> Vec<u32> {
    let given = |name: &String| applicant.scores.values().filter_map(|points| points.get(name)).sum();
    selection
        .announcement
        .criteria
        .iter()
        .map(|it| given(&it.name))
        .collect()
}
