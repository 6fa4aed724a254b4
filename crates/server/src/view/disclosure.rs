//! Disclosures as the API shows them.

use gongshu_api as api;
use gongshu_api::disclosure::{
    DisclosedAuthorization, DisclosedPrice, DisclosedProduct, DisclosedResource, Disclosure as Shown, DisclosureContent,
};
use gongshu_app::governance::State;
use gongshu_app::governance::disclosure::{
    AgencyContent, Content, DisclosedParty, Disclosure, DisclosureStatus, OperatorContent, Owed,
};
use jiff::civil::Date;

use super::{party_named, word};

/// What is made of a disclosure that is owed, the newest first: what is public, what that corrects, and for who may see drafts
/// what is to correct it; with its content where it is public or may be seen.
pub(crate) fn disclosures(state: &State, owed: &Owed<'_>, today: Date, drafts: bool) -> Vec<Shown> {
    let waiting = owed.correction.filter(|_| drafts).into_iter();
    let made = waiting.map(Some).chain([owed.made]);
    let all = made.chain(owed.earlier.iter().rev().copied().map(Some));
    all.map(|made| disclosure(state, owed, made, (today, drafts))).collect()
}

fn disclosure(state: &State, owed: &Owed<'_>, made: Option<&Disclosure>, (today, drafts): (Date, bool)) -> Shown {
    let (published, place) = match made.map(|made| &made.status) {
        Some(DisclosureStatus::Published { place, at }) => (Some(at.to_string()), Some(place.clone())),
        _ => (None, None),
    };
    let corrects = made.and_then(|made| made.prepare.corrects.as_ref());
    let corrected_by = made.and_then(|made| made.corrected_by(state));
    let seen = made.filter(|_| drafts || published.is_some());
    Shown {
        id: made.map(|made| made.prepare.id.to_string()),
        party: party_named(state, &owed.party),
        year: owed.year,
        due: owed.due.to_string(),
        status: made.map_or("owed", |made| made.status.word()).to_owned(),
        late: corrects.is_none() && owed.is_late(today),
        published,
        place,
        reason: corrects.and(made).map(|made| made.prepare.reason.clone()),
        corrects: corrects.map(ToString::to_string),
        corrected_by: corrected_by.map(|by| by.prepare.id.to_string()),
        content: seen.map(content),
        revision: made.map_or(0, |made| made.revision),
    }
}

fn content(made: &Disclosure) -> DisclosureContent {
    let as_of = made.as_of().to_string();
    match &made.content {
        Content::Agency(agency) => of_agency(agency, as_of),
        Content::Operator(operator) => of_operator(operator, as_of),
    }
}

fn of_party(party: &DisclosedParty, kind: &str, as_of: String) -> DisclosureContent {
    DisclosureContent {
        as_of,
        kind: kind.to_owned(),
        name: party.name.clone(),
        code: party.code.clone(),
        about: party.about.clone(),
        ..DisclosureContent::default()
    }
}

fn of_agency(agency: &AgencyContent, as_of: String) -> DisclosureContent {
    let authorizations = agency.authorizations.iter().map(|it| DisclosedAuthorization {
        title: it.title.clone(),
        operator: it.operator.clone(),
        term: api::chain::Term {
            from: it.term.from.to_string(),
            until: it.term.until.to_string(),
        },
        purposes: it.purposes.clone(),
        resources: it.resources.clone(),
    });
    let ceilings = agency.ceilings.iter().map(|it| DisclosedPrice {
        product: it.product.clone(),
        charging: None,
        amount: Some(it.ceiling.to_string()),
        since: None,
    });
    DisclosureContent {
        authorizations: authorizations.collect(),
        ceilings: ceilings.collect(),
        ..of_party(&agency.party, "agency", as_of)
    }
}

fn of_operator(operator: &OperatorContent, as_of: String) -> DisclosureContent {
    let resources = operator.resources.iter().map(|it| DisclosedResource {
        name: it.name.clone(),
        provider: it.provider.clone(),
        field_of_application: it.field_of_application.clone(),
    });
    let products = operator.products.iter().map(|it| DisclosedProduct {
        name: it.name.clone(),
        summary: it.summary.clone(),
        form: it.form.word().to_owned(),
        service_level: it.service_level.clone(),
        scenario: it.scenario.clone(),
        price_class: word(&it.price_class),
    });
    let prices = operator.prices.iter().map(|it| DisclosedPrice {
        product: it.product.clone(),
        charging: Some(it.charging.word().to_owned()),
        amount: it.price.map(|price| price.to_string()),
        since: it.since.map(|day| day.to_string()),
    });
    DisclosureContent {
        resources: resources.collect(),
        products: products.collect(),
        prices: prices.collect(),
        ..of_party(&operator.party, "operator", as_of)
    }
}
