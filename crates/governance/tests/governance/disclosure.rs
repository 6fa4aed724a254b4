//! Yearly disclosures: what they say, who owes one, and that late is late.

use gongshu_governance::disclosure::{
    Content, Disclosure, DisclosureEvent, PrepareDisclosure, PublishDisclosure, ReviewDisclosure, owed,
};
use gongshu_governance::identifier::DisclosureId;
use gongshu_governance::rules::RuleBook;
use gongshu_governance::{Command, Event};
use jiff::civil::{Date, date};
use serde_json::json;

use crate::coverage::with;
use crate::district::{CALENDAR, District, NATIONAL, rules};

fn prepare(id: &str) -> Command {
    Command::PrepareDisclosure(Box::new(PrepareDisclosure {
        id: DisclosureId::new(id),
        year: 2026,
        about: "负责全区授权运营".to_owned(),
        corrects: None,
        reason: String::new(),
    }))
}

fn review(id: &str, passed: bool) -> Command {
    Command::ReviewDisclosure(ReviewDisclosure {
        disclosure: DisclosureId::new(id),
        passed,
        report: "已与记录核对".to_owned(),
    })
}

fn publish(id: &str) -> Command {
    Command::PublishDisclosure(PublishDisclosure {
        disclosure: DisclosureId::new(id),
        place: "区政府门户网站".to_owned(),
    })
}

/// The serving district, some days into the next year.
fn on(day: Date) -> District {
    let mut district = District::serving();
    district.now = format!("{day}T02:00:00Z").parse().unwrap();
    district
}

fn content(district: &District, id: &str) -> Content {
    let made = district.state.disclosures.get(&DisclosureId::new(id));
    made.unwrap().content.clone()
}

#[test]
fn agency_and_operator_disclose_what_the_record_says_of_the_year() {
    let mut district = on(date(2027, 3, 1));
    district.must("pty_agency", &prepare("dsc_a"));
    district.must("pty_operator", &prepare("dsc_o"));
    let Content::Agency(agency) = content(&district, "dsc_a") else {
        panic!("the agency's is another")
    };
    assert_eq!(agency.authorizations.len(), 1);
    let authorized = &agency.authorizations[0];
    assert_eq!(
        (authorized.operator.as_str(), authorized.resources.as_slice()),
        ("pty_operator", &["企业登记".to_owned()][..])
    );
    assert_eq!(agency.ceilings[0].ceiling.to_string(), "2.00");
    let Content::Operator(operator) = content(&district, "dsc_o") else {
        panic!("the operator's is another")
    };
    assert_eq!(operator.resources[0].provider, "pty_market");
    assert_eq!(operator.products[0].name, "企业登记核验");
    assert_eq!(operator.prices[0].price.unwrap().to_string(), "1.80");
}

#[test]
fn what_is_sent_back_is_made_again_and_nobody_reviews_its_own() {
    let mut district = on(date(2027, 3, 1));
    district.must("pty_agency", &prepare("dsc_5"));
    let own = district.decide("pty_agency", &review("dsc_5", true)).unwrap_err();
    assert_eq!(own.rule, "disclosure.review");
    district.must("pty_supervisor", &review("dsc_5", false));
    let back = district.decide("pty_agency", &publish("dsc_5")).unwrap_err();
    assert_eq!(back.rule, "record.state");
    district.must("pty_agency", &prepare("dsc_6"));
    let again = district.decide("pty_agency", &prepare("dsc_7")).unwrap_err();
    assert_eq!(again.rule, "record.duplicate");
    district.must("pty_supervisor", &review("dsc_6", true));
    district.must("pty_agency", &publish("dsc_6"));
}

#[test]
fn it_is_owed_from_the_new_year_on_and_late_from_april_on_until_it_is_public_and_after() {
    let state = |district: &District, today: Date| -> Vec<(String, bool, bool)> {
        let owed = owed(&district.state, rules(), today);
        owed.iter()
            .map(|it| (it.party.to_string(), it.is_published(), it.is_late(today)))
            .collect()
    };
    // That of 2025 is on the path: nobody owed it.
    let free = || ("pty_operator".to_owned(), true, false);
    let of = |published, late| -> Vec<(String, bool, bool)> {
        vec![
            free(),
            ("pty_agency".to_owned(), published, late),
            ("pty_operator".to_owned(), false, late),
        ]
    };
    let mut district = on(date(2027, 4, 1));
    assert_eq!(state(&district, date(2026, 12, 31)), [free()]);
    assert_eq!(state(&district, date(2027, 3, 31)), of(false, false));
    assert_eq!(state(&district, date(2027, 4, 1)), of(false, true));
    district.must("pty_agency", &prepare("dsc_5"));
    district.must("pty_supervisor", &review("dsc_5", true));
    district.must("pty_agency", &publish("dsc_5"));
    assert_eq!(
        state(&district, date(2027, 4, 2)),
        of(true, true),
        "late is late for ever"
    );
}

fn correction(id: &str, of: &str, reason: &str) -> Command {
    let changes = [("/of/corrects", json!(of)), ("/of/reason", json!(reason))];
    with(&prepare(id), &changes)
}

