//! What a disclosure says, as the record has it; made as it was before disclosures kept to their year (`year`), for records of
//! that time.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::year::days_of;
use crate::agreement::Agreement;
use crate::calendar::Term;
use crate::identifier::{PartyId, ProductId};
use crate::money::Money;
use crate::party::Party;
use crate::product::{Charging, Product, ProductForm, ProductStatus};
use crate::scenario::PriceClass;
use crate::state::State;

/// What a disclosure says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "of")]
pub enum Content {
    /// The agency: itself, authorizations, price ceilings.
    Agency(AgencyContent),
    /// An operator: itself, resources authorized to it, products and services, actual prices.
    Operator(OperatorContent),
}

/// Who discloses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisclosedParty {
    /// Its name.
    pub name: String,
    /// Its unified social credit code.
    pub code: Option<String>,
    /// What it says of itself.
    pub about: String,
}

/// What an agency discloses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgencyContent {
    /// Itself.
    pub party: DisclosedParty,
    /// What it has authorized, in the order of beginning.
    pub authorizations: Vec<Authorized>,
    /// Ceilings of prices, in the order of names.
    pub ceilings: Vec<Ceiling>,
}

/// An authorization of the year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorized {
    /// Title of the agreement.
    pub title: String,
    /// To whom.
    pub operator: String,
    /// First and last day.
    pub term: Term,
    /// For what.
    pub purposes: Vec<String>,
    /// What, in the order of names.
    pub resources: Vec<String>,
}

/// The ceiling of a product's price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ceiling {
    /// The product.
    pub product: String,
    /// The most that it may cost.
    pub ceiling: Money,
}

/// What an operator discloses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorContent {
    /// Itself.
    pub party: DisclosedParty,
    /// Resources authorized to it, in the order of names.
    pub resources: Vec<UsedResource>,
    /// Products and services that it offers, in the order of names.
    pub products: Vec<Listed>,
    /// What they cost.
    pub prices: Vec<Priced>,
}

/// A resource authorized to an operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedResource {
    /// Its name.
    pub name: String,
    /// Who holds it.
    pub provider: String,
    /// Its field of application.
    pub field_of_application: String,
}

/// A product on offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// What it answers.
    pub summary: String,
    /// Its scenario.
    pub scenario: String,
    /// Its form.
    pub form: ProductForm,
    /// What service is promised with it.
    pub service_level: String,
    /// How its fee is treated.
    pub price_class: PriceClass,
}

/// The actual price of a product; none where it is free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Priced {
    /// The product.
    pub product: String,
    /// By what it is charged.
    pub charging: Charging,
    /// What it costs.
    pub price: Option<Money>,
    /// Since when; none where it is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
}

pub(super) fn agency(state: &State, party: &Party, about: &str, year: i16) -> Content {
    let agreements = agreements(state, year, |agreement| agreement.agency == party.id);
    let authorized = |agreement: &&Agreement| Authorized {
        title: agreement.terms.title.clone(),
        operator: name_of(state, &agreement.terms.operator),
        term: agreement.terms.term,
        purposes: agreement.terms.purposes.iter().cloned().collect(),
        resources: resources(state, agreement).into_iter().map(|it| it.name).collect(),
    };
    let ceilings = products(state, &agreements).into_iter().filter_map(|product| {
        Some(Ceiling {
            product: product.submission.name.clone(),
            ceiling: product.ceiling?,
        })
    });
    Content::Agency(AgencyContent {
        party: itself(party, about),
        ceilings: ceilings.collect(),
        authorizations: agreements.iter().map(authorized).collect(),
    })
}

pub(super) fn operator(state: &State, party: &Party, about: &str, year: i16) -> Content {
    let agreements = agreements(state, year, |agreement| agreement.terms.operator == party.id);
    let products: Vec<&Product> = products(state, &agreements);
    let products = products
        .into_iter()
        .filter(|product| product.status == ProductStatus::Listed);
    let products: Vec<(&Product, Listed)> = products.filter_map(|it| Some((it, listed(state, it)?))).collect();
    let price = |(product, listed): &(&Product, Listed)| Priced {
        product: listed.name.clone(),
        charging: product.charging,
        price: product.price.filter(|_| !listed.price_class.is_free()),
        since: None,
    };
    let mut used: Vec<UsedResource> = agreements.iter().flat_map(|it| resources(state, it)).collect();
    used.sort_by(|a, b| a.name.cmp(&b.name));
    used.dedup();
    Content::Operator(OperatorContent {
        party: itself(party, about),
        resources: used,
        prices: products.iter().map(price).collect(),
        products: products.into_iter().map(|(_, listed)| listed).collect(),
    })
}

pub(super) fn itself(party: &Party, about: &str) -> DisclosedParty {
    DisclosedParty {
        name: party.name.clone(),
        code: party.code.clone(),
        about: about.to_owned(),
    }
}

/// Signed agreements that were in their term on a day of the year.
pub(super) fn agreements(state: &State, year: i16, whose: impl Fn(&Agreement) -> bool) -> Vec<&Agreement> {
    let year = days_of(year);
    let touches = |agreement: &Agreement| {
        let Term { from, until } = agreement.terms.term;
        agreement.is_or_was_in_force() && from <= year.until && year.from <= until
    };
    let all = state.agreements.values().map(|agreement| &**agreement);
    let mut found: Vec<&Agreement> = all.filter(|it| whose(it) && touches(it)).collect();
    found.sort_by_key(|agreement| (agreement.terms.term.from, agreement.terms.id.clone()));
    found
}

fn resources(state: &State, agreement: &Agreement) -> Vec<UsedResource> {
    let records = agreement
        .terms
        .resources
        .iter()
        .filter_map(|id| state.resources.get(id));
    let used = records.map(|resource| UsedResource {
        name: resource.registration.name.clone(),
        provider: name_of(state, &resource.registration.provider),
        field_of_application: resource.registration.field_of_application.clone(),
    });
    let mut used: Vec<UsedResource> = used.collect();
    used.sort_by(|a, b| a.name.cmp(&b.name));
    used
}

/// Products under these agreements, in the order of names.
fn products<'s>(state: &'s State, agreements: &[&Agreement]) -> Vec<&'s Product> {
    let under = |product: &Product| {
        let scenario = state.scenarios.get(&product.submission.scenario);
        let id = scenario.map(|scenario| &scenario.application.agreement);
        agreements.iter().any(|agreement| Some(&agreement.terms.id) == id)
    };
    let under = |product: &Product| product.status.may_serve() && under(product);
    let all = state.products.values().map(|product| &**product);
    let mut found: Vec<&Product> = all.filter(|product| under(product)).collect();
    let key =
        |product: &Product| -> (String, ProductId) { (product.submission.name.clone(), product.submission.id.clone()) };
    found.sort_by_key(|product| key(product));
    found
}

pub(super) fn listed(state: &State, product: &Product) -> Option<Listed> {
    let scenario = state.scenarios.get(&product.submission.scenario)?;
    Some(Listed {
        name: product.submission.name.clone(),
        summary: product.submission.summary.clone(),
        scenario: scenario.application.name.clone(),
        form: product.submission.form,
        service_level: product.submission.service_level.clone(),
        price_class: scenario.application.price_class,
    })
}

pub(super) fn name_of(state: &State, id: &PartyId) -> String {
    state
        .parties
        .get(id)
        .map_or_else(String::new, |party| party.name.clone())
}
