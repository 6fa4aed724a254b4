//! What a disclosure says of its year: what was authorized, offered and charged in it, as the record had it when the year was
//! over. What came after is the next year's.

use jiff::civil::{Date, date};

use super::content::{
    AgencyContent, Authorized, Ceiling, Content, OperatorContent, Priced, UsedResource, itself, listed, name_of,
};
use crate::agreement::{Agreement, AgreementStatus, ProposeAgreement};
use crate::calendar::{Term, day_of};
use crate::identifier::PartyId;
use crate::party::Party;
use crate::product::{Product, ProductStatus, Tariff};
use crate::state::State;

/// First and last day of a year.
pub(super) fn days_of(year: i16) -> Term {
    let from = Date::new(year, 1, 1).unwrap_or(date(1, 1, 1));
    Term {
        from,
        until: from.last_of_year(),
    }
}

/// An agreement with its terms as they stood at the end of the year.
type Then<'s> = (&'s Agreement, &'s ProposeAgreement);

pub(super) fn agency(state: &State, party: &Party, about: &str, year: i16) -> Content {
    let year = days_of(year);
    let agreements = agreements(state, year, |agreement, _| agreement.agency == party.id);
    let authorized = |(_, terms): &Then<'_>| Authorized {
        title: terms.title.clone(),
        operator: name_then(state, &terms.operator, year),
        term: terms.term,
        purposes: terms.purposes.iter().cloned().collect(),
        resources: resources(state, terms, year).into_iter().map(|it| it.name).collect(),
    };
    let ceilings = products(state, &agreements, year).into_iter().filter_map(|product| {
        let mut held = product.ceilings.iter().rev();
        let ceiling = held.find(|it| day_of(it.at) <= year.until)?.ceiling;
        Some(Ceiling {
            product: product.submission.name.clone(),
            ceiling,
        })
    });
    Content::Agency(AgencyContent {
        party: itself(party, about),
        ceilings: ceilings.collect(),
        authorizations: agreements.iter().map(authorized).collect(),
    })
}

pub(super) fn operator(state: &State, party: &Party, about: &str, year: i16) -> Content {
    let year = days_of(year);
    let agreements = agreements(state, year, |_, terms| terms.operator == party.id);
    let offered = |product: &&Product| product.listed.is_some_and(|at| day_of(at) <= year.until);
    let products: Vec<&Product> = products(state, &agreements, year).into_iter().filter(offered).collect();
    let mut used: Vec<UsedResource> = agreements
        .iter()
        .flat_map(|(_, terms)| resources(state, terms, year))
        .collect();
    used.sort_by(|a, b| a.name.cmp(&b.name));
    used.dedup();
    Content::Operator(OperatorContent {
        party: itself(party, about),
        resources: used,
        prices: products
            .iter()
            .flat_map(|product| prices(state, product, year))
            .collect(),
        products: products.iter().filter_map(|product| listed(state, product)).collect(),
    })
}

/// Agreements that were in force on a day of the year, in the order of beginning.
fn agreements(state: &State, year: Term, whose: impl Fn(&Agreement, &ProposeAgreement) -> bool) -> Vec<Then<'_>> {
    let all = state.agreements.values().map(|agreement| &**agreement);
    let then = all.map(|agreement| (agreement, agreement.terms_on(year.until)));
    let mut found: Vec<Then<'_>> = then
        .filter(|(agreement, terms)| whose(agreement, terms) && was_in_force(agreement, terms, year))
        .collect();
    found.sort_by_key(|(_, terms)| (terms.term.from, terms.id.clone()));
    found
}

fn was_in_force(agreement: &Agreement, terms: &ProposeAgreement, year: Term) -> bool {
    let (signed, ended) = match agreement.status {
        AgreementStatus::Signed { at } => (at, None),
        AgreementStatus::Ended { signed, at, .. } => (signed, Some(at)),
        AgreementStatus::Proposed | AgreementStatus::Dropped { .. } => return false,
    };
    let term = terms.term;
    let alive = day_of(signed) <= year.until && ended.is_none_or(|at| year.from <= day_of(at));
    alive && term.from <= year.until && year.from <= term.until
}

fn resources(state: &State, terms: &ProposeAgreement, year: Term) -> Vec<UsedResource> {
    let records = terms.resources.iter().filter_map(|id| state.resources.get(id));
    let used = records.map(|resource| UsedResource {
        name: resource.registration.name.clone(),
        provider: name_then(state, &resource.registration.provider, year),
        field_of_application: resource.registration.field_of_application.clone(),
    });
    let mut used: Vec<UsedResource> = used.collect();
    used.sort_by(|a, b| a.name.cmp(&b.name));
    used
}

/// Products under these agreements that had not come to nothing, nor ended, before the year; in the order of names.
fn products<'s>(state: &'s State, agreements: &[Then<'_>], year: Term) -> Vec<&'s Product> {
    let under = |product: &Product| {
        let scenario = state.scenarios.get(&product.submission.scenario);
        let id = scenario.map(|scenario| &scenario.application.agreement);
        agreements.iter().any(|(_, terms)| Some(&terms.id) == id)
    };
    let there = |product: &Product| match product.status {
        ProductStatus::Submitted | ProductStatus::Listed => true,
        ProductStatus::Withdrawn { until, .. } => year.from <= until,
        ProductStatus::Refused { .. } | ProductStatus::Retracted { .. } => false,
    };
    let all = state.products.values().map(|product| &**product);
    let mut found: Vec<&Product> = all.filter(|product| there(product) && under(product)).collect();
    found.sort_by_key(|product| (product.submission.name.clone(), product.submission.id.clone()));
    found
}

/// Every price at which it could be ordered on a day of the year, the first first; one without an amount where it is free.
fn prices(state: &State, product: &Product, year: Term) -> Vec<Priced> {
    let priced = |price, charging, since| Priced {
        product: product.submission.name.clone(),
        charging,
        price,
        since,
    };
    let scenario = state.scenarios.get(&product.submission.scenario);
    if scenario.is_some_and(|scenario| scenario.application.price_class.is_free()) {
        return vec![priced(None, product.charging, None)];
    }
    let set: Vec<&Tariff> = product
        .tariffs
        .iter()
        .filter(|tariff| day_of(tariff.at) <= year.until)
        .collect();
    let next = set.iter().skip(1).map(|next| Some(day_of(next.at))).chain([None]);
    let held = |(tariff, next): &(&&Tariff, Option<Date>)| {
        next.is_none_or(|next| year.from < next && day_of(tariff.at) < next)
    };
    let held = set.iter().zip(next).filter(held);
    held.map(|(tariff, _)| priced(Some(tariff.price), tariff.charging, Some(day_of(tariff.at))))
        .collect()
}

/// The party's name when the year was over.
fn name_then(state: &State, id: &PartyId, year: Term) -> String {
    let changes = state.standings.get(id).into_iter().flat_map(|it| &it.changes);
    let mut later = changes.filter(|change| day_of(change.at) > year.until);
    later
        .next()
        .map_or_else(|| name_of(state, id), |change| change.before.name.clone())
}