#[test]
fn it_speaks_of_its_year_whatever_came_after() {
    let mut district = on(date(2027, 1, 15));
    let (_, operator, price) = District::before("price.set");
    district.must(operator, &with(&price, &[("/of/price", json!("1.70"))]));
    let (_, agency, change) = District::before("party.change");
    let renamed = [("party", json!("pty_market")), ("name", json!("区市场监管局（新）"))];
    district.must(agency, &with(&change, &renamed));
    let (_, operator, withdraw) = District::before("product.withdraw");
    district.must(operator, &withdraw);
    district.now = "2027-03-01T02:00:00Z".parse().unwrap();
    district.must("pty_operator", &prepare("dsc_o"));
    let Content::Operator(said) = content(&district, "dsc_o") else {
        panic!("the operator's is another")
    };
    assert_eq!(said.products[0].name, "企业登记核验");
    assert_eq!(said.resources[0].provider, "pty_market");
    let prices: Vec<(String, Date)> = said
        .prices
        .iter()
        .map(|it| (it.price.unwrap().to_string(), it.since.unwrap()))
        .collect();
    assert_eq!(prices, [("1.80".to_owned(), date(2026, 4, 1))]);
    let made = &district.state.disclosures[&DisclosureId::new("dsc_o")];
    assert_eq!(made.as_of(), date(2026, 12, 31));
    // The next year has both prices, the old one until the new.
    district.now = "2028-03-01T02:00:00Z".parse().unwrap();
    district.must("pty_operator", &with(&prepare("dsc_n"), &[("/of/year", json!(2027))]));
    let Content::Operator(next) = content(&district, "dsc_n") else {
        panic!("the operator's is another")
    };
    let prices: Vec<String> = next.prices.iter().map(|it| it.price.unwrap().to_string()).collect();
    assert_eq!(prices, ["1.80", "1.70"]);
}

/// Packs of the time when it spoke of the day on which it was made do not say otherwise.
#[test]
fn a_disclosure_on_record_is_made_again_as_it_was() {
    let mut district = on(date(2027, 1, 15));
    let (_, operator, withdraw) = District::before("product.withdraw");
    district.must(operator, &withdraw);
    let present = RuleBook::load(&[NATIONAL, CALENDAR]).unwrap();
    let earlier = NATIONAL.replace("of_year = 1\n", "");
    assert_ne!(earlier, NATIONAL);
    let earlier = RuleBook::of_record(&[&earlier, CALENDAR], &present).unwrap();
    let offered = |book: &RuleBook| {
        let events = district
            .decide_under(book.at(district.now), "pty_operator", &prepare("dsc_o"))
            .unwrap();
        let Event::Disclosure(DisclosureEvent::Prepared { content, as_of, .. }) = &events[0] else {
            panic!("{events:?}")
        };
        let Content::Operator(said) = &**content else {
            panic!("{content:?}")
        };
        (said.products.len(), *as_of)
    };
    assert_eq!(offered(&earlier), (0, None));
    assert_eq!(offered(&present), (1, Some(date(2026, 12, 31))));
}

#[test]
fn what_is_public_is_corrected_by_another_that_names_it_and_both_stay() {
    let mut district = on(date(2027, 3, 30));
    district.must("pty_agency", &prepare("dsc_5"));
    let rule = |district: &District, party: &str, command: &Command| district.decide(party, command).unwrap_err().rule;
    let early = correction("dsc_6", "dsc_5", "漏列资源");
    assert_eq!(rule(&district, "pty_agency", &early), "record.state");
    district.must("pty_supervisor", &review("dsc_5", true));
    district.must("pty_agency", &publish("dsc_5"));
    district.now = "2027-05-01T02:00:00Z".parse().unwrap();
    assert_eq!(rule(&district, "pty_agency", &prepare("dsc_6")), "record.duplicate");
    let silent = correction("dsc_6", "dsc_5", " ");
    assert_eq!(rule(&district, "pty_agency", &silent), "record.input");
    assert_eq!(rule(&district, "pty_operator", &early), "record.state");
    district.must("pty_agency", &early);
    let stands = |district: &District| {
        let today = date(2027, 5, 2);
        let owed = owed(&district.state, rules(), today);
        let one = owed.iter().find(|it| it.party.as_str() == "pty_agency").unwrap();
        let ids = |of: &[&Disclosure]| -> Vec<String> { of.iter().map(|it| it.prepare.id.to_string()).collect() };
        let [made, waits] = [one.made, one.correction].map(|it| ids(it.as_slice()));
        (made, waits, ids(&one.earlier), one.is_late(today))
    };
    let of = |ids: &[&str]| -> Vec<String> { ids.iter().map(|id| (*id).to_owned()).collect() };
    assert_eq!(stands(&district), (of(&["dsc_5"]), of(&["dsc_6"]), of(&[]), false));
    let second = correction("dsc_7", "dsc_5", "漏列资源");
    assert_eq!(rule(&district, "pty_agency", &second), "record.state");
    district.must("pty_supervisor", &review("dsc_6", false));
    district.must("pty_agency", &second);
    district.must("pty_supervisor", &review("dsc_7", true));
    district.must("pty_agency", &publish("dsc_7"));
    assert_eq!(stands(&district), (of(&["dsc_7"]), of(&[]), of(&["dsc_5"]), false));
    let first = &district.state.disclosures[&DisclosureId::new("dsc_5")];
    assert_eq!(
        first.corrected_by(&district.state).unwrap().prepare.id.as_str(),
        "dsc_7"
    );
    district.must("pty_agency", &correction("dsc_8", "dsc_7", "再次更正"));
}
