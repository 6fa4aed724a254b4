//! What stands on record after two years: everything that a district's life has, each thing at its end.

use std::collections::BTreeMap;
use std::fmt::Write;

use gongshu_governance::agreement::AgreementStatus;
use gongshu_governance::books::{EntryKind, metered_revenue, statement};
use gongshu_governance::calendar::day_of;
use gongshu_governance::disclosure::owed;
use gongshu_governance::identifier::PartyId;
use gongshu_governance::money::Money;
use gongshu_governance::registration::Registrable;
use gongshu_governance::report;
use jiff::civil::date;

use crate::district::rules;
use crate::life::begin::{BANKS, bank};
use crate::life::months::agreement;
use crate::life::{Life, MONTHS, PRODUCTS, RESOURCES, SCENARIOS};

/// Everything is there, and each document was produced.
pub(super) fn complete(life: &Life) {
    let state = &life.district.state;
    let things = [state.resources.size(), state.scenarios.size(), state.products.size()];
    assert_eq!(things, [RESOURCES, SCENARIOS, PRODUCTS]);
    assert_eq!(
        (state.plans.size(), state.selections.size(), state.exits.size()),
        (1, 1, 1)
    );
    assert_eq!(
        (state.incidents.size(), state.assessments.size(), state.disputes.size()),
        (1, 1, 1)
    );
    assert_eq!((state.evidence.size(), state.revenues.size()), (1, 3));
    assert!(matches!(
        state.agreements[&agreement()].status,
        AgreementStatus::Ended { .. }
    ));
    assert!(acts(life, "agreement.accept") == 1 && acts(life, "exit.close") == 1);
    assert_eq!(state.periods.size(), MONTHS, "a settlement a month");
    certificates(life);
    disclosures(life);
    reports(life);
    statements(life);
}

fn acts(life: &Life, act: &str) -> usize {
    life.taken
        .iter()
        .filter(|taken| taken.command.act().id() == act)
        .count()
}

/// Each resource and product has its certificate, and is found by its query code.
fn certificates(life: &Life) {
    let state = &life.district.state;
    let resources = state
        .resources
        .keys()
        .cloned()
        .map(|resource| Registrable::Resource { resource });
    let products = state
        .products
        .keys()
        .cloned()
        .map(|product| Registrable::Product { product });
    let things: Vec<Registrable> = resources.chain(products).collect();
    assert_eq!(things.len(), RESOURCES + PRODUCTS);
    for thing in &things {
        let certificate = state.certificate_of(thing).unwrap();
        let found = state.registration_by_query(&certificate.query_code).unwrap();
        assert_eq!(&found.application.thing, thing);
    }
}

/// Agency and operator have disclosed both years in time.
fn disclosures(life: &Life) {
    let state = &life.district.state;
    assert_eq!(state.disclosures.size(), 4);
    let today = day_of(life.district.now);
    for of_party in owed(state, rules(), today).iter().filter(|owed| owed.year >= 2026) {
        assert!(of_party.is_published() && !of_party.is_late(date(2028, 3, 31)));
    }
}

/// The operator has reported on both years in time, each with what its closed months charged.
fn reports(life: &Life) {
    let state = &life.district.state;
    let owed = report::owed(state, rules(), date(2028, 3, 31));
    let years: Vec<i16> = owed.iter().map(|owed| owed.year).collect();
    assert_eq!(years, [2026, 2027]);
    for owed in owed {
        let made = owed.made.unwrap();
        assert!(made.status.word() == "accepted" && !owed.is_late(date(2028, 3, 31)));
        let days = made.figures.days;
        let metered = metered_revenue(state, &agreement(), days.from, days.until).unwrap();
        assert_eq!(made.figures.charged, metered);
        let received: Money = made.figures.received.iter().map(|it| it.amount).sum();
        let by_product: Money = made.figures.products.iter().map(|it| it.charged).sum();
        assert_eq!([received, by_product], [metered; 2]);
    }
}

/// Each party that pays or receives has a statement, and nothing is owed at its end.
fn statements(life: &Life) {
    let parties = (0..BANKS)
        .map(bank)
        .chain(["pty_operator", "pty_partner", "pty_agency"].map(str::to_owned));
    for party in parties.map(PartyId::new) {
        let lines = statement(&life.district.state, &party);
        let last: BTreeMap<_, _> = lines.iter().map(|line| (line.side, line.balance.fen())).collect();
        assert!(
            !last.is_empty() && last.values().all(|balance| *balance == 0),
            "{party}: {last:?}"
        );
    }
}

/// How much of each there is.
pub(super) fn figures(life: &Life) -> String {
    let state = &life.district.state;
    let books = &state.books[&agreement()];
    let entries = |kind| books.entries().filter(|entry| entry.kind == kind).count();
    let answered = life.calls.iter().filter(|call| call.fee.is_some()).count();
    let figures = [
        ("acts", life.taken.len()),
        ("events", life.district.events.len()),
        ("parties", state.parties.size()),
        ("resources", state.resources.size()),
        ("scenarios", state.scenarios.size()),
        ("products", state.products.size()),
        ("subscriptions", state.subscriptions.size()),
        ("certificates", state.registered.size()),
        ("calls answered", answered),
        ("calls refused", life.calls.len() - answered),
        ("months settled", state.periods.size()),
        ("invoices", entries(EntryKind::Invoice)),
        ("payments", entries(EntryKind::Payment)),
        ("payouts", entries(EntryKind::Payout)),
        ("disclosures", state.disclosures.size()),
        ("operating reports", state.reports.size()),
    ];
    let mut text = String::new();
    for (what, count) in figures {
        writeln!(text, "  {what:<17}{count:>10}").unwrap();
    }
    text
}
