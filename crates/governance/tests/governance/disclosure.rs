//! Yearly disclosures: what they say, who owes one, and that late is late.

use gongshu_governance::Command;
use gongshu_governance::disclosure::{Content, PrepareDisclosure, PublishDisclosure, ReviewDisclosure, owed};
use gongshu_governance::identifier::DisclosureId;
use jiff::civil::{Date, date};

use crate::district::{District, rules};

fn prepare(id: &str) -> Command {
    Command::PrepareDisclosure(Box::new(PrepareDisclosure {
        id: DisclosureId::new(id),
        year: 2026,
        about: "负责全区授权运营".to_owned(),
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
